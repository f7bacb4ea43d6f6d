"""Texts of tickets cannot be changed, and belong to a ticket each."""

from __future__ import annotations

import pandas as pd
import pytest
from support.copies import COPIERS

from trust_router.inputs.reading.texts import as_texts, read_texts
from trust_router.inputs.texts import TicketTexts


def test_texts_cannot_be_changed_through_the_lists_they_came_from():
    tickets, texts, outcomes = ["a", "b"], ["lost card", "refund"], ["0", ""]
    held = TicketTexts(tickets, texts, outcomes)
    texts[0] = outcomes[0] = "changed"
    assert (held.texts, held.outcomes, held.category) == (("lost card", "refund"), ("0", ""), None)
    assert len(held) == 2
    assert held == TicketTexts(("a", "b"), ("lost card", "refund"), ("0", ""))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a", "b", "a"], ["x"] * 3), "ticket 'a' stands in rows 1 and 3; each counts once"),
        ((["a"], ["x", "y"]), "`texts` must be one for each of 1 tickets; got 2"),
        ((["a"], ["x"], ["0", "1"]), "`outcomes` must be one for each of 1 tickets; got 2"),
        ((["a"], ["x"], None, []), "`category` must be one for each of 1 tickets; got 0"),
    ],
)
def test_texts_that_do_not_fit_their_tickets_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        TicketTexts(*arguments)


@pytest.mark.parametrize("again", COPIERS)
@pytest.mark.parametrize("ending", ["csv", "jsonl", "frame", "list"])
def test_texts_are_copied_and_pickled_wherever_they_came_from(again, ending, tmp_path):
    frame = pd.DataFrame({"ticket": ["a", "b"], "text": ["x", "y"], "length": [0.1, 0.2]})
    path = tmp_path / f"t.{ending}"
    if ending == "list":
        texts = as_texts(["x", "y"])
    elif ending == "frame":
        texts = as_texts(frame)
    else:
        lines = frame.to_json(orient="records", lines=True)
        path.write_text(frame.to_csv(index=False) if ending == "csv" else lines)
        texts = read_texts(path)
    held = again(again(texts))
    assert held == texts
    assert {name: list(values()) for name, values in held.table.items()} == {
        name: list(values()) for name, values in texts.table.items()
    }
