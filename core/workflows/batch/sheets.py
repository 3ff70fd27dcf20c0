"""The sheets of a batch's workbook besides the results: the first page, Before-After, Settings.

Everything on them is counted in `results`; here it only gets its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from core import __version__
from core.evaluation.distributions import Histogram
from core.jobs import Job
from core.records import PROBABILITY_DECIMALS, Score
from core.sentences import Sentence, sentence
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.charts import ChartSeries, ChartSpec, Words
from core.sheets.writing.cover import Cover, CoverTable
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
from core.workflows.home.provenance import (
    ALL,
    BY_DISTANCE,
    BY_RANK,
    BY_ROWS,
    BY_SCORE,
    Rows,
    file_rows,
    instruction_words,
    model_rows,
)
from core.workflows.home.score_columns import for_people
from core.workflows.recipes.use import RecipeInUse

BLUE, GREY = "#2A63B8", "#9AA4B2"
# Ranks and characters shown side by side; the whole is on Results.
RANKS_SHOWN = 10
TEXT_SHOWN = 300

BASES: dict[OrderBasis, str] = {
    "rank": BY_RANK,
    "score": BY_SCORE,
    "distance": BY_DISTANCE,
    "rows": BY_ROWS,
}

CHANGED = "In {changed} of {queries} queries another document is first now."
NOTHING_SCORED = "No query is completely scored yet."
UNFINISHED = "Go on with the run: {missing} queries are not completely scored yet."
READ_FIRST = "Read some queries on the sheet «{sheet}», those whose first document changed before all."
LOW = (
    "{count} queries have no document above a probability of {limit}: see whether an answer is among their "
    "documents."
)
LOW_SIMILAR = (
    "{count} queries have a best score as low as in 5 % of this model's lists: see whether an answer is "
    "among their documents."
)
OR_LATER = "{place} or later"
PARTLY_READ = "{count} documents were read only in part; cut them into chunks (document care) and run again."
TO_BE_SURE = "Whether the new order is better, labels tell: judge some queries on the page Evaluate."

# Columns of the sheet that feeds the charts, from 0.
_PLACE, _PLACE_COUNT, _BIN, _BIN_COUNT, _INITIAL_BIN, _INITIAL_COUNT = range(6)
CHART_DATA = "Chart data"


@dataclass(frozen=True, slots=True)
class Place:
    """One rank of a query: the document that stood there, and the one that stands there now.

    former: the rank of the latter before; score: its score, None where nothing was scored.
    """

    query: QueryOutcome
    rank: int
    before: str
    after: str
    former: int
    score: Score | None


PLACE_COLUMNS: tuple[ExportColumn[Place], ...] = (
    ExportColumn("query_id", "The query's id", lambda row: row.query.query_id, width=12),
    ExportColumn("query", "The beginning of the query", lambda row: row.query.query[:TEXT_SHOWN], width=30),
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
        "Its probability of «relevant»; of the embedded model a similarity",
        lambda row: row.score.probability if row.score else None,
        "number",
        "0.0000",
        13,
        bar=True,
        decimals=PROBABILITY_DECIMALS,
    ),
)


def summary_page(summary: BatchSummary, job: Job) -> Cover:
    """The first page: what became of the orders, in a sentence, in figures and in charts."""
    model = job.model
    facts: list[tuple[Words, Words]] = [
        (Sentence("File"), ", ".join(file.name for file in job.inputs) or job.name),
        (Sentence("Date"), (job.finished or job.created).astimezone().date().isoformat()),
    ]
    facts += [(Sentence("Model"), model.label)] if model is not None else []
    headline = sentence(NOTHING_SCORED)
    if summary.first_changed is not None:
        changed = round(summary.first_changed * summary.complete)
        headline = sentence(CHANGED, changed=changed, queries=summary.complete)
    columns = (
        TableColumn("what", title=Sentence("measure")),
        TableColumn("value", "number", title=Sentence("value")),
    )
    return Cover(
        name="Summary",
        title=Sentence("What reranking changed"),
        facts=tuple(facts),
        headline=headline,
        tables=(CoverTable(columns, tuple(_figures(summary))),),
        charts=_charts(summary),
        next_steps=tuple(_next_steps(summary, in_part=model is not None and model.two_looks > 0)),
        next_title=Sentence("What to do next"),
    )


def _next_steps(summary: BatchSummary, in_part: bool) -> Iterator[Sentence]:
    """in_part: two looks left documents on purpose, which chunks would not mend."""
    if summary.complete < summary.queries:
        yield sentence(UNFINISHED, missing=summary.queries - summary.complete)
    yield sentence(READ_FIRST, sheet=Sentence("Before-After"))
    if summary.low:
        known = sentence(LOW, count=summary.low, limit=LOW_PROBABILITY)
        yield known if summary.gives_probabilities else sentence(LOW_SIMILAR, count=summary.low)
    if summary.truncated_pairs and not in_part:
        yield sentence(PARTLY_READ, count=summary.truncated_pairs)
    yield sentence(TO_BE_SURE)


def chart_data(summary: BatchSummary) -> SheetTable:
    """The values of the charts, side by side; out of sight."""
    columns = [
        TableColumn("former rank of the new first document", width=18),
        TableColumn("queries", "integer", width=10),
        TableColumn("probability" if summary.gives_probabilities else "similarity", width=14),
        TableColumn("documents", "integer", width=11),
        TableColumn("initial score", width=16),
        TableColumn("documents before", "integer", width=12),
    ]
    places: list[tuple[object, object]] = [
        (str(place), count) for place, count in enumerate(summary.first_places[:-1], start=1)
    ]
    last = sentence(OR_LATER, place=LAST_PLACE_SHOWN)
    places.append((last, summary.first_places[-1]))
    initial = _bins(summary.initial_scores) if summary.initial_scores is not None else []
    blocks = (places, _bins(summary.probabilities), initial)
    rows = [
        tuple(cell for block in line for cell in block)
        for line in zip_longest(*blocks, fillvalue=(None, None))
    ]
    return replace(SheetTable.of(CHART_DATA, columns, rows), hidden=True)


def _charts(summary: BatchSummary) -> tuple[ChartSpec, ...]:
    queries, documents = Sentence("queries"), Sentence("documents")
    probable = summary.gives_probabilities
    charts = [
        ChartSpec(
            "column",
            Sentence("Where the new first document stood before"),
            CHART_DATA,
            _PLACE,
            (ChartSeries(queries, _PLACE_COUNT, 1, len(summary.first_places), BLUE),),
            x_title=Sentence("former rank"),
            y_title=queries,
        ),
        ChartSpec(
            "histogram",
            Sentence("Probabilities after reranking" if probable else "Similarities after reranking"),
            CHART_DATA,
            _BIN,
            (ChartSeries(documents, _BIN_COUNT, 1, len(summary.probabilities.counts), BLUE),),
            x_title=Sentence("probability" if probable else "similarity"),
            y_title=documents,
        ),
    ]
    if summary.initial_scores is not None:
        bars = ChartSeries(documents, _INITIAL_COUNT, 1, len(summary.initial_scores.counts), GREY)
        charts.append(
            ChartSpec(
                "histogram",
                Sentence("Scores before reranking, on their own scale"),
                CHART_DATA,
                _INITIAL_BIN,
                (bars,),
                x_title=Sentence("initial score"),
                y_title=documents,
            )
        )
    return tuple(charts)


def before_after_table(run: BatchRun) -> SheetTable:
    """Each query's first ten places before and after, side by side."""
    return record_table("Before-After", for_people(PLACE_COLUMNS, run.job.model), lambda: _places(run))


