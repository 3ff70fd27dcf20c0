"""The sheets of a batch's workbook besides the results: Summary with its charts, Before-After, Settings.

Everything on them is counted in `batch_results`; here it only gets its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core import __version__
from core.evaluation.distributions import Histogram
from core.jobs import Job
from core.records import PROBABILITY_DECIMALS, Score
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.workbook import ChartSeries, ChartSpec
from core.workflows.batch.records import BatchSettings, OrderBasis
from core.workflows.batch.results import (
    FAR,
    LAST_PLACE_SHOWN,
    LOW_PROBABILITY,
    BatchRun,
    BatchSummary,
    QueryOutcome,
)
from core.workflows.care.preparing import CareSettings
from core.workflows.home.provenance import Rows, file_rows, instruction_words, model_rows

BLUE, GREY = "#2A63B8", "#9AA4B2"
# Ranks and characters shown side by side; the whole is on Results.
RANKS_SHOWN = 10
TEXT_SHOWN = 300

BASES: dict[OrderBasis, str] = {
    "rank": "the file's rank column",
    "score": "the file's score column",
    "distance": "the file's score column, lowest first",
    "rows": "the order of the rows",
}

# Columns of the Summary sheet, from 0: charts name their values by them.
_MEASURE, _VALUE, _PLACE, _PLACE_COUNT, _BIN, _BIN_COUNT, _INITIAL_BIN, _INITIAL_COUNT = range(8)


@dataclass(frozen=True, slots=True)
class Place:
    """One rank of a query: the document that stood there, and the one that stands there now.

    former: the rank of the latter before; score: its score.
    """

    query: QueryOutcome
    rank: int
    before: str
    after: str
    former: int
    score: Score


PLACE_COLUMNS: tuple[ExportColumn[Place], ...] = (
    ExportColumn("query_id", "The query's id", lambda row: row.query.query_id, width=12),
    ExportColumn("query", "The beginning of the query", lambda row: row.query.query[:TEXT_SHOWN], width=36),
    ExportColumn("rank", "The rank this row shows, from 1", lambda row: row.rank, "integer", width=8),
    ExportColumn(
        "document before",
        "The beginning of the document that stood here before reranking",
        lambda row: row.before[:TEXT_SHOWN],
        width=56,
    ),
    ExportColumn(
        "document after",
        "The beginning of the document that stands here now",
        lambda row: row.after[:TEXT_SHOWN],
        width=56,
    ),
    ExportColumn(
        "after: former rank", "Where the latter stood before", lambda row: row.former, "integer", width=12
    ),
    ExportColumn(
        "after: movement",
        "Places it gained (positive) or lost (negative)",
        lambda row: row.former - row.rank,
        "integer",
        "+0;-0;0",
        12,
    ),
    ExportColumn(
        "after: probability",
        "Its probability of «relevant»",
        lambda row: row.score.probability,
        "number",
        "0.0000",
        13,
        bar=True,
        decimals=PROBABILITY_DECIMALS,
    ),
)


def summary_table(summary: BatchSummary) -> SheetTable:
    """Figures on the left, the charts' values beside them."""
    columns = [
        TableColumn("measure", width=46),
        TableColumn("value", "any", width=14),
        TableColumn("former rank of the new first document", width=18),
        TableColumn("queries", "integer", width=10),
        TableColumn("probability", width=14),
        TableColumn("documents", "integer", width=11),
    ]
    if summary.initial_scores is not None:
        columns += [
            TableColumn("initial score", width=16),
            TableColumn("documents before", "integer", width=12),
        ]
    places = [str(place) for place in range(1, LAST_PLACE_SHOWN)] + [f"{LAST_PLACE_SHOWN} or later"]
    blocks: list[list[tuple[object, object]]] = [
        _figures(summary),
        list(zip(places, summary.first_places, strict=True)),
        _bins(summary.probabilities),
    ]
    if summary.initial_scores is not None:
        blocks.append(_bins(summary.initial_scores))
    rows = [
        tuple(cell for block in line for cell in block)
        for line in zip_longest(*blocks, fillvalue=(None, None))
    ]
    return SheetTable.of("Summary", columns, rows)


