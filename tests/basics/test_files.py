"""A file is written whole or not at all, where its name points to."""

from __future__ import annotations

import threading

import pytest

from trust_router.basics.files import write_whole


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
