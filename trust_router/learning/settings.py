"""Settings of the sampler: what may be set, and what holds if nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Literal, Protocol, TypedDict, get_args

from trust_router import defaults
from trust_router.basics.checks import listed, whole_number
from trust_router.defaults import NutsSampler

__all__ = ["OnFailure", "Refits", "SamplerSettings", "Settings", "check_run"]

OnFailure = Literal["raise", "warn"]

_CALLED = {"seed": "random_seed", "n_samples": "draws", "samples": "draws", "warmup": "tune"}
_CLOSE = 0.5  # of names that are said to be meant


class Refits(Protocol):
    """What can fit rows anew: a compiled model."""

    def fit_rows(self, rows: Any, random_seed: int | None, *, on_failure: OnFailure) -> Any:
        """Fit rows that are already matched."""


class SamplerSettings(TypedDict, total=False):
    """Settings of the sampler by name, as in `pymc.sample`.

    Attributes
    ----------
    draws, tune : int
        Draws that are kept, and that the sampler adapts in, per chain. If not given, ``draws`` are
        2,000 where rows are few; where they are many sampling ends as soon as bulk and tail ESS of
        every variable reach 2,000. The pool and the rates adapt in 250 steps, the others in 1,000;
        see `trust_router.defaults`.
    chains, cores : int
    target_accept : float
    nuts_sampler : {"nutpie", "pymc", "numpyro", "blackjax"}
    """

    draws: int | None
    tune: int | None
    chains: int
    cores: int
    target_accept: float
    nuts_sampler: NutsSampler


# Of settings that count; with more a run would not end.
_MOST = {"draws": 1_000_000, "tune": 1_000_000, "chains": 1000, "cores": 1000}


@dataclass(frozen=True)
class Settings:
    """Settings of the sampler, checked; defaults are those of `trust_router.defaults`.

    Where ``draws`` or ``tune`` is None, it depends on the rows: see `Run`.
    """

    draws: int | None = None
    tune: int | None = None
    chains: int = defaults.CHAINS
    cores: int = defaults.CORES
    target_accept: float = defaults.TARGET_ACCEPT
    nuts_sampler: NutsSampler = defaults.NUTS_SAMPLER

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            if getattr(self, name) is not None:
                whole_number(name, getattr(self, name), 1, most)
        if not 0 < self.target_accept < 1:
            raise ValueError(
                f"`target_accept` must lie strictly between 0 and 1; got {self.target_accept!r}"
            )
        if self.nuts_sampler not in get_args(NutsSampler):
            raise ValueError(
                f"`nuts_sampler` must be one of {listed(get_args(NutsSampler))}; "
                f"got {self.nuts_sampler!r}"
            )

    @classmethod
    def of(cls, given: Mapping[str, Any], others: tuple[str, ...] = ()) -> Settings:
        """Take settings by name; ``others`` are arguments that may have been meant.

        Raises
        ------
        TypeError
            If there is no such setting; the message names the one that was probably meant.
        """
        allowed = [field.name for field in fields(cls)]
        for name in given:
            if name not in allowed:
                known = [*allowed, *others]
                meant = [_CALLED[name]] if _CALLED.get(name) in known else []
                meant = meant or get_close_matches(name, known, 1, _CLOSE)
                rest = f"did you mean `{meant[0]}`?" if meant else f"allowed are {listed(known)}"
                raise TypeError(f"there is no setting `{name}`; {rest}")
        return cls(**given)


def check_run(on_failure: str, random_seed: int | None) -> None:
    """Refuse what describes no run."""
    if on_failure not in get_args(OnFailure):
        raise ValueError(f"`on_failure` must be 'raise' or 'warn'; got {on_failure!r}")
    if random_seed is not None:
        whole_number("random_seed", random_seed, 0, None)
