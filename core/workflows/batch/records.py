"""What a batch is: its settings, where its pairs came from, and the two kept with the job.

A job stores texts and scores; the original rows are attached to it, so that results can be reopened and
exported without the file. Nothing here reads a file, scores or draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from core.sentences import Sentence
from core.sheets.records import Cell, RowProblem
from core.storage.attachments import packed, unpacked
from core.workflows.home.provenance import kept_settings

KIND = "batch"
ORIGIN, ROWS, PROBLEMS = "origin", "rows", "problems"

# How the order before reranking was known: a rank column, a score column, a column of
# distances, or the order of the rows.
OrderBasis = Literal["rank", "score", "distance", "rows"]


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a batch was asked to do; plain values that a job keeps and a reader can compare.

    model: the scorer's name. instruction: None means the model's default. top: how many documents of each
    query an export holds, None for all. columns: role → the columns that have it. encoding, sheet: what the
    user chose or the importer found. basis: how the order before was known. care: `CareSettings.stored()`,
    empty without document care. query: the one that was typed for a file of documents only. recipe:
    `RecipeInUse.stored()`, empty without one. two_looks: places at the top, 0 where everything is read.
    """

    model: str
    instruction: str | None = None
    top: int | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layout: str = ""
    sheet: str = ""
    encoding: str = ""
    basis: OrderBasis = "rows"
    version: str = ""
    care: Mapping[str, Any] = field(default_factory=dict)
    query: str | None = None
    recipe: Mapping[str, Any] = field(default_factory=dict)
    two_looks: int = 0

    def stored(self) -> dict[str, Any]:
        """As JSON values, for `NewJob.settings`."""
        return asdict(self)

    def same_scores(self, other: "BatchSettings") -> bool:
        """Whether both ask the same scores of the same file; how much is exported makes no difference."""
        return replace(self, top=None, version="") == replace(other, top=None, version="")

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "BatchSettings":
        """From `Job.settings`; fields of a newer version are left out."""
        return cls(**{"model": ""} | kept_settings(cls, stored))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch's queries and pairs came from. Pairs are counted through all queries, in file order.

    query_ids, groups: one per query; groups are "" where the file has none. rows: per pair, its position in
    the columns of `OriginalRows`; pool_rows: the same in the pool's, () without a pool.
    ranks: per pair, its rank within the query before reranking, from 1, without gaps.
    scores, labels: per pair, None where unknown; () when the file has no such column.
    file_rows: per pair, its row as the file counts; header: that of its header, () without one.
    """

    query_ids: tuple[str, ...]
    groups: tuple[str, ...]
    rows: tuple[int, ...]
    ranks: tuple[int, ...]
    scores: tuple[float | None, ...] = ()
    labels: tuple[float | None, ...] = ()
    pool_rows: tuple[int, ...] = ()
    file_rows: tuple[int, ...] = ()
    header: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginalRows:
    """The cells that an export keeps: named columns, each as long as its table.

    pool_names, pool_columns: the same of the documents' own sheet, if there was one.
    adds_query, adds_document: the text stands in none of the columns, so an export adds it as one.
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[Cell], ...]
    pool_names: tuple[str, ...] = ()
    pool_columns: tuple[Sequence[Cell], ...] = ()
    adds_query: bool = False
    adds_document: bool = False


def pack_origin(origin: Origin) -> bytes:
    """An origin as an attachment."""
    return packed(_fields(origin))


def unpack_origin(body: bytes) -> Origin:
    """The origin that was packed."""
    content = unpacked(body)
    return Origin(**{name: tuple(values) for name, values in content.items()})


def pack_rows(rows: OriginalRows) -> bytes:
    """Original rows as an attachment; dates and times keep their kind."""
    return packed(_fields(rows))


def unpack_rows(body: bytes) -> OriginalRows:
    """The rows that were packed."""
    content = unpacked(body)
    for name in ("names", "columns", "pool_names", "pool_columns"):
        content[name] = tuple(content[name])
    return OriginalRows(**content)


def pack_problems(problems: Sequence[RowProblem]) -> bytes:
    """Row problems as an attachment."""
    return packed(
        [
            {"kind": p.kind, **p.sentence.stored(), "sheet": p.sheet, "row": p.row}
            | {"column": p.column, "skipped": p.skipped}
            for p in problems
        ]
    )


def unpack_problems(body: bytes) -> tuple[RowProblem, ...]:
    """The problems that were packed."""
    return tuple(
        RowProblem(sentence=Sentence(content.pop("template"), content.pop("facts")), **content)
        for content in unpacked(body)
    )


def _fields(value: Origin | OriginalRows) -> dict[str, object]:
    """The fields as they are; `asdict` would copy every cell, which takes longer than all the rest."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
