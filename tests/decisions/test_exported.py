"""What was exported decides as the posterior does, is checked when read, and takes little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from support.decided import COSTS, posterior_of
from support.drawn import drawn
from support.exported import JUDGES, OTHER_COSTS, asked, pool
from support.pooled import straight, straight_pool

import trust_router as tr
from trust_router.decisions.exported import as_text

COST = COSTS["seed"]
VARIANTS = {
    "plain": {},
    "little": {"category_effects": False, "scale": "log odds"},
}


@pytest.fixture(scope="module", params=VARIANTS.values(), ids=VARIANTS)
def both(request, tmp_path_factory):
    posterior = pool(**request.param)
    path = tmp_path_factory.mktemp("export") / "e.json"
    tr.decisions.export(posterior, COST, path)
    return posterior, tr.decisions.read_export(path)


@pytest.fixture
def exact(tmp_path, three):
    return tr.decisions.export(three, COST, tmp_path / "e.json")


def assert_same(got, expected):
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, dict):
            assert_same(got[name], value)
        elif isinstance(value, str):
            assert got[name] == value
        else:
            assert got[name] == pytest.approx(value, abs=1e-12, rel=1e-12, nan_ok=True), name


def silently(call, *arguments, **named):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tr.JudgeWarning)
        return call(*arguments, **named)


def said(call, *arguments, **named):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(*arguments, **named)
    return [str(each.message) for each in caught]


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
def test_categories_are_decided_as_by_the_closed_form(tmp_path, three, cost):
    held = tr.decisions.read_export(tr.decisions.export(three, cost, tmp_path / "e.json"))
    assert held.converged
    for name in three.outcomes.categories:
        assert_same(asdict(held.decide(name)), asdict(tr.decide(three, name, cost)))


def test_categories_are_decided_as_by_draws(both):
    posterior, held = both
    for name in posterior.outcomes.categories:
        expected = silently(tr.decide, posterior, name, COST)
        assert_same(asdict(silently(held.decide, name)), asdict(expected))


def test_tickets_are_predicted_as_by_the_posterior(both):
    posterior, held = both
    beliefs = asked()
    expected, got = posterior.predict(beliefs), held.predict(beliefs)
    np.testing.assert_allclose(got.need.values, expected.need.values, rtol=1e-12, atol=1e-13)
    assert got.table().equals(expected.table()) or np.allclose(
        got.table().select_dtypes("number"), expected.table().select_dtypes("number"), atol=1e-12
    )
    assert got.unseen.tolist() == expected.unseen.tolist()
    assert got.speaking.tolist() == expected.speaking.tolist()


@pytest.mark.parametrize("cost", [None, OTHER_COSTS], ids=["costs of the export", "others"])
def test_each_ticket_alone_is_decided_as_among_all(both, cost):
    posterior, held = both
    beliefs = asked()
    paid = cost or COST
    table = silently(tr.decide_tickets, posterior.predict(beliefs), paid)
    for i, (_, row) in enumerate(table.iterrows()):
        stated = {
            name: None if np.isnan(a) else tr.Beta(a, b)
            for name, a, b in zip(JUDGES, beliefs.alpha[i], beliefs.beta[i], strict=True)
        }
        got = silently(held.decide_ticket, stated, category=beliefs.category[i], costs=cost)
        found = asdict(got)
        found |= {f"{name}_mcse": error for name, error in found.pop("mcse").items()}
        assert_same(found, dict(row))


def test_probabilities_count_as_in_a_table(both):
    _, held = both
    given = {"x": 0.3, "y": 1.0, "z": None}
    shapes = {"x": tr.Beta(3, 7), "y": tr.Beta(9.9, (1 - 0.99) * 10), "z": None}
    one, other = (silently(held.decide_ticket, each, category="a") for each in (given, shapes))
    assert_same(asdict(one), asdict(other))


def test_what_may_be_worse_than_a_constant_says_so_as_from_the_posterior(both, tmp_path):
    posterior, held = both

    for costs in (COST, OTHER_COSTS):
        exported = tr.decisions.export(posterior, costs, tmp_path / "e.json")
        again = tr.decisions.read_export(exported)
        assert said(again.decide, "a") == said(tr.decide, posterior, "a", costs)
    expected = said(tr.decide_tickets, posterior.predict(asked()), OTHER_COSTS)
    assert said(held.decide_ticket, {"x": 0.2}, costs=OTHER_COSTS) == expected


def test_something_is_said_where_judges_mislead(tmp_path, pooled):
    low, one = np.full((2, 60), -4.0), np.ones((2, 60))
    posterior = drawn(*pooled, straight_pool(), **straight(low, one))  # half of them are needs
    held = tr.decisions.read_export(tr.decisions.export(posterior, COST, tmp_path / "e.json"))
    with pytest.warns(tr.JudgeWarning, match="would have cost"):
        held.decide_ticket({"a": 0.2}, category="all")


def test_what_has_not_converged_is_refused_again_in_each_call(both, tmp_path):
    posterior, _ = both
    found = posterior.__dict__["diagnostics"]
    posterior.__dict__["diagnostics"] = type(found)(
        3, 1.5, 20.0, 20.0, 0.1, 0, ("3 divergences", "R-hat is 1.500")
    )
    try:
        with pytest.raises(tr.ConvergenceError):
            tr.decisions.export(posterior, COST, tmp_path / "e.json")
        tr.decisions.export(posterior, COST, tmp_path / "e.json", allow_unconverged=True)
    finally:
        posterior.__dict__["diagnostics"] = found
    held = tr.decisions.read_export(tmp_path / "e.json")
    assert not held.converged
    calls = (
        lambda **allow: held.decide("a", **allow),
        lambda **allow: held.decide_ticket({"x": 0.2}, **allow),
        lambda **allow: held.predict(asked(), **allow),
    )
    for call in calls:
        with pytest.raises(tr.ConvergenceError, match="R-hat"):
            call()
        silently(call, allow_unconverged=True)
    prediction = held.predict(asked(), allow_unconverged=True)
    assert prediction.converged is False
    assert both[1].predict(asked()).converged is True
    with pytest.raises(ValueError, match="not converged"):
        tr.decide_tickets(prediction, COST)


def test_what_cannot_be_answered_is_said(exact, both):
    held = tr.decisions.read_export(exact)
    with pytest.raises(ValueError, match=r"unknown category 'refund'; the export knows c0, c1, c2"):
        held.decide("refund")
    with pytest.raises(ValueError, match="the export decides categories alone"):
        held.decide_ticket({"x": 0.3})
    _, held = both
    for stated, message in (
        ({"other": 0.3}, "unknown judge 'other'; the panel has x, y, z"),
        ({"x": 1.5}, "judge 'x' must state a probability from 0 to 1"),
        ({"x": "0.3"}, "judge 'x' must state a probability"),
    ):
        with pytest.raises(ValueError, match=message):
            held.decide_ticket(stated)
    with pytest.raises(TypeError, match="`costs` must be Costs"):
        held.decide_ticket({"x": 0.3}, costs={"simple": 1})


def test_what_is_no_export_is_refused(tmp_path):
    path = tmp_path / "e.json"
    with pytest.raises(FileNotFoundError, match="there is no export"):
        tr.decisions.read_export(path)
    for text in ("", "[]", "{}", "\0\1", "[" * 100_000, '{"creator": "trust_router"}'):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"^e\.json is no export of trust_router"):
            tr.decisions.read_export(path)


def test_every_change_of_a_byte_is_noticed(exact):
    whole = exact.read_bytes()
    rng = np.random.default_rng(1)
    for at in rng.choice(len(whole), 150, replace=False):
        broken = bytearray(whole)
        broken[at] ^= 1 << int(rng.integers(7))
        exact.write_bytes(broken)
        try:
            held = tr.decisions.read_export(exact)
        except ValueError as error:
            assert str(error).startswith("e.json")  # noqa: PT017
            continue
        # White space, or another way to write the same.
        again = as_text({n: v for n, v in json.loads(broken).items() if n in PARTS})
        assert again == whole.decode(), held


PARTS = ("format", "provenance", "diagnostics", "costs", "warning", "decisions", "tickets")


def changed(path, change):
    """Change the content by hand, and sign it anew."""
    content = {name: json.loads(path.read_text())[name] for name in PARTS}
    change(content)
    path.write_text(as_text(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["decisions"]["c0"].update(need=7),
        lambda c: c["decisions"]["c0"].update(certainty=-0.2),
        lambda c: c["decisions"]["c0"].update(action="do nothing"),
        lambda c: c["decisions"]["c0"].update(expected_loss=None),
        lambda c: c["decisions"]["c0"].pop("threshold"),
        lambda c: c["costs"].update(failure=50.0),
        lambda c: c["costs"].update(simple=-1),
        lambda c: c["decisions"].update(c0=3),
        lambda c: c.update(decisions=None),
        lambda c: c.update(diagnostics={}),
    ],
)
def test_what_no_posterior_could_have_said_is_refused(exact, change):
    changed(exact, change)
    with pytest.raises(ValueError, match=r"e\.json is damaged"):
        tr.decisions.read_export(exact)


def test_another_format_is_named(exact):
    changed(exact, lambda c: c.update(format=99))
    with pytest.raises(ValueError, match="has format 99, this version reads 1; export again"):
        tr.decisions.read_export(exact)


SERVED = """
import sys
import trust_router as tr
held = tr.decisions.read_export(sys.argv[1])
held.decide("a")
for category in ("a", "new", ""):
    held.decide_ticket({"x": 0.3, "y": 0.9}, category=category)
held.decide_ticket({}, category="a")
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
loaded = {name.partition(".")[0] for name in sys.modules}
print(int(peak.split()[1]) / 1024, *sorted(loaded & set(sys.argv[2:])))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's memory")
def test_serving_loads_neither_pymc_nor_pandas_nor_scipy_and_takes_little(tmp_path):
    path = tr.decisions.export(pool(number=300), COST, tmp_path / "e.json")
    heavy = ["arviz", "narwhals", "pandas", "pyarrow", "pymc", "pytensor", "scipy", "xarray"]
    lazily = {name: value for name, value in os.environ.items() if name != "EAGER_IMPORT"}
    command = [sys.executable, "-W", "ignore", "-c", SERVED, str(path), *heavy]
    done = subprocess.run(command, env=lazily, capture_output=True, text=True, check=True)
    megabytes, *loaded = done.stdout.split()
    assert loaded == []
    assert float(megabytes) < 60


def test_the_posterior_behind_it_is_named(exact, three):
    held = tr.decisions.read_export(exact)
    assert held.provenance == three.provenance
    assert held.costs == COST
    assert posterior_of([1], [0]).provenance != held.provenance
    assert "Costs(simple=0.03" in repr(held)
    assert "Costs(simple=0.03" in held._repr_html_()
