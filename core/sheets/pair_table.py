"""The one table that travels from a sheet to the scorer, the measures and the exports: columns of tuples.

It is filled by `core.sheets.meaning` and read by the workflows. It knows no file and no model.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PairTable:
    """Query–document pairs in input order. Every column has one entry per pair; None is «unknown».

    query_number: 0, 1, … by first appearance; equal for one query.
    query_id: the file's id (also of another row with this text), else «q1», «q2», …
    query, document: the texts, never blank.
    document_id: the file's id, else «d1», «d2», …, equal for equal texts.
    label: the judgement as a number; None is unjudged.
    initial_rank: rank before reranking; in wide and cell layouts the position, from 1.
    initial_score: score before reranking, on its own scale.
    group, instruction: as they stand in the file.
    origin: row of `ImportedTable.originals` that the pair comes from.
    pool_origin: row of `pool_originals`, -1 without a pool.
    row: row (or line) in the file, as the file counts.
    """

    query_number: tuple[int, ...] = ()
    query_id: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    document_id: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    label: tuple[float | None, ...] = ()
    initial_rank: tuple[float | None, ...] = ()
    initial_score: tuple[float | None, ...] = ()
    group: tuple[str | None, ...] = ()
    instruction: tuple[str | None, ...] = ()
    origin: tuple[int, ...] = ()
    pool_origin: tuple[int, ...] = ()
    row: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.query)

    @property
    def queries(self) -> int:
        """How many different queries there are."""
        return max(self.query_number) + 1 if self.query_number else 0

    def column(self, name: str) -> tuple[object, ...]:
        """The column of that name."""
        column: tuple[object, ...] = getattr(self, name)
        return column

    def rows(self) -> Iterator[tuple[object, ...]]:
        """One tuple per pair, in the order of `COLUMNS`."""
        return zip(*(self.column(name) for name in COLUMNS), strict=True)


COLUMNS = tuple(field.name for field in fields(PairTable))
