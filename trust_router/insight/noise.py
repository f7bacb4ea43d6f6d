"""How often logged outcomes are wrong, once outcomes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust_router.basics.checks import check_interval
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.gate import check_posterior
from trust_router.learning.noise_rates import noise_table
from trust_router.learning.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["noise_rates"]


def noise_rates(
    posterior: Posterior,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    *,
    allow_unconverged: bool = False,
) -> pd.DataFrame:
    """Tabulate how often logged outcomes are wrong, as it was learned.

    Parameters
    ----------
    posterior : Posterior
        Of a model with `trust_router.Noise`, or of `trust_router.solve` with ``noise``.
    ci_prob, ci_kind
        Of the interval; of a closed form it is the equal-tailed one.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Index rate, ``"false_needed"`` and ``"false_resolved"``; columns ``stated`` (mean before any
        outcome), ``checked`` (tickets that somebody checked and that had been logged, of those that
        were resolved and of those that needed the complex model), ``wrong`` (how many of them had
        been logged as the opposite), ``mean``, ``sd``, ``lower``, ``upper``, and what is known of
        draws.

    Raises
    ------
    ValueError
        If outcomes were taken as true.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed(), noise=tr.Noise())
    >>> noise_rates(posterior)["mean"].round(2).to_dict()
    {'false_needed': 0.11, 'false_resolved': 0.18}
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, ci_kind)
    return noise_table(posterior, ci_prob, ci_kind)
