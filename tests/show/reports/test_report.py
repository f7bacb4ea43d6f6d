"""The report: complete, self-contained, reproducible, safe, and looked at in a browser."""

from __future__ import annotations

import html
import re

import pytest
from support.browser import chromium
from support.desk import desk
from support.full_disk import full_disk
from support.hostile import hostile_posterior

import trust_router as tr
from trust_router.show.reports import report as report_file
from trust_router.show.reports.report import render_report


@pytest.fixture(scope="module")
def page(exact_posterior, costs):
    return render_report(exact_posterior, costs=costs, command="trust-router report --exact")


def test_every_section_is_there(page):
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == [
        "Data",
        "Panel",
        "Trust",
        "What each router expects now",
        "Need",
        "Decision and costs",
        "Does the model fit?",
        "Can the numbers be trusted?",
        "How this was computed",
        "Provenance",
    ]
    for number in ("47.9%", "33.3%", "-10.1873", "37.1%", "saves 1,620"):
        assert number in page, number
    assert "arithmetic" not in page  # of the source, which takes trust for a share of tickets
    assert "trust-router report --exact" in page


def test_nothing_is_loaded_from_elsewhere(page):
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == 1  # our own, see test_play


def test_same_input_gives_the_same_file(exact_posterior, costs, page):
    again = render_report(exact_posterior, costs=costs, command="trust-router report --exact")
    assert again == page


def test_names_show_as_text(costs):
    page = render_report(hostile_posterior(), costs=costs)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_small_prices_are_not_shown_as_nothing(exact_posterior):
    costs = tr.Costs(0.0003, 0.004, 0.002, 0.0001)
    page = render_report(exact_posterior, costs=costs)
    told = re.search(r"A simple call costs.*?exceeds", page).group()
    assert re.findall(r"\d+\.\d+", told) == ["0.0003", "0.004", "0.002", "0.0001"]
    # Per ticket: simple first, escalate, expected loss; then the cheapest policy per 100 tickets.
    for amount in ("0.00132", "0.00408", "about 0", "0.132"):
        assert f">{amount}<" in page, amount


ALEF = "\N{HEBREW LETTER ALEF}"


def test_no_name_turns_the_text_around_it(costs):
    name = ALEF
    panel = tr.Panel(
        [tr.Router(name, {"j": 1.0}, nickname=name), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 2)), tr.Judge("k", tr.Beta(1, 4))],
    )
    outcomes = tr.Outcomes([name], [5], [2])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, [name]), outcomes)
    page = render_report(posterior, costs=costs)
    assert "\u202e" not in page
    assert page.count("\u2069") == page.count("\u2068")
    bare = re.sub(rf"<bdi>[^<]*</bdi>|\u2068{ALEF}\u2069", "", page)
    assert ALEF not in bare
    assert f"<bdi>{name}</bdi>" in page


@pytest.mark.filterwarnings("error")
def test_characters_that_no_font_has_are_no_warning():
    panel = tr.Panel([tr.Router("\ue000", {"j": 1.0})], [tr.Judge("j", tr.Beta(2, 2))])
    outcomes = tr.Outcomes(["\ue001"], [5], [2])
    render_report(tr.solve(panel, tr.stated_beliefs(panel, ["\ue001"]), outcomes))


def test_tall_pictures_may_fill_a_page(page):
    assert float(re.search(r"img.tall { max-height: ([\d.]+)cm", page).group(1)) > 20


def test_without_costs_there_is_no_decision(exact_posterior):
    page = render_report(exact_posterior)
    assert "No costs were stated" in page
    assert "cheaper choice" not in page


def test_sampled_report_compares_with_the_closed_form_and_shows_diagnostics(nuts_posterior, costs):
    page = render_report(nuts_posterior, costs=costs)
    assert "difference in errors" in page
    assert "Sampling has <b>converged</b>" in page
    assert "smallest bulk ESS" in page


