"""Models by name, and their graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

from trust_router.basics.checks import listed, shown
from trust_router.basics.words import plain
from trust_router.defaults import ModelName
from trust_router.inputs.beliefs import About, Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock
from trust_router.learning.models.kind import MODELS, Model
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates
from trust_router.learning.models.seed import Seed
from trust_router.learning.models.switch import Switch
from trust_router.learning.noise import Noise

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["build", "choose", "clock_of", "restore"]

OURS = (Seed, Switch, Pool, Rates)


def choose(model: Model | ModelName | None, about: About) -> Model:
    """Resolve a model given by name; None is seed for beliefs about categories, else pool.

    Raises
    ------
    ValueError
        If there is no such model, or its noise is none.
    """
    if model is None:
        return Seed() if about == "category" else Pool()
    if isinstance(model, str) and model in MODELS:
        return MODELS[model]()
    if isinstance(model, Model):
        noise = getattr(model, "noise", None)
        if not (noise is None or isinstance(noise, Noise)):
            raise ValueError(
                f"`noise` of the {model.name} model must be a Noise or None; got {shown(noise)}"
            )
        return model
    names = dict.fromkeys([*(ours.name for ours in OURS), *MODELS])
    raise ValueError(f"`model` must be one of {listed(names)}, or its options; got {model!r}")


def clock_of(model: object) -> Clock | None:
    """Periods that a model asks for; one given by name asks for none."""
    return model.clock() if isinstance(model, Model) else None


def restore(name: str, options: Mapping[str, Any]) -> Model:
    """Make the model that a result was fitted with.

    Raises
    ------
    ValueError
        If no model of that name is known, or it has other options by now.
    """
    if name not in MODELS:
        raise ValueError(
            f"the result is one of the model {name!r}, which is not known here; import the module "
            f"that defines it first (known are {listed(MODELS)})"
        )
    gone = gone_options(name, options)
    if gone:
        raise ValueError(
            f"the result was fitted with an earlier {name} model, whose options {listed(gone)} are "
            "not known any more; fit again from the same panel, beliefs and outcomes"
        )
    held = dict(options)
    if held.get("noise") is not None:
        held["noise"] = Noise.from_dict(held["noise"])
    return MODELS[name](**held)


def gone_options(name: str, options: Mapping[str, Any]) -> list[str]:
    """Options that the model has no more; none of a model that is not known."""
    if name not in MODELS:
        return []
    known = {field.name for field in fields(cast("Any", MODELS[name]))}
    return [plain(option) for option in dict(options) if option not in known]


def build(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    model: Model | ModelName | None = None,
) -> pm.Model:
    """Build the PyMC model that `fit` would sample.

    Parameters
    ----------
    panel, beliefs, outcomes, model
        As in `trust_router.fit`.

    Returns
    -------
    pymc.Model
        With named coords and dims, and ``needs`` observed; the docstrings of `Seed`, `Switch` and
        `Pool` hold the equations and the names of its variables.

    Raises
    ------
    ValueError
        If there is no such model, or beliefs and outcomes do not match.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> [variable.name for variable in build(*load_seed()).free_RVs]
    ['need_logit']
    """
    rows = match(panel, beliefs, outcomes, clock=clock_of(model))
    return choose(model, rows.about).build(panel, rows)
