"""Sphinx configuration; `make docs` builds the pages into docs/_build."""

from __future__ import annotations

import logging
import re
import shutil
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

HERE = Path(__file__).parent

project = "trust_router"
copyright = "the trust_router authors"
version = release = installed_version("trust_router")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"trust_router {release}"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_math_renderer = "mathml"  # read by browsers themselves: no script, no network

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


for chatty in ("arviz", "pytensor"):  # the theme's palette sets all logging to INFO
    logging.getLogger(chatty).setLevel(logging.WARNING)


def copy_notebooks(_app: Any) -> None:
    """Bring the notebooks, which live beside docs, into the source folder."""
    for path in sorted((HERE.parent / "notebooks").glob("*.ipynb")):
        target = HERE / "notebooks" / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            shutil.copyfile(path, target)


def write_math(writer: Any, node: Any) -> None:
    """Write a formula within a line as MathML."""
    writer.body.append(tex2mathml(node.astext().strip()))
    raise SkipNode


def write_math_block(writer: Any, node: Any) -> None:
    """Write a formula of its own as MathML."""
    formula = tex2mathml(node.astext().strip(), as_block=True)
    writer.body.append(f'<div class="math-block">{formula}</div>')
    raise SkipNode


def prepare_docstring(_app: Any, what: str, _name: str, *rest: Any) -> None:
    """Turn ``.. [1]`` under References into a list: many docstrings on one page share numbers."""
    lines: list[str] = rest[-1]
    if what == "property":  # napoleon would take what stands before a colon for a type
        lines[0] = lines[0].replace(": ", "; ")
    lines[:] = [re.sub(r"^(\s*)\.\. \[\d+\] ", r"\1* ", line) for line in lines]
    lines[:] = [re.sub(r"\[(\d+)\]_", r"[\1]", line) for line in lines]  # has no target now
    inside = False
    for i, line in enumerate(lines):
        # The next lines of a reference were indented by three, those of a list item are by two.
        inside = line.lstrip().startswith("* ") or (inside and line.startswith("   "))
        if inside and line.startswith("   ") and not line.lstrip().startswith("* "):
            lines[i] = line[1:]


def setup(app: Any) -> None:
    """Register the steps above."""
    app.connect("builder-inited", copy_notebooks)
    app.connect("autodoc-process-docstring", prepare_docstring, priority=100)
    app.add_html_math_renderer("mathml", (write_math, None), (write_math_block, None))
