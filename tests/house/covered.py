"""Print what the last run with coverage has covered, one line a room; a script, no test."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Add up the files of each room."""
    measured = Coverage(config_file=ROOT / "pyproject.toml")
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(path))
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    lines: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for name, file in files.items():
        parts = Path(name).parts
        room = parts[parts.index("trust_router") + 1].removesuffix(".py")
        for key in (room, "all"):
            lines[key] += file["summary"]["num_statements"]
            covered[key] += file["summary"]["covered_lines"]
    for room in sorted(lines, key=lambda name: (name == "all", name)):
        share = covered[room] / max(1, lines[room])
        print(f"{room:12} {lines[room]:6,} statements  {share:6.1%} covered")


if __name__ == "__main__":
    main()
