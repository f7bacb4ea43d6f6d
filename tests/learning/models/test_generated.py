"""What is compiled leaves no file in the system's temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytensor
import pytest

from trust_router.learning.models.generated import passing_sources

SETTING = "FOLDER"

COMPILE = """
import pytensor, pytensor.tensor as pt
from trust_router.learning.models.generated import passing_sources
x = pt.dscalar("x")
with passing_sources():
    double = pytensor.function([x], pt.tanh(2 * x) + 1, mode="NUMBA")
    double(1.0)
    folder = pytensor.config.generated_src_dir
"""


def left_behind(code: str, folder: Path) -> list[str]:
    """Run it with a temporary folder of its own and give what is in there afterwards."""
    settings = {"TMPDIR": str(folder), "PYTENSOR_FLAGS": ""}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=os.environ | settings, check=True
    )
    return [path.name for path in folder.iterdir()]


def test_sources_can_be_read_until_the_process_ends_and_are_removed_then(tmp_path):
    seen = "from pathlib import Path\nassert list(Path(folder).glob('*.py'))\n"
    assert left_behind(COMPILE + seen, tmp_path) == []


def test_a_folder_of_the_users_own_is_kept(tmp_path):
    with pytensor.config.change_flags(generated_src_dir=str(tmp_path)):
        with passing_sources():
            assert pytensor.config.generated_src_dir == str(tmp_path)
        assert pytensor.config.generated_src_dir == str(tmp_path)


def test_threads_that_compile_at_once_share_the_folder_and_the_last_one_sets_it_back():
    first_is_in, second_is_in = threading.Event(), threading.Event()
    seen = []

    def first() -> None:
        with passing_sources():
            first_is_in.set()
            second_is_in.wait(10)

    def second() -> None:
        first_is_in.wait(10)
        with passing_sources():
            second_is_in.set()
            one.join(10)
            seen.append(pytensor.config.generated_src_dir)

    with pytensor.config.change_flags(generated_src_dir=""):
        one, two = threading.Thread(target=first), threading.Thread(target=second)
        two.start()
        one.start()
        two.join(10)
        assert seen
        assert seen[0]
        assert pytensor.config.generated_src_dir == ""


def test_an_error_while_compiling_sets_the_folder_back_too():
    with pytensor.config.change_flags(generated_src_dir=""):
        with pytest.raises(RuntimeError), passing_sources():
            raise RuntimeError
        assert pytensor.config.generated_src_dir == ""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which no file can be made")
def test_without_a_folder_for_what_is_compiled_the_setting_is_named():
    code = (
        "from trust_router.learning.models.generated import passing_sources\n"
        "try:\n    passing_sources().__enter__()\n"
        "except OSError as error:\n    print(error)"
    )
    for flags, said in (("", True), (f"base_compiledir={SETTING}", False)):
        with TemporaryDirectory() as folder:
            settings = {"HOME": "/proc/none", "PYTENSOR_FLAGS": flags.replace(SETTING, folder)}
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", code],
                env=os.environ | settings, check=True, capture_output=True, text=True,
            )  # fmt: skip
        assert ("as PYTENSOR_FLAGS=base_compiledir=/tmp/pytensor" in done.stdout) == said
        assert len(done.stdout.splitlines()) == said
