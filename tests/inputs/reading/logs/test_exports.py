"""An export that was taken for another one is told apart."""

from __future__ import annotations

import pytest
from support import tool_exports as made_up

from trust_router.inputs.reading.frames import record_table
from trust_router.inputs.reading.logs.exports import EXPORTS, seems
from trust_router.inputs.reading.tables import frame_table


@pytest.mark.parametrize("tool", EXPORTS)
def test_every_export_is_known_by_its_columns(tool):
    made = {"opentelemetry": made_up.otlp}.get(tool) or getattr(made_up, tool)
    held = made()
    if not isinstance(held, list):
        held = held.reset_index().to_dict("records")
    assert f"`tr.logs.{tool}`" in seems(record_table(held))


def test_others_are_known_too():
    assert "LiteLLM" in seems(frame_table(made_up.litellm()))
    assert "Inspect" in seems(frame_table(made_up.inspect()))
    assert seems({"a": list}) == ""


def test_words_for_sources_are_compared_in_small_letters():
    for export in EXPORTS.values():
        assert all(word == word.casefold() for word in export.sources)
