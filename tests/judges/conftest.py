"""No test of this room asks anybody on the network."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


@pytest.fixture(autouse=True)
def _no_real_requests(monkeypatch, request, tmp_path_factory):
    """Only a test that opens a local server may make requests; nobody's settings count."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-settings"))
    monkeypatch.setattr("trust_router.judges.calls.failures.RETRY_WAIT", 0.01)
    if find_spec("pydantic_ai") is not None:
        allowed = {"scripted_server", "small_model_url"} & {*request.fixturenames}
        monkeypatch.setattr("pydantic_ai.models.ALLOW_MODEL_REQUESTS", bool(allowed))
