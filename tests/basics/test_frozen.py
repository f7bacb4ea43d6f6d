"""Copies of frozen values are equal and as frozen as they are."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from trust_router.basics.frozen import Frozen
from trust_router.basics.mixture import BetaMixture


@dataclass(frozen=True, eq=False)
class Value(Frozen):
    numbers: np.ndarray[Any, Any]
    weights: Mapping[str, Any]
    name: str = "value"

    @cached_property
    def total(self) -> float:
        return float(self.numbers.sum())


@pytest.fixture(params=["deepcopy", "copy"] + [f"pickle {n}" for n in range(2, 6)])
def copied(request):
    name, _, protocol = request.param.partition(" ")
    if name == "pickle":
        return lambda value: pickle.loads(pickle.dumps(value, int(protocol)))  # noqa: S301
    return getattr(copy, name)


def test_a_copy_has_the_same_content_and_cannot_be_changed(copied):
    numbers = np.array([1 / 3, 2 / 3])
    numbers.setflags(write=False)
    value = Value(numbers, MappingProxyType({"a": [1, 2]}))
    assert value.total == 1
    again = copied(value)
    assert (again.numbers.tolist(), again.weights, again.name) == (
        numbers.tolist(),
        {"a": [1, 2]},
        "value",
    )
    assert "total" not in vars(again)
    assert again.total == 1
    with pytest.raises(ValueError, match="read-only"):
        again.numbers[0] = 5
    with pytest.raises(TypeError, match="does not support item assignment"):
        again.weights["a"] = 3


def test_a_deep_copy_shares_nothing_that_can_be_changed():
    inside = [1]
    value = Value(np.zeros(1), MappingProxyType({"a": inside}))
    again = copy.deepcopy(value)
    inside.append(2)
    assert again.weights == {"a": [1]}


def test_mixtures_are_copied(copied):
    mixture = BetaMixture([0.25, 0.75], [6, 4], [22, 24])
    again = copied(mixture)
    assert again.mean == mixture.mean
    assert again.cdf(0.2) == mixture.cdf(0.2)
