"""How an LLM is asked is declared without secrets, and nothing gets around it."""

from __future__ import annotations

import pytest
from support.asking import KEY

import trust_router as tr


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": f"http://user:{KEY}@host/v1"},
        {"base_url": f"http://host/v1?key={KEY}"},
        {"key_env": KEY},
        {"settings": {"extra_headers": {"Authorization": KEY}}},
    ],
)
def test_a_key_that_stands_in_a_panel_is_refused_and_not_shown(given):
    with pytest.raises(ValueError, match="environment variable") as caught:
        tr.LLM("openai-chat:m", **given)
    assert KEY not in str(caught.value)


def test_what_is_wrong_with_a_panel_of_llms_is_said_in_one_sentence(tmp_path):
    cases = {
        'llm = "gpt"': "`llm` of judge 'h': `model` must read provider:name",
        'llm = { model = "a:b", way = "ask" }': "`way` must be one of shapes, probability, logprob",
        'llm = { model = "a:b", api_key = "x" }': "name it in `key_env`",
        'llm = { model = "a:b", tone = "x" }': "unknown key 'tone'",
        'llm = { way = "shapes" }': "`model` is missing",
        'llm = { model = "a:b", timeout = -1 }': "`timeout` must be positive",
    }
    path = tmp_path / "panel.toml"
    for line, message in cases.items():
        path.write_text(f"[routers.r]\njudges = {{ h = 1.0 }}\n[judges.h]\n{line}\n")
        with pytest.raises(ValueError, match=rf"panel.toml: .*{message}"):
            tr.read_panel(path)


@pytest.mark.parametrize(
    "settings",
    [{"max_tokens": 9}, {"timeout": 1}, {"max_retries": 3}, {"extra_body": {"n": 5}}],
)
def test_settings_cannot_get_around_what_has_a_key_of_its_own(settings):
    with pytest.raises(ValueError, match="must not hold"):
        tr.LLM("openai:gpt-4o-mini", settings=settings)


@pytest.mark.parametrize("what", ["prompt", "examples"])
def test_a_panel_from_a_file_sends_files_beside_it_only(tmp_path, what):
    inside, outside = tmp_path / "panel", tmp_path / "outside.md"
    inside.mkdir()
    outside.write_text("a secret")
    (inside / "prompts").mkdir()
    (inside / "link.md").symlink_to(outside)
    for file in (
        str(outside),
        "../outside.md",
        "prompts/../../outside.md",
        "link.md",
        "/etc/hosts",
    ):
        llm = tr.LLM.from_dict({"model": "a:b", what: file}, str(inside))
        with pytest.raises(ValueError, match="a panel may name files beside it only"):
            llm.path(file)
        with pytest.raises(ValueError, match=r"judge 'h': a panel may name files beside it only"):
            tr.estimate_cost({"h": llm}, ["a"])
    for file in ("mine.md", "prompts/mine.md", "prompts/../mine.md"):
        assert tr.LLM.from_dict({"model": "a:b", what: file}, str(inside)).path(file)
    assert tr.LLM("a:b", **{what: str(outside)}).path(str(outside)) == outside  # your own code
