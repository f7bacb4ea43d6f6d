"""Keys go where the user allowed it, whatever somebody else's panel says."""

from __future__ import annotations

import pytest
from support.scripted_server import answer

import trust_router as tr
from trust_router.judges.calls.keys import allowed_pairs, host_of, key_of, settings_file

VALUE = "wJalrXUtnFEMI-K7MDENG"
PANEL = """
[routers.r]
judges = {{ h = 1.0 }}
[judges.h.llm]
model = "openai-chat:m"
way = "shapes"
base_url = "{url}"
key_env = "AWS_SECRET_ACCESS_KEY"
"""


@pytest.fixture
def panel(tmp_path, scripted_server, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", VALUE)
    scripted_server.default = answer({"alpha": 1, "beta": 3})
    path = tmp_path / "panel.toml"
    path.write_text(PANEL.format(url=scripted_server.base_url))
    return tr.read_panel(path)


def host(server) -> str:
    return server.base_url.split("/")[2]


@pytest.fixture
def settled(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings_file().parent.mkdir(parents=True)
    return settings_file()


def test_a_panel_from_a_file_sends_no_key_that_was_not_allowed(panel, scripted_server):
    name, here = "AWS_SECRET_ACCESS_KEY", host(scripted_server)
    for allowed in (None, {}, {"other.example": name}, {here: "OTHER"}):
        with pytest.raises(ValueError, match=f"'h' would send .* {name} to {here}") as caught:
            tr.ask(panel, ["a"], allow_keys=allowed)
        assert VALUE not in str(caught.value)
    assert not scripted_server.requests


@pytest.mark.parametrize("names", ["AWS_SECRET_ACCESS_KEY", ["OTHER", "AWS_SECRET_ACCESS_KEY"]])
@pytest.mark.parametrize(
    "written", ["{host}:{port}", "{host}", "http://{host}:{port}/v1", " {host} "]
)
def test_it_does_where_that_was_allowed(panel, scripted_server, written, names):
    name, port = host(scripted_server).split(":")
    answers = tr.ask(panel, ["a"], allow_keys={written.format(host=name, port=port): names})
    assert answers.status[0, 0] == "ok"
    assert scripted_server.requests[0].headers["authorization"] == f"Bearer {VALUE}"


def test_it_may_be_allowed_once_in_the_settings_of_the_user(panel, scripted_server, settled):
    settled.write_text(f'[allow_keys]\n"{host(scripted_server)}" = ["AWS_SECRET_ACCESS_KEY"]\n')
    assert tr.ask(panel, ["a"]).status[0, 0] == "ok"
    settled.write_text("[allow_keys]\nh = 5\n")
    with pytest.raises(
        ValueError, match=r"settings.toml: \[allow_keys\] must name .* got 5 for 'h'"
    ):
        tr.ask(panel, ["b"])
    settled.write_text("")
    assert str(settled) in tr.estimate_cost(panel, ["b"]).tallies[0].problem


def test_a_panel_that_was_saved_and_loaded_is_somebody_elses(panel):
    again = tr.Panel.from_dict(panel.to_dict())
    with pytest.raises(ValueError, match="would send the environment variable"):
        tr.ask(again, ["a"])


def test_your_own_code_needs_no_leave(scripted_server, monkeypatch):
    monkeypatch.setenv("MY_KEY", VALUE)
    llm = tr.LLM("openai-chat:m", "shapes", base_url=scripted_server.base_url, key_env="MY_KEY")
    assert tr.ask({"h": llm}, ["a"]).status[0, 0] == "ok"


@pytest.mark.parametrize(
    ("data", "allowed"),
    [
        ("openai:gpt-4o-mini", True),
        ({"model": "openai:gpt-4o-mini", "key_env": "OPENAI_API_KEY"}, True),
        ({"model": "google:gemini-3-flash", "key_env": "GEMINI_API_KEY"}, True),
        ({"model": "openai:gpt-4o-mini", "key_env": "AWS_SECRET_ACCESS_KEY"}, False),
        ({"model": "anthropic:claude-haiku-4-5", "key_env": "OPENAI_API_KEY"}, False),
        ({"model": "openai-chat:m", "base_url": "http://h/v1", "key_env": "OPENAI_API_KEY"}, False),
        ({"model": "openai-chat:m", "base_url": "http://h/v1"}, True),
        ({"model": "unheard-of:m", "key_env": "UNHEARD_OF_KEY"}, False),
    ],
)
def test_a_providers_own_key_goes_to_its_own_host_alone(data, allowed):
    panel = tr.Panel.from_dict(
        {"routers": {"r": {"judges": {"h": 1.0}}}, "judges": {"h": {"llm": data}}}
    )
    assert (tr.estimate_cost(panel, ["a"]).tallies[0].problem == "") is allowed


def test_hosts_and_keys_are_named(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    named = [
        tr.LLM("openai:gpt-4o-mini"),
        tr.LLM("google:gemini"),
        tr.LLM("openai-chat:m", base_url="http://LocalHost:8080/v1"),
        tr.LLM("openai-chat:m", base_url="http://h/v1", key_env="K"),
        tr.LLM("unheard-of:m"),
    ]
    assert [(host_of(llm), key_of(llm)) for llm in named] == [
        ("api.openai.com", "OPENAI_API_KEY"),
        ("generativelanguage.googleapis.com", "GOOGLE_API_KEY or GEMINI_API_KEY"),
        ("localhost:8080", ""),
        ("h", "K"),
        ("unheard-of", "of the provider"),
    ]
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example:444/v1")
    assert host_of(named[0]) == "proxy.example:444"


@pytest.mark.parametrize("given", [5, ["h"], {"h": 5}, {"": "K"}, {"h": ""}, {"h": [None]}])
def test_what_allows_nothing_is_refused(given):
    with pytest.raises(ValueError, match=r"`allow_keys` must"):
        tr.ask({"l": lambda _: [0.5]}, ["a"], allow_keys=given)
    assert allowed_pairs(None) == set()


def test_without_a_home_there_are_no_settings(monkeypatch):
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)

    def homeless():
        raise RuntimeError

    monkeypatch.setattr("pathlib.Path.home", homeless)
    assert settings_file() is None
