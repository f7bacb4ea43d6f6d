"""Matching brings beliefs and outcomes together; tickets that look alike are one row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.matching import NAN, PANEL, by_ticket, outcomes, tickets

import trust_router as tr
from trust_router.inputs.matching import match, single_tickets


def test_tickets_with_the_same_category_and_beliefs_are_one_row():
    beliefs = tickets([[0.2, 0.4], [0.2, 0.4], [0.2, 0.4], [0.2, 0.5]])
    log = [("t0", "a", 1), ("t1", "a", 0), ("t2", "b", 1), ("t3", "a", None)]
    held = match(PANEL, beliefs, outcomes(log))
    assert len(held) == 3
    assert by_ticket(held) == sorted(
        [("a", 0.2, 0.4, 1), ("a", 0.2, 0.4, 0), ("b", 0.2, 0.4, 1), ("a", 0.2, 0.5, None)],
        key=str,
    )
    assert held.counts().to_dict() == outcomes(log).to_dict()


def test_missing_judges_are_alike_and_stay_missing():
    held = match(
        PANEL,
        tickets([[NAN, 0.4], [NAN, 0.4], [0.3, NAN]]),
        outcomes([("t0", "a", 1), ("t1", "a", 0), ("t2", "a", 1)]),
    )
    assert len(held) == 2
    assert by_ticket(held) == sorted(
        [("a", -1.0, 0.4, 0), ("a", -1.0, 0.4, 1), ("a", 0.3, -1.0, 1)], key=str
    )


def test_rows_grow_with_distinct_beliefs_and_not_with_tickets():
    rng = np.random.default_rng(1)
    number = 50_000
    mean = rng.integers(1, 20, (number, 2)) / 20
    log = pd.DataFrame(
        {
            "ticket": [f"t{i}" for i in range(number)],
            "category": rng.choice(["a", "b", "c"], number),
            "outcome": rng.integers(0, 2, number),
        }
    )
    held = match(PANEL, tickets(mean), tr.read_outcomes(log))
    assert len(held) <= 19 * 19 * 3
    assert held.trials.sum() == number
    assert held.needs.sum() == log["outcome"].sum()


def test_a_category_may_have_one_ticket():
    held = match(PANEL, tickets([[0.2, 0.4]] * 2), outcomes([("t0", "a", 1), ("t1", "rare", 0)]))
    assert held.counts().trials.tolist() == [1, 1]


def test_an_outcome_without_beliefs_is_kept_where_all_are_silent():
    held = match(PANEL, tickets([[0.2, 0.4]]), outcomes([("t0", "a", 1), ("other", "a", 0)]))
    assert by_ticket(held) == sorted([("a", 0.2, 0.4, 1), ("a", -1.0, -1.0, 0)], key=str)


def partly(number, shared):
    """Outcomes and beliefs of as many tickets each, of which some are the same."""
    names = [f"t{i}" for i in range(number)]
    held = tickets(
        [[0.2, 0.4]] * number, [n if i < shared else f"b{n}" for i, n in enumerate(names)]
    )
    return held, outcomes([(name, "a", i % 2) for i, name in enumerate(names)])


def test_few_matches_are_counted_and_warned_of():
    held, log = partly(30, 10)
    with pytest.warns(
        UserWarning,
        match=r"^10 of 30 outcomes have a belief; 20 have none; .*'t10', beliefs 'bt10'",
    ):
        rows = match(PANEL, held, log)
    found = rows.matches
    assert (found.outcomes, found.matched, found.unmatched) == (30, 10, 20)
    assert (found.beliefs, found.without_outcome, found.silent) == (30, 20, 20)
    assert "10 of 30 outcomes have a belief" in repr(rows)
    assert len(repr(rows)) < 250
    assert match(PANEL, held, log, warn=False).matches == found


def test_half_of_the_outcomes_is_enough_and_none_is_refused():
    assert match(PANEL, *partly(30, 15)).matches.matched == 15
    with pytest.raises(ValueError, match="no ticket with an outcome has a belief"):
        match(PANEL, *partly(30, 0))


def test_a_ticket_whose_outcome_nobody_knows_is_no_match():
    log = outcomes([("t0", "a", None), ("s1", "a", 1), ("s2", "a", 0)])
    with pytest.raises(
        ValueError, match="no ticket with an outcome has a belief; outcomes know 's1'"
    ):
        match(PANEL, tickets([[0.2, 0.4]]), log)


def test_silent_tickets_and_unseen_categories_are_counted():
    held = tickets([[0.2, 0.4], [NAN, NAN], [NAN, 0.3]], category=["a", "b", "new"])
    found = match(PANEL, held, outcomes([("t0", "a", 1), ("t1", "b", 0), ("x", "a", 0)])).matches
    assert (found.matched, found.silent, found.unseen, found.without_outcome) == (2, 2, 1, 1)


def test_rows_taken_from_others_keep_what_the_join_lost():
    held, log = partly(20, 15)
    rows = match(PANEL, held, log)
    for part in (rows.known(), rows.merged(), rows.take(slice(0, 1)), rows.recoded(("b", "a"))):
        assert part.matches == rows.matches


def test_tickets_without_a_category_belong_to_none():
    beliefs = tickets([[0.2, 0.4]] * 3)
    held = match(PANEL, beliefs, outcomes([("t0", "a", 1), ("t1", "b", 1)]))
    assert sorted(held.category.tolist()) == [-1, 0, 1]
    assert held.counts().trials.tolist() == [1, 1]


def test_a_judge_that_never_speaks_is_refused_by_name():
    with pytest.raises(ValueError, match=r"judge 'y' never speaks: .*leave it out of the panel"):
        match(PANEL, tickets([[0.2, NAN]]), outcomes([("t0", "a", 1)]))
    with pytest.raises(ValueError, match=r"judge 'y' never speaks.*beliefs also know z\)"):
        match(PANEL, tickets([[0.2, 0.3]], judges=("x", "z")), outcomes([("t0", "a", 1)]))


def test_a_judge_without_tickets_speaks_through_what_it_states_about_the_category():
    panel = tr.Panel(
        PANEL.routers,
        [tr.Judge("x", by_ticket=True), tr.Judge("y", tr.Beta(2, 6), {"b": tr.Beta(3, 1)})],
    )
    beliefs = tickets([[0.2], [0.2]], judges=("x",))
    held = match(panel, beliefs, outcomes([("t0", "a", 1), ("t1", "b", 0)]))
    assert by_ticket(held) == [("a", 0.2, 0.25, 1), ("b", 0.2, 0.75, 0)]


def test_tickets_that_cannot_be_matched_are_refused():
    with pytest.raises(ValueError, match="3 of 3 outcomes belong to no named ticket"):
        match(PANEL, tickets([[0.2, 0.4]]), tr.Outcomes(["a"], [3], [1]))
    with pytest.raises(ValueError, match=r"no ticket with an outcome has a belief; .*'s0'.*'t0'"):
        match(PANEL, tickets([[0.2, 0.4]]), outcomes([("s0", "a", 1)]))
    with pytest.raises(ValueError, match="'t0' has category 'a' in the outcomes and 'b' in the be"):
        match(PANEL, tickets([[0.2, 0.4]], category=["b"]), outcomes([("t0", "a", 1)]))


def test_ten_thousand_categories_match_in_order():
    names = [f"c{i}" for i in range(10_000)]
    log = [(f"t{i}", name, i % 2) for i, name in enumerate(names)]
    held = match(PANEL, tickets(np.full((10_000, 2), 0.3)), outcomes(log))
    assert len(held) == 10_000
    counts = held.counts()
    assert counts.categories == tuple(names)
    assert counts.needs.tolist() == [i % 2 for i in range(10_000)]


@pytest.mark.parametrize("order", [("x", "y"), ("y", "x")])
def test_single_tickets_have_the_beliefs_about_their_category(order):
    stated = tr.Beliefs(["b", "a"], order, [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    log = [("t0", "a", 1), ("t1", "b", 0), ("t2", "a", None)]
    rows, names = single_tickets(PANEL, stated, outcomes(log))
    held = stated.select(["a", "b", "a"][:2], PANEL.judge_names)
    assert (rows.about, names, rows.categories) == ("category", ("t0", "t1", "t2"), ("a", "b"))
    np.testing.assert_array_equal(rows.alpha, held.alpha[[0, 1, 0]])
    np.testing.assert_array_equal(rows.beta, held.beta[[0, 1, 0]])
    assert (rows.trials.tolist(), rows.needs.tolist()) == ([1, 1, 0], [1, 0, 0])
    with pytest.raises(ValueError, match="3 of 3 outcomes belong to no named ticket"):
        single_tickets(PANEL, stated, tr.Outcomes(["a"], [3], [1]))


def test_the_order_in_which_tables_arrive_makes_no_difference():
    days = [
        (tickets([[0.2, 0.4], [0.3, 0.4]]), outcomes([("t0", "a", 1), ("t1", "b", 0)])),
        (tickets([[0.2, 0.4], [0.5, NAN]], ["t2", "t3"]), outcomes([("t2", "b", 1)])),
        (tickets([[0.2, 0.4]], ["t4"], ["a"]), outcomes([("t3", "c", 0), ("t4", "a", None)])),
    ]
    found = []
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        (beliefs, log), *rest = (days[i] for i in order)
        for more, later in rest:
            beliefs, log = beliefs + more, log + later
        rows = match(PANEL, beliefs + days[0][0], log + days[0][1])
        known = rows.counts()
        found.append(
            (
                by_ticket(rows),
                sorted(zip(known.categories, known.trials, known.needs, strict=True)),
                rows.matches,
            )
        )
    assert found[0] == found[1] == found[2]
