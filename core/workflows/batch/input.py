"""From an imported spreadsheet to a job: requests to score, and where each of their pairs came from.

Reading the file is for `core.sheets`, scoring for `core.jobs`. Rows that cannot be scored are reported with
the others that the import left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core import __version__
from core.jobs import InputFile, NewJob
from core.records import ScoringRequest
from core.sentences import sentence
from core.sheets.records import RowProblem
from core.text.chunking import CountTokens
from core.workflows.batch.care import CARE, BatchCare, pack_care
from core.workflows.batch.records import (
    KIND,
    ORIGIN,
    PROBLEMS,
    ROWS,
    BatchSettings,
    OrderBasis,
    Origin,
    OriginalRows,
    pack_origin,
    pack_problems,
    pack_rows,
)
from core.workflows.care.preparing import CareSettings

if TYPE_CHECKING:
    import pandas as pd

    from core.sheets.meaning.importing import ImportedTable

QUERY_TOO_LONG = "The query and the instruction alone are longer than the model reads; the row was left out."


@dataclass(frozen=True, slots=True)
class BatchInput:
    """A spreadsheet as a batch: one request per query, in file order.

    file_rows: per pair, its row in the file. columns: role → the columns used for it. care: what is scored
    instead of the documents, if anything was done to them.
    """

    requests: tuple[ScoringRequest, ...]
    origin: Origin
    rows: OriginalRows
    file_rows: tuple[int, ...]
    problems: tuple[RowProblem, ...]
    columns: dict[str, tuple[str, ...]]
    layout: str
    sheet: str
    encoding: str
    basis: OrderBasis
    care: BatchCare | None = None

    @property
    def scored_requests(self) -> tuple[ScoringRequest, ...]:
        """What a job of it scores."""
        return self.requests if self.care is None else self.care.scored_requests

    @property
    def pairs(self) -> int:
        """How many query–document pairs there are."""
        return len(self.origin.rows)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The columns of `ImportedTable.pairs` as lists, and each query's pairs in file order."""

    query: list[str]
    document: list[str]
    instruction: list[str | None]
    query_id: list[str]
    group: list[str | None]
    rank: list[float | None]
    score: list[float | None]
    label: list[float | None]
    queries: list[list[int]]


def batch_input(
    table: "ImportedTable", instruction: str | None = None, *, uses_instruction: bool = True
) -> BatchInput:
    """The requests of a table, each row's own instruction before `instruction`.

    A query id that stands for two texts, or has two instructions, makes two queries. Where the model
    `uses_instruction` not at all, none is kept, so that equal pairs stay equal.
    """
    wordings = table.pairs["instruction"].tolist()
    wordings = [own or instruction for own in wordings] if uses_instruction else [None] * len(wordings)
    pairs = _pairs(table.pairs, wordings)
    order = [pair for query in pairs.queries for pair in query]
    basis: OrderBasis = (
        "rank" if table.roles.get("initial_rank") else "score" if table.roles.get("initial_score") else "rows"
    )
    has_pool = table.pool_originals is not None
    origins, pool_origins = table.pairs["origin"].tolist(), table.pairs["pool_origin"].tolist()
    file_rows = table.pairs["row"].tolist()
    origin = Origin(
        query_ids=tuple(pairs.query_id[query[0]] for query in pairs.queries),
        groups=tuple(pairs.group[query[0]] or "" for query in pairs.queries),
        rows=tuple(origins[pair] for pair in order),
        ranks=tuple(rank for query in pairs.queries for rank in ranks_before(pairs, query, basis)),
        scores=_optional(pairs.score, order),
        labels=_optional(pairs.label, order),
        pool_rows=tuple(pool_origins[pair] for pair in order) if has_pool else (),
    )
    return BatchInput(
        requests=tuple(_request(pairs, query) for query in pairs.queries),
        origin=origin,
        rows=_original_rows(table),
        file_rows=tuple(file_rows[pair] for pair in order),
        problems=table.problems,
        columns={str(role): tuple(names) for role, names in table.roles.items()},
        layout=table.layout,
        sheet=table.report.chosen.name,
        encoding=table.report.encoding,
        basis=basis,
    )


def without_queries(batch: BatchInput, positions: Collection[int]) -> BatchInput:
    """The batch without some of its queries, whose rows become problems: their query is too long."""
    if not positions:
        return batch
    left_out = set(positions)
    kept_pairs: list[int] = []
    problems = list(batch.problems)
    pair = 0
    for position, request in enumerate(batch.requests):
        own = range(pair, pair + len(request.documents))
        pair = own.stop
        if position not in left_out:
            kept_pairs += own
            continue
        problems += [
            RowProblem(
                "query_too_long",
                sentence(QUERY_TOO_LONG),
                sheet=batch.sheet,
                row=batch.file_rows[one],
                skipped=True,
            )
            for one in own
        ]
    old = batch.origin

    def of_queries(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for at, value in enumerate(values) if at not in left_out)

    origin = Origin(
        query_ids=of_queries(old.query_ids),
        groups=of_queries(old.groups),
        rows=tuple(old.rows[one] for one in kept_pairs),
        ranks=tuple(old.ranks[one] for one in kept_pairs),
        scores=tuple(old.scores[one] for one in kept_pairs) if old.scores else (),
        labels=tuple(old.labels[one] for one in kept_pairs) if old.labels else (),
        pool_rows=tuple(old.pool_rows[one] for one in kept_pairs) if old.pool_rows else (),
    )
    return replace(
        batch,
        requests=tuple(r for at, r in enumerate(batch.requests) if at not in left_out),
        origin=origin,
        file_rows=tuple(batch.file_rows[one] for one in kept_pairs),
        problems=tuple(problems),
    )


