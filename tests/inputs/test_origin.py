"""Files are named as they were given, and nothing is told of other folders."""

from __future__ import annotations

import hashlib

import pytest

from trust_router.inputs.origin import found_again, origin, stated_path


def test_the_hash_is_that_of_the_content(tmp_path):
    path = tmp_path / "o.csv"
    path.write_bytes(b"ticket\n1\n")
    assert origin(path) == {"path": "o.csv", "sha256": hashlib.sha256(b"ticket\n1\n").hexdigest()}
    with pytest.raises(FileNotFoundError):
        origin(tmp_path / "absent.csv")


def test_no_folder_of_this_machine_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert stated_path(tmp_path / "data" / "o.csv") == "data/o.csv"
    assert stated_path("../o.csv") == "../o.csv"
    assert stated_path("/elsewhere/o.csv") == "o.csv"


def test_files_are_found_from_here_and_beside(tmp_path, monkeypatch):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    (there / "o.csv").write_text("x")
    monkeypatch.chdir(here)
    assert found_again("o.csv", there / "report.html") == there / "o.csv"
    (here / "o.csv").write_text("x")
    assert str(found_again("o.csv", there / "report.html")) == "o.csv"
    assert found_again("absent.csv", there / "report.html") is None
    assert found_again(str(there / "o.csv"), there / "report.html") is None
