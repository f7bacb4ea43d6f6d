"""The whole door on a real small model. Opt-in: ``make live``."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router import defaults
from trust_router.examples import load_hostile_tickets, load_tickets
from trust_router.examples.small_model import MODEL
from trust_router.judges.sanitising import MISSING

pytest.importorskip("pydantic_ai")
pytestmark = [pytest.mark.live, pytest.mark.slow]

TICKETS = load_tickets()
EXAMPLES = [
    pair
    for one, zero in zip(
        *(TICKETS.text[:24][TICKETS.outcome[:24] == y].to_list()[:4] for y in (1, 0)), strict=True
    )
    for pair in ((one, 1), (zero, 0))
]


def ask(url, way, texts, **settings):
    llm = tr.LLM(f"openai-chat:{MODEL}", way, base_url=url, output="native", timeout=600)
    return tr.ask({"small": llm}, texts, concurrency=1, **settings)


@pytest.mark.parametrize("way", ["shapes", "probability", "logprob"])
def test_every_way_of_asking_gives_beliefs_or_says_why_not(small_model_url, way):
    answers = ask(small_model_url, way, TICKETS.text[-8:].to_list(), examples=EXAMPLES)
    assert set(answers.status.ravel()) <= {"ok", *MISSING} - {"failed", "given up", "limit"}
    assert (answers.status == "ok").any()
    assert answers.report().input_tokens.iloc[0] > 0


def test_a_second_run_asks_nothing_and_gives_the_same(small_model_url, tmp_path):
    texts = TICKETS.text[-4:].to_list()
    first, second = (
        ask(small_model_url, "logprob", texts, examples=EXAMPLES, cache=tmp_path / "a.sqlite")
        for _ in range(2)
    )
    assert (first.calls, second.calls) == (4, 0)
    np.testing.assert_array_equal(first.beliefs.alpha, second.beliefs.alpha)


def test_what_hostile_tickets_get_through_is_capped(small_model_url):
    """Also prints which attacks moved the model; figures are in the guide to judges."""
    hostile = load_hostile_tickets()
    texts = [*hostile.request, *hostile.text]
    answers = ask(small_model_url, "logprob", texts, examples=EXAMPLES)
    beliefs = answers.beliefs
    assert np.nanmax(beliefs.alpha + beliefs.beta) <= defaults.CONCENTRATION_CAP
    plain, attacked = beliefs.mean[: len(hostile), 0], beliefs.mean[len(hostile) :, 0]
    towards = np.where(hostile.wants == 1, attacked - plain, plain - attacked)
    moved = hostile.assign(plain=plain, attacked=attacked)[np.nan_to_num(towards) > 0.1]
    print(f"\nmoved by more than 0.1: {len(moved)} of {len(hostile)}")
    print(moved[["ticket", "kind", "language", "plain", "attacked"]].round(2).to_string())
