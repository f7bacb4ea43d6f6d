"""What commands tell of models in which outcomes may be wrong, or things change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from trust_router.basics.characters import escaped
from trust_router.cli.output import show
from trust_router.learning.noise_rates import noise_sentences

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["describe_noisy", "describe_traits", "print_noisy", "print_traits"]


def describe_noisy(posterior: Posterior, names: Sequence[str]) -> dict[str, Any]:
    """Give the closed form of some categories, outcomes of which may be wrong, as plain data."""
    need, routers = posterior.need().to_dict("index"), posterior.panel.router_names
    evidence = posterior.data["closed_form"].to_dataset()["log_evidence"]
    entries = [
        {
            "category": name,
            **{n: int(need[name][n]) for n in ("trials", "needs", "missing")},
            "trust": dict(zip(routers, posterior.trust_mean[at].tolist(), strict=True)),
            "need": {n: need[name][n] for n in ("mean", "sd", "lower", "upper")},
            "log_evidence": float(evidence.sel(category=name)),
        }
        for name in names
        for at in [posterior.rows.categories.index(name)]
    ]
    held = entries[0] if len(entries) == 1 else {"categories": entries}
    return held | describe_traits(posterior)


def print_noisy(described: dict[str, Any], posterior: Posterior) -> None:
    """Print what `describe_noisy` gives, for people."""
    for entry in described.get("categories", [described]):
        missing = f", {entry['missing']} unknown" if entry["missing"] else ""
        show(
            f"{escaped(entry['category'])}: {entry['needs']} of {entry['trials']} tickets are "
            f"logged as needing the complex model{missing}"
        )
        width = max(len(name) for name in entry["trust"])
        for name, trust in entry["trust"].items():
            show(f"  {escaped(name):<{width}}  trust {trust:6.1%}")
        need = entry["need"]
        show(
            f"  need {need['mean']:.1%} [{need['lower']:.1%}, {need['upper']:.1%}], "
            f"log evidence {entry['log_evidence']:.6f}"
        )
    print_traits(posterior)


def describe_traits(posterior: Posterior) -> dict[str, Any]:
    """Give how often outcomes are wrong, and what changed, where the model learned that."""
    held: dict[str, Any] = {}
    if posterior.noise is not None:
        from trust_router.insight.noise import noise_rates

        rates = noise_rates(posterior, allow_unconverged=True)
        columns = ["stated", "checked", "wrong", "mean", "sd", "lower", "upper"]
        held["noise"] = rates[columns].to_dict("index")
    if len(posterior.rows.periods) > 1:
        from trust_router.insight.drifting import drift

        found = drift(posterior, allow_unconverged=True)
        held["drift"] = {
            "changes": [asdict(c) | {"sentence": c.sentence} for c in found.changes],
            "need": found.need.reset_index().to_dict("records"),
            "judges": found.judges.reset_index().to_dict("records"),
        }
    return held


def print_traits(posterior: Posterior) -> None:
    """Print the same, for people."""
    for sentence in noise_sentences(posterior):
        show(sentence)
    if len(posterior.rows.periods) > 1:
        from trust_router.insight.drifting import drift

        show(drift(posterior, allow_unconverged=True))
