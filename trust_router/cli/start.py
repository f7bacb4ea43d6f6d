"""How the command starts, and how it ends when somebody stops it."""

from __future__ import annotations

import _thread
import sys
import threading
from typing import TYPE_CHECKING

from trust_router.cli.codes import INTERRUPTED

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["start"]

_SOON = 0.1  # seconds


def start() -> None:
    """Run the command line; Ctrl-C ends it with one line, also while it is being loaded."""
    sys.unraisablehook = _insist
    try:
        from trust_router.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(INTERRUPTED)


def _insist(lost: UnraisableHookArgs) -> None:
    """Interrupt once more where a compiler's callback, which cannot raise, has lost Ctrl-C."""
    if lost.exc_type is KeyboardInterrupt:
        again = threading.Timer(_SOON, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)
