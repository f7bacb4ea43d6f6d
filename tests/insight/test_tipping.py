"""Need and trust under a shift of unseen tickets: exact sums, and trust as it is without one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from support.decided import posterior_of
from support.drawn import drawn
from support.drawn import tickets as stated_tickets
from support.known_pool import fitted

import trust_router as tr
from trust_router.insight.tipping import first_zero, shifted_trusts, unseen_needs


@pytest.mark.parametrize("missing", [1, 7, 3000])
def test_without_a_shift_trust_is_expected_to_stay_as_it_is(missing):
    posterior = posterior_of([6, 22], [3, 3], [missing, missing])
    for trust, expected in zip(
        shifted_trusts(posterior, posterior.outcomes.missing), posterior.trust_mean, strict=True
    ):
        np.testing.assert_allclose(trust(0.0), expected, atol=2e-3 if missing > 1000 else 5e-4)
        assert trust(1.3).sum() == pytest.approx(1)


def test_trust_under_a_shift_is_the_sum_over_what_unseen_tickets_turn_out_to_need():
    posterior = posterior_of([6], [3], [5])
    need = posterior.need_distribution().at(0)
    draws = np.random.default_rng(1).permutation(need.sample(200_000, 1))
    shift, expected = -0.8, np.zeros(3)
    rate = special.expit(special.logit(draws) + shift)
    for k in range(6):
        after = posterior_of([11], [3 + k]).trust_mean[0]
        expected += stats.binom.pmf(k, 5, rate).mean() * after
    (trust,) = shifted_trusts(posterior, posterior.outcomes.missing)
    np.testing.assert_allclose(trust(shift), expected, atol=1e-3)


def test_where_all_outcomes_are_known_no_shift_moves_anything():
    posterior = posterior_of([6, 9], [3, 2], [0, 4])
    first, second = shifted_trusts(posterior, posterior.outcomes.missing)
    np.testing.assert_array_equal(first(5.0), posterior.trust_mean[0])
    assert not np.allclose(second(5.0), posterior.trust_mean[1], atol=0.01)
    need, _ = unseen_needs(posterior)
    assert (
        need.overall(-6.0) == need.overall(6.0) == pytest.approx(posterior.need()["mean"].iloc[0])
    )


def test_need_of_a_category_is_that_of_seen_and_unseen_tickets_in_proportion():
    posterior = posterior_of([6], [3], [18])
    (need,) = unseen_needs(posterior)
    draws = posterior.need_distribution().at(0).sample(200_000, 1)
    shifted = special.expit(special.logit(draws) + 1.0).mean()
    assert need.unseen(1.0) == pytest.approx(shifted, abs=2e-3)
    assert need.overall(1.0) == pytest.approx(0.25 * draws.mean() + 0.75 * shifted, abs=2e-3)


def test_of_tickets_need_of_the_unseen_is_that_of_what_judges_say_of_them():
    """Here need is what the only judge says, and there is nothing to learn."""
    score = np.array([-1.5, -0.5, 0.2, 0.9, 1.4, -0.1])
    posterior = fitted({"good": special.expit(score)}, [1.0])
    mean = posterior.need_draws(posterior.rows).mean(axis=0)
    hidden = np.array([True, False, True, False, False, False])
    posterior.__dict__["rows"] = posterior.rows.hiding(hidden)
    (need,) = unseen_needs(posterior)
    shifted = special.expit(special.logit(mean[hidden]) + 0.7)
    assert need.unseen(0.7) == pytest.approx(shifted.mean(), abs=1e-6)
    seen = mean[~hidden].sum()
    assert need.overall(0.7) == pytest.approx((seen + shifted.sum()) / 6, abs=1e-6)


def _open_pool():
    """A pool of two judges that does not know which of them counts; most tickets are unseen."""
    rng = np.random.default_rng(5)
    number = 40
    stated = {name: special.expit(rng.normal(0, 1.5, number)) for name in "ab"}
    outcome = np.where(np.arange(number) < 8, rng.random(number) < 0.5, np.nan)
    beliefs, outcomes = stated_tickets(stated, outcome)
    panel = tr.Panel([tr.Router(name, {name: 1.0}) for name in "ab"])
    gain = rng.uniform(0, 1, (4, 250))
    draws = {
        "gain": np.ones((4, 250)),
        "judge_gain": np.stack([gain - 0.5, 0.5 - gain], axis=-1),
        **{name: np.zeros((4, 250)) for name in ("bend", "discord", "damping")},
        "intercept": rng.normal(0, 0.5, (4, 250)),
    }
    return drawn(panel, beliefs, outcomes, tr.Pool(category_effects=False), **draws)


def test_in_the_pool_trust_follows_outcomes_as_draws_reweighted_by_them_do():
    posterior = _open_pool()
    (trust,) = shifted_trusts(posterior, posterior.outcomes.missing)
    np.testing.assert_allclose(trust(0.0), posterior.trust_mean[0], atol=1e-12)
    rows = posterior.rows
    need = posterior.need_draws(rows.take(np.flatnonzero(rows.number > rows.trials)))
    share = posterior.data["posterior"]["trust"].values.reshape(1000, 2)
    rng = np.random.default_rng(1)
    for shift in (-1.0, 1.0):
        after = []
        for one in need:
            y = rng.random(need.shape[1]) < special.expit(special.logit(one) + shift)
            log = np.where(y, np.log(need), np.log1p(-need)).sum(axis=1)
            after.append(special.softmax(log) @ share)
        error = np.std(after, axis=0) / np.sqrt(len(after))
        off = np.abs(trust(shift) - np.mean(after, axis=0))
        assert (off < 0.03 + 5 * error).all()


@pytest.mark.parametrize("zero", [-4.1, -0.01, 0.3, 5.9])
def test_the_zero_nearest_to_no_shift_is_found(zero):
    assert first_zero(lambda x: (zero - x) * np.sign(zero)) == pytest.approx(zero)
    assert first_zero(lambda x: (x - zero) * (x + 7 * zero) / -(zero**2)) == pytest.approx(zero)


def test_a_zero_beyond_what_anybody_asks_is_none():
    assert np.isnan(first_zero(lambda x: 7 - x))
    assert first_zero(lambda _: 0.0) == 0
