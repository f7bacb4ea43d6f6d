"""Characters that nobody sees, and those that no name may hold."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["canonical", "escaped", "is_seen", "unprintable", "unseen"]

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # Persian and emoji need them
_UNSEEN = {"Cc", "Cf", "Cs"}  # controls, formats, halves of surrogate pairs
_FILLERS = (
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
)
_VARIANTS = {chr(code) for code in range(0xFE00, 0xFE10)}  # the same sign, drawn otherwise
_IDLE_JOINER = re.compile(f"(?<![^\x00-\x7f])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f])")
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


def canonical(name: str) -> str:
    r"""Give the one form of names that look the same.

    Outer blanks and characters that nobody sees are left out, letters with accents are single
    characters (Unicode form C), and blanks are spaces. Joiners stay between letters that they join.

    Examples
    --------
    >>> canonical("Zürich​ ") == "Zürich" == canonical("Zürich")
    True
    """
    if name.isascii():
        return name.strip()
    name = unicodedata.normalize("NFC", name)
    # What is refused stays, to be refused; what joins nothing is as unseen as the rest.
    kept = "".join(
        " " if unicodedata.category(c) == "Zs" else c
        for c in name
        if c.isspace() or _UNPRINTABLE.match(c) or (is_seen(c) and c not in _VARIANTS)
    )
    return _IDLE_JOINER.sub("", kept).strip()


def escaped(text: str, but: str = "") -> str:
    r"""Write out characters that nobody sees, but for some, so that no terminal obeys them.

    Examples
    --------
    >>> escaped("\x1b[31mred \u202etxt\r\n", but="\n")
    '\\x1b[31mred \\u202etxt\\r\n'
    """
    if text.isprintable():
        return text
    return "".join(
        c if c in but or is_seen(c) else c.encode("unicode_escape").decode() for c in text
    )


def unseen(name: str) -> str | None:
    """Give the first character of a name that nobody sees and that is no white space, or None."""
    if name.isprintable():
        return None
    return next((c for c in name if not (c.isspace() or is_seen(c))), None)


def unprintable(name: str) -> str | None:
    """Give the first character that no name may hold, or None."""
    found = _UNPRINTABLE.search(name)
    return None if found is None else found.group()
