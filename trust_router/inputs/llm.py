"""How an LLM is asked for its belief about a ticket: declared, and nothing of it done here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from trust_router.basics.checks import listed, number, shown, whole_number
from trust_router.basics.frozen import Frozen
from trust_router.basics.keys import looks_secret
from trust_router.basics.shown import Shown
from trust_router.defaults import CALL_TIMEOUT, CONCENTRATION, JUDGE_CHARACTERS, MAX_TOKENS

__all__ = ["LLM", "Output", "Way"]

Way = Literal["shapes", "probability", "logprob"]
Output = Literal["auto", "tool", "native", "prompted"]

_UNLISTED = {"folder", "trusted"}  # not part of what is declared
_SECRET_SETTINGS = {"extra_headers", "api_key"}
_OWN_SETTINGS = {  # a second value would break the limit of tokens, of time or of money
    "max_tokens": "`max_tokens`",
    "temperature": "`temperature`",
    "timeout": "`timeout`",
    "request_timeout": "`timeout`",
    "max_retries": "the setting `retries` of `ask`",
    "openai_logprobs": "`way`",
    "openai_top_logprobs": "`way`",
    "openai_previous_response_id": "no use: each ticket is asked about alone",
}
_OWN_BODY = {  # limits, and what asks the question, in the words of any provider
    "n", "maxtokens", "maxcompletiontokens", "maxoutputtokens", "stream", "model",
    "messages", "input", "instructions", "prompt", "system", "contents", "systeminstruction",
    "generationconfig", "conversation", "previousresponseid", "tools", "toolchoice", "toolconfig",
    "functions", "functioncall", "responseformat", "text", "logprobs", "toplogprobs", "temperature",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class LLM(Shown, Frozen):
    """An LLM, and how it is asked.

    Parameters
    ----------
    model : str
        ``provider:name`` as pydantic-ai writes it, like ``"anthropic:claude-haiku-4-5"``;
        ``"openai-chat:NAME"`` with ``base_url`` for any server that speaks OpenAI's chat API.
    way : {"probability", "shapes", "logprob"}
        Ask for a probability and how sure the judge is of it; for alpha and beta; or a yes/no
        question whose answer is read from the log-probabilities of the first token.
    base_url : str, optional
        Where an OpenAI-compatible server listens. Without it the provider's own address.
    key_env : str, optional
        Environment variable that holds the key; by default the provider's own. A server at
        ``base_url`` is sent no key unless this names one.
    prompt : str, optional
        File that replaces the package's prompt for this way of asking.
    examples : str, optional
        File of your own tickets with columns ``text`` and ``outcome``, shown to the judge.
    concentration : float
        Weight of a belief where the judge cannot say how sure it is.
    output : {"auto", "tool", "native", "prompted"}
        How the structured answer is asked for; ``"auto"`` is what the provider does best.
    temperature : float, optional
        Reasoning models ignore it.
    max_tokens : int, optional
        Most tokens of an answer, with those of reasoning; by default 256, and 4 for ``"logprob"``.
    timeout : float
        Seconds for one call.
    characters : int
        Of a ticket's text that are read.
    settings : mapping, optional
        Further model settings of pydantic-ai, like ``{"thinking": False}``.
    folder : str
        Where files named by relative paths lie: that of the panel's file.
    trusted : bool
        Declared in your own code. What a file declares is not: it may name only files beside it,
        and a key only if you allow that.

    Raises
    ------
    ValueError
        If a value is invalid, or a key stands where only a name of an environment variable may.

    Examples
    --------
    >>> LLM("openai-chat:qwen", "logprob", base_url="http://127.0.0.1:8080/v1").most_tokens
    4
    """

    model: str
    way: Way = "probability"
    _: KW_ONLY
    base_url: str | None = None
    key_env: str | None = None
    prompt: str | None = None
    examples: str | None = None
    concentration: float = CONCENTRATION
    output: Output = "auto"
    temperature: float | None = 0.0
    max_tokens: int | None = None
    timeout: float = CALL_TIMEOUT
    characters: int = JUDGE_CHARACTERS
    settings: Mapping[str, Any] = field(default_factory=dict)
    folder: str = field(default="", repr=False, compare=False)
    trusted: bool = field(default=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        for what in ("model", "key_env"):
            if looks_secret(str(getattr(self, what))):  # and so it is not shown
                raise ValueError(
                    f"`{what}` holds what looks like a key; put keys into environment variables, "
                    "whose names go into `key_env`"
                )
        provider, colon, name = str(self.model).partition(":")
        if not (isinstance(self.model, str) and colon and provider.strip() and name.strip()):
            raise ValueError(f"`model` must read provider:name; got {shown(self.model)}")
        for what, allowed in (("way", Way), ("output", Output)):
            if getattr(self, what) not in get_args(allowed):
                raise ValueError(
                    f"`{what}` must be one of {listed(get_args(allowed))}; "
                    f"got {shown(getattr(self, what))}"
                )
        for what in ("base_url", "key_env", "prompt", "examples"):
            value = getattr(self, what)
            if value is not None and not (isinstance(value, str) and value.strip()):
                raise ValueError(f"`{what}` must be non-empty text; got {shown(value)}")
        self._check_numbers()
        self._check_settings()
        self._check_secrets()
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    @property
    def provider(self) -> str:
        """The part of ``model`` before the colon."""
        return self.model.partition(":")[0]

    @property
    def name(self) -> str:
        """The part of ``model`` after the colon, by which it has a price."""
        return self.model.partition(":")[2]

    @property
    def most_tokens(self) -> int:
        """Most tokens of an answer."""
        return MAX_TOKENS[self.way] if self.max_tokens is None else self.max_tokens

    def path(self, file: str) -> Path:
        """Give the path of a file that is named here.

        Raises
        ------
        ValueError
            If a panel from a file names one that is not beside it.
        """
        if self.trusted:
            return Path(self.folder) / Path(file).expanduser()
        path = Path(self.folder) / file
        if not path.resolve().is_relative_to(Path(self.folder).resolve()):
            raise ValueError(
                f"a panel may name files beside it only, for what they hold is sent to the model; "
                f"got {file!r}"
            )
        return path

    def to_dict(self) -> dict[str, Any]:
        """Plain data with the structure of the TOML file; defaults are left out."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _UNLISTED}
        default = {f.name: getattr(LLM("a:b"), f.name) for f in fields(self)}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in given.items()
            if name == "model" or value != default[name]
        }

    @classmethod
    def from_dict(cls, data: Any, folder: str = "") -> LLM:
        """Build from a table of the TOML file, or from the name of a model alone."""
        if isinstance(data, str):
            return cls(data, folder=folder, trusted=False)
        if not isinstance(data, Mapping):
            raise ValueError(f"must be a table or the name of a model; got {shown(data)}")
        known = {f.name for f in fields(cls)} - _UNLISTED
        for key in data:
            if key in ("api_key", "key"):
                raise ValueError(
                    f"{key!r} must not stand in a file; set an environment variable and name it "
                    "in `key_env`"
                )
            if key not in known:
                raise ValueError(f"unknown key {key!r}; allowed are {listed(sorted(known), 20)}")
        if "model" not in data:
            raise ValueError("`model` is missing; it reads provider:name")
        return cls(**data, folder=folder, trusted=False)

    def _check_numbers(self) -> None:
        for what in ("concentration", "timeout"):
            if not number(what, getattr(self, what)) > 0:
                raise ValueError(f"`{what}` must be positive; got {getattr(self, what):g}")
        if self.temperature is not None and not number("temperature", self.temperature) >= 0:
            raise ValueError(f"`temperature` must be 0 or more; got {self.temperature:g}")
        if self.max_tokens is not None:
            whole_number("max_tokens", self.max_tokens, 1)
        whole_number("characters", self.characters, 1)

    def _check_settings(self) -> None:
        if not isinstance(self.settings, Mapping):
            raise ValueError(f"`settings` must be a table; got {shown(self.settings)}")
        for key in self.settings:
            if key in _SECRET_SETTINGS:
                raise ValueError(
                    f"`settings` must not hold {key!r}, which may carry a secret into files; "
                    "name an environment variable in `key_env`"
                )
            if key in _OWN_SETTINGS:
                raise ValueError(
                    f"`settings` must not hold {key!r}, for which there is {_OWN_SETTINGS[key]}"
                )
        body = self.settings.get("extra_body", {})
        if not isinstance(body, Mapping):
            raise ValueError(f"`extra_body` in `settings` must be a table; got {shown(body)}")
        for key in body:
            if str(key).lower().replace("_", "") in _OWN_BODY:
                raise ValueError(
                    f"`extra_body` in `settings` must not hold {key!r}, which would replace what "
                    "the judge is asked, or how much it may answer"
                )
        try:
            json.dumps(dict(self.settings))
        except (TypeError, ValueError):
            raise ValueError("`settings` must hold plain values, as TOML does") from None

    def _check_secrets(self) -> None:
        if self.base_url is not None:
            # Never shown: what is wrong with it may be that it holds a password.
            try:
                parts = urlsplit(self.base_url)
                usable = (
                    parts.scheme in ("http", "https")
                    and bool(parts.hostname)
                    and parts.port != 0  # a ValueError where there is none of that number
                    and not re.search(r"[\s\\]", self.base_url)
                )
            except ValueError:
                usable = False
            if not usable:
                raise ValueError(
                    "`base_url` must read http://HOST or https://HOST, perhaps with a port from 1 "
                    "to 65535, and a path"
                )
            if parts.password or parts.username or re.search("[?#]", self.base_url):
                raise ValueError(
                    "`base_url` must hold no user, password, query or fragment; name an "
                    "environment variable with the key in `key_env`"
                )
        if self.key_env is not None and not self.key_env.replace("_", "a").isalnum():
            # Not shown: it may be the key itself.
            raise ValueError(
                "`key_env` must be the name of an environment variable: letters, digits and _"
            )