def _places(run: BatchRun) -> Iterator[Place]:
    ranks = run.origin.ranks
    for outcome in run.outcomes:
        pairs, documents = run.pairs_of(outcome.position), run.requests[outcome.position].documents
        before = sorted(pairs, key=lambda pair: ranks[pair])[:RANKS_SHOWN]
        after = run.best_first(outcome.position)[:RANKS_SHOWN]
        for rank, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            old_text, new_text = documents[old - pairs.start], documents[new - pairs.start]
            yield Place(outcome, rank, old_text, new_text, ranks[new], run.scores[new])


def batch_settings_rows(run: BatchRun, top: int | None) -> Rows:
    """Everything needed to know where the scores come from, and to make them again."""
    job, settings, model = run.job, run.settings, run.job.model
    rows = asked_rows(job, settings)
    rows += [
        ("documents exported per query", str(top) if top is not None else ALL),
        *_two_looks_rows(run),
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
    used = RecipeInUse.read(settings.recipe)
    return [
        *rows,
        ("layout", settings.layout),
        ("order before", BASES[settings.basis]),
        *([("recipe", used.title)] if used else []),
        ("instruction", instruction_words(settings.instruction)),
    ]


def _two_looks_rows(run: BatchRun) -> Rows:
    """How many places two looks were to find, and what the queries read whole to check said."""
    if run.tops is None:
        return []
    low, high = run.tops.interval
    changed = f"{run.tops.changed} (95 %: {low:.1%} to {high:.1%})" if run.tops.checked else "0"
    return [
        ("two looks, places at the top", str(run.tops.top)),
        ("two looks, queries read whole to check", str(run.tops.checked)),
        ("two looks, of these with another top", changed),
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
    """Shares are written as text with their sign: the column beside them holds counts."""
    best = Sentence("mean probability of the first document")
    low = sentence("queries whose best probability is below {limit}", limit=LOW_PROBABILITY)
    if not summary.gives_probabilities:
        best = Sentence("mean similarity of the first document")
        low = Sentence("queries whose best score is as low as in 5 % of this model's lists")
    far = sentence("queries with a document that moved more than {places} places", places=FAR)
    return [
        (Sentence("queries"), summary.queries),
        (Sentence("queries completely scored"), summary.complete),
        (Sentence("documents scored"), summary.pairs - summary.left_pairs),
        (Sentence("share of queries with another first document"), _percent(summary.first_changed)),
        (Sentence("mean former rank of the new first document"), _rounded(summary.first_was)),
        (best, _rounded(summary.best_probability)),
        (low, summary.low),
        (Sentence("queries whose first two are nearly tied"), summary.ties),
        (far, summary.moved_far),
        (Sentence("documents read in part"), summary.truncated_pairs),
        *(
            [(Sentence("queries that the gate left to the first stage"), summary.left)]
            if summary.left
            else []
        ),
        *([(Sentence("share of pairs saved"), _percent(summary.saved))] if summary.left else []),
    ]


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"


def _bins(histogram: Histogram) -> list[tuple[object, object]]:
    """Each bin by its lower edge."""
    edges = (histogram.low + histogram.width * place for place in range(len(histogram.counts)))
    return [(f"{edge:.4g}", count) for edge, count in zip(edges, histogram.counts, strict=True)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
