"""What nobody sees is told from what joins, separates or shows."""

from __future__ import annotations

import pytest

from trust_router.basics.characters import canonical, escaped, is_seen, unprintable, unseen


@pytest.mark.parametrize("character", [*"aß退 💸ক", "\u200c", "\u200d", "\ufe0f", "\u0301"])
def test_letters_signs_marks_and_joiners_are_seen(character):
    assert is_seen(character)


@pytest.mark.parametrize(
    "character",
    [*"\x00\x1b\u200b\u202e\u2066\ufeff\ud800\u3164\uffa0", "\U000e0041", "\U000e0100"],
    ids=ascii,
)
def test_controls_formats_fillers_and_tags_are_not(character):
    assert not is_seen(character)


def test_the_first_character_that_no_name_may_hold_is_given():
    assert unprintable("a\tb\nc\rd") is None
    assert unprintable("a\x07b\x00") == "\x07"
    assert unprintable("\udc80") == "\udc80"
    assert unprintable("\x85") == "\x85"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("  a b ", "a b"),
        ("Zu\u0308rich", "Zürich"),
        ("re\u200bfund\ufeff", "refund"),
        ("a\u00a0b\u3000", "a b"),
        ("a\u200db\u200c", "ab"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("❤\ufe0f", "❤"),
        ("ß\tx\ny", "ß\tx\ny"),
        ("é\x07", "é\x07"),  # for names to refuse
    ],
    ids=ascii,
)
def test_names_that_look_the_same_have_one_form(name, form):
    assert canonical(name) == form
    assert canonical(form) == form


def test_what_nobody_sees_is_written_out_and_what_is_seen_stays():
    assert escaped("退款 👩‍💻 é") == "退款 👩‍💻 é"
    assert escaped("\x1b[2J\r\n\ud800\u202e", but="\n") == "\\x1b[2J\\r\n\\ud800\\u202e"


def test_the_first_character_that_nobody_sees_is_given():
    assert unseen("a\tb\u00a0c 👩\u200d💻") is None
    assert unseen("a\u202eb\u200b") == "\u202e"
