"""The graph of a model, to be looked at; drawn by what shows it, so nothing has to be installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trust_router.learning.models.quiet import quiet_pymc

if TYPE_CHECKING:
    from trust_router.inputs.panel import Panel
    from trust_router.inputs.rows import Rows
    from trust_router.learning.models.kind import Model

__all__ = ["Graph", "graph_of"]


@dataclass(frozen=True, repr=False)
class Graph:
    """Variables of a model and which depend on which, in the language of Mermaid.

    JupyterLab, VS Code and GitHub draw it; in a terminal it is text.

    Attributes
    ----------
    mermaid : str
    """

    mermaid: str

    def __repr__(self) -> str:
        return self.mermaid

    def _repr_markdown_(self) -> str:
        return f"```mermaid\n{self.mermaid}\n```\n"


def graph_of(options: Model, panel: Panel, rows: Rows) -> Graph:
    """Draw the graph that is sampled for some rows."""
    import pymc as pm

    with quiet_pymc():
        return Graph(pm.model_to_mermaid(options.build(panel, rows)))
