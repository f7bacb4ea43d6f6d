"""The commands `judges` and `savings`: what is known of judges, and what deciding is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.basics.characters import escaped
from trust_router.basics.words import percent
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, takes_files
from trust_router.cli.learning import fitted
from trust_router.cli.modelling import Traits
from trust_router.cli.options import (
    AllowUnconverged,
    AsJson,
    CostsFile,
    PosteriorFile,
    RandomSeed,
)
from trust_router.cli.output import notes, print_json, show

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from trust_router.decisions.costs import Costs
    from trust_router.decisions.gains import Gain
    from trust_router.decisions.policies import Savings
    from trust_router.learning.posterior import Posterior

__all__ = ["judges", "savings"]

_SURE = 0.999  # no number of draws tells more


@takes_files
def judges(
    files: Files,
    posterior_file: PosteriorFile = None,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Tell who ranks well, backwards or like a coin, how far off each is, and what it is worth.

    From a saved posterior, or from files, which are fitted first.
    """
    posterior = _posterior(files, posterior_file, random_seed)
    from trust_router.insight.effective import effective_of
    from trust_router.insight.panel_checks import check_judges

    table = _judges(posterior, allow_unconverged=allow_unconverged)
    findings = check_judges(posterior, allow_unconverged=allow_unconverged)
    counted = effective_of(posterior)
    if as_json:
        described = [
            {"kind": f.kind, "judges": f.judges, "sentence": f.sentence, "numbers": dict(f.numbers)}
            for f in findings
        ]
        print_json({"judges": table.reset_index().to_dict("records"), "findings": described})
        return
    show(_for_people(table).to_string())
    show(_legend(table))
    for finding in findings:
        show(f"- {finding.sentence}")
    if not findings:
        show("- Outcomes say nothing against a judge.")
    if counted is not None:
        show(f"- {counted}")


