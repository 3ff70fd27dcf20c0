"""One cell as XML, and how much room it takes.

Whatever a cell says stays what it says: text never turns into a formula, a link, a number or markup;
control characters survive as Excel's `_xHHHH_` escapes. Which cells there are is for `workbook`.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from core.sentences import Say, Sentence
from core.sheets.meaning.headers import column_letter
from core.sheets.tables import LARGEST_EXACT_INTEGER, PlainValue, TableColumn, clean_text, plain_value

# Excel's limit of a cell, in UTF-16 units.
LONGEST_CELL = 32_767
# What is written at the end of a cut cell, so that a reader of the sheet alone can see it.
CUT_MARK = "… [cut]"
# A row of Excel is at most 409 points high, a line of its usual font 15, of Chinese in it a little more.
LINE_HEIGHT = 16.0
MOST_LINES = 25
# A line is left before its end, because the next word does not fit.
_LINE_USED = 0.92

_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f]")
_XML_NONCHARACTERS = re.compile("[\ufffe\uffff]")
_NEEDS_CARE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")


@dataclass(frozen=True, slots=True)
class CutCell:
    """A text longer than an Excel cell holds. `row` is the sheet's row as Excel numbers it (header = 1)."""

    sheet: str
    row: int
    column: str
    length: int


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Numbers of formats: of the column's own values, and of a date in a column of something else."""

    own: int
    of_date: Callable[[date | time], int]


class ColumnWriter:
    """Writes the cells of one column. A million cells pass here, so common cases come first.

    say: for columns of words, and for sentences among the values; None leaves them in English.
    """

    def __init__(
        self,
        column: TableColumn,
        index: int,
        sheet: str,
        styles: CellStyles,
        fit: Callable[[str, str, int, str], str],
        say: Say | None,
    ) -> None:
        """fit: a text as a cell can hold it, given the sheet, the row and the column."""
        self.column = column
        self.sheet = sheet
        self.is_text = column.kind == "text"
        self.start = f'<c r="{column_letter(index)}'
        self.style = f'" s="{styles.own}'
        self.of_date = styles.of_date
        self.fit = fit
        self.say = say
        self.speaks = say is not None and column.words

    def cell(self, value: object, row: int) -> str:
        """One cell's XML; "" for a blank one."""
        if type(value) is str:
            if not value:
                return ""
            return self.text(spoken_word(value, self.say) if self.speaks else value, row)
        if type(value) is float and not self.is_text and abs(value) < math.inf:
            return f'{self.start}{row}{self.style}"><v>{value!r}</v></c>'
        if isinstance(value, (Sentence, tuple)):
            return self._spoken(value, row)
        return self._plain(plain_value(value, self.column.kind), row)

    def _spoken(self, value: Sentence | tuple[Sentence, ...], row: int) -> str:
        sentences = (value,) if isinstance(value, Sentence) else value
        text = "; ".join(said(one, self.say) for one in sentences)
        return self.text(text, row) if text else ""

    def _plain(self, plain: PlainValue, row: int) -> str:
        if plain is None or isinstance(plain, str):
            return self.text(plain, row) if plain else ""
        if isinstance(plain, bool):
            word = spoken_word("TRUE" if plain else "FALSE", self.say)
            if word not in ("TRUE", "FALSE"):
                return self.text(word, row)
            return f'{self.start}{row}{self.style}" t="b"><v>{int(plain)}</v></c>'
        if isinstance(plain, (int, float)):
            if abs(plain) == math.inf or (isinstance(plain, int) and abs(plain) >= LARGEST_EXACT_INTEGER):
                return self.text(str(plain), row)  # a double would lose it
            return f'{self.start}{row}{self.style}"><v>{plain!r}</v></c>'
        return self._date(plain, row)

    def text(self, text: str, row: int) -> str:
        """A cell that is text, whatever it looks like."""
        text = self.fit(text, self.sheet, row, self.column.name)
        space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        if _NEEDS_CARE.search(text):
            text = _escaped(text)
        return f'{self.start}{row}{self.style}" t="inlineStr"><is><t{space}>{text}</t></is></c>'

    def blank(self, row: int) -> str:
        """An empty cell that has the column's format."""
        return f'{self.start}{row}{self.style}"/>'

    def _date(self, cell: date | time, row: int) -> str:
        if isinstance(cell, date) and cell.year < 1900:
            return self.text(cell.isoformat(), row)  # before Excel's calendar begins
        return f'{self.start}{row}" s="{self.of_date(cell)}"><v>{_serial_day(cell)!r}</v></c>'


def said(value: str | Sentence, say: Say | None) -> str:
    """A sentence in the reader's language; a text as it is."""
    if isinstance(value, str):
        return value
    return value.text if say is None else say(value)


def spoken_word(word: str, say: Say | None) -> str:
    """A word or name of the program in the reader's language; what only looks like one stays."""
    return word if say is None or "{" in word or "}" in word else say(Sentence(word))


def lines_of(text: str, width: float) -> int:
    """How many lines the text takes in a column of this many characters; Chinese ones count twice."""
    room = max(1.0, width * _LINE_USED)
    if len(text) * 2 <= room and "\n" not in text:
        return 1
    # In UTF-8 a character as wide as two takes three bytes.
    lines = (
        math.ceil((len(part) + len(part.encode("utf-8", "replace"))) / 2 / room)
        for part in text.split("\n", MOST_LINES)
    )
    return sum(max(1, count) for count in lines)


def _escaped(text: str) -> str:
    """Text as XML content, with what XML cannot hold in Excel's `_xHHHH_` form."""
    text = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
    text = _CONTROL_CHARACTERS.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    text = _XML_NONCHARACTERS.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fitting(text: str, cut_mark: str) -> tuple[str, bool]:
    """The text as a cell can hold it, and whether it was cut. Surrogate pairs are never split."""
    if len(text) * 2 <= LONGEST_CELL:
        return text, False
    text = clean_text(text)
    if len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text, False
    kept = 2 * (LONGEST_CELL - len(cut_mark.encode("utf-16-le")) // 2)
    return text.encode("utf-16-le")[:kept].decode("utf-16-le", "ignore") + cut_mark, True


def _serial_day(cell: date | time) -> float:
    """Days since Excel's day 0; Excel counts a 29 February 1900 that never was."""
    if isinstance(cell, time):
        moment, days = datetime.combine(date(1900, 1, 1), cell.replace(tzinfo=None)), 0
    elif isinstance(cell, datetime):
        moment, days = cell.replace(tzinfo=None), cell.toordinal()
    else:
        moment, days = datetime.combine(cell, time()), cell.toordinal()
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    part = (moment - midnight).total_seconds() / 86_400
    if not days:
        return part
    serial = days - date(1899, 12, 31).toordinal()
    return serial + (serial >= 60) + part
