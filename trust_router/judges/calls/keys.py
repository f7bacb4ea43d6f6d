"""Keys: which environment variable may be sent to which host, and what the user allowed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from trust_router.basics.checks import shown
from trust_router.inputs.llm import LLM
from trust_router.inputs.reading.panels import read_toml

__all__ = ["allowed_pairs", "host_of", "key_of", "refused_key", "settings_file"]

_TABLE: Final = "allow_keys"
# By provider: its host, and the environment variables that hold a key of it by default.
_PROVIDERS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "anthropic": ("api.anthropic.com", ("ANTHROPIC_API_KEY",)),
    "cerebras": ("api.cerebras.ai", ("CEREBRAS_API_KEY",)),
    "cohere": ("api.cohere.com", ("CO_API_KEY",)),
    "deepseek": ("api.deepseek.com", ("DEEPSEEK_API_KEY",)),
    "fireworks": ("api.fireworks.ai", ("FIREWORKS_API_KEY",)),
    "google": ("generativelanguage.googleapis.com", ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
    "groq": ("api.groq.com", ("GROQ_API_KEY",)),
    "mistral": ("api.mistral.ai", ("MISTRAL_API_KEY",)),
    "openai": ("api.openai.com", ("OPENAI_API_KEY",)),
    "openai-chat": ("api.openai.com", ("OPENAI_API_KEY",)),
    "openai-responses": ("api.openai.com", ("OPENAI_API_KEY",)),
    "openrouter": ("openrouter.ai", ("OPENROUTER_API_KEY",)),
    "together": ("api.together.xyz", ("TOGETHER_API_KEY",)),
    "xai": ("api.x.ai", ("XAI_API_KEY",)),
}


def refused_key(llm: LLM, allow_keys: Mapping[str, Any] | None) -> str:
    """Say that a key would be sent where the user has not allowed it; empty if all is well.

    Allowed are keys that your own code names, a provider's own keys at its own host, and pairs of
    host and variable in ``allow_keys`` or in the settings file of the user.
    """
    name, host = llm.key_env, host_of(llm)
    if llm.trusted or name is None or (llm.base_url is None and name in _known(llm)[1]):
        return ""
    pairs = allowed_pairs(allow_keys) | _settled_pairs()
    if any((place, name) in pairs for place in (host, host.rpartition(":")[0])):
        return ""
    return (
        f"would send the environment variable {name} to {host}, as the panel says; allow it by "
        f"allow_keys={{{host!r}: {name!r}}}, --allow-key {host}={name}, or in the table [{_TABLE}] "
        f"of {settings_file() or 'a settings file'}"
    )


def allowed_pairs(allow_keys: Any, place: str = "`allow_keys`") -> set[tuple[str, str]]:
    """Give pairs of host, with or without a port, and name of an environment variable.

    Raises
    ------
    ValueError
        If it is no mapping of hosts to names.
    """
    if not isinstance(allow_keys, Mapping | None):
        raise ValueError(
            f"{place} must map hosts to environment variables; got {shown(allow_keys)}"
        )
    pairs = set()
    for host, names in (allow_keys or {}).items():
        for name in names if isinstance(names, list | tuple) else [names]:
            if not (isinstance(host, str) and host.strip() and isinstance(name, str) and name):
                raise ValueError(
                    f"{place} must name environment variables of hosts, as 'api.example.com' = "
                    f"'EXAMPLE_KEY'; got {shown(name)} for {shown(host)}"
                )
            bare = urlsplit(host).netloc if "://" in host else host
            pairs.add((bare.strip().lower(), name))
    return pairs


def settings_file() -> Path | None:
    """Say where the user's settings are, whether there are any or not; None without a home."""
    folder = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    try:
        return (Path(folder) if folder else Path.home() / ".config") / "trust-router/settings.toml"
    except RuntimeError:
        return None


def host_of(llm: LLM) -> str:
    """Say which host an LLM is asked at; the provider's name if only its package knows."""
    url = llm.base_url
    if url is None and llm.provider.startswith("openai"):
        url = os.environ.get("OPENAI_BASE_URL")
    return urlsplit(url).netloc.rpartition("@")[2].lower() if url else _known(llm)[0]


def key_of(llm: LLM) -> str:
    """Say which environment variable an LLM takes its key from; empty if it gets none."""
    if llm.key_env is not None or llm.base_url is not None:
        return llm.key_env or ""
    return " or ".join(_known(llm)[1]) or "of the provider"


def _known(llm: LLM) -> tuple[str, tuple[str, ...]]:
    return _PROVIDERS.get(llm.provider, (llm.provider, ()))


def _settled_pairs() -> set[tuple[str, str]]:
    file = settings_file()
    if file is None or not file.is_file():
        return set()
    return allowed_pairs(read_toml(file, "settings").get(_TABLE), f"{file}: [{_TABLE}]")
