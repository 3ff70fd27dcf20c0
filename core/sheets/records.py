"""What travels between the steps of an import: raw grids, tables with a header, and problems in rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from core.sentences import Sentence

# A cell as read; None is blank. Text is never "" and numbers that are whole are int.
Cell = str | int | float | bool | date | time | None

# What ends a line in a text file or inside a cell.
LINE_END = re.compile(r"\r\n|\r|\n")

FileFormat = Literal["xlsx", "xls", "xlsb", "ods", "csv", "text", "jsonl", "json", "parquet"]
SheetKind = Literal["worksheet", "chart", "macro"]
Visibility = Literal["visible", "hidden", "very hidden"]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something a person should know about a place in their file. Good rows go on.

    kind: a stable word for filters and exports («blank_document»).
    row: as the file counts, from 1: the sheet's row, or the line in a text file; None for the whole sheet.
    skipped: this row gave no pair.
    """

    kind: str
    sentence: Sentence
    sheet: str = ""
    row: int | None = None
    column: str = ""
    skipped: bool = False

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.sentence.text


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet's cells before anything is known of a header.

    rows: each without its trailing blanks; numbers: the row number in the file of each.
    merged: (first row, first column, last row, last column), file row numbers and columns from 0.
    errors: (row number, column) of cells that hold an error (#DIV/0!); they are blank in `rows`.
    uncached: the same for formulas without a saved result.
    widths: of delimited text, how many fields each row has, blank ones at its end included.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int]
    kind: SheetKind = "worksheet"
    visibility: Visibility = "visible"
    merged: tuple[tuple[int, int, int, int], ...] = ()
    errors: tuple[tuple[int, int], ...] = ()
    uncached: tuple[tuple[int, int], ...] = ()
    widths: Sequence[int] = ()
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: what it turned out to be, and its grids in the file's order.

    encoding, separator: of text files, else "". encoding_certain: False when another encoding is possible.
    has_names: the columns are named by the format itself (JSON Lines, Parquet): row 1 is the header.
    """

    name: str
    format: FileFormat
    sha256: str
    size: int
    grids: tuple[Grid, ...]
    encoding: str = ""
    encoding_certain: bool = True
    separator: str = ""
    has_names: bool = False
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its header found, notes around it set aside and merged cells filled.

    columns: distinct names. rows: as wide as `columns`. numbers: each row's number in the file.
    header_row: the header's number in the file; None when the columns had to be named by position.
    """

    sheet: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    numbers: Sequence[int]
    header_row: int | None
    problems: tuple[RowProblem, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of a column, from top to bottom."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a file may ask of this machine before it is refused.

    file_bytes: the upload itself. inflated_bytes: what an archive holds unpacked. text_bytes: all cells'
    text together, repeats counted. cells: the rectangle around a sheet's cells, or the separators and
    line ends of a text file. rows: of one sheet. memory_bytes, seconds: what the process that reads the file
    may use.
    """

    file_bytes: int = 200 * 2**20
    inflated_bytes: int = 1536 * 2**20
    text_bytes: int = 400 * 2**20
    cells: int = 20_000_000
    rows: int = 2_000_000
    memory_bytes: int = 2 * 2**30
    seconds: float = 30.0
