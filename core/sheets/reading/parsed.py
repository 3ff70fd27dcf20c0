"""What every reader of a file gives back, and what all of them say of a file that is too much."""

from dataclasses import dataclass

from core.errors import TooLargeError
from core.sheets.records import FileFormat, Grid, ReadLimits, RowProblem

TOO_MUCH = "Split it into smaller files, or save the sheet as .csv or .parquet."
MANY_CELLS = "A sheet has {count} cells; the limit is {limit}."
MANY_ROWS = "A sheet has more than {limit} rows."


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file's sheets, none of whose columns is known yet; the fields are those of `Source`."""

    format: FileFormat
    grids: tuple[Grid, ...]
    encoding: str = ""
    encoding_certain: bool = True
    separator: str = ""
    has_names: bool = False
    problems: tuple[RowProblem, ...] = ()


def refuse_many_rows(count: int, limits: ReadLimits) -> None:
    """Raise TooLargeError when a sheet has more rows than are read."""
    if count > limits.rows:
        raise TooLargeError(MANY_ROWS, hint="Split it into smaller files.", limit=limits.rows)
