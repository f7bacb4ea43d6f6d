"""Files that commands are given."""

from __future__ import annotations

import pytest
from support.commands import run
from support.simulated import simulated_tickets


@pytest.fixture
def trust_router(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


@pytest.fixture
def two_categories(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("id,topic,needed_complex\n1,refund,0\n2,login,1\n3,login,\n")
    columns = ("category=topic", "outcome=needed_complex", "ticket=id")
    return ("--outcomes", path, *(part for c in columns for part in ("--column", c)))


@pytest.fixture(scope="module")
def ticket_files(tmp_path_factory):
    """A panel without beliefs, and one wide table of beliefs that also holds the outcomes."""
    folder = tmp_path_factory.mktemp("tickets")
    simulated_tickets(150, 1).to_csv(folder / "tickets.csv", index=False)
    simulated_tickets(30, 2).assign(text="hello").to_csv(folder / "new.csv", index=False)
    (folder / "panel.toml").write_text(
        "[routers.simple]\njudges = { good = 0.5, weak = 0.5 }\n"
        "[routers.complex]\njudges = { vain = 1.0 }\n"
        "[costs]\nsimple = 0.03\ncomplex = 3.0\nfailure = 5.0\n"
    )
    return folder


@pytest.fixture(scope="module")
def saved_pool(pool_posterior, ticket_files):
    return pool_posterior.save(ticket_files / "pool.nc")
