"""Real data sets of judges or routers, read from a folder; the package ships none of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from trust_router.basics.checks import listed
from trust_router.basics.shown import Shown
from trust_router.evaluation.facts import TicketFacts
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.beliefs import read_beliefs
from trust_router.inputs.reading.outcomes import read_outcomes
from trust_router.inputs.routers import Judge, Router

__all__ = ["DATA_VARIABLE", "Dataset", "data_folder", "load_mmlupro", "load_routellm"]

DATA_VARIABLE = "TRUST_ROUTER_DATA"
Target = Literal["fails", "needs"]

_SIMPLE, _COMPLEX = "gpt-4o-mini-2024-07-18", "gpt-4.1"
_LINE_UP = {
    "simple": ("claude-3-5-haiku-20241022", "gpt-4o-mini-2024-07-18"),
    "medium": ("claude-3-7-sonnet-20250219", "gpt-4.1-mini"),
    "complex": ("grok-3-beta", "o4-mini-2025-04-16"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(Shown):
    """Everything that `trust_router.fit` and `trust_router.backtest` take.

    Attributes
    ----------
    panel : Panel
    beliefs : Beliefs
    outcomes : Outcomes
    facts : TicketFacts
    """

    panel: Panel
    beliefs: Beliefs
    outcomes: Outcomes
    facts: TicketFacts

    def __iter__(self) -> Any:
        """Unpack what `trust_router.fit` takes: panel, beliefs, outcomes."""
        return iter((self.panel, self.beliefs, self.outcomes))


def data_folder(name: str, folder: str | Path | None = None) -> Path:
    """Find the folder of a data set: in ``folder``, else where TRUST_ROUTER_DATA says.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    """
    root = folder or os.environ.get(DATA_VARIABLE) or ""
    if not root:
        raise FileNotFoundError(
            f"no folder of data was given; pass `folder` or set {DATA_VARIABLE} to the one that "
            f"holds {name!r}"
        )
    path = Path(root) / name
    if not path.is_dir():
        raise FileNotFoundError(f"there is no folder {name!r} in {str(root)!r}")
    return path


def load_mmlupro(
    folder: str | Path | None = None,
    *,
    target: Target = "fails",
    simple: str = _SIMPLE,
    complex: str = _COMPLEX,  # noqa: A002  # the two models are called so everywhere
    line_up: Mapping[str, Sequence[str]] = _LINE_UP,
) -> Dataset:
    """Load LLMs' stated confidences on 7,179 questions of MMLU-Pro as a panel.

    Parameters
    ----------
    folder : path, optional
        Holds ``mmlupro_judges/judges.csv.gz`` and ``questions.csv.gz``; default: the folder that
        the environment variable TRUST_ROUTER_DATA names.
    target : {"fails", "needs"}
        What an outcome of 1 says: the simple model is wrong; or it is wrong and the complex one is
        right.
    simple, complex : str
        The two models, by default gpt-4o-mini and gpt-4.1.
    line_up : mapping of str to sequence of str
        The judges of each router; by default six judges in three routers.

    Notes
    -----
    The belief of a judge is one minus the confidence it states in its own answer after answering:
    a stand-in for "does this ticket need the complex model?". Categories are the 14 subjects.

    Examples
    --------
    >>> panel, beliefs, outcomes = load_mmlupro("data", target="needs")  # doctest: +SKIP
    """
    if target not in get_args(Target):
        raise ValueError(f"`target` must be 'fails' or 'needs'; got {target!r}")
    path = data_folder("mmlupro_judges", folder)
    frame = pd.read_csv(path / "judges.csv.gz")
    text = pd.read_csv(path / "questions.csv.gz").set_index("question_id")["question"]
    weak, strong = (_right(frame, name) for name in (simple, complex))
    wide = frame[["question_id", "category"]].rename(columns={"question_id": "ticket"})
    judges = list(dict.fromkeys(judge for members in line_up.values() for judge in members))
    wide = wide.assign(**{judge: 1 - frame[f"{judge}|conf"] for judge in judges})
    wide["outcome"] = ~weak & (strong if target == "needs" else True)
    routers = [
        Router(name, dict.fromkeys(members, 1 / len(members))) for name, members in line_up.items()
    ]
    return _dataset(
        routers, wide, judges, weak, strong, frame["question_id"].map(text).str.len().to_numpy()
    )


def _right(frame: pd.DataFrame, model: str) -> pd.Series[bool]:
    column = f"{model}|correct"
    if column not in frame:
        known = [c.removesuffix("|correct") for c in map(str, frame) if c.endswith("|correct")]
        raise ValueError(f"there is no model {model!r}; there are {listed(known)}")
    return frame[column] == 1


def load_routellm(folder: str | Path | None = None) -> Dataset:
    """Load RouteLLM's outcomes on 14,037 questions of MMLU.

    An outcome of 1 says that mixtral-8x7b is wrong and gpt-4-1106-preview right. Categories are the
    57 subjects. The only judge is the length of the prompt, as the share of shorter prompts.

    Parameters
    ----------
    folder : path, optional
        Holds ``routellm_mmlu/outcomes.csv.gz``; default: the folder that the environment variable
        TRUST_ROUTER_DATA names.

    Examples
    --------
    >>> panel, beliefs, outcomes = load_routellm("data")  # doctest: +SKIP
    """
    frame = pd.read_csv(data_folder("routellm_mmlu", folder) / "outcomes.csv.gz")
    simple, strong = frame["weak_correct"] == 1, frame["strong_correct"] == 1
    wide = pd.DataFrame(
        {
            "ticket": [str(i) for i in range(len(frame))],
            "category": frame["domain"],
            "prompt length": frame["prompt_chars"].rank() / (len(frame) + 1),
            "outcome": ~simple & strong,
        }
    )
    routers = [Router("length", {"prompt length": 1.0})]
    return _dataset(
        routers, wide, ["prompt length"], simple, strong, frame["prompt_chars"].to_numpy()
    )


def _dataset(
    routers: list[Router],
    wide: pd.DataFrame,
    judges: list[str],
    simple: pd.Series[bool],
    strong: pd.Series[bool],
    length: np.ndarray[Any, Any],
) -> Dataset:
    beliefs = read_beliefs(wide, judges=judges)
    return Dataset(
        Panel(routers, [Judge(name, by_ticket=True) for name in judges]),
        beliefs,
        read_outcomes(wide),
        TicketFacts(beliefs.labels, simple.astype(float), strong.astype(float), length),
    )
