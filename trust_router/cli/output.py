"""What commands print: results as plain data for JSON, and as lines for people."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from trust_router.basics.characters import escaped, unseen

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.decisions.costs import Costs
    from trust_router.inputs.matches import Matches
    from trust_router.insight.effective import EffectiveJudges
    from trust_router.learning.exact import ClosedForm
    from trust_router.learning.posterior import Posterior
    from trust_router.learning.prediction import Prediction

__all__ = [
    "describe_fit",
    "describe_prediction",
    "describe_solved",
    "notes",
    "predicted_table",
    "print_fit",
    "print_json",
    "print_solved",
    "say",
    "say_matches",
    "show",
]


def describe_solved(result: ClosedForm, category: str) -> dict[str, Any]:
    """Give the closed form of one category as plain data."""
    at = result.outcomes.position(category)
    panel, seats, need = result.panel, result.panel.seats, result.mixture
    mixtures: dict[str, Any] = {}
    for name in panel.router_names:
        mixture = result.router_mixture(name)
        columns = (mixture.weights[at], mixture.alpha[at], mixture.beta[at])
        judges = [panel.judge_names[seats.judge[s]] for s in panel.router_seats(name)]
        mixtures[name] = [
            {"judge": judge, "weight": float(w), "alpha": float(a), "beta": float(b)}
            for judge, w, a, b in zip(judges, *columns, strict=True)
        ]
    factors = result.log_bayes_factors[at]
    return {
        "category": category,
        "trials": int(result.outcomes.trials[at]),
        "needs": int(result.outcomes.needs[at]),
        "missing": int(result.outcomes.missing[at]),
        "trust": dict(zip(panel.router_names, result.trust[at].tolist(), strict=True)),
        "mixtures": mixtures,
        "need": {"mean": float(need.mean[at]), "sd": float(need.sd[at])},
        "log_evidence": float(result.log_evidence[at]),
        "log_bayes_factors": {
            a: dict(zip(panel.router_names, row, strict=True))
            for a, row in zip(panel.router_names, factors.tolist(), strict=True)
        },
    }


def print_solved(entry: dict[str, Any]) -> None:
    """Print what `describe_solved` gives, for people."""
    missing = f", {entry['missing']} unknown" if entry["missing"] else ""
    show(
        f"{escaped(entry['category'])}: {entry['needs']} of {entry['trials']} tickets needed "
        f"the complex model{missing}"
    )
    width = max(len(name) for name in entry["trust"])
    for name, trust in entry["trust"].items():
        mixture = " + ".join(
            f"{part['weight']:.3f} Beta({part['alpha']:.6g}, {part['beta']:.6g})"
            for part in entry["mixtures"][name]
        )
        show(f"  {escaped(name):<{width}}  trust {trust:6.1%}  need ~ {mixture}")
    show(
        f"  need {entry['need']['mean']:.1%} (sd {entry['need']['sd']:.1%}), "
        f"log evidence {entry['log_evidence']:.6f}"
    )


def describe_fit(posterior: Posterior) -> dict[str, Any]:
    """Give the tables of a posterior, its diagnostics and provenance as plain data."""
    from trust_router.insight.effective import effective_of
    from trust_router.learning.unsettled import unsettled

    tables = {"trust": posterior.trust(), "need": posterior.need(), "seats": posterior.seats()}
    diagnostics, counted = posterior.diagnostics, effective_of(posterior)
    return {name: t.reset_index().to_dict("records") for name, t in tables.items()} | {
        "unsettled": unsettled(posterior),
        "effective_judges": None if counted is None else _described(counted),
        "diagnostics": None if diagnostics is None else diagnostics.to_dict(),
        "provenance": posterior.provenance,
    }


def _described(counted: EffectiveJudges) -> dict[str, Any]:
    return {
        "numbers": counted.numbers.to_dict("index"),
        "judges": counted.judges.reset_index().to_dict("records"),
        "ci_prob": counted.ci_prob,
    }


def predicted_table(
    prediction: Prediction, costs: Costs | None, share: float | None = None
) -> pd.DataFrame:
    """Tabulate need of each ticket and, if costs or a share are stated, what to do with it."""
    table = prediction.table()[["category", "need", "lower", "upper", "judges", "unseen"]]
    if not (costs is None and share is None):
        from trust_router.decisions.tickets import decide_tickets

        # What may not be predicted was refused before.
        decided = decide_tickets(prediction, costs, share=share, allow_unconverged=True)
        for at, name in enumerate(("action", "certainty", "probability"), start=4):
            table.insert(at, name, decided[name].to_numpy())
    return table.reset_index()


def describe_prediction(prediction: Prediction, table: pd.DataFrame) -> str:
    """Say in one line what was predicted."""
    number, unseen = len(table), int(prediction.unseen.sum())
    silent = int((prediction.speaking == 0).sum())
    text = f"{number} ticket{'s' * (number != 1)}, mean need {prediction.mean.mean():.1%}"
    if "action" in table:
        text += f", {(table['action'] == 'escalate').mean():.1%} to escalate"
    if unseen:
        text += f"; {unseen} of categories that the fit has not seen"
    if silent:
        text += f"; {silent} on which no judge speaks"
    return text


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    plain = _finite(value)
    text = json.dumps(plain, indent=2, ensure_ascii=False)
    typer.echo(text if unseen(text) is None else json.dumps(plain, indent=2))


def _finite(value: Any) -> Any:
    """Replace what JSON cannot hold: NaN and infinities become null, NumPy scalars numbers."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_fit(posterior: Posterior) -> None:
    """Print trust, what it means, whether draws have converged, what is open, and who counts."""
    from trust_router.insight.effective import effective_of
    from trust_router.learning.unsettled import unsettled

    columns = ["initial", "mean", "lower", "upper", "mcse", "ess_bulk", "r_hat"]
    show(posterior.trust()[columns].to_string())
    show(f"\n{posterior.facts.trust_meaning}")
    show(posterior.diagnostics.verdict if posterior.diagnostics else "")
    for sentence in unsettled(posterior):
        show(sentence)
    if (counted := effective_of(posterior)) is not None:
        show(counted)


def show(text: object) -> None:
    """Print for people; what nobody sees is written out, so that no terminal obeys it."""
    typer.echo(escaped(str(text), but="\n\t"))


def say(message: object) -> None:
    """Print a note on standard error, as `show` does."""
    typer.echo(escaped(str(message), but="\n\t"), err=True)


@contextmanager
def notes() -> Iterator[None]:
    """Print warnings as notes on standard error, each once and without the line of code."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        finally:
            for message in dict.fromkeys(str(warning.message) for warning in caught):
                say(f"warning: {message}")


def say_matches(matches: Matches | None) -> None:
    """Print how many outcomes found a belief; nothing where categories simply have theirs."""
    if matches is not None and not (matches.about == "category" and matches.complete):
        say(str(matches))
