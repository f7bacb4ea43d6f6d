"""What is sent, and how many tokens that can be."""

from __future__ import annotations

from trust_router.judges.calls.conversation import Conversation, Form

FORM = Form("belief", "What is believed.", {"alpha": {"type": "number"}})


def test_a_form_asks_for_its_fields_and_no_others():
    assert FORM.schema == {
        "type": "object",
        "properties": {"alpha": {"type": "number"}},
        "required": ["alpha"],
        "additionalProperties": False,
    }


def test_no_token_is_shorter_than_a_byte():
    bare = Conversation("ab", (), "退款", None)
    assert bare.likely_tokens == (2 + 6 + len("{}")) // 4
    assert bare.most_tokens == 2 + 6 + len("{}") + 400
    turn = Conversation("ab", (("abc", "d"),), "退款", FORM)
    assert turn.most_tokens == 2 + 4 + 6 + len('{"alpha": {"type": "number"}}') + 400 + 64
