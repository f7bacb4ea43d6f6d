"""Every keyword of every reader changes what is read, and is refused where it would not."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.evaluation.facts import read_facts
from trust_router.inputs.reading.texts import as_texts, read_texts

LONG = pd.DataFrame(
    {"id": ["a", "b"], "ticket": ["t", "u"], "judge": ["x", "y"], "probability": [0.1, 0.3]}
)
SHAPES = pd.DataFrame({"ticket": ["t"], "judge": ["x"], "alpha": [1], "beta": [3]})
MEANS = pd.DataFrame({"ticket": ["t"], "judge": ["x"], "mean": [0.2], "concentration": [5]})
WIDE = pd.DataFrame({"id": ["a", "b"], "ticket": ["t", "u"], "x": [0.1, 0.2], "y": [0.3, 0.4]})
FEW = WIDE.drop(columns="id")
LOG = pd.DataFrame({"id": ["a", "b"], "ticket": ["t", "u"], "category": "c", "outcome": [0, 1]})
TEXTS = pd.DataFrame({"id": ["a", "b"], "ticket": ["t", "u"], "text": ["hello", "bye"]})
FACTS = TEXTS.assign(length=[3, 4])
PANEL = tr.Panel([tr.Router("r", {"x": 1})])

CHANGES = [
    (tr.read_outcomes, LOG, {"columns": {"ticket": "id"}}),
    (tr.read_outcomes, LOG, {"need": 0}),
    (tr.read_outcomes, LOG, {"resolved": 1}),
    (tr.read_outcomes, LOG, {"categories": {"t": "d", "u": "e"}}),
    (tr.read_beliefs, FEW, {"categories": {"t": "d", "u": "e"}}),
    (tr.read_beliefs, LONG, {"columns": {"ticket": "id"}}),
    (tr.read_beliefs, WIDE.drop(columns="id").assign(kind="a"), {"columns": {"category": "kind"}}),
    (tr.read_beliefs, LONG, {"judges": ["x"]}),
    (tr.read_beliefs, LONG, {"judges": PANEL}),
    (tr.read_beliefs, FEW, {"judges": ["y"]}),
    (tr.read_beliefs, FEW, {"judges": PANEL}),
    (tr.read_beliefs, LONG, {"concentration": 3}),
    (tr.read_beliefs, FEW, {"concentration": 3}),
    (tr.read_beliefs, FEW, {"scale": (0, 2), "high_means": "need"}),
    (tr.read_beliefs, LONG, {"scale": {"x": (0, 2)}, "high_means": "need"}),
    (tr.read_beliefs, LONG, {"high_means": "resolved"}),
    (read_texts, TEXTS, {"columns": {"ticket": "id"}}),
    (as_texts, TEXTS, {"columns": {"ticket": "id"}}),
    (read_facts, FACTS, {"columns": {"ticket": "id"}}),
]
REFUSED = [
    (tr.read_outcomes, LOG, {"columns": {"judge": "x"}}, "`columns` may map ticket, category"),
    (tr.read_outcomes, LOG, {"columns": ["id"]}, "`columns` must map our names"),
    (tr.read_outcomes, LOG, {"columns": {"ticket": 7}}, "must give the name of a column"),
    (tr.read_beliefs, FEW, {"columns": {"probability": "x"}}, "maps probability, which would not"),
    (tr.read_beliefs, FEW, {"columns": {"judge": "who"}}, "no column 'who' for `judge`"),
    (tr.read_beliefs, FEW, {"judges": ["x"], "scale": (1, 5)}, "not what a high score means"),
    (tr.read_beliefs, SHAPES, {"high_means": "need"}, "`scale` would not be used"),
    (tr.read_beliefs, FEW, {"judges": ["ticket"]}, "no column 'ticket' of a judge"),
    (tr.read_beliefs, LONG, {"judges": ["z"]}, "no row 'z' of a judge"),
    (tr.read_beliefs, LONG, {"columns": {"category": "kind"}}, "maps 'category' to 'kind', which"),
    (tr.read_beliefs, LONG, {"columns": {"concentration": "nu"}}, "no column 'nu' beside"),
    (tr.read_beliefs, LONG, {"columns": {"alpha": "a"}}, "maps 'alpha' to 'a', which would not be"),
    (tr.read_beliefs, SHAPES, {"columns": {"mean": "m"}}, "maps 'mean' to 'm', which would not be"),
    (
        tr.read_beliefs,
        SHAPES,
        {"concentration": 5},
        "would not be used: the table states alpha and",
    ),
    (tr.read_beliefs, MEANS, {"concentration": 5}, "would not be used: the table states mean and"),
    (as_texts, ["a"], {"columns": {"ticket": "id"}}, "a list has none"),
    (as_texts, {"t": "a"}, {"columns": {"ticket": "id"}}, "a dict has none"),
    (as_texts, TEXTS["text"], {"columns": {"ticket": "id"}}, "a Series has none"),
    (as_texts, TEXTS, {"columns": {"judge": "id"}}, "`columns` may map ticket, text"),
    (read_facts, FACTS, {"columns": {"text": "text"}}, "which would not be read beside the column"),
]


def given(reader, source, folder):
    """What a reader takes: a frame, or a file with the same content."""
    if reader not in (read_texts, read_facts):
        return source
    source.to_csv(folder / "t.csv", index=False)
    return folder / "t.csv"


def named(reader, source, arguments):
    """Judges, where a table does not say which columns are theirs."""
    wide = reader is tr.read_beliefs and "judge" not in source
    return {"judges": ["x"]} if wide and "judges" not in arguments else {}


def content(read) -> str:
    with np.printoptions(threshold=10_000):
        parts = [getattr(read, name) for name in read.__dataclass_fields__ if name != "table"]
        return repr([getattr(part, "__dict__", part) for part in parts])


@pytest.mark.parametrize(("reader", "source", "arguments"), CHANGES)
def test_an_argument_changes_what_is_read(reader, source, arguments, tmp_path):
    source = given(reader, source, tmp_path)
    try:
        before = content(reader(source, **named(reader, source, arguments)))
    except ValueError:
        before = ""  # a note between the columns, which only the argument tells apart
    assert content(reader(source, **named(reader, source, arguments), **arguments)) != before


@pytest.mark.parametrize(("reader", "source", "arguments", "said"), REFUSED)
def test_an_argument_that_would_not_be_used_is_refused(reader, source, arguments, said, tmp_path):
    with pytest.raises((TypeError, ValueError), match=said):
        reader(given(reader, source, tmp_path), **arguments)


@pytest.mark.parametrize(
    "reader", [tr.read_outcomes, tr.read_beliefs, read_texts, as_texts, read_facts]
)
def test_no_keyword_of_a_reader_is_left_out_here(reader):
    keywords = {
        name for name, p in inspect.signature(reader).parameters.items() if p.kind == p.KEYWORD_ONLY
    }
    assert keywords
    assert {key for of, _, case in CHANGES if of is reader for key in case} == keywords


def test_the_other_readers_take_a_path_alone():
    for reader in (tr.read_panel, tr.read_costs):
        (parameter,) = inspect.signature(reader).parameters.values()
        assert parameter.kind == parameter.POSITIONAL_OR_KEYWORD
