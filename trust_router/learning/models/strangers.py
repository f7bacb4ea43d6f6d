"""Effects of categories under draws of a model, also of categories that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.chance import generator_of
from trust_router.inputs.rows import Rows

__all__ = ["drawn_effects", "fresh_effects"]


def drawn_effects(values: Mapping[str, Array], rows: Rows) -> Array:
    """Effects of the categories of rows under draws of the model, (sample, row); 0 without any."""
    if "category_z" not in values:
        return np.zeros((1, len(rows)))
    spread, effects = values["category_sd"][:, None], values["category_z"]
    if (rows.category >= 0).all():
        return np.asarray(np.take(spread * effects, rows.category, axis=1))
    return np.asarray(spread * rows.of_category(effects, fresh_effects(rows, len(spread))))


def fresh_effects(rows: Rows, number: int) -> Array:
    r"""Draw effects of categories not seen, in units of their spread, shape (sample, other).

    Notes
    -----
    Effects :math:`u_c` of the :math:`C` categories seen sum to zero, so they are deviations from
    the mean of those; that of another one has the variance :math:`\tau^2 (1 + 1/C)`. The draws
    belong to the category's name: a ticket has the same need alone and among others.
    """
    drawn = [generator_of("effect", name).standard_normal(number) for name in rows.others]
    spread = np.sqrt(1 + 1 / max(1, len(rows.categories)))
    return np.asarray(np.stack(drawn, axis=-1) * spread)
