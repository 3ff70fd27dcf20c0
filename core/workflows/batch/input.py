"""From an imported spreadsheet to a job: requests to score, and where each of their pairs came from.

Reading the file is for `core.sheets`, scoring for `core.jobs`. Rows that cannot be scored are reported with
the others that the import left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core import __version__
from core.jobs import InputFile, NewJob
from core.records import ScoringRequest
from core.sentences import sentence
from core.sheets.meaning.importing import ImportedTable
from core.sheets.pair_table import PairTable
from core.sheets.records import Cell, RowProblem, Table
from core.text.chunking import CountTokens
from core.workflows.batch.care import CARE, BatchCare, pack_care
from core.workflows.batch.gate import LEFT, pack_left
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
from core.workflows.recipes.use import RecipeInUse

QUERY_TOO_LONG = "The query and the instruction alone are longer than the model reads; the row was left out."


@dataclass(frozen=True, slots=True)
class BatchInput:
    """A spreadsheet as a batch: one request per query, in file order.

    file_rows: per pair, its row in the file. columns: role → the columns used for it. care: what is scored
    instead of the documents, if anything was done to them. left: positions of queries that a recipe's gate
    leaves to the first stage; they are not scored.
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
    left: frozenset[int] = frozenset()

    @property
    def scored_requests(self) -> tuple[ScoringRequest, ...]:
        """What a job of it scores."""
        return self.not_left if self.care is None else self.care.scored_requests

    @property
    def not_left(self) -> tuple[ScoringRequest, ...]:
        """The requests without those that are left to the first stage."""
        return tuple(one for at, one in enumerate(self.requests) if at not in self.left)

    @property
    def pairs(self) -> int:
        """How many query–document pairs there are."""
        return len(self.origin.rows)


