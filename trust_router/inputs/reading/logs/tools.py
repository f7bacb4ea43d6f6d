"""The tools whose exports are read, each a few lines over one mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from trust_router.basics.shown import Shown
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.logs import exports
from trust_router.inputs.reading.logs.answering import Answered
from trust_router.inputs.reading.logs.asking import Asked
from trust_router.inputs.reading.logs.exports import Export
from trust_router.inputs.reading.logs.taking import take
from trust_router.inputs.reading.logs.tool_log import ToolLog
from trust_router.inputs.reading.tables import read_source

__all__ = [
    "Tool",
    "inspect",
    "langfuse",
    "langsmith",
    "mlflow",
    "opentelemetry",
    "phoenix",
    "scores",
]


@dataclass(frozen=True)
class Tool(Shown):
    """A tool whose exports are read by calling it: ``tr.logs.langfuse("scores.parquet", ...)``.

    Parameters
    ----------
    export : Export
        Where the tool keeps what is asked for.
    described : str
        What is read, and the page that describes the format.
    """

    export: Export
    described: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self.described)

    def __repr__(self) -> str:
        return f"<reader of exports of {self.export.title}>"

    def __call__(
        self,
        source: Any,
        judges: Sequence[str] | Panel | None = None,
        *,
        outcome: str | None = None,
        need: Any = None,
        resolved: Any = None,
        category: str | Mapping[str, str] | None = None,
        scale: Any = None,
        high_means: Any = None,
        answered: Answered | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> ToolLog:
        """Read an export: beliefs of its judges, outcomes from its feedback.

        Parameters
        ----------
        source : path, str, data frame, or list of dicts
            What the tool exports: files, databases, queries and frames as
            `trust_router.read_beliefs` takes them.
        judges : Panel or sequence of str, optional
            Which scores are judges: those that have the names of the panel's judges, or are named.
            No other score is taken for one.
        outcome : str, optional
            Name of the score that says what became of a ticket, given by people or by a program.
            What a language model gave under that name is left out.
        need, resolved : value or sequence of values, optional
            Which of its values mean that the complex model was needed, and which that the simple
            model resolved the ticket; of 0 and 1 one is enough. One of them must be stated.
        category : str or mapping of str to str, optional
            Name of the score whose label is the category, or the category of each ticket. By
            default all tickets are of one.
        scale, high_means : optional
            Of scores that are no probabilities of need, as in `trust_router.scores_to_beliefs`:
            ``(1, 5)`` and ``"resolved"``, of all judges or by judge; or the probability of need
            that each value means, as ``{"verdict": {"pass": 0.1, "fail": 0.9}}``.
        answered : Answered, optional
            Which models are the simple and the complex one, and which calls say who answered.
        columns : mapping of str to str, optional
            Where things stand that the tool keeps elsewhere: of ``ticket``, ``name``, ``value``,
            ``label``, ``kind``, ``source``, ``time`` and ``model``; and what the export calls a
            score that has another name in the panel, as ``{"gpt-4.1": "needs-complex (4.1)"}``.

        Returns
        -------
        ToolLog
            With ``beliefs`` and ``outcomes``; printed, it says what was taken and what was not.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        TypeError
            If ``source`` is none of these.
        ValueError
            If the export cannot be read or lacks a column, a score that is named is not there, or
            nobody said what values mean.

        Notes
        -----
        Of several scores of one judge on a ticket the latest counts, and so it is with feedback;
        feedback that differs at one time, or without times, leaves the ticket without an outcome.
        Rows are counted from 1; of lists inside a row each entry counts as one.
        """
        values, scales = (need, resolved), (scale, high_means)
        asked = Asked.of(judges, outcome, values, category, scales, answered, columns)
        build = partial(take, self.export, asked)
        spec = self.export
        places = (spec.ticket, spec.name, spec.time, tuple(asked.columns.values()))
        return read_source(source, "scores", build, [name for names in places for name in names])


langfuse: Final = Tool(
    exports.LANGFUSE,
    """Read scores of Langfuse, files of the folder ``scores/`` of a blob storage export.

    Scores of source ``ANNOTATION`` are people's, ``EVAL`` those of an LLM; ``API`` may be either
    and is taken by its name. The number of a ``CATEGORICAL`` score is no measure: its label counts.

    References
    ----------
    Langfuse, "Blob storage export field reference",
    https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields

    Examples
    --------
    >>> import pandas as pd
    >>> import trust_router as tr
    >>> rows = [
    ...     ("t1", "hard", 0.2, "NUMERIC", "EVAL", "2026-03-02 09:00:00"),
    ...     ("t2", "hard", 0.8, "NUMERIC", "EVAL", "2026-03-02 09:10:00"),
    ...     ("t1", "resolved", 1.0, "BOOLEAN", "ANNOTATION", "2026-03-03 10:00:00"),
    ...     ("t2", "tone", 4.0, "NUMERIC", "EVAL", "2026-03-02 09:10:00"),
    ... ]
    >>> names = ["trace_id", "name", "value", "data_type", "source", "timestamp"]
    >>> scores = pd.DataFrame(rows, columns=names)
    >>> tr.logs.langfuse(scores, ["hard"], outcome="resolved", resolved=1)
    Langfuse: 4 scores, 2 tickets, 2026-03-02 to 2026-03-03
    taken:
      judge 'hard': 2 tickets, 0 to 1, read as the probability of need
      outcome 'resolved': 1 ticket, of which 0 needed the complex model
      who answered is not stated, so each outcome counts as one of the simple model
    left out:
      1 score 'tone' by EVAL, all 4: named as no judge, nor outcome
    """,
)

mlflow: Final = Tool(
    exports.MLFLOW,
    """Read assessments of MLflow, of traces with their lists ``assessments``, or assessments alone.

    Feedback and expectations of source ``HUMAN`` are people's, ``LLM_JUDGE`` (once ``AI_JUDGE``)
    those of an LLM, ``CODE`` those of a program. An assessment that another one overrides
    (``valid`` is false) is left out.

    References
    ----------
    MLflow, "mlflow.entities", class ``Assessment``,
    https://mlflow.org/docs/latest/api_reference/python_api/mlflow.entities.html

    Examples
    --------
    >>> import trust_router as tr
    >>> said = {"feedback": {"value": 0.2}, "source": {"source_type": "LLM_JUDGE"}}
    >>> rows = [{"trace_id": "t1", "assessment_name": "hard", **said}]
    >>> tr.logs.mlflow(rows, ["hard"]).beliefs
    Beliefs(1 ticket, 1 judge, 0 beliefs missing)
    """,
)

phoenix: Final = Tool(
    exports.PHOENIX,
    """Read annotations of Phoenix by span, the frame of ``get_span_annotations_dataframe``.

    Annotations of kind ``HUMAN`` are people's, ``LLM`` those of a model, ``CODE`` those of a
    program. An annotation without a score counts by its label.

    References
    ----------
    Arize Phoenix, "Exporting Annotated Spans", https://arize.com/docs/phoenix/tracing/how-to-tracing/importing-and-exporting-traces/exporting-annotated-spans,
    and "Capture feedback", https://arize.com/docs/phoenix/tracing/how-to-tracing/feedback-and-annotations/capture-feedback

    Examples
    --------
    >>> import trust_router as tr
    >>> rows = [{"span_id": "s1", "name": "hard", "annotator_kind": "LLM", "score": 0.2}]
    >>> tr.logs.phoenix(rows, ["hard"]).beliefs
    Beliefs(1 ticket, 1 judge, 0 beliefs missing)
    """,
)

langsmith: Final = Tool(
    exports.LANGSMITH,
    """Read feedback of LangSmith by run, what ``Client.list_feedback`` gives, as dicts or a file.

    Feedback of type ``app`` is people's, ``model`` and ``auto_eval`` that of a model; ``api`` may
    be either and is taken by its name.

    References
    ----------
    LangSmith, "Feedback data format", https://docs.langchain.com/langsmith/feedback-data-format

    Examples
    --------
    >>> import trust_router as tr
    >>> rows = [{"run_id": "r1", "key": "hard", "score": 0.2}]
    >>> tr.logs.langsmith(rows, ["hard"]).beliefs
    Beliefs(1 ticket, 1 judge, 0 beliefs missing)
    """,
)

opentelemetry: Final = Tool(
    exports.OPENTELEMETRY,
    """Read events ``gen_ai.evaluation.result`` of OpenTelemetry, one a row or files of OTLP JSON.

    A ticket is a response (``gen_ai.response.id``), or a trace where no event names a response.
    The conventions do not say who evaluated, so scores are taken by their names.

    References
    ----------
    OpenTelemetry, "Semantic conventions for generative AI events",
    https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-events.md

    Examples
    --------
    >>> import trust_router as tr
    >>> event = {"gen_ai.evaluation.name": "hard", "gen_ai.evaluation.score.value": 0.2}
    >>> tr.logs.opentelemetry([{"gen_ai.response.id": "a", **event}], ["hard"]).beliefs
    Beliefs(1 ticket, 1 judge, 0 beliefs missing)
    """,
)

inspect: Final = Tool(
    exports.INSPECT,
    """Read samples of Inspect, the frame of ``samples_df``, with a column ``score_...`` a scorer.

    With ``columns=EvalModel + SampleSummary`` it has the column ``model``, and `Answered` needs no
    calls: scores of the simple model's samples are outcomes, those of the complex one's are not.

    References
    ----------
    Inspect, "Log Dataframes", https://inspect.aisi.org.uk/dataframe.html

    Examples
    --------
    >>> import trust_router as tr
    >>> rows = [{"id": "q1", "score_match": "C"}, {"id": "q2", "score_match": "I"}]
    >>> tr.logs.inspect(rows, outcome="match", resolved="C", need="I").outcomes
    Outcomes(1 category, 2 trials, 1 needs, 0 missing)
    """,
)

scores: Final = Tool(
    exports.SCORES,
    """Read scores of any tool, one a row (``ticket``, ``name``, ``value``), or a column for each.

    ``columns`` says what stands where, also inside of objects: ``{"ticket": "id", "factual":
    "scores.Factuality"}``. Optional are ``label``, ``source`` (``human``, ``llm``, ``code``),
    ``time`` and ``model``.

    Examples
    --------
    >>> import trust_router as tr
    >>> rows = [{"id": "t1", "scores": {"Difficulty": 0.2}}]
    >>> columns = {"ticket": "id", "hard": "scores.Difficulty"}
    >>> tr.logs.scores(rows, ["hard"], columns=columns).beliefs
    Beliefs(1 ticket, 1 judge, 0 beliefs missing)
    """,
)
