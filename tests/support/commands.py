"""The command line run in this process, and the files it is given."""

from __future__ import annotations

import sys

import pytest

from trust_router.cli import main as cli
from trust_router.examples.bundled import example_path

PANEL = str(example_path("panel.toml"))


def run(capsys, monkeypatch, *arguments):
    """Run the command in this process; gives exit code, output and error output."""
    monkeypatch.setattr(sys, "argv", ["trust-router", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    captured = capsys.readouterr()
    return stopped.value.code or 0, captured.out, captured.err


def given(folder, *names):
    files = {"panel": "panel.toml", "outcomes": "tickets.csv", "beliefs": "tickets.csv"}
    return [part for name in names for part in (f"--{name}", folder / files[name])]