def with_care(batch: BatchInput, settings: CareSettings, count: CountTokens) -> BatchInput:
    """The batch, complete, with its documents cleaned and cut as asked; unchanged when nothing is on."""
    if not settings.active:
        return batch
    return replace(batch, care=BatchCare.of(batch.requests, settings, count))


def batch_settings(
    batch: BatchInput, model: str, *, instruction: str | None = None, top: int | None = None
) -> BatchSettings:
    """What a run of this batch was asked to do."""
    typed = batch.requests[0].query if batch.rows.adds_query and batch.requests else None
    return BatchSettings(
        model=model,
        instruction=instruction,
        top=top,
        columns=batch.columns,
        layout=batch.layout,
        sheet=batch.sheet,
        encoding=batch.encoding,
        basis=batch.basis,
        version=__version__,
        care={} if batch.care is None else batch.care.settings.stored(),
        query=typed,
    )


def new_batch_job(
    name: str, batch: BatchInput, settings: BatchSettings, files: tuple[InputFile, ...]
) -> NewJob:
    """A job of the batch, with everything that reopening and exporting it needs."""
    attachments = {
        ORIGIN: pack_origin(batch.origin),
        ROWS: pack_rows(batch.rows),
        PROBLEMS: pack_problems(batch.problems),
    }
    if batch.care is not None:
        attachments[CARE] = pack_care(batch.care)
    return NewJob(name, KIND, batch.scored_requests, settings.stored(), files, attachments)


def ranks_before(pairs: _Pairs, query: Sequence[int], basis: OrderBasis) -> list[int]:
    """Ranks from 1 of one query's pairs, in the order of `query`: by rank, by score, or as they stand.

    Pairs without a rank or score come last; equal ones keep the file's order.
    """
    if basis == "rank":
        places = sorted(range(len(query)), key=lambda at: _last_if_none(pairs.rank[query[at]]))
    elif basis == "score":
        places = sorted(range(len(query)), key=lambda at: _last_if_none(_negated(pairs.score[query[at]])))
    else:
        return list(range(1, len(query) + 1))
    ranks = [0] * len(query)
    for rank, at in enumerate(places, start=1):
        ranks[at] = rank
    return ranks


def _last_if_none(value: float | None) -> tuple[bool, float]:
    return (value is None, value or 0.0)


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _pairs(frame: "pd.DataFrame", wordings: list[str | None]) -> _Pairs:
    query, numbers = frame["query"].tolist(), frame["query_number"].tolist()
    queries: dict[tuple[int, str, str | None], list[int]] = {}
    for pair, key in enumerate(zip(numbers, query, wordings, strict=True)):
        queries.setdefault(key, []).append(pair)
    return _Pairs(
        query=query,
        document=frame["document"].tolist(),
        instruction=wordings,
        query_id=frame["query_id"].tolist(),
        group=frame["group"].tolist(),
        rank=_none_for_nan(frame["initial_rank"].tolist()),
        score=_none_for_nan(frame["initial_score"].tolist()),
        label=_none_for_nan(frame["label"].tolist()),
        queries=list(queries.values()),
    )


def _none_for_nan(values: list[float]) -> list[float | None]:
    return [None if value != value else value for value in values]


def _request(pairs: _Pairs, query: Sequence[int]) -> ScoringRequest:
    documents = tuple(pairs.document[pair] for pair in query)
    return ScoringRequest(pairs.query[query[0]], documents, pairs.instruction[query[0]])


def _optional(values: Sequence[float | None], order: Sequence[int]) -> tuple[float | None, ...]:
    """The values in this order; () when there are none at all."""
    chosen = tuple(values[pair] for pair in order)
    return chosen if any(value is not None for value in chosen) else ()


def _original_rows(table: "ImportedTable") -> OriginalRows:
    """The cells an export keeps. Columns that hold several documents make way for the one of each pair."""
    several = table.layout in ("wide", "cell")
    dropped = set(table.roles.get("document", ())) if several else set()
    kept = [str(name) for name in table.originals.columns if name not in dropped]
    pool = table.pool_originals
    return OriginalRows(
        names=tuple(kept),
        columns=tuple(table.originals[name].tolist() for name in kept),
        pool_names=() if pool is None else tuple(map(str, pool.columns)),
        pool_columns=() if pool is None else tuple(pool[name].tolist() for name in pool.columns),
        adds_query=not table.roles.get("query"),
        adds_document=several,
    )
