"""The file `trust_router.toml`: what commands read in its folder where no option says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand

from trust_router.basics.checks import listed
from trust_router.cli.output import say
from trust_router.inputs.reading.panels import read_toml

if TYPE_CHECKING:
    from typer import Context

__all__ = ["CONFIG", "Configured"]

CONFIG = "trust_router.toml"

_PATHS = ("panel", "outcomes", "beliefs", "categories", "costs", "posterior", "tickets")
_COLUMNS = {"columns": "column", "belief_columns": "belief-column"}
_VALUES = ("need", "resolved")
_SCORES = {"scale": "scale", "high_means": "high-means"}  # of judges, in whichever table
_SHARED = (*_PATHS, *_COLUMNS, *_VALUES, *_SCORES)
# A posterior holds what these say, so that one of the two is read.
_HELD = (
    *("panel", "outcomes", "beliefs", "categories", "column", "belief-column"),
    *_VALUES,
    *_SCORES.values(),
)
_ANEW = ("exact", "model", "data")  # they ask for a new fit, or for other data
# What these read are new tickets, not those of the past.
_NEW = {"predict": ("beliefs", "categories", "belief-column")}
# Texts have other columns than outcomes.
_OF_TEXTS = {"ticket", "category", "text", "outcome"}
_READ_TEXTS = ("ask", "categorize")


class Configured(TyperCommand):
    """A command whose options may stand in `trust_router.toml`; those that are given hold."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the file where there is one, before defaults are taken."""
        if Path(CONFIG).is_file() and not (ctx.resilient_parsing or "--help" in args):
            parser: Any = self.make_parser(ctx)
            given = {name for name, value in parser.parse_args(args=list(args))[0].items() if value}
            ctx.default_map = self._defaults(ctx, given)
        return super().parse_args(ctx, args)

    def _defaults(self, ctx: Context, given: set[str]) -> dict[str, Any]:
        """Give values by the names of parameters, and say which they are."""
        names = _names_of(self.get_params(ctx))
        told = _stated(str(self.name), _commands(ctx))
        known = {key for key, name in names.items() if name in given}
        values = _without_conflicts(
            {key: value for key, value in told.shared.items() if key in names} | told.own,
            given=known,
            names=set(names),
        )
        if strange := [key for key in told.own if key not in names]:
            raise ValueError(
                f"{CONFIG}: `{self.name}` has no option --{strange[0]}; it has {listed(names, 40)}"
            )
        used = {key: value for key, value in values.items() if key not in known}
        if files := [str(value) for key, value in used.items() if key in _PATHS]:
            say(f"{CONFIG}: {listed(dict.fromkeys(files))}")
        return {names[key]: value for key, value in used.items()}


@dataclass(frozen=True)
class _Told:
    """Values of options, by their long names: for all commands, and for one."""

    shared: dict[str, Any]
    own: dict[str, Any]


def _commands(ctx: Context) -> Sequence[str]:
    group: Any = ctx.parent.command if ctx.parent else None
    return list(group.commands) if group is not None else []


def _names_of(params: Sequence[Any]) -> dict[str, str]:
    """Parameters by the long name of their option; the argument of texts by `tickets`."""
    names = {}
    for param in params:
        if isinstance(param, TyperArgument):
            names[param.name] = param.name
        elif len(param.opts) and param.name != "help":
            long = max(param.opts, key=len).removeprefix("--")
            is_text = long != "tickets"  # of `route`, a number
            if is_text and long not in names:
                names[long] = param.name
    return names


def _stated(command: str, commands: Sequence[str]) -> _Told:
    """Read the file and check its names."""
    data = read_toml(CONFIG, "settings")
    _check_names(data, commands)
    own = {key.replace("_", "-"): value for key, value in data.get(command, {}).items()}
    shared: dict[str, Any] = {}
    for key in _PATHS:
        if key in data and key not in _NEW.get(command, ()):
            shared[key] = _text(data[key], key)
    for key, option in _COLUMNS.items():
        if key in data and option not in _NEW.get(command, ()):
            shared[option] = _pairs(data[key], key, command)
    for key in _VALUES:
        if key in data:
            held = data[key] if isinstance(data[key], list) else [data[key]]
            # As they would be typed: true, and not True.
            shared[key] = [str(v).lower() if isinstance(v, bool) else str(v) for v in held]
    for key, option in _SCORES.items():
        if key in data:
            shared[option] = _of_judges(data[key], key)
    return _Told(shared, own)


def _check_names(data: Mapping[str, Any], commands: Sequence[str]) -> None:
    for key, value in data.items():
        if key in commands and not isinstance(value, dict):
            raise ValueError(
                f"{CONFIG}: [{key}] must be a table with options of `{key}`; got {value!r}"
            )
        if key not in _SHARED and key not in commands:
            raise ValueError(
                f"{CONFIG}: unknown name {key!r}; for all commands there are "
                f"{listed(_SHARED, 20)}, and options of one stand in a table, as [fit]"
            )


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{CONFIG}: `{key}` must be the name of a file, in quotes; got {value!r}")
    return value


def _pairs(value: Any, key: str, command: str) -> list[str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise ValueError(
            f'{CONFIG}: [{key}] must hold names of columns, as outcome = "needed_complex"; '
            f"got {value!r}"
        )
    texts = command in _READ_TEXTS
    left = [ours for ours in value if (ours in _OF_TEXTS if texts else ours != "text")]
    return [f"{ours}={value[ours]}" for ours in left]


def _of_judges(value: Any, key: str) -> list[str]:
    """Give what is said of all judges, or of each, as it would be typed."""
    each = value.values() if isinstance(value, dict) else [value]
    if not all(isinstance(said, str) for said in each):
        example = '"1..5"' if key == "scale" else '"need"'
        raise ValueError(
            f"{CONFIG}: `{key}` must be {example}, or a table [{key}] with a line for each judge, "
            f"as haiku = {example}; got {value!r}"
        )
    return (
        [f"{name}={said}" for name, said in value.items()] if isinstance(value, dict) else [value]
    )


def _without_conflicts(
    values: Mapping[str, Any], *, given: set[str], names: set[str]
) -> dict[str, Any]:
    """Keep either the posterior or the files that it was made of."""
    if "data" in given:
        values = {key: value for key, value in values.items() if key not in _HELD}
    saved = values.get("posterior")
    if saved is None or "posterior" in given:
        held = _HELD if "posterior" in given and "panel" in names else ()
        return {key: value for key, value in values.items() if key not in held}
    if "panel" not in names:  # of a command that has nothing else to go by
        if not Path(saved).is_file():
            raise ValueError(f"{saved} is not there yet; run `trust-router fit` first")
        return dict(values)
    if given & {*_HELD, *_ANEW} or not Path(saved).is_file():
        return {key: value for key, value in values.items() if key != "posterior"}
    _say_if_older(saved, [str(values[key]) for key in _HELD if key in _PATHS and key in values])
    return {key: value for key, value in values.items() if key not in _HELD}


def _say_if_older(saved: str, files: Sequence[str]) -> None:
    at = Path(saved).stat().st_mtime
    newer = [file for file in files if Path(file).is_file() and Path(file).stat().st_mtime > at]
    if newer:
        say(
            f"warning: {listed(dict.fromkeys(newer))} changed after {saved} was made; "
            "`trust-router fit` learns from what is there now"
        )
