"""The command `update`: day after day, whole or not at all, also when two run at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from filelock import FileLock

import trust_router as tr
from trust_router.learning.diagnostics import Diagnostics
from trust_router.learning.posterior import Posterior


@pytest.fixture
def saved(trust_router, tmp_path):
    """A solved posterior of the bundled example."""
    path = tmp_path / "p.nc"
    code, _, err = trust_router("solve", "--out", path)
    assert code == 0
    assert "saved" in err
    return path


def day(path, rows):
    path.write_text(
        "ticket,category,outcome\n" + "".join(f"{t},transfer failed,{y}\n" for t, y in rows)
    )
    return path


def test_a_day_is_brought_in_and_the_same_file_again_changes_nothing(trust_router, saved, tmp_path):
    news = day(tmp_path / "today.csv", [("n1", 1), ("n2", 0)])
    call = ("update", "--posterior", saved, "--outcomes", news)
    code, out, err = trust_router(*call, "--json")
    assert code == 0
    assert "2 added, 0 corrected, 0 the same; by closed form" in err
    found = json.loads(out)
    assert found["need"][0]["trials"] == 24
    assert found["provenance"]["updates"][0]["added"] == 2
    digest = tr.load(saved).trust_mean
    code, _, err = trust_router(*call)
    assert "0 added, 0 corrected, 2 the same" in err
    assert (tr.load(saved).trust_mean == digest).all()
    day(news, [("n2", 1)])
    assert "0 added, 1 corrected, 0 the same" in trust_router(*call)[2]
    assert tr.load(saved).outcomes.needs.tolist() == [5]


def test_another_file_leaves_the_old_one(trust_router, saved, tmp_path):
    news, other = day(tmp_path / "today.csv", [("n1", 1)]), tmp_path / "new.nc"
    before = saved.read_bytes()
    code, _, _ = trust_router("update", "--posterior", saved, "--outcomes", news, "--out", other)
    assert code == 0
    assert saved.read_bytes() == before
    assert tr.load(other).method == "updated"


def test_what_is_wrong_changes_no_file(trust_router, saved, tmp_path):
    before = saved.read_bytes()
    code, _, err = trust_router("update", "--posterior", saved)
    assert (code, err) == (2, "error: give --outcomes FILE, --beliefs FILE, or both\n")
    news = day(tmp_path / "today.csv", [("n1", 7)])
    code, _, err = trust_router("update", "--posterior", saved, "--outcomes", news)
    assert code == 2
    assert saved.read_bytes() == before


def test_draws_that_no_longer_hold_are_not_saved(trust_router, saved, tmp_path, monkeypatch):
    news = day(tmp_path / "today.csv", [("n1", 1)])
    monkeypatch.setattr(Posterior, "converged", False)
    monkeypatch.setattr(
        Posterior, "diagnostics", Diagnostics(0, 1, 9, 9, 1, 0, ("refit needed: x",))
    )
    before = saved.read_bytes()
    monkeypatch.setattr(Posterior, "refuse_unconverged", lambda *_: None)
    code, _, err = trust_router("update", "--posterior", saved, "--outcomes", news)
    assert code == 3
    assert "refit needed: x; nothing was saved, use --refit" in err
    assert saved.read_bytes() == before


def test_two_at_once_wait_for_each_other(saved, tmp_path):
    days = [day(tmp_path / f"{i}.csv", [(f"n{i}", 1)]) for i in range(2)]
    start = "import sys; from trust_router.cli.main import main; main()"
    command = [sys.executable, "-c", start, "update", "--posterior", str(saved), "--outcomes"]
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen([*command, str(each)], stdout=quiet, stderr=quiet) for each in days]
    assert [process.wait() for process in running] == [0, 0]
    assert tr.load(saved).outcomes.needs.tolist() == [5]
    assert len(tr.load(saved).updates) == 2


def test_two_names_of_one_file_have_one_lock_and_a_long_name_has_one(trust_router, saved, tmp_path):
    news, link = day(tmp_path / "today.csv", [("n1", 1)]), tmp_path / "other" / "link.nc"
    link.parent.mkdir()
    link.symlink_to(saved)
    assert trust_router("update", "--posterior", link, "--outcomes", news)[0] == 0
    assert not list(link.parent.glob(".*"))
    assert tr.load(saved).updates
    long = saved.rename(tmp_path / f"{'x' * 250}.nc")
    assert trust_router("update", "--posterior", long, "--outcomes", news)[0] == 0


def test_a_lock_that_cannot_be_had_is_said_in_one_sentence(
    trust_router, saved, tmp_path, monkeypatch
):
    news, lock = day(tmp_path / "today.csv", [("n1", 1)]), saved.with_name(".p.nc.lock")
    call = ("update", "--posterior", saved, "--outcomes", news)
    lock.unlink(missing_ok=True)
    lock.mkdir()
    code, _, err = trust_router(*call)
    assert code == 2
    assert err.endswith(
        ".p.nc.lock', which keeps two updates apart, cannot be locked: Is a directory\n"
    )
    lock.rmdir()
    monkeypatch.setattr("trust_router.cli.updating._WAIT", 0.01)
    with FileLock(lock):
        code, _, err = trust_router(*call)
    assert (code, err) == (2, "error: another update of p.nc has not ended for 0.01 s\n")
    code, _, err = trust_router("update", "--posterior", tmp_path, "--outcomes", news)
    assert err.startswith("error: --posterior must name a file")


def test_a_refit_that_fails_is_not_told_to_refit(trust_router, saved, tmp_path, monkeypatch):
    news = day(tmp_path / "today.csv", [("n1", 1)])
    given = Diagnostics(1, 1, 9, 9, 1, 0, ("1 divergences",))
    monkeypatch.setattr(Posterior, "converged", False)
    monkeypatch.setattr(Posterior, "diagnostics", given)
    monkeypatch.setattr(
        Posterior, "updates", [{"added": 1, "corrected": 0, "same": 0, "by": "nuts"}]
    )
    monkeypatch.setattr(Posterior, "refuse_unconverged", lambda *_: None)
    code, _, err = trust_router("update", "--posterior", saved, "--outcomes", news, "--refit")
    assert code == 3
    assert "1 divergences; nothing was saved, fit again with more --draws" in err


def test_categories_of_another_table_are_joined(trust_router, saved, tmp_path):
    (tmp_path / "today.csv").write_text("ticket,outcome\nn1,1\nn2,0\n")
    (tmp_path / "found.csv").write_text("ticket,category\nn2,transfer failed\nn1,transfer failed\n")
    call = ("update", "--posterior", saved, "--outcomes", tmp_path / "today.csv")
    code, _, err = trust_router(*call)
    assert code == 2
    assert "the posterior knows transfer failed. Add a column `category`, or a table" in err
    code, _, err = trust_router(*call, "--categories", tmp_path / "found.csv")
    assert code == 0, err
    assert tr.load(saved).outcomes.trials.tolist() == [24]


def test_a_day_without_a_row_changes_nothing_and_is_no_error(trust_router, saved, tmp_path):
    quiet, before = day(tmp_path / "quiet.csv", []), saved.read_bytes()
    code, out, err = trust_router("update", "--posterior", saved, "--outcomes", quiet)
    assert (code, err) == (0, "no new outcomes\nnothing was changed\n")
    assert "medium" in out
    assert saved.read_bytes() == before
    other = tmp_path / "o.nc"
    call = ("update", "--posterior", saved, "--outcomes", quiet, "--out", other)
    assert trust_router(*call)[0] == 0
    assert tr.load(other).updates == ()
    (tmp_path / "empty.csv").write_text("")  # a file that somebody failed to write
    code, _, err = trust_router(
        "update", "--posterior", saved, "--outcomes", tmp_path / "empty.csv"
    )
    assert code == 2
    assert "empty.csv is empty" in err
    assert trust_router("solve", "--outcomes", quiet)[0] == 2
    assert saved.read_bytes() == before