@takes_files
def savings(
    files: Files,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    tickets: Annotated[
        int, typer.Option("--tickets", min=1, help="Amounts are for this many tickets.")
    ] = defaults.TICKETS,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Tell what deciding costs and saves, beside always doing the same, with intervals.

    From a saved posterior, or from files, which are fitted first.
    """
    costs = cli_inputs.required_costs(costs_file, files.panel, posterior_file)
    posterior = _posterior(files, posterior_file, random_seed)
    from trust_router.decisions import policies

    with notes():
        saved = policies.savings(
            posterior,
            costs,
            tickets=tickets,
            random_seed=random_seed,
            allow_unconverged=allow_unconverged,
        )
    told = _Told.of(saved, posterior, costs)
    if as_json:
        print_json(told.described())
    else:
        told.show()


@dataclass(frozen=True, eq=False)
class _Told:
    """Savings as they are told: what is advised, against today's policy and doing the same."""

    saved: Savings
    advised: str
    gains: dict[str, Gain]

    @classmethod
    def of(cls, saved: Savings, posterior: Posterior, costs: Costs) -> _Told:
        from trust_router.decisions.gains import CONSTANT, advised, compared_with, gain_of

        best, _ = advised(posterior.foretold, costs, saved.policies)
        # A model that was wrong about the past does not tell what doing otherwise saves.
        others = (
            () if best in CONSTANT else dict.fromkeys((compared_with(saved.policies), *CONSTANT))
        )
        return cls(saved, best, {name: gain_of(saved, best, name) for name in others})

    def described(self) -> dict[str, Any]:
        number = self.saved.tickets
        saves = [
            {
                "against": name,
                "saves": number * gain.mean,
                "lower": number * gain.lower,
                "upper": number * gain.upper,
                "share": gain.share,
                "probability": gain.probability,
            }
            for name, gain in self.gains.items()
        ]
        stated = {"tickets": number, "currency": self.saved.currency, "advised": self.advised}
        policies = self.saved.table().reset_index().to_dict("records")
        return stated | {"saves": saves, "policies": policies}

    def show(self) -> None:
        unit, number = self.saved.currency, self.saved.tickets
        show(f"{unit} for {number:,} tickets [{defaults.CI_PROB:.0%} interval]")
        width = max(map(len, self.saved.policies))
        for policy, row in self.saved.table().iterrows():
            show(
                f"  {policy:<{width}}  {row['cost']:10,.2f} [{row['cost_lower']:,.2f}, "
                f"{row['cost_upper']:,.2f}]  {row['escalated']:6.1%} escalated  "
                f"{row['failures']:6.1%} of first answers fail"
            )
        for name, gain in self.gains.items():
            mean, low, high = (number * value for value in (gain.mean, gain.lower, gain.upper))
            show(
                f"{self.advised!r} against {name!r}: {_less(mean, low, high, unit)}"
                f"; cheaper with probability {_sure(gain.probability)}"
            )
        if not self.gains:
            show(
                f"{self.advised!r} was cheaper than deciding; what deciding saves is not told by a "
                "model that was wrong about the past"
            )


def _posterior(files: Files, saved: Path | None, random_seed: int) -> Posterior:
    """Load a posterior, or make one: sampled where beliefs are about tickets, else exact."""
    if saved is None and files.beliefs is not None:
        return fitted(files, None, Traits(), model=None, random_seed=random_seed)
    return cli_inputs.saved_or_solved(files, saved)


def _judges(posterior: Posterior, *, allow_unconverged: bool) -> pd.DataFrame:
    """Tabulate what is known of judges; where only categories are known, what they stated."""
    from trust_router.insight.statements import judge_statements

    table = judge_statements(posterior)
    if not (posterior.has_draws and posterior.facts.predicts):
        return table
    from trust_router.insight.worth import judge_worth

    ranks = posterior.judges().drop(columns="tickets")
    table = table.join(ranks)
    if len(table) < 2:  # it has no others to be worth something beside
        return table
    worth = judge_worth(posterior, allow_unconverged=allow_unconverged).table()
    return table.join(worth.rename(columns=lambda name: f"worth_{name}")).rename(
        columns={"worth_change": "worth", "worth_repeated": "repeated"}
    )


def _for_people(table: pd.DataFrame) -> pd.DataFrame:
    """Round, and put intervals beside their means."""
    import pandas as pd

    shown = pd.DataFrame(index=table.index.map(escaped))
    shown["tickets"], shown["silent"] = table.tickets.to_numpy(), table.silent.to_numpy()
    for name in ("stated", "observed"):
        shown[name] = [percent(value) for value in table[name]]
    for name, digits in (("auc", 2), ("bias", 2), ("slope", 2), ("worth", 4)):
        if name in table:
            each = table[[name, f"{name}_lower", f"{name}_upper"]].to_numpy()
            shown[name] = [f"{m:.{digits}f} [{a:.{digits}f}, {b:.{digits}f}]" for m, a, b in each]
    if "repeated" in table:
        shown["repeated"] = [percent(value) for value in table.repeated]
    return shown


def _legend(table: pd.DataFrame) -> str:
    lines = [
        "stated, observed: mean need as it said, and share that needed the complex model, where "
        "that is known"
    ]
    if "auc" in table:
        lines += [
            "auc: how well it ranks tickets, 0.5 is a coin, below that it ranks backwards",
            "bias, slope: need in log odds is bias + slope x what it said; 0 and 1 if it is right",
            "auc, bias, slope are of all tickets by their need as fitted; sentences, and the "
            "report, tell them of tickets with an outcome, which may be easier",
        ]
    if "worth" in table:
        lines.append(
            "worth: log loss a ticket that would be lost without it; repeated: share of what it "
            "says that the others say as well"
        )
    return "\n".join(["", *lines, f"[ ]: {defaults.CI_PROB:.0%} intervals", ""])


def _less(mean: float, low: float, high: float, unit: str) -> str:
    """Say how much less, or more, one costs than another; never a negative saving."""
    if mean >= 0:
        return f"saves {mean:,.2f} {unit} [{low:,.2f}, {high:,.2f}]"
    return f"costs {-mean:,.2f} {unit} more [{-high:,.2f}, {-low:,.2f}]"


def _sure(chance: float) -> str:
    """Write a probability that is counted over draws: it is never 0 or 1."""
    if chance > _SURE:
        return f"above {percent(_SURE)}"
    return f"below {percent(1 - _SURE)}" if chance < 1 - _SURE else percent(chance)
