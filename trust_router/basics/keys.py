"""What looks like a secret key, and so must stand in no file, report or message."""

from __future__ import annotations

import re

__all__ = ["looks_secret"]

_MARKED = re.compile(
    r"(?<![A-Za-z0-9])(?:[spr]k[-_]|gsk_|csk-|xai-|pplx-|AIza|hf_|gh[opsu]_|github_pat_|glpat-|"
    r"nvapi-|r8_|fw_|tgp_|xox[abp]-|AKIA|ASIA|eyJ)[A-Za-z0-9_\-]{16,}"
)
_RUN = re.compile(r"[A-Za-z0-9]{32,}")


def looks_secret(text: str) -> bool:
    """Tell whether a text holds what looks like a key of a service.

    Known beginnings count, and long runs of letters and digits that no name of a model has.

    Examples
    --------
    >>> looks_secret("openai:sk-proj-0123456789abcdefghij")
    True
    >>> looks_secret("bedrock:us.anthropic.claude-3-5-sonnet-20241022-v2:0")
    False
    """
    return bool(_MARKED.search(text)) or any(_is_random(run) for run in _RUN.findall(text))


def _is_random(run: str) -> bool:
    digits = sum(character.isdigit() for character in run)
    return digits >= 4 and not run.isdigit()
