"""What a shell says of a model: its name, whether outcomes may be wrong, whether things drift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from trust_router.defaults import ModelName
from trust_router.inputs.periods import Clock, Every
from trust_router.learning.noise import Noise

if TYPE_CHECKING:
    from trust_router.inputs.beliefs import About
    from trust_router.learning.models.kind import Model

__all__ = ["Drift", "FalseNeeded", "FalseResolved", "NoiseFlag", "Traits", "Zone"]

NoiseFlag = Annotated[
    bool,
    typer.Option("--noise", help="Outcomes may be wrong; how often is learned, from `verified`."),
]
FalseNeeded = Annotated[
    str | None,
    typer.Option(
        "--false-needed",
        help="As --noise; the two shapes of the belief about how often a resolved ticket is "
        "logged as needed, as 2,20.",
        show_default="2,10",
    ),
]
FalseResolved = Annotated[
    str | None,
    typer.Option(
        "--false-resolved",
        help="As --noise; of that about how often a needed one is logged as resolved.",
        show_default="2,10",
    ),
]
Drift = Annotated[
    Every | None,
    typer.Option(
        "--drift",
        help="Level, gain and judges of the pool may move in such periods.",
        show_default="they stay the same",
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--time-zone", help="Whose midnight a day of --drift begins with.", show_default="UTC"
    ),
]


@dataclass(frozen=True)
class Traits:
    """What was said of noise and drift; nothing may be wrong with it."""

    noise: Noise | None = None
    clock: Clock | None = None

    @classmethod
    def of(
        cls,
        noise: bool = False,
        false_needed: str | None = None,
        false_resolved: str | None = None,
        drift: Every | None = None,
        time_zone: str | None = None,
    ) -> Traits:
        """Read the options.

        Raises
        ------
        ValueError
            If shapes are none, there is no such time zone, or one is given without drift.
        """
        given = {
            name: _shapes(f"--{name.replace('_', '-')}", text)
            for name, text in (("false_needed", false_needed), ("false_resolved", false_resolved))
            if text is not None
        }
        if time_zone is not None and drift is None:
            raise ValueError("--time-zone says where a period of --drift begins; give both")
        return cls(
            Noise(**given) if noise or given else None,
            None if drift is None else Clock(drift, time_zone or "UTC"),
        )

    def model(self, name: ModelName | None, about: About) -> Model | ModelName | None:
        """Give the model by name, or with its options if there are any.

        Raises
        ------
        ValueError
            If the model knows no drift.
        """
        if self.noise is None and self.clock is None:
            return name
        from trust_router.learning.models.known import choose

        if self.clock is not None:
            if about == "category":
                raise ValueError(
                    "--drift is learned from single tickets; give a table of beliefs about them "
                    "with --beliefs"
                )
            if name not in (None, "pool"):
                raise ValueError(f"--drift is an option of --model pool; got --model {name}")
        options: dict[str, Any] = {}
        if self.noise is not None:
            options["noise"] = self.noise
        if self.clock is not None:
            options |= {"drift": self.clock.every, "time_zone": self.clock.time_zone}
        return cast("Model", replace(cast("Any", choose(name, about)), **options))


def _shapes(option: str, text: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError(
            f"{option} must be the two shapes of a Beta, as 2,20; got {text!r}"
        ) from None
    return first, second
