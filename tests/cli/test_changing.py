"""What a shell tells of noise and drift has the numbers of Python."""

from __future__ import annotations

import json

import pytest
from support.drifted import drifted

import trust_router as tr
from trust_router.cli.changing import describe_traits, print_traits


@pytest.fixture
def logged(tmp_path):
    path = tmp_path / "o.csv"
    rows = [
        f"t{i},{'a' if i % 2 else 'b'},{int(i % 3 == 0)},{int(i % 3 == 0) if i < 5 else ''}"
        for i in range(30)
    ]
    path.write_text("ticket,category,outcome,verified\n" + "\n".join(rows) + "\nt30,a,0,1\n")
    return path


def test_solving_with_noise_gives_the_numbers_of_python(trust_router, logged, tmp_path):
    saved = tmp_path / "p.nc"
    options = ("--false-needed", "2,20", "--out", saved)
    code, out, err = trust_router("solve", "--outcomes", logged, "--json", *options)
    assert code == 0, err
    found = json.loads(out)
    panel = tr.examples.load_seed()[0]
    outcomes = tr.read_outcomes(logged)
    noise = tr.Noise(false_needed=(2, 20))
    ours = tr.solve(panel, tr.stated_beliefs(panel, outcomes.categories), outcomes, noise=noise)
    assert [entry["category"] for entry in found["categories"]] == list(outcomes.categories)
    for at, entry in enumerate(found["categories"]):
        assert list(entry["trust"].values()) == pytest.approx(ours.trust_mean[at], abs=1e-12)
        need = ours.need().loc[entry["category"]]
        assert entry["need"]["mean"] == pytest.approx(need["mean"], abs=1e-12)
        assert entry["need"]["upper"] == pytest.approx(need["upper"], abs=1e-12)
    rates = tr.insight.noise_rates(ours)
    for rate in rates.index:
        assert found["noise"][rate]["mean"] == pytest.approx(rates.loc[rate, "mean"], abs=1e-12)
    assert found["noise"]["false_resolved"]["wrong"] == 1
    assert tr.load(saved).noise == noise
    news = tmp_path / "news.csv"
    news.write_text("ticket,category,outcome,verified\nt9,b,1,0\nn1,a,1,\n")
    code, out, err = trust_router("update", "--posterior", saved, "--outcomes", news, "--json")
    assert code == 0, err
    assert json.loads(out)["noise"]["false_needed"]["wrong"] == 1
    again = tr.solve(panel, ours.beliefs, outcomes + tr.read_outcomes(news), noise=noise)
    assert tr.load(saved).trust_mean == pytest.approx(again.trust_mean, abs=1e-9)


def test_noise_reads_for_people(trust_router, logged):
    code, out, _ = trust_router("solve", "--outcomes", logged, "--noise", "--category", "a")
    assert code == 0
    assert out.startswith("a: 6 of 16 tickets are logged as needing the complex model\n")
    assert "medium   trust" in out
    assert "Outcomes may be wrong: " in out
    assert "6 outcomes were checked." in out


def test_what_changed_is_told_of_a_pool_that_drifts(capsys):
    posterior = drifted()
    found = tr.insight.drift(posterior)
    print_traits(posterior)
    assert capsys.readouterr().out == f"{found}\n"
    told = describe_traits(posterior)["drift"]
    assert [c["sentence"] for c in told["changes"]] == found.sentences()
    assert len(told["need"]) == len(found.need)
    assert told["judges"][0]["mean"] == pytest.approx(found.judges["mean"].iloc[0])


def test_nothing_is_told_where_nothing_was_learned_of_either(exact_posterior, capsys):
    print_traits(exact_posterior)
    assert (describe_traits(exact_posterior), capsys.readouterr().out) == ({}, "")
