"""A file is written whole or not at all, where its name points to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.full_disk import full_disk

from trust_router.basics.files import check_writable, write_text, write_whole


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a.txt"
    for text in ("old", "new"):
        assert write_whole(path, lambda file, text=text: file.write_text(text)) == path
        assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("disk full"), ValueError("a bug"), KeyboardInterrupt])
def test_what_fails_leaves_the_old_file_alone(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def half(file):
        file.write_text("half")
        raise error

    with pytest.raises(type(error) if isinstance(error, Exception) else error):
        write_whole(path, half)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_the_system_names_the_path_and_the_reason(tmp_path):
    def full(_file):
        raise OSError("disk full")

    with pytest.raises(OSError, match=r"a\.txt' cannot be written: disk full$"):
        write_whole(tmp_path / "a.txt", full)
    for path in (tmp_path / ("p" * 300), tmp_path):
        with pytest.raises(OSError, match=f"^'{path}' cannot be written: ") as caught:
            write_whole(path, lambda file: file.write_text("text"))
        assert "partial" not in str(caught.value)
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*nowhere' to save into"):
        write_whole(tmp_path / "nowhere" / "a.txt", lambda file: file.write_text("text"))


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, lambda file: file.write_text("new"))
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o600)
    write_whole(path, lambda file: file.write_text("new"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_that_write_at_once_do_not_mix(tmp_path):
    path, both = tmp_path / "a.txt", threading.Barrier(2)

    def write(file, text):
        with file.open("w") as handle:
            handle.write(text)
            handle.flush()
            both.wait(timeout=30)
            handle.write(text)

    threads = [
        threading.Thread(target=write_whole, args=(path, lambda file, t=text: write(file, t)))
        for text in ("one", "two")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in ("oneone", "twotwo")
    assert list(tmp_path.iterdir()) == [path]


KILLED = """
import os, signal, sys
from trust_router.basics.files import write_whole

def half(file):
    file.write_text("half of the")
    os.kill(os.getpid(), signal.SIGKILL)

write_whole(sys.argv[1], half)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_a_process_that_is_killed_leaves_the_old_file_and_disturbs_no_later_one(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    (partial,) = tmp_path.glob(".*.partial")
    write_text(path, "new")
    assert path.read_text() == "new"
    assert partial.read_text() == "half of the"


def test_a_full_disk_keeps_the_old_file(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")
    with full_disk(), pytest.raises(OSError, match=r"a\.txt' cannot be written: File too large$"):
        write_text(path, "new" * 1000)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_can_be_written_is_left_as_it_is(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "a.txt")
    for name in ("a.txt", "link"):
        assert check_writable(tmp_path / name) == tmp_path / name
    write_text(tmp_path / "a.txt", "old")
    check_writable(tmp_path / "link")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.txt", "link"]


def test_what_cannot_be_written_is_refused_before_there_is_anything_to_write(tmp_path, monkeypatch):
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere" / "a.txt")
    (tmp_path / "fixed").touch()
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != tmp_path / "fixed" and allowed(path, mode)
    )
    for path, reason in (
        (tmp_path, "it is there and is no file"),
        (tmp_path / "gone", "No such file or directory"),
        (tmp_path / "fixed", "Permission denied"),
        (tmp_path / ("p" * 300), "File name too long"),
    ):
        with pytest.raises(OSError, match=f"^'{path}' cannot be written: {reason}$"):
            check_writable(path)
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*nowhere'"):
        check_writable(tmp_path / "nowhere" / "a.txt")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which no file can be made")
def test_rights_alone_do_not_tell_what_can_be_written():
    with pytest.raises(OSError, match=r"^'/proc/x' cannot be written: "):
        check_writable("/proc/x")


def test_relative_paths_and_links_to_folders_lead_to_the_same_place(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "way").symlink_to("real", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for path in ("real/a.txt", "way/a.txt", "way/../real/a.txt"):
        write_text(path, path)
        assert (tmp_path / "real" / "a.txt").read_text() == path
    assert [each.name for each in (tmp_path / "real").iterdir()] == ["a.txt"]
