"""What a model must be able to say of itself, and models by name."""

from __future__ import annotations

from trust_router.defaults import ModelName
from trust_router.inputs.beliefs import About
from trust_router.learning.models.pool import Pool, pool_model
from trust_router.learning.models.seed import Seed, seed_model
from trust_router.learning.models.switch import Switch, switch_model

__all__ = [
    "Model",
    "ModelName",
    "Pool",
    "Seed",
    "Switch",
    "model_options",
    "pool_model",
    "seed_model",
    "switch_model",
]

Model = Seed | Switch | Pool

_BY_NAME: dict[str, type[Model]] = {"seed": Seed, "switch": Switch, "pool": Pool}


def model_options(model: Model | ModelName | None, about: About) -> Model:
    """Resolve a model given by name; None is seed for beliefs about categories, else pool.

    Raises
    ------
    ValueError
        If there is no such model.
    """
    if model is None:
        return Seed() if about == "category" else Pool()
    if isinstance(model, str) and model in _BY_NAME:
        return _BY_NAME[model]()
    if isinstance(model, (Seed, Switch, Pool)):
        return model
    raise ValueError(f"`model` must be one of {', '.join(_BY_NAME)}, or its options; got {model!r}")
