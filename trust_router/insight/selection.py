"""Selection: how different tickets without an outcome may be before a conclusion changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_number, shown
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.insight.tipping import (
    FAR,
    ShiftedTrust,
    UnseenNeed,
    first_zero,
    shifted_trusts,
    unseen_needs,
)
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["Selection", "selection"]

_MOST_SAID = 5


@dataclass(frozen=True, eq=False)
class Selection(Shown):
    """Tipping points of decisions and of trust.

    Attributes
    ----------
    tipping : pandas.DataFrame
        Index category; ``seen`` and ``unseen``, tickets with and without an outcome; ``need``, and
        ``need_unseen`` of the latter as they look; ``action``; ``shift``, the least by which the
        log odds of need of unseen tickets must differ from what they look for another action, and
        ``need_then``, their need in that case; ``router``, the most trusted one, ``trust`` in it,
        ``router_shift``, the same for trust, and ``router_then``. NaN and blank where no shift up
        to 6 changes anything, or no threshold was stated.
    threshold : float or None
    trust_varies : bool
        Whether trust may differ between categories; if not, that of all follows from the unseen
        tickets of all, and is the same in each row.
    """

    tipping: pd.DataFrame
    threshold: float | None
    trust_varies: bool = True

    def table(self) -> pd.DataFrame:
        """Tabulate the categories; columns as in ``tipping``."""
        return self.tipping.copy()

    def sentences(self) -> list[str]:
        """Say for each category with unseen tickets how far its conclusions hold."""
        open_ = self.tipping[self.tipping["unseen"] > 0]
        if open_.empty:
            return []
        nearest = open_[["shift", "router_shift"] if self.trust_varies else ["shift"]].abs()
        rows = open_.iloc[np.argsort(nearest.min(axis=1).to_numpy(), kind="stable")]
        said = [] if self.trust_varies else [f"all tickets: {_of_router(rows.iloc[0])}"]
        for name, row in rows.iterrows():
            parts = [] if self.threshold is None else [_of_action(row)]
            parts += [_of_router(row)] if self.trust_varies else []
            number = f"{row['unseen']} of {row['seen'] + row['unseen']} tickets without an outcome"
            said += [f"{plain(str(name))} ({number}): {'; '.join(parts)}"] if parts else []
        return said

    def __repr__(self) -> str:
        said = self.sentences()
        if not said:
            return "every ticket has an outcome, so none can differ from what it looks"
        rest = len(said) - _MOST_SAID
        return "\n".join(said[:_MOST_SAID] + [f"... and {rest} more"] * (rest > 0))


def selection(
    posterior: Posterior, *, threshold: float | None = None, allow_unconverged: bool = False
) -> Selection:
    r"""Tell how much needier than they look tickets without an outcome may be.

    Outcomes are one-sided: a ticket that only the complex model answered has none. The posterior
    takes such tickets for as needy as others of which judges say the same. Where people saw more
    than the judges and overrode the rule, they are not.

    Parameters
    ----------
    posterior : Posterior
    threshold : float, optional
        Need above which escalating is cheaper, ``costs.threshold``; without it only trust is looked
        at.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        If ``threshold`` is no finite number.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    The log odds of need of unseen tickets are shifted by :math:`\delta` (a tipping-point analysis
    [1]_ of a pattern mixture). Need of a category is that of its seen tickets and of its unseen
    ones in proportion. Trust is what it would be, on average, if the outcomes of the unseen tickets
    became known: with :math:`\delta = 0` that is trust as it is. In seed, and switch over
    categories, it is summed over the number of needs among them; else trust follows outcomes
    linearly, by its covariance with need over draws, and is the same in all categories where it
    does not vary.

    References
    ----------
    .. [1] M. J. Daniels and J. W. Hogan, "Missing Data in Longitudinal Studies", Chapman and Hall,
       2008, section 9.

    Examples
    --------
    >>> from trust_router import Outcomes, solve
    >>> from trust_router.examples import load_seed
    >>> panel, beliefs, _ = load_seed()
    >>> outcomes = Outcomes(["transfer failed"], trials=[22], needs=[3], missing=[10])
    >>> selection(solve(panel, beliefs, outcomes), threshold=0.3713)  # doctest: +ELLIPSIS
    transfer failed (10 of 32 tickets without an outcome): simple first holds until ...
    """
    check_posterior(posterior, allow_unconverged)
    if threshold is not None and not (is_number(threshold) and np.isfinite(threshold)):
        raise ValueError(f"`threshold` must be a finite number; got {shown(threshold)}")
    counts = posterior.rows.counts()
    tipping = [
        _of_need(need, threshold) | _of_trust(trust, posterior.panel.router_names)
        for need, trust in zip(
            unseen_needs(posterior), shifted_trusts(posterior, counts.missing), strict=True
        )
    ]
    table = pd.DataFrame(tipping, index=pd.Index(counts.categories, name="category"))
    table.insert(0, "seen", counts.trials)
    table.insert(1, "unseen", counts.missing)
    return Selection(table, threshold, posterior.facts.trust_varies)


def _of_need(need: UnseenNeed, threshold: float | None) -> dict[str, Any]:
    """Tell how far unseen tickets may be shifted before the decision changes."""
    now = need.overall(0.0)
    told = {"need": now, "need_unseen": need.unseen(0.0) if need.share else np.nan}
    if threshold is None:
        return told | {"action": "", "shift": np.nan, "need_then": np.nan}
    far = FAR if now <= threshold else -FAR
    shift = np.nan
    if need.share and (need.overall(far) > threshold) != (now > threshold):
        shift = optimize.brentq(lambda x: need.overall(x) - threshold, *sorted((0.0, far)))
    then = np.nan if np.isnan(shift) else need.unseen(shift)
    action = "escalate" if now > threshold else "simple first"
    return told | {"action": action, "shift": shift, "need_then": then}


def _of_trust(trust: ShiftedTrust, names: tuple[str, ...]) -> dict[str, Any]:
    """Tell how far unseen tickets may be shifted before another router is trusted most."""
    now = trust(0.0)
    first = int(now.argmax())

    def lead(shift: float) -> float:
        each = trust(shift)
        return float(each[first] - np.delete(each, first).max())

    told = {"router": names[first], "trust": float(now[first])}
    shift = np.nan if len(names) < 2 else first_zero(lead)
    then = "" if np.isnan(shift) else names[_second(trust(shift), first)]
    return told | {"router_shift": shift, "router_then": then}


def _second(trust: Array, first: int) -> int:
    return int(np.where(np.arange(len(trust)) == first, -np.inf, trust).argmax())


def _times(shift: float) -> str:
    return f"{float(f'{np.exp(shift):.2g}'):,g}"  # 250, and not 2.5e+02


def _of_action(row: pd.Series[Any]) -> str:
    if np.isnan(row["shift"]):
        return f"{row['action']} holds whatever their need"
    return (
        f"{row['action']} holds until their odds of need are {_times(row['shift'])} times what "
        f"they look ({row['need_then']:.0%} instead of {row['need_unseen']:.0%})"
    )


def _of_router(row: pd.Series[Any]) -> str:
    router, shift = plain(row["router"]), row["router_shift"]
    if np.isnan(shift):
        return f"{router} stays the most trusted router"
    if shift == 0:
        return "no router is trusted more than all others"
    return (
        f"{router} is the most trusted router until their odds are {_times(shift)} times, then "
        f"{plain(row['router_then'])}"
    )
