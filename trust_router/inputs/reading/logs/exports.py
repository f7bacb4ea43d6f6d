"""Where each tool keeps what is asked for: a few lines a tool, over one mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from trust_router.inputs.reading.logs.fields import first_field
from trust_router.inputs.texts import Table

__all__ = [
    "EXPORTS",
    "INSPECT",
    "LANGFUSE",
    "LANGSMITH",
    "MLFLOW",
    "OPENTELEMETRY",
    "PHOENIX",
    "SCORES",
    "Export",
    "Source",
    "seems",
]

Source = Literal["human", "llm", "code", ""]  # "" where the tool does not tell


@dataclass(frozen=True)
class Export:
    """Names under which an export holds things; of several the first that is there and not blank.

    A name may lead into an object, as ``source.source_type``, and that of a time may say its unit,
    as ``create_time_ms:ms``.

    Parameters
    ----------
    title : str
        What the tool is called.
    ticket, name, value, label, kind, source, time, model, void : tuple of str
        The ticket (a trace, span, run or sample), the name of the score, its value and its label,
        the type of both, who gave it, when, which model it is about, and whether it still counts.
    sources : mapping of str to str
        What words for who gave a score mean; all others are not told.
    lists : str
        Lists of which each entry is a score.
    wide : str
        Start of the names of columns of which each is a score.
    """

    title: str
    ticket: tuple[str, ...]
    name: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    lists: str = ""
    wide: str = ""


LANGFUSE = Export(
    title="Langfuse",
    ticket=("trace_id", "traceId"),
    name=("name",),
    value=("value",),
    label=("string_value", "stringValue"),
    kind=("data_type", "dataType"),
    source=("source",),
    time=("timestamp",),
    sources=MappingProxyType({"annotation": "human", "eval": "llm"}),
)
MLFLOW = Export(
    title="MLflow",
    ticket=("trace_id",),
    name=("assessment_name", "name"),
    value=("feedback.value", "expectation.value"),
    source=("source.source_type", "source_type"),
    time=("create_time", "create_time_ms:ms"),
    void=("valid",),
    sources=MappingProxyType(
        {"human": "human", "llm_judge": "llm", "ai_judge": "llm", "code": "code"}
    ),
    lists="assessments",
)
PHOENIX = Export(
    title="Phoenix",
    ticket=("span_id", "trace_id"),
    name=("annotation_name", "name"),
    value=("result.score", "score"),
    label=("result.label", "label"),
    source=("annotator_kind",),
    time=("updated_at", "created_at"),
    sources=MappingProxyType({"human": "human", "llm": "llm", "code": "code"}),
)
LANGSMITH = Export(
    title="LangSmith",
    ticket=("run_id", "trace_id"),
    name=("key",),
    value=("score", "value"),
    label=("value",),
    source=("feedback_source.type", "feedback_source_type"),
    time=("modified_at", "created_at"),
    sources=MappingProxyType({"app": "human", "model": "llm", "auto_eval": "llm"}),
)
_ATTRIBUTE = "attributes.gen_ai.evaluation."
OPENTELEMETRY = Export(
    title="OpenTelemetry",
    ticket=(
        "gen_ai.response.id",
        "attributes.gen_ai.response.id",
        "trace_id",
        "traceId",
        "trace_id_hex",
    ),
    name=("gen_ai.evaluation.name", f"{_ATTRIBUTE}name"),
    value=("gen_ai.evaluation.score.value", f"{_ATTRIBUTE}score.value"),
    label=("gen_ai.evaluation.score.label", f"{_ATTRIBUTE}score.label"),
    time=("timestamp", "timeUnixNano:ns", "time_unix_nano:ns", "observedTimeUnixNano:ns"),
    model=("gen_ai.request.model", "attributes.gen_ai.request.model"),
    lists="resourceLogs.scopeLogs.logRecords",
)
INSPECT = Export(
    title="Inspect", ticket=("id",), time=("created",), model=("model",), wide="score_"
)
SCORES = Export(
    title="scores",
    ticket=("ticket",),
    name=("name",),
    value=("value",),
    label=("label",),
    source=("source",),
    time=("time",),
    model=("model",),
    sources=MappingProxyType({"human": "human", "llm": "llm", "code": "code"}),
)

# By the function of `tr.logs` that reads them.
EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        "langfuse": LANGFUSE,
        "mlflow": MLFLOW,
        "phoenix": PHOENIX,
        "langsmith": LANGSMITH,
        "opentelemetry": OPENTELEMETRY,
    }
)
_CALLS = {
    "LiteLLM's spend logs, which hold models and costs and no score": ("spend", "call_type"),
    "Langfuse's observations, which hold models and costs and no score": (
        "provided_model_name",
        "trace_id",
    ),
}


def seems(table: Table) -> str:
    """Say what a table seems to be that was read as something else; "" if nobody can tell."""
    for what, names in _CALLS.items():
        if all(name in table for name in names):
            return f"these seem to be {what}"
    for function, export in EXPORTS.items():
        wanted = (export.ticket, export.name, export.value)
        if (export.lists and export.lists.split(".")[0] in table) or all(
            first_field(table, paths) for paths in wanted
        ):
            return f"these seem to be scores of {export.title}, which `tr.logs.{function}` reads"
    if any(name.startswith(INSPECT.wide) for name in table):
        return "these seem to be samples of Inspect, which `tr.logs.inspect` reads"
    return ""
