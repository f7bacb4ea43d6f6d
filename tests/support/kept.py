"""Models that are compiled once and kept, so that tests fit many times: fitting takes a second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trust_router.evaluation import backtesting, dropping
from trust_router.inputs.matching import match
from trust_router.learning import compiled, fitting
from trust_router.learning.models.known import choose
from trust_router.learning.settings import Settings


def keep_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what fits use again the density of the same routers, categories and options."""
    kept = {}

    def again(panel, beliefs, outcomes, *, model=None, **settings):
        chosen = Settings.of(settings)
        rows = match(panel, beliefs, outcomes)
        routers = [(router.name, dict(router.judges)) for router in panel.routers]
        graph = (rows.about, rows.categories, choose(model, rows.about), chosen.nuts_sampler)
        key = repr((routers, panel.judge_names, panel.initial_trust, graph))
        if key not in kept:
            kept[key] = compiled.compile_model(panel, beliefs, outcomes, model=model, **settings)
        return replace(kept[key], panel=panel, _settings=chosen)

    for module in (fitting, dropping, backtesting):
        monkeypatch.setattr(module, "compile_model", again)
