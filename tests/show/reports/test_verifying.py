"""Verifying finds what is the same, what is not, and what was made from something else."""

from __future__ import annotations

import json
from html import escape, unescape

import numpy as np
import pytest
from support.pretended import COUNTS, SEATS, STATED

import trust_router as tr
from trust_router.show.reports.verifying import verify

COSTS = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
INPUTS = (SEATS, STATED, COUNTS)


@pytest.fixture
def page(tmp_path):
    return tr.write_report(tr.solve(*INPUTS), tmp_path / "report.html", costs=COSTS)


def changed(page, change):
    """Write the page again with a record that was changed."""
    text = page.read_text(encoding="utf-8")
    start = text.index('data-record="') + len('data-record="')
    old = text[start : text.index('"', start)]
    held = json.loads(unescape(old))
    change(held)
    page.write_text(text.replace(old, escape(json.dumps(held))), encoding="utf-8")
    return page


def test_the_same_inputs_give_the_same_numbers(page):
    found = verify(page, *INPUTS)
    assert found.agrees
    assert found.identical == len(found.then) > 10
    assert repr(found).startswith("report.html was rebuilt from the same inputs (")
    assert f"all {found.identical} numbers are the same" in repr(found)
    assert found.table()["agrees"].all()
    assert "<caption" in found._repr_html_()


def test_a_number_that_was_changed_is_named(page):
    def change(held):
        held["numbers"][0][1] += 0.001

    found = verify(changed(page, change), *INPUTS)
    assert not found.agrees
    assert found.differing == (found.then[0].name,)
    assert "1 of" in found.sentences()[1]
    assert found.then[0].name in found.sentences()[1]


def test_a_number_that_is_gone_or_new_differs(page):
    def drop(held):
        held["numbers"][0][0] = "trust, nowhere"

    found = verify(changed(page, drop), *INPUTS)
    assert found.differing[0] == "trust, nowhere"
    assert len(found.differing) == 2


def test_within_monte_carlo_error_is_said_to_be_so(page):
    def change(held):
        held["numbers"][0][1] += 0.001
        held["numbers"][0][2] = 0.0005
        held["provenance"]["numpy"] = "1.0.0"

    found = verify(changed(page, change), *INPUTS)
    assert found.agrees
    assert "1 lie within Monte Carlo error" in repr(found)
    assert "versions are others: numpy" in repr(found)
    assert repr(found).endswith("1.0.0 then")


def test_other_inputs_are_told_by_their_hash_and_nothing_is_compared(page):
    other = tr.Outcomes(COUNTS.categories, COUNTS.trials + 1, COUNTS.needs)
    found = verify(page, SEATS, STATED, other)
    assert not found.same_inputs
    assert not found.agrees
    assert found.differing == ()
    assert found.table().empty
    assert "nothing was compared" in repr(found)


def test_a_posterior_holds_its_inputs(tmp_path):
    path = tr.solve(*INPUTS).save(tmp_path / "posterior.nc")
    assert verify(path).agrees
    assert verify(path, *INPUTS).agrees


def test_an_updated_posterior_is_rebuilt_with_all_outcomes(tmp_path):
    later = tr.Outcomes(COUNTS.categories[:1], [3], [1])
    path = tr.solve(*INPUTS).update(outcomes=later).save(tmp_path / "posterior.nc")
    assert verify(path).agrees
    assert verify(path, SEATS, STATED, COUNTS + later).agrees


@pytest.mark.parametrize(
    ("given", "reason"),
    [((), "does not hold its inputs; give `panel`"), ((SEATS,), "together, or none of them")],
)
def test_a_report_needs_all_of_its_inputs(page, given, reason):
    with pytest.raises(ValueError, match=reason):
        verify(page, *given)


@pytest.mark.slow
def test_a_fit_is_the_same_again_and_another_seed_is_within_errors(seed, nuts_posterior, tmp_path):
    page = tr.write_report(nuts_posterior, tmp_path / "report.html", costs=COSTS)
    found = verify(page, *seed)
    assert found.identical == len(found.then)

    def change(held):
        held["provenance"]["random_seed"] = 5

    other = verify(changed(page, change), *seed)
    assert other.agrees
    assert other.identical < len(other.then)
    assert np.nanmax(np.abs(other.table()["errors"])) < 5