def test_a_report_is_written_whole_or_not_at_all(exact_posterior, tmp_path):
    path, link = tmp_path / "r.html", tmp_path / "link.html"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to("r.html")
    for each in (path, link):
        with full_disk(), pytest.raises(OSError, match=f"{each.name}' cannot be written: File too"):
            tr.write_report(exact_posterior, each)
        assert path.read_text() == "old"
    assert tr.write_report(exact_posterior, link) == link
    assert link.is_symlink()
    assert path.read_text().startswith("<!doctype html>")
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.html", "r.html"]


def test_no_folder_for_the_report_is_said(exact_posterior, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        tr.write_report(exact_posterior, tmp_path / "nowhere" / "r.html")


@pytest.fixture(scope="module")
def pool_page(pool_posterior, costs):
    return render_report(pool_posterior, costs=costs)


@pytest.fixture(scope="module")
def switch_page(switch_posterior, costs):
    return render_report(switch_posterior, costs=costs)


def headings(page):
    return re.findall(r"<h2>(.*?)</h2>", page)


def test_the_pool_is_explained_as_shares(pool_page, pool_posterior):
    assert "How much each judge counts" in headings(pool_page)
    assert "Trust is no probability here" in pool_page
    assert "right one" not in re.sub(r"has to be the right one", "", pool_page)
    row = pool_posterior.trust().loc["all categories"].loc["simple"]
    for value in (row["mean"], row["lower"], row["upper"]):
        assert f"{value:.1%}" in pool_page
    assert "how strongly need follows the pooled judges" in pool_page
    assert "Log evidence" not in pool_page
    assert "arithmetic of the source" not in pool_page


def test_the_pool_compares_what_judges_stated_with_what_happened(pool_page, ticket_inputs):
    _, beliefs, outcomes = ticket_inputs
    stated = beliefs.mean[:, beliefs.judges.index("vain")].mean()
    observed = outcomes.needs.sum() / outcomes.trials.sum()
    row = re.search(r"<tr><td>.*?<bdi>vain</bdi>.*?</tr>", pool_page).group()
    assert f"{stated:.1%}</td><td>{observed:.1%}" in row


def test_tickets_are_decided_one_by_one_where_judges_speak_about_them(
    pool_page, pool_posterior, costs
):
    table = tr.savings(pool_posterior, costs, random_seed=1).table()
    row = table.loc["decide each ticket"]
    assert row["cost"] < table.loc["decide"]["cost"]
    assert f"<td>{row['escalated']:.0%}</td>" in pool_page
    assert f"saves {row['saving']:.1%}" in pool_page
    assert "ticket by ticket" in pool_page


def test_many_categories_are_listed_by_volume(switch_page, switch_posterior):
    assert "What each router expects now" in headings(switch_page)
    assert "Categories with most tickets first" in switch_page
    busiest = switch_posterior.outcomes.categories[int(switch_posterior.outcomes.trials.argmax())]
    first = re.search(r"<tbody>\s*<tr><td><bdi>(.*?)</bdi>", switch_page).group(1)
    assert first == busiest
    assert "by category</caption>" in switch_page
    assert "Over all categories router" in switch_page


def test_further_sections_come_before_the_provenance(exact_posterior):
    page = render_report(exact_posterior, sections=["<h2>Held out</h2>"])
    assert headings(page)[-4:-2] == ["Held out", "Can the numbers be trusted?"]


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["page", "pool_page", "switch_page"])
def test_nothing_sticks_out_on_a_phone_or_a_desktop(request, tmp_path, width, kind):
    page = request.getfixturevalue(kind)
    frame = (
        f"<iframe id=f width={width} height=4000 srcdoc='{html.escape(page)}'></iframe><script>"
        "f.onload=()=>{let d=f.contentDocument.documentElement;"
        "let bad=[...d.querySelectorAll('img')].filter(i=>!i.naturalWidth).length;"
        "document.title=`${d.scrollWidth} ${d.clientWidth} ${bad}`}</script>"
    )
    (tmp_path / "frame.html").write_text(frame, encoding="utf-8")
    dom = chromium("--dump-dom", "--virtual-time-budget=5000", f"file://{tmp_path}/frame.html")
    scroll, client, broken = map(int, re.search(r"<title>(\d+) (\d+) (\d+)<", dom).groups())
    assert scroll <= client <= width
    assert broken == 0


