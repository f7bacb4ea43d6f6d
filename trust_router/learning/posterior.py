"""The results object: trust, mixtures and need around one `DataTree`, exact or sampled."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval
from trust_router.basics.drawn_mixture import DrawnMixture
from trust_router.basics.given import Given
from trust_router.basics.mixture import BetaMixture
from trust_router.defaults import ALL_CATEGORIES, CI_KIND, CI_PROB, PREDICTION_DRAWS, CiKind
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.foretold import foretold
from trust_router.learning.judge_table import judge_table
from trust_router.learning.need import seat_shapes, stated_mixtures
from trust_router.learning.past import Foretold
from trust_router.learning.prediction import Prediction, predict
from trust_router.learning.record import Record
from trust_router.learning.sources import DrawnSource, NeedDistribution, Source, exact_source
from trust_router.learning.summaries import seat_table
from trust_router.learning.unsettled import unsettled

if TYPE_CHECKING:
    from trust_router.inputs.outcomes import Outcomes
    from trust_router.learning.settings import Refits
__all__ = ["Posterior"]


class Posterior(Record):
    """What the outcomes say about routers, judges and need, from `solve` as from `fit`.

    Attributes
    ----------
    data : xarray.DataTree
        Everything. Group ``inputs`` holds panel, beliefs and outcomes; a closed form has the group
        ``closed_form``, a sampled one ArviZ's groups, with ``trust`` (dims category, router) and
        ``seat_posterior`` (category, seat) recovered for each draw in ``posterior``.

    Examples
    --------
    >>> from trust_router import solve
    >>> from trust_router.examples import load_seed
    >>> posterior = solve(*load_seed())
    >>> posterior.trust()["mean"].round(3).tolist()
    [0.342, 0.479, 0.179]
    """

    @property
    def facts(self) -> Facts:
        """What the model is: what its trust means, and what it can tell."""
        return self._source.facts

    @cached_property
    def trust_mean(self) -> Array:
        """Trust, shape (category, router)."""
        return self._by_category(self._source.mean("trust"))

    @cached_property
    def seat_posterior(self) -> Array:
        """Probability, or share of trust, of each seat, shape (category, seat)."""
        return self._by_category(self._source.mean("seat_posterior"))

    @property
    def trust_categories(self) -> tuple[str, ...]:
        """Labels in the tables of trust: all categories, or one where trust does not vary."""
        return self.rows.categories if self.facts.trust_varies else (ALL_CATEGORIES,)

    def trust(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate trust per category and router.

        Returns
        -------
        pandas.DataFrame
            Index (category, router); columns ``initial``, ``mean`` (the trust), ``sd``, ``lower``,
            ``upper``, ``mcse``, ``ess_bulk``, ``ess_tail``, ``r_hat``. Where trust is the same in
            all categories (the pool model), there is one, ``"all categories"``.

        Notes
        -----
        The value of trust is ``mean``, and ``mcse`` the Monte Carlo error of that. In seed and
        switch it is a probability; ``sd`` and the interval say how far it could move if need became
        known. In the pool it is a share, and they say how well it is known. A closed form has no
        draws: ``mcse`` is 0, and columns about draws are missing.
        """
        check_interval(ci_prob, ci_kind)
        table = self._source.trust(ci_prob, ci_kind)
        initial = np.tile(self.panel.share, len(table) // len(self.panel.routers))
        table.insert(0, "initial", initial)
        return table

    def need(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate need per category, as `trust`, with ``trials``, ``needs`` and ``missing``."""
        check_interval(ci_prob, ci_kind)
        table = self._source.need(ci_prob, ci_kind)
        for i, name in enumerate(("trials", "needs", "missing")):
            table.insert(i, name, getattr(self.outcomes, name))
        return table

    def seats(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate the seats: how much each judge counts inside its router, and overall.

        Returns
        -------
        pandas.DataFrame
            Index (category, router, judge), the category as in `trust`; columns ``prior`` (weight
            of the judge inside its router before the outcomes), ``weight`` (after them), ``mcse``
            of it, ``probability`` of the seat (its share of trust in the pool model) and
            ``lower``, ``upper`` of that. In the seed model also ``alpha`` and ``beta`` of need.
        """
        check_interval(ci_prob, ci_kind)
        categories = self.trust_categories
        probability = self.seat_posterior[: len(categories)]
        within = self._source.within(probability)
        interval = self._source.seat_intervals(ci_prob, ci_kind)
        table = seat_table(self.panel, categories, probability, within, interval)
        if self.facts.closed_form:
            alpha, beta = seat_shapes(self.panel, self.rows)
            table = table.assign(alpha=alpha.ravel(), beta=beta.ravel())
        return table

    def judges(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate the judges: how each ranks tickets, which way, and how far off it is.

        Returns
        -------
        pandas.DataFrame
            Index judge; ``tickets`` it speaks of; ``auc``, the probability that of two tickets it
            calls the one in need the needier (.5: a coin, below: backwards), and ``p_reversed``
            that this is below .5; ``bias``, the log odds of need where it says 50 %, and ``slope``,
            by how much they rise where its own rise by 1; with ``_lower`` and ``_upper``. NaN for a
            judge that always says the same.

        Raises
        ------
        ValueError
            If the model predicts no tickets.

        Notes
        -----
        Computed under each draw from the need of all tickets, also of those without an outcome.
        """
        check_interval(ci_prob, ci_kind)
        return judge_table(self, ci_prob, ci_kind)

    def parameter(
        self, name: str, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND
    ) -> pd.DataFrame:
        """Tabulate the draws of any variable, such as ``"gain"`` or ``"bias"``.

        Returns
        -------
        pandas.DataFrame
            Indexed by the variable's own dims (one row if it has none), columns as in `need`.

        Raises
        ------
        ValueError
            If there are no draws, or no such variable.
        """
        check_interval(ci_prob, ci_kind)
        return self._source.parameter(name, ci_prob, ci_kind)

    def mixtures(
        self, router: str | None = None, *, prior: bool = False
    ) -> BetaMixture | DrawnMixture:
        """Need in every category as mixtures of Betas, batch (category,).

        Parameters
        ----------
        router : str, optional
            Need if this router is right; default: over all routers.
        prior : bool
            Before the outcomes, as stated, instead of after.

        Raises
        ------
        ValueError
            If the router is unknown, or need is no such mixture in the model.
        """
        self.facts.expect_mixtures()
        if prior:
            return stated_mixtures(self.panel, self.rows, router)
        return self._source.mixtures(router)

    def mixture(
        self, category: str, router: str | None = None, *, prior: bool = False
    ) -> BetaMixture | DrawnMixture:
        """Need in one category; see `mixtures`.

        Raises
        ------
        ValueError
            If the category or the router is unknown.
        """
        return self.mixtures(router, prior=prior).at(self.outcomes.position(category))

    def need_distribution(self) -> NeedDistribution:
        """Need in every category: mixtures of Betas where the model has them, else draws."""
        return self._source.need_distribution()

    def need_given_routers(self, threshold: float) -> list[Given]:
        """Need if each router is right, for decisions; none where routers are pooled."""
        return self._source.routers(threshold)

    def update(
        self,
        beliefs: Beliefs | None = None,
        outcomes: Outcomes | None = None,
        *,
        refit: Literal["never", "auto"] | Refits = "never",
        random_seed: int | None = None,
        allow_unconverged: bool = False,
    ) -> Posterior:
        """Bring later beliefs and outcomes in; this posterior stays as it is.

        Parameters
        ----------
        beliefs, outcomes, refit, random_seed, allow_unconverged
            As in `trust_router.learning.updating.update`, which holds the method.

        Examples
        --------
        >>> from trust_router import Outcomes, solve
        >>> from trust_router.examples import load_seed
        >>> monday = solve(*load_seed())
        >>> monday.update(outcomes=Outcomes(["transfer failed"], trials=[3], needs=[2]))
        Posterior(updated, 3 routers, Outcomes(1 category, 25 trials, 5 needs, 0 missing))
        """
        # By its name: what updates a posterior makes posteriors, and so imports this.
        updating = import_module("trust_router.learning.updating")
        made = updating.update(self, beliefs, outcomes, refit, random_seed, allow_unconverged)
        return cast("Posterior", made)

    def predict(
        self,
        beliefs: Beliefs,
        *,
        draws: int = PREDICTION_DRAWS,
        allow_unconverged: bool = False,
    ) -> Prediction:
        """Predict the need of single tickets, or of categories, from beliefs about them.

        Parameters
        ----------
        beliefs : Beliefs
            Of the kind the model was fitted to; categories not seen are of their population.
        draws : int
            At most so many draws of need are kept for each ticket.
        allow_unconverged : bool
            Predict also from draws that may not be trusted.

        Raises
        ------
        ValueError
            If the model cannot predict, or no judge of the panel speaks.
        ConvergenceError
            If the draws may not be trusted, unless that is allowed in this call.
        """
        self.refuse_unconverged(allow_unconverged)
        return predict(self._source, beliefs, draws, self.converged, self.foretold)

    @cached_property
    def foretold(self) -> Foretold | None:
        """What is known of each ticket with an outcome from all others; None if nothing is."""
        return foretold(self)

    def need_draws(self, rows: Rows, draws: int = PREDICTION_DRAWS) -> Array:
        """Need of rows under some draws, shape (sample, row)."""
        return self._source.need_draws(rows, draws)

    def __repr__(self) -> str:
        state = "" if self.diagnostics is None else f", {self.diagnostics.verdict}"
        what = f"{len(self.panel.routers)} routers, {self.outcomes!r}{self._lost}"
        return "\n".join([f"Posterior({self.method}, {what}{state})", *unsettled(self)])

    def _repr_html_(self) -> str:
        from trust_router.learning.card import posterior_html

        return posterior_html(self)

    @cached_property
    def _source(self) -> Source:
        if self.has_draws:
            draws = self.data["posterior"].to_dataset()
            return DrawnSource(draws, self.panel, self.rows, self.options)
        return exact_source(self.data["closed_form"].to_dataset(), self.panel, self.rows)

    def _by_category(self, values: Array) -> Array:
        return np.broadcast_to(values, (len(self.rows.categories), values.shape[-1]))
