"""Whether somebody watches: a terminal or a notebook, and not a file or another program."""

from __future__ import annotations

import os
import sys

__all__ = ["PROGRESS", "is_watched"]

PROGRESS = "TRUST_ROUTER_PROGRESS"  # environment variable; 0 turns progress off


def is_watched() -> bool:
    """Tell whether progress would be seen: in a terminal, or in a notebook.

    With the environment variable ``TRUST_ROUTER_PROGRESS=0`` nobody does, as where a notebook is
    executed whose outputs are kept.
    """
    if os.environ.get(PROGRESS) == "0":
        return False
    return sys.stderr.isatty() or _in_notebook()


def _in_notebook() -> bool:
    # Only where IPython runs already is there a notebook.
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"
