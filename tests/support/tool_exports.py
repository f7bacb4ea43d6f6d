"""Made-up exports of tools: the same five tickets, two judges and feedback of people, in each."""

from __future__ import annotations

import pandas as pd

# Ticket, how hard a judge thinks it is, how helpful another finds the answer, what became of it.
TICKETS = [
    ("t1", 0.2, 5, 1),
    ("t2", 0.9, 1, 0),
    ("t3", 0.4, 4, 1),
    ("t4", 0.7, 2, 0),
    ("t5", 0.3, 4, None),  # nobody has said anything yet
]
JUDGES = ["hard", "helpful"]
SCALES = {"scale": {"helpful": (1, 5)}, "high_means": {"helpful": "resolved"}}
NEED = [0, 1, 0, 1, -1]
MEANS = [[0.2, 0.01], [0.9, 0.99], [0.4, 0.25], [0.7, 0.75], [0.3, 0.25]]
OUTCOME = {"outcome": "thumbs", "resolved": 1}


def stamp(day: int, minute: int) -> str:
    return f"2026-03-{day:02d}T09:{minute:02d}:00+00:00"


def langfuse_row(trace, name, value, source="EVAL", data_type="NUMERIC", label=None, day=2, at=0):
    time = stamp(day, at)[:19].replace("T", " ") + ".000000"
    return {
        "id": f"{trace}-{name}-{day}-{at}",
        "timestamp": time,
        "trace_id": trace,
        "observation_id": None,
        "name": name,
        "value": value,
        "source": source,
        "data_type": data_type,
        "string_value": label,
    }


def langfuse() -> pd.DataFrame:
    rows = []
    for at, (trace, hard, helpful, thumbs) in enumerate(TICKETS):
        rows.append(langfuse_row(trace, "hard", hard, at=at))
        rows.append(langfuse_row(trace, "helpful", float(helpful), "API", at=at))
        if thumbs is not None:
            label = str(bool(thumbs))
            rows.append(
                langfuse_row(trace, "thumbs", float(thumbs), "ANNOTATION", "BOOLEAN", label, 3, at)
            )
    return pd.DataFrame(rows)


def mlflow() -> pd.DataFrame:
    """Traces with lists of assessments, as `mlflow.search_traces` gives them."""

    def assessment(name, value, kind, at, **more):
        source = {"source_type": kind, "source_id": "someone"}
        held = {"assessment_name": name, "source": source, "create_time": stamp(2, at)}
        return held | {"feedback": {"value": value}, "valid": True} | more

    rows = []
    for at, (trace, hard, helpful, thumbs) in enumerate(TICKETS):
        entries = [
            assessment("hard", hard, "LLM_JUDGE", at),
            assessment("helpful", helpful, "CODE", at),
            assessment("hard", 0.5, "LLM_JUDGE", at, valid=False),
            assessment("hard", None, "LLM_JUDGE", at, error={"error_code": "TIMEOUT"}),
        ]
        if thumbs is not None:
            entries.append(assessment("thumbs", bool(thumbs), "HUMAN", at + 10))
        rows.append({"trace_id": trace, "state": "OK", "assessments": entries})
    return pd.DataFrame(rows)


def phoenix() -> pd.DataFrame:
    """Annotations with the span as index, as `get_span_annotations_dataframe` gives them."""
    rows = []

    def add(span, name, kind, score, at, label=None):
        rows.append(
            {
                "span_id": span,
                "annotation_name": name,
                "annotator_kind": kind,
                "result.score": score,
                "result.label": label,
                "created_at": stamp(2, at),
                "updated_at": stamp(2, at),
                "source": "API",
            }
        )

    for at, (span, hard, helpful, thumbs) in enumerate(TICKETS):
        add(span, "hard", "LLM", hard, at)
        add(span, "helpful", "LLM", helpful, at)
        if thumbs is not None:
            add(span, "thumbs", "HUMAN", thumbs, at + 10, "up" if thumbs else "down")
    return pd.DataFrame(rows).set_index("span_id")


def langsmith() -> list[dict]:
    """Feedback as dicts, as `Client.list_feedback` gives it."""
    rows = []
    for at, (run, hard, helpful, thumbs) in enumerate(TICKETS):
        for key, score, kind in (
            ("hard", hard, "auto_eval"),
            ("helpful", helpful, "model"),
            ("thumbs", thumbs, "app"),
        ):
            rows.append(
                {
                    "run_id": run,
                    "key": key,
                    "score": score,
                    "value": None,
                    "created_at": stamp(2, at),
                    "modified_at": stamp(2, at),
                    "feedback_source": {"type": kind, "metadata": {}},
                }
            )
    return rows


def otlp() -> list[dict]:
    """Log records with attributes, as the file exporter of OpenTelemetry writes them."""

    def record(trace, name, value, at):
        attributes = [
            {"key": "gen_ai.evaluation.name", "value": {"stringValue": name}},
            {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": value}},
            {"key": "gen_ai.response.id", "value": {"stringValue": trace}},
        ]
        return {
            "timeUnixNano": str((1_772_442_000 + 60 * at) * 10**9),
            "eventName": "gen_ai.evaluation.result",
            "traceId": "0af7651916cd43dd8448eb211c80319c",
            "attributes": attributes,
        }

    lines = []
    for at, (trace, hard, helpful, thumbs) in enumerate(TICKETS):
        records = [record(trace, "hard", hard, at), record(trace, "helpful", helpful, at)]
        if thumbs is not None:
            records.append(record(trace, "thumbs", thumbs, at + 10))
        lines.append({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]})
    return lines


def inspect() -> pd.DataFrame:
    """Samples of two evaluations, of the simple model and of the complex one."""
    rows = []
    for model in ("openai/gpt-4o-mini", "openai/gpt-4.1"):
        for sample, hard, helpful, thumbs in TICKETS:
            grade = None if thumbs is None else "C" if thumbs or "4.1" in model else "I"
            rows.append(
                {
                    "sample_id": f"{model}-{sample}",
                    "id": sample,
                    "epoch": 1,
                    "model": model,
                    "input": "Hello",
                    "score_hard": hard,
                    "score_helpful": helpful,
                    "score_thumbs": grade,
                }
            )
    return pd.DataFrame(rows)


def litellm() -> pd.DataFrame:
    """Spend logs: t4 went to the complex model alone, t2 to both, and a judge was called for t1."""
    calls = [
        ("t1", "gpt-4o-mini", 0.0004),
        ("t1", "judge-model", 0.002),
        ("t2", "gpt-4o-mini", 0.0006),
        ("t2", "gpt-4.1", 0.02),
        ("t3", "gpt-4o-mini", 0.0002),
        ("t4", "gpt-4.1", 0.04),
    ]
    return pd.DataFrame(
        [
            {
                "request_id": f"chatcmpl-{i}",
                "call_type": "acompletion",
                "session_id": ticket,
                "model": model,
                "model_group": "",
                "spend": spend,
                "startTime": f"2026-03-01T08:0{i}:00Z",
            }
            for i, (ticket, model, spend) in enumerate(calls)
        ]
    )
