"""Sentences say what the numbers say, in the words of the model."""

from __future__ import annotations

import pytest
from support.known_pool import counted, fitted, four_who_know, good_and_coin

import trust_router as tr
from trust_router.show.reports.report import render_report
from trust_router.show.reports.sentences import effective_sentence, trust_sentences
from trust_router.show.reports.standing import standing


def sentences(posterior, category):
    return trust_sentences(standing(posterior, posterior.trust(), category))


def test_sentences_say_what_the_numbers_say(exact_posterior):
    first, second = sentences(exact_posterior, "transfer failed")
    assert "router medium is trusted most" in first
    assert "rose from 33.3% to 47.9%" in first
    assert "Router complex is trusted least, 17.9%" in second
    assert "Bayes factor of 2.7, which is hardly evidence" in second


@pytest.mark.parametrize(
    ("trust", "trials", "needs", "said"),
    [
        (None, 0, 0, "no outcomes for c yet"),
        ({"a": 0.9, "b": 0.1}, 4, 2, "fell from 90.0% to"),
        ({"a": 0.1, "b": 0.9}, 1, 0, "as its initial trust was 10.0%"),
        (None, 5000, 5000, "over 10,000, which is very strong evidence"),
    ],
)
def test_sentences_fit_the_case(trust, trials, needs, said):
    panel = tr.Panel(
        [tr.Router("a", {"j": 1.0}), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(1, 9)), tr.Judge("k", tr.Beta(5, 5))],
        initial_trust=trust,
    )
    if said.startswith("over"):
        panel = tr.Panel(panel.routers, [tr.Judge("j", tr.Beta(1, 900)), panel.judges[1]])
    outcomes = tr.Outcomes(["c"], [trials], [needs])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["c"]), outcomes)
    assert said in " ".join(sentences(posterior, "c"))


def test_a_lone_router_is_said_to_be_alone():
    panel = tr.Panel([tr.Router("a", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 9))])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["c"]), tr.Outcomes(["c"], [3], [1]))
    assert sentences(posterior, "c")[0] == "Router a is the only one, so all trust is with it."
    assert "all trust is with it" in render_report(posterior)


@pytest.mark.parametrize("kind", ["pool_posterior", "switch_posterior", "exact_posterior"])
def test_two_sentences_for_every_model(kind, request):
    posterior = request.getfixturevalue(kind)
    category = posterior.outcomes.categories[0]
    first, second = sentences(posterior, category)
    assert first.endswith(".")
    assert second.endswith(".")
    with pytest.raises(ValueError, match="unknown category 'x'"):
        sentences(posterior, "x")


def test_the_pool_says_how_sure_the_order_of_weights_is(pool_posterior):
    first, second = sentences(pool_posterior, "login")
    row = pool_posterior.trust().loc["all categories"].loc["simple"]
    assert first == (
        "After 150 outcomes, of which 57 needed the complex model, router simple carries the "
        f"largest share of what the judges know: it rose from 50.0% to {row['mean']:.1%} "
        f"(89% interval {row['lower']:.1%} to {row['upper']:.1%})."
    )
    share = pool_posterior.data["posterior"]["share"]
    largest = float((share.sel(router="simple") > share.sel(router="complex")).mean())
    assert largest > 0.9
    sure = "Almost surely" if largest > 0.995 else f"With probability {largest:.0%}"
    assert second.startswith(f"{sure} its share is the largest of all; a")


def test_a_report_on_tickets_says_how_much_all_judges_know():
    for weight, share in ((0.0, 0.0), (2.0, None)):
        posterior = fitted(good_and_coin(), [weight, 0])
        explained = abs(tr.insight.panel_knowledge(posterior).loc["explained", "mean"])
        said = f"All judges together save {explained:.1%} (89% interval "
        assert said in render_report(posterior)
        assert share is None or explained == pytest.approx(share)


def test_a_report_on_tickets_says_how_many_independent_judges_they_count_as(exact_posterior):
    posterior, given = counted(*four_who_know())
    said = effective_sentence(given)
    assert said.startswith("4 judges count as at most ")
    assert f"<p>{said}</p>" in render_report(posterior)
    assert "independent judges" not in render_report(exact_posterior)


def test_of_several_categories_the_one_that_is_meant_is_named():
    panel = tr.Panel(
        [tr.Router("a", {"j": 1.0}), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(1, 9)), tr.Judge("k", tr.Beta(5, 5))],
    )
    names = ["login", "refund"]
    outcomes = tr.Outcomes(names, [1, 4], [0, 2])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)
    first = sentences(posterior, "login")[0]
    assert first.startswith("After 1 outcome for login, of which 0 needed the complex model,")
