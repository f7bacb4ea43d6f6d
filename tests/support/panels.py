"""One panel, declared in TOML and in Python."""

from __future__ import annotations

from trust_router.basics.beta import Beta
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Judge, Router

TOML = """\
[routers.cheap]
nickname = "the optimist"
price = 0.03
initial_trust = 0.25
judges = { haiku = 0.6, gpt = 0.4 }

[routers.big]
initial_trust = 0.75
judges = { opus = 0.3, haiku = 0.7 }

[judges]
haiku.belief = { alpha = 3, beta = 9 }
gpt.belief = { mean = 0.2, concentration = 5 }
opus.belief = { probability = 0.75, concentration = 8 }
opus.category_beliefs.refund = { alpha = 2, beta = 1 }
"""
PYTHON = Panel(
    [
        Router("cheap", {"haiku": 0.6, "gpt": 0.4}, nickname="the optimist", price=0.03),
        Router("big", {"opus": 0.3, "haiku": 0.7}),
    ],
    [
        Judge("haiku", Beta(3, 9)),
        Judge("gpt", Beta(1, 4)),
        Judge("opus", Beta(6, 2), {"refund": Beta(2, 1)}),
    ],
    {"cheap": 0.25, "big": 0.75},
)
