"""`fit`: compile a model and sample it with NUTS, letting only converged draws pass."""

from __future__ import annotations

from typing import Unpack

from trust_router.basics.warned import warn_of
from trust_router.basics.watched import is_watched
from trust_router.defaults import ModelName
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.learning.compiled import compile_model
from trust_router.learning.findings import find
from trust_router.learning.models.kind import Model
from trust_router.learning.posterior import Posterior
from trust_router.learning.settings import OnFailure, SamplerSettings, Settings, check_run

__all__ = ["fit"]

_ARGUMENTS = ("model", "random_seed", "progressbar", "on_failure")


def fit(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    model: Model | ModelName | None = None,
    random_seed: int | None = None,
    progressbar: bool | None = None,
    on_failure: OnFailure = "raise",
    **settings: Unpack[SamplerSettings],
) -> Posterior:
    """Fit a model with NUTS.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
        About categories, or about single tickets.
    outcomes : Outcomes
        For beliefs about tickets with the ``log`` of single tickets, as a table with a column
        ``ticket`` gives it.
    model : {"seed", "switch", "pool", "rates"} or Seed, Switch, Pool, Rates, optional
        By name, or with options. By default the seed model if beliefs are about categories, and the
        pool model if they are about tickets.
    random_seed : int, optional
        Same seed, same input and same machine give the same draws. By default one is drawn and
        kept in the provenance.
    progressbar : bool, optional
        Default: in a terminal and in a notebook, not where output goes to a file; never with the
        environment variable ``TRUST_ROUTER_PROGRESS=0``.
    on_failure : {"raise", "warn"}
        What to do if the draws have not converged.
    **settings
        ``draws``, ``tune`` (both per chain), ``chains``, ``cores``, ``target_accept``,
        ``nuts_sampler``, as in `pymc.sample`; defaults are those of `trust_router.defaults`.
        Without ``draws``, more than 500 distinct rows are sampled until the draws are enough.

    Returns
    -------
    Posterior
        With the groups ``posterior``, ``sample_stats``, ``prior``, ``prior_predictive``,
        ``posterior_predictive``, ``log_likelihood``, ``observed_data``, ``constant_data``. The last
        five, and ``prior``, hold fewer draws where rows are many.

    Raises
    ------
    ValueError
        If an argument is invalid; before anything is compiled.
    TypeError
        If there is no such setting; the message names the one that was meant.
    ConvergenceError
        If the draws may not be trusted and ``on_failure="raise"``; carries them all the same.

    Warns
    -----
    JudgeWarning
        If the outcomes speak against judges, once and with all that was found; see
        `trust_router.insight.check_judges`.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> posterior = fit(*load_seed(), random_seed=1)  # doctest: +SKIP
    """
    check_run(on_failure, random_seed)
    Settings.of(settings, _ARGUMENTS)
    compiled = compile_model(panel, beliefs, outcomes, model=model, **settings)
    posterior = compiled.fit(
        beliefs,
        outcomes,
        random_seed=random_seed,
        predictive=True,
        progressbar=is_watched() if progressbar is None else progressbar,
        on_failure=on_failure,
    )
    warn_of(finding.sentence for finding in find(posterior))
    return posterior