def summary_charts(summary: BatchSummary) -> tuple[ChartSpec, ...]:
    """Native charts beside the figures."""
    anchor = "J" if summary.initial_scores is not None else "H"
    charts = [
        ChartSpec(
            "column",
            "Where the new first document stood before",
            "Summary",
            _PLACE,
            (ChartSeries("queries", _PLACE_COUNT, 1, len(summary.first_places), BLUE),),
            "Summary",
            f"{anchor}2",
            "former rank",
            "queries",
        ),
        ChartSpec(
            "histogram",
            "Probabilities after reranking",
            "Summary",
            _BIN,
            (ChartSeries("documents", _BIN_COUNT, 1, len(summary.probabilities.counts), BLUE),),
            "Summary",
            f"{anchor}19",
            "probability",
            "documents",
        ),
    ]
    if summary.initial_scores is not None:
        charts.append(
            ChartSpec(
                "histogram",
                "Scores before reranking, on their own scale",
                "Summary",
                _INITIAL_BIN,
                (ChartSeries("documents", _INITIAL_COUNT, 1, len(summary.initial_scores.counts), GREY),),
                "Summary",
                f"{anchor}36",
                "initial score",
                "documents",
            )
        )
    return tuple(charts)


def before_after_table(run: BatchRun) -> SheetTable:
    """Each query's first ten places before and after, side by side."""
    return record_table("Before-After", PLACE_COLUMNS, lambda: _places(run))


def _places(run: BatchRun) -> Iterator[Place]:
    ranks = run.origin.ranks
    for outcome in run.outcomes:
        pairs, documents = run.pairs_of(outcome.position), run.requests[outcome.position].documents
        before = sorted(pairs, key=lambda pair: ranks[pair])[:RANKS_SHOWN]
        after = run.best_first(outcome.position)[:RANKS_SHOWN]
        for rank, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            old_text, new_text = documents[old - pairs.start], documents[new - pairs.start]
            yield Place(outcome, rank, old_text, new_text, ranks[new], run.score(new))


def batch_settings_rows(run: BatchRun, top: int | None) -> Rows:
    """Everything needed to know where the scores come from, and to make them again."""
    job, settings, model = run.job, run.settings, run.job.model
    rows = asked_rows(job, settings)
    rows += [
        ("documents exported per query", str(top) if top is not None else "all"),
        *_care_rows(run),
    ]
    rows += model_rows(model) if model is not None else []
    rows += [
        ("queries", f"{len(run.outcomes)} of {job.queries} complete"),
        ("pairs", f"{job.done} of {job.pairs} scored, {job.from_cache} of them from the cache"),
        ("tokens", str(job.tokens)),
        ("seconds of scoring", f"{job.seconds:.1f}"),
        ("made", job.created.isoformat(timespec="seconds")),
        ("finished", job.finished.isoformat(timespec="seconds") if job.finished else ""),
        ("scored with version", settings.version),
        ("exported with version", __version__),
    ]
    return rows


def asked_rows(job: Job, settings: BatchSettings) -> Rows:
    """Which run this is, of which files, and what it was asked to do."""
    rows: Rows = [("run", job.name), ("run id", job.id)]
    for file in job.inputs:
        rows += [("file", file.name), ("file SHA-256", file.sha256)]
    rows += file_rows(settings.sheet, settings.encoding, settings.columns)
    return [
        *rows,
        ("layout", settings.layout),
        ("order before", BASES[settings.basis]),
        ("instruction", instruction_words(settings.instruction)),
    ]


def _care_rows(run: BatchRun) -> Rows:
    """How documents were cared for, and to how many something was done."""
    known = [care.document for care in run.cares if care is not None]
    if not known:
        return []
    changed = sum(document.cleaned.changed for document in known)
    return [
        *CareSettings.read(run.settings.care).rows(),
        ("documents changed by cleaning", f"{changed} of {len(known)}"),
        ("documents scored in chunks", f"{sum(document.cut for document in known)} of {len(known)}"),
    ]


def _figures(summary: BatchSummary) -> list[tuple[object, object]]:
    return [
        ("queries", summary.queries),
        ("queries completely scored", summary.complete),
        ("documents scored", summary.pairs),
        ("share of queries with another first document", _rounded(summary.first_changed)),
        ("mean former rank of the new first document", _rounded(summary.first_was)),
        ("mean probability of the first document", _rounded(summary.best_probability)),
        (f"queries whose best probability is below {LOW_PROBABILITY}", summary.low),
        ("queries whose first two are nearly tied", summary.ties),
        (f"queries with a document that moved more than {FAR} places", summary.moved_far),
        ("documents read in part", summary.truncated_pairs),
    ]


def _bins(histogram: Histogram) -> list[tuple[object, object]]:
    """Each bin by its lower edge."""
    edges = (histogram.low + histogram.width * place for place in range(len(histogram.counts)))
    return [(f"{edge:.4g}", count) for edge, count in zip(edges, histogram.counts, strict=True)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
