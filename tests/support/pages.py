"""Pages of documentation as their snippets: what a reader would copy and run."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.house import ROOT

_FENCE = re.compile(
    r"^ *(?P<mark>`{3,})(?P<kind>[\w-]*)\n(?P<text>.*?)^ *(?P=mark) *$", re.M | re.S
)
_NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^\n]+) -->\s*\Z")
_KINDS = ("console", "pycon", "python", "sh")
_FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@dataclass(frozen=True)
class Snippet:
    """One block of a page that can be run."""

    page: str
    line: int
    kind: str
    text: str
    not_run: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Give the pages that readers copy from."""
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted(ROOT.joinpath("docs").rglob("*.md")),
    ]


def snippets(page: Path) -> Iterator[Snippet]:
    """Give the snippets of a page in their order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        if found["kind"] not in _KINDS:
            continue
        reason = _NOT_RUN.search(text[: found.start()])
        yield Snippet(
            str(page.relative_to(ROOT)),
            text[: found.start()].count("\n") + 1,
            found["kind"],
            found["text"],
            reason["reason"] if reason else "",
        )


def run_python(snippet: Snippet, names: dict[str, Any]) -> None:
    """Run a block of statements."""
    exec(compile(snippet.text, str(snippet), "exec"), names)  # noqa: S102


def run_session(snippet: Snippet, names: dict[str, Any]) -> None:
    """Run what follows the prompts, what doctest skips too, and compare what it prints."""
    test = doctest.DocTestParser().get_doctest(snippet.text, {}, str(snippet), None, 0)
    test.globs = names
    for example in test.examples:
        example.options.pop(doctest.SKIP, None)
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=_FLAGS)
    assert not runner.run(test, out=said.write, clear_globs=False).failed, said.getvalue()


def run_console(snippet: Snippet, command: Callable[[], Any]) -> None:
    """Run what follows ``$`` by the command's function, and look for what stands below it."""
    for entry in re.split(r"^ *\$ ", snippet.text.replace("\\\n", ""), flags=re.M)[1:]:
        line, *shown = entry.splitlines()
        name, *arguments = shlex.split(line)
        if name == "cd":
            os.chdir(*arguments)  # the page's folder is left when its test ends
            continue
        assert name == "trust-router", f"{snippet}: say why {name} is not run"
        out, code = io.StringIO(), 0
        before, sys.argv = sys.argv, [name, *arguments]
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                command()
        except SystemExit as stopped:
            code = stopped.code or 0
        finally:
            sys.argv = before
        printed = out.getvalue()
        fails = any(each.startswith("error: ") for each in shown)
        assert (code != 0) == fails, f"{snippet}: {line}\n{printed}"
        missing = [each for each in shown if each.strip() and each.strip() not in printed]
        assert not missing, f"{snippet}: {line}\n{printed}"
