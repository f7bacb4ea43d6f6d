"""What a model says of itself, so that nobody has to ask which model it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trust_router.basics.shown import Shown

__all__ = ["NOISY_SEED_FACTS", "SEED_FACTS", "Facts"]


@dataclass(frozen=True, repr=False)
class Facts(Shown):
    """Properties of a model for some input, for code and for readers.

    Attributes
    ----------
    name : str
        By which `fit` knows the model, and by which it is shown.
    pooled : bool
        Trust is the share of what all judges know that a router carries, and no router is *the*
        right one; else trust is the probability of being the right router.
    trust_varies : bool
        Whether trust may differ between categories.
    borrows : bool
        Whether trust in a category learns from other categories.
    has_mixtures : bool
        Whether need in a category is a mixture of Betas.
    closed_form : bool
        Whether everything is also known without sampling.
    predicts : bool
        Whether the need of tickets not seen can be told.
    corrects : bool
        Whether judges' beliefs are calibrated before they count.
    on_bias : str
        What the model makes of a judge that is biased, as a sentence for readers; or blank.
    parameters : mapping of str to str
        What the parameters beside trust mean, in the order in which they are listed.
    """

    name: str
    pooled: bool = False
    trust_varies: bool = True
    borrows: bool = False
    has_mixtures: bool = False
    closed_form: bool = False
    predicts: bool = True
    corrects: bool = False
    on_bias: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def expect_mixtures(self) -> None:
        """Refuse what needs mixtures where there are none.

        Raises
        ------
        ValueError
            If need is no mixture of Betas in this model, for this input.
        """
        if not self.has_mixtures:
            raise ValueError(
                f"the {self.name} model has no mixtures of need for this input; "
                "use `need`, `need_distribution` or `predict`"
            )

    @property
    def trust_is(self) -> str:
        """What trust is, in a few words."""
        return "share of what the judges know" if self.pooled else "probability of being right"

    @property
    def trust_meaning(self) -> str:
        """What the numbers called trust are, as a label."""
        if self.pooled:
            return "trust: share of what the judges know that the router carries"
        return "trust: probability that the router is the right one"


# The closed form tells these without importing a model.
SEED_FACTS = Facts(
    "seed",
    has_mixtures=True,
    closed_form=True,
    predicts=False,
    on_bias="This model takes beliefs as stated.",
)
# With noise it is solved by quadrature, and a posterior that was sampled is not beside it.
NOISY_SEED_FACTS = replace(SEED_FACTS, closed_form=False)
