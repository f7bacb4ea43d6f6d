"""One category is a one-armed bandit: Gittins indices, sums over all futures, and batches."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.bandit import trying
from trust_router.decisions.costs import Costs
from trust_router.decisions.worth import value_of_outcome

# Of an arm that is Beta(successes, failures), at a discount, as in the tables of J. C. Gittins,
# "Multi-armed Bandit Allocation Indices", Wiley, 1989.
PRINTED = {
    (1, 1, 0.9): 0.7029,
    (2, 1, 0.9): 0.8001,
    (1, 2, 0.9): 0.5001,
    (1, 1, 0.99): 0.8699,
}


def beta(alpha, beta):
    return BetaMixture([1.0], [alpha], [beta])


def costs_of(threshold):
    return Costs(0.0, 1.0, failure=1 / threshold - 1)


def gittins(successes, failures, discount, depth=400):
    """Index of a Bernoulli arm: the sure reward that is as good, found by value iteration."""
    low, high = 0.0, 1.0
    for _ in range(25):
        sure = (low + high) / 2
        value = np.full(depth + 1, sure / (1 - discount))
        for n in range(depth - 1, -1, -1):
            won = np.arange(n + 1)
            mean = (successes + won) / (successes + failures + n)
            go_on = mean + discount * (mean * value[1:] + (1 - mean) * value[:-1])
            value = np.maximum(sure / (1 - discount), go_on)
        low, high = (sure, high) if go_on[0] > sure / (1 - discount) else (low, sure)
    return low


@pytest.mark.parametrize(("arm", "index"), PRINTED.items(), ids=str)
def test_the_oracle_gives_the_printed_indices(arm, index):
    assert gittins(*arm, depth=400 if arm[2] < 0.95 else 1500) == pytest.approx(index, abs=2e-4)


@pytest.mark.parametrize("horizon", [2, 10, 50])
@pytest.mark.parametrize("shapes", [(1, 1), (3, 2), (0.5, 4), (12, 8)])
def test_trying_pays_exactly_if_its_gittins_index_is_above_that_of_escalating(shapes, horizon):
    """A resolved ticket is worth 1 to an arm that is tried, so its index is that of 1 - need."""
    alpha, b = shapes
    index = gittins(b, alpha, 1 - 1 / horizon)
    for off, pays in ((-2e-3, True), (2e-3, False)):
        found = trying(beta(alpha, b), costs_of(1 - index - off), horizon)
        assert (found.worth > found.cost) == pays


def test_one_outcome_alone_may_be_worth_nothing_where_several_are_worth_much():
    """The knowledge gradient looks one outcome ahead, and so does too little."""
    need, cost = beta(2, 2), Costs(0.03, 3.0, failure=5.0)
    assert value_of_outcome(need.given(cost.threshold), cost) == pytest.approx(0.0, abs=1e-12)
    found = trying(need, cost, 100)
    assert found.worth > 10 * found.cost > 0


def _by_hand(mixture, costs, horizon, tries):
    """Try so often at once, and then do what is best for good."""
    w, a, b = mixture.weights, mixture.alpha, mixture.beta
    k = np.arange(tries + 1)[:, None]
    chance = w * stats.betabinom.pmf(k, tries, a, b)
    mean = (chance * (a + k) / (a + b + tries)).sum(axis=1) / chance.sum(axis=1)
    saved = chance.sum(axis=1) @ np.maximum(costs.escalate(mean) - costs.simple_first(mean), 0)
    lasting = 1 - 1 / horizon
    loss = costs.simple_first(mixture.mean) - costs.escalate(mixture.mean)
    return lasting**tries * horizon * saved - loss * (lasting ** np.arange(tries)).sum()


def test_as_many_are_tried_at_once_as_pay_most():
    mixture, cost = BetaMixture([0.5, 0.5], [1, 12], [3, 4]), Costs(0.03, 3.0, failure=5.0)
    worth = [_by_hand(mixture, cost, 400, n) for n in range(60)]
    found = trying(mixture, cost, 400)
    assert found.at_once == int(np.argmax(worth)) > 0
    # To look at each outcome before the next try is better still.
    assert found.worth - found.cost > max(worth)


def test_what_trying_is_worth_is_the_sum_over_all_futures():
    """With a horizon of 1.5 two tries decide it; and a mixture is not its mean."""
    mixture, cost = BetaMixture([0.5, 0.5], [1, 8], [8, 1]), costs_of(0.4)

    def value(a_seen, b_seen, deep):
        like = stats.betabinom.pmf(a_seen, a_seen + b_seen, mixture.alpha, mixture.beta)
        weight = mixture.weights * like
        a, b = mixture.alpha + a_seen, mixture.beta + b_seen
        mean = float(weight @ (a / (a + b)) / weight.sum())
        gain = float(cost.escalate(mean) - cost.simple_first(mean))
        if deep == 0:
            return max(gain, 0) * 1.5
        after = mean * value(a_seen + 1, b_seen, deep - 1)
        after += (1 - mean) * value(a_seen, b_seen + 1, deep - 1)
        return gain + after / 3 if (a_seen, b_seen) == (0, 0) else max(0, gain + after / 3)

    found = trying(mixture, cost, 1.5)
    assert found.worth - found.cost == pytest.approx(value(0, 0, 9), abs=1e-4)
    alone = trying(beta(4.5, 4.5), cost, 1.5)
    assert alone.worth < 0.5 * found.worth


@pytest.mark.parametrize("horizon", [0.0, 0.3, 1.0])
def test_where_no_other_ticket_comes_trying_is_worth_nothing(horizon):
    found = trying(beta(1, 1), costs_of(0.4), horizon)
    assert (found.worth, found.at_once) == (0.0, 0)
    assert found.cost > 0


def test_a_need_that_is_known_is_not_explored_however_long_it_lasts():
    found = trying(beta(4e5, 6e5), costs_of(0.39), 1e6)
    assert found.worth < found.cost
    assert found.at_once == 0
