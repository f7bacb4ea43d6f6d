"""Models that are compiled once and kept, so that tests of whole programs fit many times."""

from __future__ import annotations

import pytest

from trust_router.learning import fitting


def keep_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `fit` use again what it has compiled for the same panel, categories and settings."""
    compile_model = fitting.compile_model
    kept = {}

    def again(panel, beliefs, outcomes, *, model=None, **settings):
        kind = (beliefs.judges, outcomes.categories, type(beliefs), model, settings)
        key = repr((panel.routers, panel.judges, panel.initial_trust, *kind))
        if key not in kept:
            kept[key] = compile_model(panel, beliefs, outcomes, model=model, **settings)
        return kept[key]

    monkeypatch.setattr(fitting, "compile_model", again)
