"""What asking would take, said without asking."""

from __future__ import annotations

from support.asking import PRICED, local, texts

import trust_router as tr


def test_an_estimate_calls_nobody_and_bounds_the_cost(scripted_server, tmp_path):
    given = {
        "judges": {"haiku": local(scripted_server)},
        "tickets": [*texts(10), "ticket number 1"],
    }
    cache = tmp_path / "answers.sqlite"
    before = tr.estimate_cost(**given, prices=PRICED, cache=cache)
    assert before.calls == 10
    assert not scripted_server.requests
    assert not cache.exists()
    answers = tr.ask(**given, prices=PRICED, cache=cache)
    assert answers.cost <= before.tallies[0].cost_at_most
    assert tr.estimate_cost(**given, prices=PRICED, cache=cache).calls == 0


def test_it_says_who_would_be_told_with_which_key_in_which_words(tmp_path):
    (tmp_path / "mine.md").write_text("Our simple model knows cards.")
    judges = {
        "small": {"model": "openai-chat:m", "base_url": "http://h:8080/v1", "key_env": "MY_KEY"},
        "large": {"model": "openai:gpt-4o-mini", "prompt": "mine.md"},
    }
    panel = tr.Panel.from_dict(
        {
            "routers": {"r": {"judges": {"small": 0.5, "large": 0.5}}},
            "judges": {name: {"llm": llm} for name, llm in judges.items()},
        },
        str(tmp_path),
    )
    estimate = tr.estimate_cost(panel, ["a"])
    table = estimate.table()
    assert table["host"].to_dict() == {"small": "h:8080", "large": "api.openai.com"}
    assert table["key"].to_dict() == {"small": "MY_KEY", "large": "OPENAI_API_KEY"}
    assert table["prompt_file"].to_dict() == {"small": "", "large": str(tmp_path / "mine.md")}
    assert "would send the environment variable MY_KEY to h:8080" in table["problem"]["small"]
    allowed = tr.estimate_cost(panel, ["a"], allow_keys={"h": "MY_KEY"})
    assert (allowed.table()["problem"] == "").all()
    assert [tally.told for tally in allowed.tallies] == [
        "small: openai-chat:m at h:8080, key MY_KEY, prompt probability/1",
        f"large: openai:gpt-4o-mini at api.openai.com, key OPENAI_API_KEY, "
        f"prompt {tmp_path / 'mine.md'}",
    ]
