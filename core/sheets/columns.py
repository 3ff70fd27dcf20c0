"""Exported columns as declarations: a name, what it says, the value of a record, and how Excel shows it.

One declaration serves every format and the documentation. Which records there are is the workflows' matter,
how cells are written that of `core.sheets.writing`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.sheets.tables import ColumnKind, Row, SheetTable, TableColumn

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class ExportColumn(Generic[Record]):
    """One column over records of a kind.

    help: what it holds, in English, for the documentation; no full stop.
    value: the cell of a record, None for a blank one. The other fields are those of `TableColumn`.
    """

    name: str
    help: str
    value: Callable[[Record], object]
    kind: ColumnKind = "text"
    number_format: str = ""
    width: float = 0
    bar: bool = False

    @property
    def column(self) -> TableColumn:
        """How the column is written."""
        return TableColumn(self.name, self.kind, self.number_format, self.width, self.bar)


def record_table(
    name: str, columns: Sequence[ExportColumn[Record]], records: Callable[[], Iterable[Record]]
) -> SheetTable:
    """A table with a row per record; `records` gives them afresh whenever the table is walked."""
    values = [column.value for column in columns]

    def rows() -> Iterator[Row]:
        for record in records():
            yield [value(record) for value in values]

    return SheetTable(name, tuple(column.column for column in columns), rows)


def place_of(name: str, columns: Sequence[ExportColumn[Record]]) -> int:
    """Where a column stands, from 0, for charts over its cells."""
    return [column.name for column in columns].index(name)
