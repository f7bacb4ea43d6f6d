"""Every default the project owns, in one place; all are passed on explicitly."""

from __future__ import annotations

from typing import Final, Literal

CiKind = Literal["eti", "hdi"]
NutsSampler = Literal["nutpie", "pymc", "numpyro", "blackjax"]

DRAWS: Final = 2000  # per chain; sampling takes a second, compiling ten
TUNE: Final = 1000
CHAINS: Final = 4
CORES: Final = 2
TARGET_ACCEPT: Final = 0.9
NUTS_SAMPLER: Final[NutsSampler] = "nutpie"

CI_PROB: Final = 0.89
CI_KIND: Final[CiKind] = "eti"

RHAT_LIMIT: Final = 1.01
ESS_LIMIT: Final = 400
BFMI_LIMIT: Final = 0.3

TICKETS: Final = 100  # costs are stated per this many tickets
SAVINGS_DRAWS: Final = 10_000
COMMAND_SEED: Final = 1  # of the command line and the report

CONCENTRATION: Final = 10.0  # of a probability that a judge states without one
PROBABILITY_FLOOR: Final = 0.01  # stated probabilities nearer to 0 or 1 count as this near
POINTWISE_VALUES: Final = 5_000_000  # at most so many per-row, per-draw values in each group
PREDICTION_DRAWS: Final = 1000  # of need, for each ticket predicted
ALL_CATEGORIES: Final = "all categories"  # label of trust that does not vary between them
