"""The bundled support desk is what its script makes, and a fit finds out what is true of it."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from scipy import stats

import trust_router as tr
from trust_router.basics.warned import JudgeWarning
from trust_router.categories.assigned import assign_tickets
from trust_router.categories.finding import fit_categories
from trust_router.examples import example_path, load_support_desk, simulate_support_desk
from trust_router.examples.support_desk import FILES, write_support_desk
from trust_router.inputs.reading.texts import read_texts

K = 5  # standard errors


@pytest.fixture(scope="module")
def desk():
    return simulate_support_desk()


@pytest.fixture(scope="module")
def costs():
    return tr.read_costs(example_path("desk/costs.toml"))


def test_the_bundled_files_are_those_that_the_script_writes(tmp_path):
    write_support_desk(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    for name in FILES:
        bundled = example_path(f"desk/{name}").read_bytes()
        assert gzip.decompress(bundled) == gzip.decompress((tmp_path / name).read_bytes()), name


def test_the_files_are_small_enough_to_ship():
    assert sum(path.stat().st_size for path in example_path("desk").iterdir()) < 400_000


def test_the_desk_is_as_large_and_as_one_sided_as_its_documentation_says(desk):
    panel, beliefs, outcomes = load_support_desk()
    assert (len(panel.routers), len(panel.judges), len(outcomes.categories)) == (4, 7, 8)
    assert outcomes.trials.sum() + outcomes.missing.sum() == len(desk.tickets) == 3000
    assert len(desk.open_tickets) == 120
    assert 0.58 < outcomes.trials.sum() / 3000 < 0.64
    assert (desk.tickets.answered_by[desk.tickets.outcome == 1] == "both").all()
    assert desk.tickets.outcome[desk.tickets.answered_by == "complex"].isna().all()
    silent = np.isnan(beliefs.alpha).mean(axis=0)
    assert (silent > 0).sum() == 3
    weeks = outcomes.log.time.max() - outcomes.log.time.min()
    assert 180 < weeks / np.timedelta64(1, "D") < 183


def test_who_is_escalated_follows_from_what_the_judges_say_alone(desk):
    """Given mid-llm, tickets that were tried are no easier than those that were not."""
    said = desk.beliefs["mid-llm"]
    tried = desk.tickets.answered_by != "complex"
    assert tried[~(said > 0.4)].all()
    assert abs(tried[said > 0.4].mean() - 0.1) < K * np.sqrt(0.09 / (said > 0.4).sum())
    need = desk.need.to_numpy()[:3000]
    among = [need[(said > 0.4) & apart] for apart in (tried, ~tried)]
    assert stats.ttest_ind(*among).pvalue > 0.01


def test_judges_are_what_the_truth_says_they_are(desk):
    need = desk.need.to_numpy()[:3000]
    rank = {
        name: stats.spearmanr(desk.beliefs[name], need, nan_policy="omit").statistic
        for name in desk.judges
    }
    assert rank["bot-confidence"] < -0.6
    assert abs(rank["mood"]) < K / np.sqrt(3000)
    assert min(rank[name] for name in rank if name not in {"bot-confidence", "mood"}) > 0.6
    assert desk.beliefs["small-llm"].mean() < need.mean() - 0.1


def test_open_tickets_are_new_and_come_after_all_others(desk):
    assert not set(desk.open_tickets.ticket) & set(desk.tickets.ticket)
    assert desk.open_tickets.time.min() > desk.tickets.time.max()
    assert list(desk.open_beliefs.ticket) == list(desk.open_tickets.ticket)
    assert set(desk.open_tickets.category) == set(desk.tickets.category)


def test_categories_can_be_found_in_the_texts(desk):
    texts = read_texts(example_path("desk/tickets.csv.gz"))
    found = assign_tickets(fit_categories(texts.texts, 8, random_seed=1), texts).category
    kinds = desk.tickets.category.to_numpy()
    shares = [
        np.unique(kinds[found == name], return_counts=True)[1].max() for name in np.unique(found)
    ]
    assert sum(shares) > 0.85 * 3000


@pytest.fixture(scope="module")
def posterior():
    with pytest.warns(JudgeWarning, match="'bot-confidence' ranks tickets backwards"):
        return tr.fit(*load_support_desk(), random_seed=1)


@pytest.mark.slow
def test_a_fit_recovers_the_need_of_every_kind_though_hard_tickets_have_no_outcome(posterior, desk):
    need = posterior.need()
    observed = desk.tickets.groupby("category").outcome.mean().reindex(need.index)
    true = desk.kinds.reindex(need.index)
    assert (np.abs(need["mean"] - true) < 3 * need.sd).all()
    assert np.abs(need["mean"] - true).mean() < np.abs(observed - true).mean() / 2


@pytest.mark.slow
def test_a_fit_tells_the_reversed_judge_and_the_coin(posterior):
    judges = posterior.judges()
    assert judges.p_reversed.idxmax() == "bot-confidence"
    assert judges.p_reversed.max() > 0.99
    assert judges.index[(judges.auc_lower < 0.5) & (judges.auc_upper > 0.5)].tolist() == ["mood"]
    said = " ".join(finding.sentence for finding in tr.insight.check_judges(posterior))
    assert "'bot-confidence' ranks tickets backwards" in said
    assert "'mood' cannot be told from a coin" in said


@pytest.mark.slow
def test_claimed_savings_lie_near_the_true_ones(posterior, desk, costs):
    claimed = tr.savings(posterior, costs, random_seed=1).table()
    decided = tr.decide_tickets(posterior.predict(load_support_desk()[1]), costs)
    need = desk.need.loc[decided.index].to_numpy()
    escalates = (decided.action == "escalate").to_numpy()
    true = 100 * np.where(escalates, costs.escalate(need), costs.simple_first(need)).mean()
    saving = 1 - true / (100 * costs.complex)
    said = claimed.loc["decide each ticket"]
    assert said.cost_lower < true < said.cost_upper
    assert abs(said.saving - saving) < 0.03
    best = need > costs.threshold
    oracle = 100 * np.where(best, costs.escalate(need), costs.simple_first(need)).mean()
    assert oracle < true < oracle + 2
