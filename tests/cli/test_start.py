"""Ctrl-C: one line and exit code 130, wherever it falls."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.commands import run

from trust_router.cli import learning, start

# A callback of C cannot raise, so that Python drops a Ctrl-C that falls into it.
LOST = """
import ctypes, signal, sys, time, types

def main():
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))()
    for _ in range(200):
        time.sleep(0.05)

sys.modules["trust_router.cli.main"] = types.SimpleNamespace(main=main)
from trust_router.cli.start import start
start()
"""


def stop(*_, **__):
    raise KeyboardInterrupt


def test_a_command_that_is_interrupted_says_so_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr(learning, "closed_form", stop)
    code, out, err = run(capsys, monkeypatch, "solve")
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted"


def test_so_does_one_that_is_interrupted_while_it_is_loaded(capsys, monkeypatch):
    monkeypatch.setattr("trust_router.cli.main.main", stop)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    with pytest.raises(SystemExit) as ended:
        start.start()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_lost_interrupt_is_raised_again():
    done = subprocess.run(
        [sys.executable, "-c", LOST], capture_output=True, text=True, timeout=15, check=False
    )
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


def test_other_errors_that_cannot_be_raised_are_said_as_python_does(capsys):
    class Broken:
        def __del__(self):
            raise ValueError("lost")

    kept = sys.unraisablehook
    try:
        sys.unraisablehook = start._insist
        Broken()
    finally:
        sys.unraisablehook = kept
    assert "ValueError: lost" in capsys.readouterr().err
