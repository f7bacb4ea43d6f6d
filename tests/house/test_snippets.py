"""Every snippet of the README and of the documentation runs as printed."""

from __future__ import annotations

import re
import shutil

import matplotlib.pyplot as plt
import pytest
from support.house import ROOT
from support.pages import Snippet, pages, run_console, run_python, run_session, snippets

from trust_router.cli.main import main
from trust_router.examples.bundled import example_path

BUNDLED = ("panel.toml", "outcomes.csv", "tickets.csv", "beliefs.csv")
# Those that need an LLM or a key, real data sets that are not bundled, an installation, or minutes.
NOT_RUN = 23


def all_snippets() -> list[Snippet]:
    return [each for page in pages() for each in snippets(page)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a reader works: the bundled files are there, and nothing else."""
    for name in BUNDLED:
        shutil.copy(example_path(name), tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    plt.close("all")


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("ignore::trust_router.basics.warned.JudgeWarning")  # as it is told
@pytest.mark.parametrize(
    "page", [page for page in pages() if any(snippets(page))], ids=lambda page: page.name
)
def test_a_page_runs_from_top_to_bottom(page):
    names = {"__name__": "page"}
    for snippet in snippets(page):
        if snippet.not_run:
            continue
        if snippet.kind == "pycon":
            run_session(snippet, names)
        elif snippet.kind == "python":
            run_python(snippet, names)
        else:
            run_console(snippet, main)


def test_what_is_not_run_says_why():
    assert [str(each) for each in all_snippets() if each.kind == "sh"] == []
    assert len([str(each) for each in all_snippets() if each.not_run]) == NOT_RUN


def test_what_readers_are_told_to_make_is_a_target():
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = {
        word
        for page in pages()
        for word in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8"))
    }
    assert [name for name in told if f"\n{name}: " not in targets] == []
