"""The gallery shows every picture that users can draw, and weighs little."""

from __future__ import annotations

import re

from support.house import ROOT

import trust_router as tr

DOCS = ROOT / "docs"
TEXT = DOCS.joinpath("gallery.md").read_text(encoding="utf-8")
MOST = 1_500_000  # bytes of all pictures


def test_every_picture_stands_with_its_line():
    drawn = re.findall(
        r"^`tr\.plots\.(\w+)\(.*\)`\n\n!\[[^]]+\]\(images/gallery/(\w+)\.png\)$", TEXT, re.M
    )
    assert [name for name, _ in drawn] == [picture for _, picture in drawn]
    assert sorted(name for name, _ in drawn) == sorted(dir(tr.plots))


def test_the_pictures_are_there_and_small():
    held = {path.stem: path.stat().st_size for path in DOCS.glob("images/gallery/*.png")}
    assert sorted(held) == sorted(dir(tr.plots))
    assert sum(held.values()) < MOST
