"""Execute notebooks in fresh kernels, all or those named; with --write, keep the outputs.

Stored outputs have to be those of the code: where they hold other hashes of inputs than come out
now, it says so and fails. Numbers that are sampled may differ in their last digits.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HASH = re.compile(r"\b[0-9a-f]{16}\b")


def hashes(notebook: nbformat.NotebookNode) -> list[str]:
    """Hashes of inputs in the outputs, in their order."""
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs]
    return [found for text in texts for found in HASH.findall(text)]


def main() -> None:
    os.environ["TRUST_ROUTER_PROGRESS"] = "0"  # bars are no outputs to keep
    names = [name for name in sys.argv[1:] if name != "--write"]
    write = "--write" in sys.argv[1:]
    for path in sorted(Path(__file__).parent.glob("*.ipynb")):
        if names and path.stem not in names:
            continue
        notebook = nbformat.read(path, as_version=4)
        stored = hashes(notebook)
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": "."}})
        client.execute()
        if write:
            for cell in notebook.cells:
                cell.get("metadata", {}).pop("execution", None)  # time stamps
            nbformat.write(notebook, path)
        elif hashes(notebook) != stored:
            sys.exit(f"{path.name}: stored outputs are of other inputs; run with --write")
        print(f"{path.name}: executed")


if __name__ == "__main__":
    main()
