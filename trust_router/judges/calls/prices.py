"""What calls cost: a table of yours, else genai-prices; and a limit that is kept beforehand."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from trust_router.basics.checks import check_amount, listed, shown
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown, Table, written
from trust_router.basics.words import many
from trust_router.inputs.llm import LLM
from trust_router.inputs.reading.panels import read_toml

__all__ = ["Price", "Prices", "Purse", "read_prices"]

_MILLION: Final = 1_000_000
# Names of providers in pydantic-ai where genai-prices calls them otherwise.
_PROVIDERS: Final = {
    "openai-chat": "openai",
    "openai-responses": "openai",
    "azure-responses": "azure",
    "bedrock": "aws",
    "google-gla": "google",
    "google-vertex": "google",
    "google-cloud": "google",
    "grok": "x-ai",
    "xai": "x-ai",
}


@dataclass(frozen=True, repr=False)
class Price(Shown):
    """What a million tokens cost, in USD."""

    input: float
    output: float

    def __post_init__(self) -> None:
        for name in ("input", "output"):
            check_amount(f"`{name}`", getattr(self, name))


@dataclass(frozen=True, repr=False)
class Prices(Shown, Frozen):
    """Your own prices by model; what is not among them is looked up in genai-prices.

    Parameters
    ----------
    table : mapping of str to Price
        By name, as ``gpt-4o-mini``, or by ``provider:name``, which goes before.

    Examples
    --------
    >>> Prices({"qwen": Price(1, 4)}).cost(LLM("openai-chat:qwen"), 1000, 100)
    0.0014
    """

    table: Mapping[str, Price] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, price in self.table.items():
            if not isinstance(price, Price):
                raise ValueError(f"the price of {name!r} must be a Price; got {shown(price)}")
        object.__setattr__(self, "table", MappingProxyType(dict(self.table)))

    def _headline(self) -> str:
        return f"Prices({many(len(self.table), 'model')}, USD per million tokens)"

    def _shown(self) -> Table:
        return Table(
            ("model", "input", "output"),
            tuple(
                (name, written(price.input), written(price.output))
                for name, price in self.table.items()
            ),
        )

    def cost(self, llm: LLM, input_tokens: int, output_tokens: int) -> float | None:
        """Cost of one call in USD, or None if nobody knows the price."""
        price = self.table.get(llm.model) or self.table.get(llm.name)
        if price is not None:
            return (price.input * input_tokens + price.output * output_tokens) / _MILLION
        # A server of your own may serve a model under any name, at any price.
        if llm.base_url is not None or find_spec("genai_prices") is None:
            return None
        from genai_prices import Usage, calc_price

        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
        provider = _PROVIDERS.get(llm.provider, llm.provider)
        try:
            return float(calc_price(usage, llm.name, provider_id=provider).total_price)
        except LookupError:
            return None


def read_prices(path: str | Path) -> Prices:
    """Read a table ``[prices]`` from a TOML file.

    Parameters
    ----------
    path : path
        File with ``[prices]``, where each model has ``{ input = 0.15, output = 0.60 }``: USD per
        million tokens.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no TOML, has no such table, or a price is no number of 0 or more.

    Examples
    --------
    >>> read_prices("prices.toml")  # doctest: +SKIP
    """
    data = read_toml(path, "price")
    if "prices" not in data:
        raise ValueError(f"{Path(path).name} has no table [prices]")
    return prices_from(data, Path(path).name)


def prices_from(data: Mapping[str, Any], name: str) -> Prices:
    """Take prices from the content of a TOML file; there may be none."""
    table = data.get("prices", {})
    if not isinstance(table, Mapping):
        raise ValueError(f"{name}: [prices] must be a table; got {shown(table)}")
    prices = {}
    for model, entry in table.items():
        if not isinstance(entry, Mapping) or set(entry) != {"input", "output"}:
            keys = listed(entry) if isinstance(entry, Mapping) else shown(entry)
            raise ValueError(
                f"{name}: the price of {model!r} must have the keys input, output; got {keys}"
            )
        try:
            prices[model] = Price(**entry)
        except ValueError as error:
            raise ValueError(f"{name}: {error} in the price of {model!r}") from None
    return Prices(prices)


class Purse:
    """A spending limit that is kept: money is set aside before a call and settled after it.

    Parameters
    ----------
    limit : float, optional
        In USD; no limit without one.
    """

    def __init__(self, limit: float | None = None) -> None:
        self.limit = math.inf if limit is None else limit
        self.spent = 0.0
        self._reserved = 0.0
        self._calls = 0
        self._settled = asyncio.Condition()

    async def reserve(self, amount: float) -> bool:
        """Set money aside; False if it would not suffice even after all calls under way."""
        async with self._settled:
            while self.spent + self._reserved + amount > self.limit:
                if not self._calls:
                    return False
                await self._settled.wait()
            self._reserved += amount
            self._calls += 1
            return True

    async def settle(self, reserved: float, spent: float) -> None:
        """Replace what was set aside by what was spent."""
        async with self._settled:
            self._calls -= 1
            self._reserved = self._reserved - reserved if self._calls else 0.0
            self.spent += spent
            self._settled.notify_all()
