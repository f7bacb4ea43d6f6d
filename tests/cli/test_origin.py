"""What a command was given to read is kept as names and hashes, and found again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trust_router.cli.inputs import Files
from trust_router.cli.origin import changed, files_again, origin_of


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "o.csv").write_text("x")
    return Files(outcomes="o.csv", column=["outcome=escalated"], need=["yes"])


def test_names_hashes_and_how_to_read_are_kept_as_json(files):
    held = json.loads(json.dumps(origin_of(files)))
    assert held["outcomes"]["path"] == "o.csv"
    assert held["column"] == ["outcome=escalated"]
    assert "panel" not in held  # the bundled one
    again = files_again(held, Path("r.html"), {})
    assert str(again.outcomes) == "o.csv"
    assert (again.need, again.panel) == (["yes"], None)


def test_what_is_given_goes_before_what_was_kept(files, tmp_path):
    again = files_again(origin_of(files), tmp_path / "r.html", {"outcomes": "moved.csv"})
    assert again.outcomes == "moved.csv"
    assert again.column == ["outcome=escalated"]


def test_a_file_that_is_gone_and_a_database_have_to_be_given(files, tmp_path):
    held = origin_of(files)
    (tmp_path / "o.csv").unlink()
    with pytest.raises(ValueError, match=r"no file o\.csv here .* --outcomes where it is"):
        files_again(held, tmp_path / "r.html", {})
    held = origin_of(Files(outcomes="postgres://me:secret@host/db#o"))
    assert "secret" not in json.dumps(held)
    with pytest.raises(ValueError, match="outcomes were read from no file; say with --outcomes"):
        files_again(held, tmp_path / "r.html", {})


def test_a_file_with_other_content_is_named(files, tmp_path):
    held = origin_of(files)
    assert changed(held, files) == []
    (tmp_path / "o.csv").write_text("y")
    (said,) = changed(held, files)
    assert said.startswith("o.csv is another file than the outcomes then: its SHA-256 is ")


def test_a_result_without_files_has_none(tmp_path):
    assert files_again({}, tmp_path / "r.html", {}) is None


@pytest.mark.usefixtures("files")
def test_a_table_of_categories_is_found_again_too(tmp_path):
    (tmp_path / "found.csv").write_text("x")
    held = origin_of(Files(outcomes="o.csv", categories_file="found.csv"))
    again = files_again(held, tmp_path / "r.html", {})
    assert str(again.categories_file) == "found.csv"
    (tmp_path / "found.csv").unlink()
    with pytest.raises(ValueError, match="say with --categories where it is"):
        files_again(held, tmp_path / "r.html", {})