@pytest.mark.slow
def test_hostile_names_run_nothing_in_a_browser(costs, tmp_path):
    tr.write_report(hostile_posterior(), tmp_path / "r.html", costs=costs)
    dom = chromium("--dump-dom", f"file://{tmp_path}/r.html")
    assert "&lt;script&gt;alert(1)" in dom
    assert "<script>alert" not in dom


@pytest.mark.slow
def test_it_prints_on_paper(page, tmp_path):
    assert sheets(page, tmp_path) > 1


def sheets(page, tmp_path):
    """How many sheets of paper a page takes."""
    (tmp_path / "r.html").write_text(page, encoding="utf-8")
    chromium(f"--print-to-pdf={tmp_path}/r.pdf", f"file://{tmp_path}/r.html")
    written = (tmp_path / "r.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", written))


def wide_desk():
    """Twelve kinds of tickets with long names, few outcomes of each."""
    names = [f"kind {i} of ticket with a long name of its own" for i in range(14)]
    panel = tr.Panel(
        [tr.Router("first router", {"j": 1.0}), tr.Router("second router", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 4)), tr.Judge("k", tr.Beta(4, 4))],
    )
    outcomes = tr.Outcomes(names, [9 + i for i in range(14)], [i // 2 for i in range(14)])
    return tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("make", [desk, hostile_posterior, wide_desk])
def test_the_first_part_is_one_sheet_of_paper(make, costs, tmp_path):
    page = render_report(make(), costs=costs)
    first = re.sub(r"<details.*</details>", "", page, flags=re.S)
    assert "Data" not in headings(first)
    assert sheets(first.replace("break-after: page", ""), tmp_path) == 1


def shift(**options):
    return lambda: desk(**options)


def sure_of_all():
    """Need of one category is known to be nothing, of the other to be everything."""
    panel = tr.Panel(
        [tr.Router("a", {"j": 1.0}), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(1, 900)), tr.Judge("k", tr.Beta(5, 5))],
    )
    outcomes = tr.Outcomes(["never", "always"], [5000, 5000], [0, 5000])
    return tr.solve(panel, tr.stated_beliefs(panel, outcomes.categories), outcomes)


@pytest.mark.parametrize("make", [desk, shift(answered=False), sure_of_all, hostile_posterior])
@pytest.mark.parametrize(
    "costs",
    [
        tr.Costs(0.03, 3.0, failure=5.0),
        tr.Costs(2.9, 3.0, failure=9.0),  # trying the simple model first costs more
        tr.Costs(1e-9, 3e-9, failure=1e-8),
        tr.Costs(0.03, 3.0, failure=5.0, wrong_escalation=1.0),
    ],
)
def test_no_page_says_what_no_person_would(make, costs, monkeypatch):
    monkeypatch.setattr(report_file, "pictures", lambda _: {})
    page = render_report(make(), costs=costs)
    seen = re.sub(r"<script>.*?</script>|<style>.*?</style>|<h2>Provenance.*", "", page, flags=re.S)
    seen = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<title>.*?</title>", "", seen)))
    assert not re.findall(r"\d[eE][-+]?\d", seen)
    assert not re.findall(r"(?:saves|save|costs) -", seen)
    assert not re.findall(r"-0(?:\.0+)?%", seen)
    assert not re.findall(r"(?:probability(?: of)?|right with) (?:100|0)(?:\.0)?%", seen)
    assert not re.findall(r"\b(?:nan|inf)\b", seen.lower())
    assert "do not count" not in seen
