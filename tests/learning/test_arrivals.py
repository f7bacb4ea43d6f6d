"""What is no update is said in one sentence, before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from support.desk import JUDGES, desk
from support.drawn import drawn, tickets
from support.matching import by_ticket
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.inputs.beliefs import stated_beliefs
from trust_router.inputs.joining import joined_rows
from trust_router.inputs.matching import match
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.arrivals import check_update, later_rows
from trust_router.learning.storage import assemble

LONE = tr.Panel([tr.Router("r", {"x": 1.0})])
BELIEFS, SEEN = tickets({"x": [0.2, 0.7]}, [0, 1])
ONE = {name: [[0.5]] for name in ("intercept", "gain", "bend")}


def test_what_cannot_be_an_update_is_said_in_one_sentence(exact_posterior):
    with pytest.raises(ValueError, match="takes `beliefs`, `outcomes`, or both"):
        exact_posterior.update()
    with pytest.raises(ValueError, match="`beliefs` must be about a category"):
        exact_posterior.update(BELIEFS)
    for refit in ("always", True, None, np.array(["auto", "x"])):
        with pytest.raises(ValueError, match=r"`refit` must be 'never', 'auto' or a CompiledModel"):
            exact_posterior.update(outcomes=COUNTED, refit=refit)
    for seed in (-1, "x"):
        with pytest.raises((TypeError, ValueError), match="`random_seed` must be"):
            exact_posterior.update(outcomes=COUNTED, random_seed=seed)


def test_outcomes_of_no_category_are_refused_where_the_posterior_knows_some(exact_posterior):
    log = pd.DataFrame({"ticket": ["n1"], "outcome": [1]})
    with pytest.warns(UserWarning, match="all tickets are of one"):
        anywhere = tr.read_outcomes(log)
    with pytest.raises(ValueError, match=r"must say of which category .* knows transfer failed"):
        exact_posterior.update(outcomes=anywhere)


@pytest.mark.filterwarnings("ignore:there is no column 'category'")
def test_tickets_with_beliefs_are_not_moved_to_a_category_that_nobody_named():
    outcomes = tr.read_outcomes([{"ticket": "t1", "outcome": 1}, {"ticket": "new", "outcome": 0}])
    with pytest.raises(ValueError, match="must say of which category"):
        desk().update(outcomes=outcomes)
    none = {"ticket": "new", "category": "parcel"}
    beliefs = tr.read_beliefs([none | dict.fromkeys(JUDGES, 0.5)], judges=list(JUDGES))
    outcomes = tr.read_outcomes([{"ticket": "new", "outcome": 0}])
    assert later_rows(desk(), beliefs, outcomes).categories == ("parcel",)  # as beliefs name it


def test_tables_that_are_not_ours_and_swapped_ones_are_told(exact_posterior):
    with pytest.raises(TypeError, match=r"`beliefs` must be Beliefs; got Outcomes.*order"):
        exact_posterior.update(COUNTED)
    with pytest.raises(TypeError, match=r"`outcomes` must be Outcomes; got Beliefs"):
        exact_posterior.update(outcomes=STATED)
    with pytest.raises(TypeError, match=r"read it with `read_outcomes\(path\)`"):
        exact_posterior.update(outcomes="today.csv")
    with pytest.raises(TypeError, match=r"read it with `read_outcomes\(frame\)`"):
        exact_posterior.update(outcomes=pd.DataFrame({"outcome": [1]}))


def test_a_model_that_is_compiled_for_another_panel_is_refused(exact_posterior):
    other = SimpleNamespace(fit_rows=print, panel=LONE)
    with pytest.raises(ValueError, match="`refit` is compiled for another panel"):
        check_update(exact_posterior, None, COUNTED, other, None)
    same = SimpleNamespace(fit_rows=print, panel=exact_posterior.panel)
    check_update(exact_posterior, None, COUNTED, same, None)


def test_tickets_that_nobody_could_know_again_are_not_counted_twice():
    old = drawn(LONE, BELIEFS, SEEN, tr.models.Pool(category_effects=False), **ONE)
    check_update(old, BELIEFS, SEEN, "never", 1)
    inputs = old.data["inputs"].to_dataset()
    names = ["ticket_key", "ticket_row", "ticket_outcome"]
    old.data["inputs"] = type(old.data)(inputs.drop_vars(names))
    with pytest.raises(ValueError, match="cannot be known again, for they were counted"):
        check_update(tr.learning.posterior.Posterior(old.data), BELIEFS, SEEN, "never", 1)


def test_a_day_of_a_category_that_was_tried_in_part_is_warned_of(exact_posterior):
    log = TicketLog(["t1", "t2"], [0, 0], [1, -1], untried=[False, True])
    name = exact_posterior.rows.categories[0]
    day = tr.Outcomes([name], [1], [1], [1], untried=[1], log=log)
    with pytest.warns(UserWarning, match="the complex model alone answered 1 ticket") as said:
        exact_posterior.update(outcomes=day)
    assert said[0].filename == __file__


def test_beliefs_without_outcomes_bring_their_categories():
    old = drawn(LONE, BELIEFS, SEEN, tr.models.Pool(category_effects=False), **ONE)
    more, _ = tickets({"x": [0.2, 0.7]}, [0, 1], ["b", "c"])
    rows = later_rows(old, more, None)
    assert rows.categories == ("b", "c")
    assert rows.trials.sum() == 0


@pytest.mark.parametrize("in_table", [False, True])
def test_late_outcomes_are_joined_by_what_the_panel_states_as_if_all_came_at_once(in_table):
    stated = tr.Judge("z", category_beliefs={"a": tr.Beta(2, 5), "b": tr.Beta(5, 2)})
    routers = [tr.Router("r", {"x": 1.0}), tr.Router("s", {"z": 1.0})]
    panel = tr.Panel(routers, [tr.Judge("x", by_ticket=True), stated])
    said = {"x": [0.2, 0.7, 0.4]} | ({"z": [0.1, 0.2, 0.3]} if in_table else {})
    mean, names = np.array(list(said.values())).T, ["t0", "t1", "t2"]
    beliefs = tr.Beliefs(names, list(said), mean, 1 - mean, about="ticket", category=["", "", "a"])
    log = TicketLog(["t0", "t1", "new"], [0, 1, 1], [1, 0, 1])
    seen = tr.Outcomes(["a", "b"], [1, 2], [1, 1], log=log)
    pool = tr.models.Pool(category_effects=False)
    early = tr.Outcomes(["a"], [1], [0], log=TicketLog(["t2"], [0], [0]))
    ones = {name: [[0.5]] for name in ("intercept", "gain", "bend", "discord", "damping")}
    old = drawn(panel, beliefs, early, pool, **ones, judge_gain=[[[0.1, 0.2]]])
    rows, _ = joined_rows(old.rows, later_rows(old, None, seen))
    assert by_ticket(rows) == by_ticket(match(panel, beliefs, early + seen))


def test_a_panel_that_states_beliefs_states_them_of_new_categories_too():
    some = tr.Judge("y", category_beliefs={"a": tr.Beta(1, 3)})
    judges = [tr.Judge("x", belief=tr.Beta(2, 5)), some]
    panel = tr.Panel([tr.Router("r", {"x": 1.0})], judges[:1])
    news, old = tr.Outcomes(["b"], [2], [1]), tr.Outcomes(["a"], [3], [1])
    of = stated_beliefs(panel, ["a", "b"])
    updated = tr.solve(panel, of.select(["a"], ["x"]), old).update(outcomes=news)
    np.testing.assert_allclose(
        updated.need()["mean"], tr.solve(panel, of, old + news).need()["mean"]
    )
    other = tr.Beliefs(["a"], ["x"], [[3]], [[3]])
    with pytest.raises(ValueError, match="there is no belief for category 'b'"):
        tr.solve(panel, other, old).update(outcomes=news)
    some = tr.Panel([tr.Router("r", {"y": 1.0})], judges[1:])
    with pytest.raises(ValueError, match="there is no belief for category 'b'"):
        tr.solve(some, stated_beliefs(some, ["a"]), old).update(outcomes=news)


def test_checked_tickets_that_cannot_be_known_again_are_refused():
    log = TicketLog(["t1"], [0], [1], checked=[True], logged=[0])
    checked = tr.Outcomes(["a"], [1], [1], log=log)
    solved = tr.solve(PANEL, STATED, COUNTED + checked)
    forgotten = assemble(
        {"closed_form": solved.data["closed_form"].to_dataset()},
        PANEL,
        replace(solved.rows, tickets=None),
        solved.provenance,
    )
    assert solved.update(outcomes=checked).rows.mistakes[1, 0] == 1
    with pytest.raises(ValueError, match="cannot be known again, for they were counted"):
        forgotten.update(outcomes=checked)
