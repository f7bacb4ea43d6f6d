"""What pages claim of the bundled example is what the package computes; what they name is there."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats
from support.house import ROOT
from support.pages import pages

import trust_router as tr
from trust_router.basics.evidence import log_beta_ratio
from trust_router.examples import load_seed

CATEGORY = "transfer failed"


def text_of(name):
    return " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())


def shares(values):
    return [f"{value:.1%}".replace("%", " %") for value in values]


def trust_of(panel, trials=22, needs=3):
    outcomes = tr.Outcomes([CATEGORY], [trials], [needs])
    return tr.solve(panel, tr.stated_beliefs(panel, [CATEGORY]), outcomes).trust()["mean"]


def test_reading_tells_the_numbers_of_the_example(exact_posterior, seed, costs):
    said = text_of("reading.md")
    simple, medium, complex_ = shares(exact_posterior.trust()["mean"])
    assert f"trust is {simple} in *simple*, {medium} in *medium* and {complex_} in" in said
    panel = seed[0]
    stated = tr.Panel(
        panel.routers, panel.judges, initial_trust={"simple": 0.6, "medium": 0.2, "complex": 0.2}
    )
    one, two, three = shares(trust_of(stated))
    assert f"of 60 %, 20 % and 20 % the same outcomes give {one}, {two} and {three}" in said
    need = exact_posterior.need().iloc[0]
    mean, lower, upper = shares(need[["mean", "lower", "upper"]])
    assert f"Here it is {mean}, with an 89 % interval of {lower} to {upper}" in said
    log = np.log(exact_posterior.trust()["mean"].to_numpy())
    assert (
        f"Here it is {np.exp(log[1] - log[0]):.2f} for *medium* against *simple* and "
        f"{np.exp(log[1] - log[2]):.2f} for *medium* against *complex*"
    ) in said
    decision = tr.decide(exact_posterior, CATEGORY, costs)
    certainty, threshold = shares([decision.certainty, decision.threshold])
    assert f"right with {certainty}: need is surely below the threshold of {threshold}" in said
    one, two, three = shares(trust_of(panel, 1_000_000, round(1_000_000 * 3 / 22)))
    assert f"would leave trust at {one}, {two} and {three}" in said


def test_the_model_page_tells_the_numbers_of_the_example(exact_posterior, costs):
    said = text_of("model.md")
    evidence = float(exact_posterior.data["closed_form"]["log_evidence"].sum())
    assert f"evidence}}_s$, here ${evidence:.6f}$" in said
    near_one = stats.beta(0.05, 0.20).cdf(2.0**-54)
    assert f"has {shares([near_one])[0]} of its mass within $2^{{-54}}$ of 1" in said
    assert f"here $2.97 / 8 = {costs.threshold:.5f}$" in said
    common, relative = log_beta_ratio(
        np.array([3.0, 0.2]), np.array([9.0, 0.05]), np.array(136_364), np.array(1_000_000)
    )
    assert np.isfinite(common).all()
    assert f"is {relative[0] - relative[1]:.10f}" in said


def test_tests_and_benchmarks_that_are_named_are_there():
    named = {
        path
        for page in [*pages(), ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
        for path in re.findall(
            r"\b(?:tests|benchmarks)/[\w/]+\.py", page.read_text(encoding="utf-8")
        )
    }
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_with_measured_figures_names_a_command(page):
    text = page.read_text(encoding="utf-8")
    figures = re.findall(r"^\|.*\d\.\d.*\|$", text, flags=re.MULTILINE)
    commands = r"benchmarks/\w+\.py|trust-router \w+|make \w+|```pycon|notebooks/\d"
    assert not figures or re.search(commands, text)


def test_the_example_is_that_of_the_pages():
    _, _, outcomes = load_seed()
    assert (outcomes.trials.tolist(), outcomes.needs.tolist()) == ([22], [3])
