"""What is said to be unknown about trust is unknown, and is said in every place."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from trust_router.learning.unsettled import unsettled


@dataclass
class Known:
    """As much of a posterior as is asked."""

    trust: np.ndarray
    before: np.ndarray | None = None
    stated: tuple[float, ...] = (0.5, 0.5)
    outcomes: int = 100
    converged: bool = True
    has_draws: bool = True
    noise: None = None

    @property
    def panel(self):
        names = ("simple", "complex", "third")[: len(self.stated)]
        return SimpleNamespace(router_names=names, share=np.array(self.stated))

    @property
    def rows(self):
        return SimpleNamespace(trials=np.array([self.outcomes]))

    @property
    def data(self):
        draws = xr.Dataset({"share": (("chain", "draw", "router"), self.trust[None])})
        kept = {} if self.before is None else {"prior": xr.Dataset()}
        return xr.DataTree.from_dict({"posterior": draws, **kept})

    def prior(self):
        return SimpleNamespace(trust=self.before)


def shares(mean, sd, seed=1):
    first = np.random.default_rng(seed).normal(mean, sd, 4000)
    return np.stack([first, 1 - first], axis=1)


WIDE = shares(0.5, 0.2)


def test_overlapping_intervals_leave_the_most_trusted_router_open():
    (said,) = unsettled(Known(shares(0.54, 0.05), WIDE, stated=(0.2, 0.8)))
    assert said == (
        "Which router is most trusted is not yet known: "
        "simple 53.9% [46.0%, 62.0%], complex 46.1% [38.0%, 54.0%]."
    )


def test_what_is_known_needs_no_sentence():
    assert unsettled(Known(shares(0.8, 0.05), WIDE)) == ()


def test_trust_as_wide_as_before_is_the_priors_doing():
    said = unsettled(Known(shares(0.55, 0.19), WIDE))
    assert "still the prior's doing" in said[1]
    assert "is 19.1% for simple, and was 20.1% before" in said[1]
    assert len(said) == 2


def test_a_narrow_trust_about_what_was_stated_speaks_not_against_it():
    said = unsettled(Known(shares(0.52, 0.05), WIDE))
    assert "the initial trust of every router lies in its interval" in said[1]
    alone = unsettled(Known(shares(0.52, 0.05), None))
    assert alone == said


@pytest.mark.parametrize(
    "change",
    [
        {"outcomes": 0},
        {"converged": False},
        {"has_draws": False},
        {"trust": np.full((50, 2), 0.5)},
        {"trust": np.ones((50, 1)), "stated": (1.0,)},
    ],
)
def test_nothing_is_said_where_there_is_nothing_to_be_known(change):
    assert unsettled(Known(**({"trust": shares(0.5, 0.1)} | change))) == ()


@pytest.mark.slow
def test_card_text_report_and_command_line_say_the_same(pool_posterior, capsys):
    import trust_router as tr
    from trust_router.cli.output import describe_fit, print_fit
    from trust_router.learning import unsettled as told
    from trust_router.show.reports.report import render_report

    sentences = told.unsettled(pool_posterior)
    print_fit(pool_posterior)
    for place in (
        repr(pool_posterior),
        pool_posterior._repr_html_(),
        render_report(pool_posterior),
        capsys.readouterr().out,
    ):
        assert all(sentence in place for sentence in sentences)
        assert place.count("not yet known") <= 1
    assert tuple(describe_fit(pool_posterior)["unsettled"]) == sentences
    assert isinstance(pool_posterior, tr.Posterior)
