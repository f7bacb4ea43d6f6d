"""Sphinx configuration; `make docs` builds the pages into docs/_build."""

from __future__ import annotations

import re
import shutil
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

project = "trust_router"
copyright = "the trust_router authors"
version = release = installed_version("trust_router")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"trust_router {release}"
html_show_sphinx = False
html_copy_source = False

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are executed by `make notebooks`

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
suppress_warnings = ["ref.footnote"]


def copy_notebooks(_app: Any) -> None:
    """Bring the notebooks, which live beside docs, into the source folder."""
    for path in sorted((HERE.parent / "notebooks").glob("*.ipynb")):
        target = HERE / "notebooks" / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            shutil.copyfile(path, target)


def list_references(_app: Any, _what: str, _name: str, *rest: Any) -> None:
    """Turn ``.. [1]`` under References into a list: many docstrings on one page share numbers."""
    lines: list[str] = rest[-1]
    lines[:] = [re.sub(r"^(\s*)\.\. \[\d+\] ", r"\1* ", line) for line in lines]
    for i, line in enumerate(lines[1:], start=1):
        # The next lines of a reference were indented by three, those of a list item are by two.
        if lines[i - 1].lstrip().startswith("* ") and line.startswith("   "):
            lines[i] = line[1:]


def setup(app: Any) -> None:
    """Register the two steps above."""
    app.connect("builder-inited", copy_notebooks)
    app.connect("autodoc-process-docstring", list_references, priority=100)
