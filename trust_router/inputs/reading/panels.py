"""Panels from TOML files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from trust_router.inputs.panel import Panel

__all__ = ["read_panel", "read_toml"]


def read_panel(path: str | Path) -> Panel:
    """Read a panel from a TOML file.

    Parameters
    ----------
    path : path
        File with a table ``[routers.NAME]`` for each router (``judges``, and optionally
        ``nickname``, ``initial_trust``, ``price``) and ``[judges]`` with what each judge believes:
        ``NAME.belief = { alpha = 3, beta = 9 }``, or ``{ mean = 0.25, concentration = 12 }``, or
        ``{ probability = 0.25, concentration = 12 }``; per category in ``NAME.category_beliefs``.
        ``NAME.by_ticket = true`` marks a judge whose beliefs about tickets come in a table, and
        ``NAME.llm = { model = "openai:gpt-4o-mini", way = "probability" }`` one that `ask` asks;
        its keys are the parameters of `LLM`. A table ``[prices]`` is for `read_prices`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not TOML, or declares no valid panel; the message says what and where.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_panel(example_path("panel.toml")).router_names
    ('simple', 'medium', 'complex')
    """
    data = read_toml(path)
    try:
        return Panel.from_dict(data, str(Path(path).parent))
    except ValueError as error:
        raise ValueError(f"{Path(path).name}: {error}") from None


def read_toml(path: str | Path, what: str = "panel") -> dict[str, Any]:
    """Parse a TOML file; what is wrong with it is said in one sentence."""
    path = Path(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no {what} file {str(path)!r}") from None
    except IsADirectoryError:
        raise ValueError(f"{str(path)!r} is a folder; name a TOML file") from None
    except RecursionError:
        raise ValueError(f"{path.name} is not valid TOML: it nests too deeply") from None
    except ValueError as error:  # also one of a number with thousands of digits
        raise ValueError(f"{path.name} is not valid TOML: {error}") from None
