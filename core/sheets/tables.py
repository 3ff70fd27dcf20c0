"""What an exported table is: named, typed columns and a stream of rows. Knows no file format.

The rows may be any iterable that can be walked more than once or a function returning an iterator, so
that a job of millions of rows is never held in memory as cells.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from core.sentences import Sentence

if TYPE_CHECKING:
    import pandas as pd

ColumnKind = Literal["text", "integer", "number", "boolean", "date", "datetime", "any"]
Row = Sequence[object]

# Excel and IEEE doubles hold 15 digits; a longer integer is an identifier and is written as text.
LARGEST_EXACT_INTEGER = 10**15

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One exported column.

    kind: «text» never becomes a number, a date, a formula or a link; «any» follows each cell's Python type.
    number_format: Excel's format code («0.0000»); "" leaves the kind's default.
    width: in characters; 0 chooses by kind.
    bar: draw a data bar on the fixed scale 0…1 (probabilities only; never min-max).
    title: what a workbook calls it; None for the name. words: its texts are words of the program, which a
    workbook says in the reader's language. own: it comes from the reader's file, so nothing in it is said.
    """

    name: str
    kind: ColumnKind = "text"
    number_format: str = ""
    width: float = 0
    bar: bool = False
    title: Sentence | None = None
    words: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A named table; `rows` gives a fresh iterator over rows as wide as `columns`.

    most_lines: how many lines of a long text a workbook shows at once. hidden: it only feeds charts.
    """

    name: str
    columns: tuple[TableColumn, ...]
    rows: Callable[[], Iterator[Row]]
    most_lines: int = 25
    hidden: bool = False

    @classmethod
    def of(cls, name: str, columns: Iterable[TableColumn], rows: Iterable[Row]) -> "SheetTable":
        """A table over rows already at hand (a list, a tuple)."""
        kept = rows if isinstance(rows, Sequence) else tuple(rows)
        return cls(name, tuple(columns), lambda: iter(kept))

    @classmethod
    def of_frame(
        cls, name: str, frame: "pd.DataFrame", columns: Iterable[TableColumn] | None = None
    ) -> "SheetTable":
        """A table over a data frame; `columns` default to kinds read from its dtypes."""
        chosen = tuple(columns) if columns is not None else frame_columns(frame)
        series = [frame[column.name] for column in chosen]
        return cls(name, chosen, lambda: iter(zip(*(one.tolist() for one in series), strict=True)))


def frame_columns(frame: "pd.DataFrame") -> tuple[TableColumn, ...]:
    """Column kinds for a frame: by dtype, and «any» where Python objects are mixed."""
    import pandas as pd
    from pandas.api import types

    def kind_of(name: str) -> ColumnKind:
        dtype = frame[name].dtype
        if types.is_bool_dtype(dtype):
            return "boolean"
        if types.is_integer_dtype(dtype):
            return "integer"
        if types.is_numeric_dtype(dtype):
            return "number"
        if types.is_datetime64_any_dtype(dtype):
            return "datetime"
        return "text" if isinstance(dtype, pd.StringDtype) else "any"

    return tuple(TableColumn(str(name), kind_of(name)) for name in frame.columns)


PlainValue = str | int | float | bool | date | time | None


def plain_value(value: object, kind: ColumnKind) -> PlainValue:
    """The cell as a plain Python value of its column's kind; blank and NaN give None.

    A value that is not of the column's kind keeps its own type, except in text columns, where
    everything becomes text.
    """
    value = _unwrapped(value)
    if value is None:
        return None
    if kind == "text" or not isinstance(value, (bool, int, float, date, time)):
        return clean_text(as_text(value))
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _unwrapped(value: object) -> object:
    """The Python value inside a numpy or pandas scalar; None for every kind of missing value."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    return _unwrapped(value.item()) if hasattr(value, "item") else value


def as_text(value: object) -> str:
    """A cell as people read it: whole numbers without «.0», dates in ISO form without an empty time."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < LARGEST_EXACT_INTEGER:
            return str(int(value))
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def clean_text(text: str) -> str:
    """The text with lone surrogates, which no file format can hold, replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE_SURROGATES.sub("\ufffd", text)
    return text
