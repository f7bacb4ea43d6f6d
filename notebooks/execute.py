"""Execute every notebook in a fresh kernel; with --write, keep the outputs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main() -> None:
    os.environ["TRUST_ROUTER_PROGRESS"] = "0"  # bars are no outputs to keep
    write = "--write" in sys.argv[1:]
    for path in sorted(Path(__file__).parent.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": "."}})
        client.execute()
        if write:
            for cell in notebook.cells:
                cell.get("metadata", {}).pop("execution", None)  # time stamps
            nbformat.write(notebook, path)
        print(f"{path.name}: executed")


if __name__ == "__main__":
    main()
