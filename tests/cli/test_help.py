"""Every command has an example, which it understands."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
import typer
from support.house import ROOT

from trust_router.cli.help import EXAMPLES, epilog
from trust_router.cli.main import app

COMMANDS = typer.main.get_command(app).commands


def test_every_command_has_an_example():
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("example", [each for some in EXAMPLES.values() for each in some])
def test_an_example_is_understood(example):
    _, name, *arguments = shlex.split(example)
    command = COMMANDS[name]
    context = command.make_context(name, arguments)  # unknown options would be refused
    assert context.params


@pytest.mark.parametrize("name", EXAMPLES)
def test_help_shows_it_so_that_it_can_be_copied(trust_router, name):
    code, out, _ = trust_router(name, "--help")
    assert code == 0
    shown = out.replace("\\\n", " ").split()
    for example in EXAMPLES[name]:
        words = example.split()
        assert any(shown[i : i + len(words)] == words for i in range(len(shown))), example
    assert "Example" in epilog(name)


@pytest.mark.parametrize("asked", ["--help", "--version", "check"])
def test_what_is_asked_first_loads_nothing_heavy(asked, tmp_path):
    code = (
        "import sys\nsys.argv = ['trust-router', sys.argv[1]]\n"
        "from trust_router.cli.start import start\n"
        "try:\n    start()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pymc', 'pytensor', 'nutpie', 'arviz', 'matplotlib', 'sklearn', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, asked],
        capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_bash_completes_commands_and_options(tmp_path):
    for words, expected in (
        ("trust-router ju", "judges"),
        ("trust-router fit --cat", "--categories"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; sys.argv[0] = 'trust-router'\n"
             "from trust_router.cli.start import start\nstart()"],
            capture_output=True, text=True, check=False, cwd=tmp_path,
            env={
                "PYTHONPATH": str(ROOT), "PATH": "", "COMP_WORDS": words,
                "COMP_CWORD": str(len(words.split()) - 1),
                "_TRUST_ROUTER_COMPLETE": "complete_bash",
            },
        )  # fmt: skip
        assert done.stdout.split() == [expected], done.stderr
