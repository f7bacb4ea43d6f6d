"""Templates belong to rooms, escape what they are given, and miss nothing silently."""

from __future__ import annotations

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from trust_router.basics.html import named, render

REPORTS = "trust_router.show.reports"


def test_what_is_filled_in_is_text():
    page = render(REPORTS, "page.html.j2", title="<b>", sections=[], command="a & b")
    assert "<h1>&lt;b&gt;</h1>" in page
    assert "<pre>a &amp; b</pre>" in page


def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError, match="title"):
        render(REPORTS, "page.html.j2")


def test_rooms_do_not_see_the_templates_of_others():
    with pytest.raises(TemplateNotFound, match=r"page\.html\.j2"):
        render("trust_router.learning", "page.html.j2")


def test_names_keep_their_direction_to_themselves():
    assert named("\u202ea\n<b>") == "<bdi>a &lt;b&gt;</bdi>"
