"""Progress is shown where somebody sees it, and nowhere else."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from trust_router.basics.watched import PROGRESS, is_watched


class ZMQInteractiveShell:
    """As the shell of a notebook is called."""


class TerminalInteractiveShell:
    """As that of IPython in a terminal is called."""


@pytest.fixture(autouse=True)
def nothing_watches(monkeypatch):
    monkeypatch.delenv(PROGRESS, raising=False)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: False))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))


def test_a_file_is_not_watched():
    assert not is_watched()


def test_a_terminal_is(monkeypatch):
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    assert is_watched()
    monkeypatch.setenv(PROGRESS, "0")
    assert not is_watched()


@pytest.mark.parametrize(
    ("shell", "seen"), [(ZMQInteractiveShell(), True), (TerminalInteractiveShell(), False)]
)
def test_a_notebook_is_and_a_shell_whose_output_goes_to_a_file_is_not(monkeypatch, shell, seen):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert is_watched() is seen


def test_without_ipython_there_is_no_notebook(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython")
    assert not is_watched()
