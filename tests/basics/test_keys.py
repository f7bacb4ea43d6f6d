"""Keys are told from names of models."""

from __future__ import annotations

import pytest
from support.asking import KEY

from trust_router.basics.keys import looks_secret


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "sk-ant-api03-" + "aB3" * 8,
        "openai:sk-proj-" + "x" * 20,
        "gsk_" + "a1B2" * 6,
        "AIza" + "Sy1_-" * 7,
        "hf_" + "abcd" * 6,
        "AKIA" + "ABCD1234" * 2,
        "eyJ" + "hbGciOi1" * 4,
        "0123456789abcdef" * 2,
    ],
)
def test_what_looks_like_a_key(text):
    assert looks_secret(text)


@pytest.mark.parametrize(
    "name",
    [
        "openai:gpt-4o-mini-2024-07-18",
        "openai:ft:gpt-4o-mini-2024-07-18:my-org:custom_suffix:9aBcDeFg",
        "openrouter:deepseek/deepseek-r1-distill-qwen-32b:free",
        "bedrock:arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3",
        "huggingface:meta-llama/Llama-3.3-70B-Instruct",
        "openai-chat:qwen2.5-32b-instruct-q4_k_m.gguf",
        "azure:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "a:b",
    ],
)
def test_what_is_the_name_of_a_model(name):
    assert not looks_secret(name)
