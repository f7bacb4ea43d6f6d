"""The card that a notebook shows of a posterior."""

from __future__ import annotations

import re

from support.hostile import hostile_posterior

import trust_router as tr


def test_it_shows_trust_counts_and_that_nothing_was_sampled(exact_posterior):
    card = exact_posterior._repr_html_()
    cells = re.findall(r"<td>(?:<b>)?([\d.]+%)", card)
    assert cells == ["33.3%", "34.2%", "33.3%", "47.9%", "33.3%", "17.9%"]
    assert "22 outcomes, 3 needed the complex model, 0 unknown" in card
    assert "Result: exact (closed form)." in card
    assert "interval" not in card


def test_of_many_categories_twenty_are_shown_and_the_rest_counted():
    names = [f"<kind {i}>" for i in range(23)]
    panel = tr.Panel([tr.Router("a", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 9))])
    outcomes = tr.Outcomes(names, [3] * 23, [1] * 23)
    card = tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)._repr_html_()
    assert card.count("&lt;kind") == 20
    assert "<kind" not in card
    assert "3 more categories." in card


def test_html_shows_trust_and_escapes_names(exact_posterior):
    assert "47.9%" in exact_posterior._repr_html_()
    html = hostile_posterior()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_notebook_shows_what_trust_is(pool_posterior, switch_posterior):
    page = pool_posterior._repr_html_()
    assert "Trust: share of what the judges know that the router carries (pool model)" in page
    assert "all categories" in page
    page = switch_posterior._repr_html_()
    assert "5 more categories" in page
