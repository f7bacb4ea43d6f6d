"""Characters that nobody sees, and those that no name may hold."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_seen", "unprintable"]

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # Persian and emoji need them
_UNSEEN = {"Cc", "Cf", "Cs"}  # controls, formats, halves of surrogate pairs
_FILLERS = (
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
)
# Controls but tab and line ends, and halves of surrogate pairs, which no file can hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def is_seen(character: str) -> bool:
    r"""Tell whether a character shows; those that join others do, white space of controls does not.

    Examples
    --------
    >>> [is_seen(character) for character in "a \u202e\u200d\t"]
    [True, True, False, True, False]
    """
    if character in _JOINERS:
        return True
    # Tag characters spell hidden Latin text; variation selectors can carry bytes.
    hides = 0xE0000 <= ord(character) <= 0xE0FFF or character in _FILLERS
    return not hides and unicodedata.category(character) not in _UNSEEN


def unprintable(name: str) -> str | None:
    """Give the first character that no name may hold, or None."""
    found = _UNPRINTABLE.search(name)
    return None if found is None else found.group()
