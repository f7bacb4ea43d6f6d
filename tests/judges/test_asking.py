"""Asking: nobody is asked for nothing."""

from __future__ import annotations

import subprocess
import sys

from support.asking import asked


def test_a_ticket_without_text_is_not_asked_about():
    answers = asked([], tickets=["", "  "])
    assert set(answers.status[:, 0]) == {"no text"}


def test_nothing_of_the_extra_is_imported_where_no_llm_is_called():
    code = (
        "import sys, trust_router as tr\n"
        "tr.ask({'l': lambda t: [0.5]}, ['a'])\n"
        "assert not {'pydantic_ai', 'openai', 'genai_prices', 'anyio', 'pymc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
