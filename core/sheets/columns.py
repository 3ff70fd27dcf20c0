"""Exported columns as declarations: a name, what it says, the value of a record, and how Excel shows it.

One declaration serves every format and the documentation. Which records there are is the workflows' matter,
how cells are written that of `core.sheets.writing`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from core.sentences import Sentence
from core.sheets.tables import ColumnKind, Row, SheetTable, TableColumn

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class ExportColumn(Generic[Record]):
    """One column over records of a kind.

    help: what it holds, in English, for the documentation; no full stop.
    value: of a record, None for a blank cell. decimals: how many of a number mean something; more are not
    written. The other fields are those of `TableColumn`.
    """

    name: str
    help: str
    value: Callable[[Record], object]
    kind: ColumnKind = "text"
    number_format: str = ""
    width: float = 0
    bar: bool = False
    decimals: int | None = None
    title: Sentence | None = None
    words: bool = False

    def cell(self, record: Record) -> object:
        """The record's cell as it is written."""
        value = self.value(record)
        return value if self.decimals is None or value is None else round(cast(float, value), self.decimals)

    @property
    def column(self) -> TableColumn:
        """How the column is written."""
        return TableColumn(
            self.name, self.kind, self.number_format, self.width, self.bar, self.title, self.words
        )


def record_table(
    name: str, columns: Sequence[ExportColumn[Record]], records: Callable[[], Iterable[Record]]
) -> SheetTable:
    """A table with a row per record; `records` gives them afresh whenever the table is walked."""

    def rows() -> Iterator[Row]:
        for record in records():
            yield [column.cell(record) for column in columns]

    return SheetTable(name, tuple(column.column for column in columns), rows)


def place_of(name: str, columns: Sequence[ExportColumn[Record]]) -> int:
    """Where a column stands, from 0, for charts over its cells."""
    return [column.name for column in columns].index(name)