def batch_input(
    table: ImportedTable, instruction: str | None = None, *, uses_instruction: bool = True
) -> BatchInput:
    """The requests of a table, each row's own instruction before `instruction`.

    A query id that stands for two texts, or has two instructions, makes two queries. Where the model
    `uses_instruction` not at all, none is kept, so that equal pairs stay equal.
    """
    pairs, has_pool = table.pairs, table.pool_originals is not None
    wordings = [(own or instruction) if uses_instruction else None for own in pairs.instruction]
    queries = _queries(pairs, wordings)
    order = [pair for query in queries for pair in query]
    basis = _basis(table)
    origin = Origin(
        query_ids=tuple(pairs.query_id[query[0]] for query in queries),
        groups=tuple(pairs.group[query[0]] or "" for query in queries),
        rows=tuple(pairs.origin[pair] for pair in order),
        ranks=tuple(rank for query in queries for rank in ranks_before(pairs, query, basis)),
        scores=_optional(pairs.initial_score, order),
        labels=_optional(pairs.label, order),
        pool_rows=tuple(pairs.pool_origin[pair] for pair in order) if has_pool else (),
        file_rows=tuple(pairs.row[pair] for pair in order),
        header=() if table.originals.header_row is None else (table.originals.header_row,),
    )
    return BatchInput(
        requests=tuple(_request(pairs, query, wordings[query[0]]) for query in queries),
        origin=origin,
        rows=_original_rows(table),
        file_rows=tuple(pairs.row[pair] for pair in order),
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
    for position, own in enumerate(pairs_by_query(batch)):
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

    kept = with_pairs(batch, kept_pairs)
    staying = [at for at in range(len(batch.requests)) if at not in left_out]
    return replace(
        kept,
        left=frozenset(new for new, at in enumerate(staying) if at in batch.left),
        requests=tuple(r for at, r in enumerate(batch.requests) if at not in left_out),
        origin=replace(kept.origin, query_ids=of_queries(old.query_ids), groups=of_queries(old.groups)),
        problems=tuple(problems),
    )


def pairs_by_query(batch: BatchInput) -> list[range]:
    """The ordinals of each query's pairs, in file order."""
    found: list[range] = []
    for request in batch.requests:
        start = found[-1].stop if found else 0
        found.append(range(start, start + len(request.documents)))
    return found


def with_pairs(batch: BatchInput, kept: Sequence[int]) -> BatchInput:
    """The batch with where these pairs came from; its requests are the caller's affair."""
    old = batch.origin
    origin = replace(
        old,
        rows=tuple(old.rows[one] for one in kept),
        ranks=tuple(old.ranks[one] for one in kept),
        scores=tuple(old.scores[one] for one in kept) if old.scores else (),
        labels=tuple(old.labels[one] for one in kept) if old.labels else (),
        pool_rows=tuple(old.pool_rows[one] for one in kept) if old.pool_rows else (),
        file_rows=tuple(old.file_rows[one] for one in kept) if old.file_rows else (),
    )
    return replace(batch, origin=origin, file_rows=tuple(batch.file_rows[one] for one in kept))


def with_care(batch: BatchInput, settings: CareSettings, count: CountTokens) -> BatchInput:
    """The batch, complete, with its documents cleaned and cut as asked; unchanged when nothing is on."""
    if not settings.active:
        return batch
    return replace(batch, care=BatchCare.of(batch.not_left, settings, count))


def batch_settings(
    batch: BatchInput,
    model: str,
    *,
    instruction: str | None = None,
    top: int | None = None,
    recipe: RecipeInUse | None = None,
    two_looks: int = 0,
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
        recipe={} if recipe is None else recipe.stored(),
        two_looks=two_looks,
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
    if batch.left:
        attachments[LEFT] = pack_left(batch.requests, batch.left)
    if batch.care is not None:
        attachments[CARE] = pack_care(batch.care)
    return NewJob(name, KIND, batch.scored_requests, settings.stored(), files, attachments)


def ranks_before(pairs: PairTable, query: Sequence[int], basis: OrderBasis) -> list[int]:
    """Ranks from 1 of one query's pairs, in the order of `query`: by rank, by score, or as they stand.

    Pairs without a rank or score come last; equal ones keep the file's order.
    """
    if basis == "rows":
        return list(range(1, len(query) + 1))
    values = pairs.initial_rank if basis == "rank" else pairs.initial_score
    keys = [values[pair] for pair in query]
    if basis == "score":
        keys = [_negated(key) for key in keys]
    places = sorted(range(len(query)), key=lambda at: _last_if_none(keys[at]))
    ranks = [0] * len(query)
    for rank, at in enumerate(places, start=1):
        ranks[at] = rank
    return ranks


def _last_if_none(value: float | None) -> tuple[bool, float]:
    return (value is None, value or 0.0)


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _basis(table: ImportedTable) -> OrderBasis:
    if table.roles.get("initial_rank"):
        return "rank"
    if table.roles.get("initial_score"):
        return "distance" if table.score_direction == "asc" else "score"
    return "rows"


def _queries(pairs: PairTable, wordings: Sequence[str | None]) -> list[list[int]]:
    """The pairs of each query, text and instruction, in file order."""
    queries: dict[tuple[int, str, str | None], list[int]] = {}
    for pair, key in enumerate(zip(pairs.query_number, pairs.query, wordings, strict=True)):
        queries.setdefault(key, []).append(pair)
    return list(queries.values())


def _request(pairs: PairTable, query: Sequence[int], instruction: str | None) -> ScoringRequest:
    return ScoringRequest(pairs.query[query[0]], tuple(pairs.document[pair] for pair in query), instruction)


def _optional(values: Sequence[float | None], order: Sequence[int]) -> tuple[float | None, ...]:
    """The values in this order; () when there are none at all."""
    chosen = tuple(values[pair] for pair in order)
    return chosen if any(value is not None for value in chosen) else ()


def _original_rows(table: ImportedTable) -> OriginalRows:
    """The cells an export keeps. Columns that hold several documents make way for the one of each pair."""
    several = table.layout in ("wide", "cell")
    dropped = set(table.roles.get("document", ())) if several else set()
    names, columns = _columns(table.originals, dropped)
    pool_names, pool_columns = ((), ()) if table.pool_originals is None else _columns(table.pool_originals)
    return OriginalRows(
        names=names,
        columns=columns,
        pool_names=pool_names,
        pool_columns=pool_columns,
        adds_query=not table.roles.get("query"),
        adds_document=several,
    )


def _columns(
    table: Table, dropped: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Names and cells of a table's columns."""
    kept = tuple(name for name in table.columns if name not in dropped)
    return kept, tuple(table.column(name) for name in kept)
