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


@pytest.mark.parametrize(
    "key",
    ["messages", "input", "instructions", "system", "contents", "system_instruction", "tools",
     "systemInstruction", "response_format", "MESSAGES", "previous_response_id", "logprobs"],
)  # fmt: skip
def test_a_setting_cannot_replace_what_a_judge_is_asked(key):
    with pytest.raises(ValueError, match=rf"must not hold '{key}', which would replace what"):
        tr.LLM("openai:gpt-4o-mini", settings={"extra_body": {key: []}})
    with pytest.raises(ValueError, match="`extra_body` in `settings` must be a table"):
        tr.LLM("openai:gpt-4o-mini", settings={"extra_body": [key]})


def test_other_settings_of_a_provider_are_let_through():
    body = {"top_k": 5, "chat_template_kwargs": {"enable_thinking": False}, "seed": 1}
    assert tr.LLM("openai-chat:m", settings={"extra_body": body}).settings["extra_body"] == body


@pytest.mark.parametrize("model", [KEY, f"openai:{KEY}", f"a:b/{KEY}"])
def test_a_key_that_stands_for_a_model_is_refused_and_not_shown(model):
    with pytest.raises(ValueError, match="`model` holds what looks like a key") as caught:
        tr.LLM(model)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://h/v1#x", "query or fragment"),
        ("https://h/v1#", "query or fragment"),
        ("https://h:0/v1", "a port from 1 to 65535"),
        ("https://h:65536/v1", "a port from 1 to 65535"),
        ("https://h:http/v1", "a port from 1 to 65535"),
        ("https://h\\x/v1", "must read http://HOST"),
        ("https://h /v1", "must read http://HOST"),
        ("ftp://h", "must read http://HOST"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_not_shown(url, said):
    with pytest.raises(ValueError, match=said) as caught:
        tr.LLM("openai-chat:m", base_url=url)
    assert url not in str(caught.value)


def test_addresses_may_have_ports():
    for url in ("http://127.0.0.1:8080/v1", "http://[::1]:65535", "https://host"):
        assert tr.LLM("openai-chat:m", base_url=url).base_url == url
