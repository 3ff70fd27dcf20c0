"""Splits decoded text into rows: CSV with any separator, tab-separated text, or one document per line.

Rows keep the line number they begin on. Nothing here knows a header or a role.
"""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import TooLargeError
from core.sentences import sentence
from core.sheets.reading.parsed import refuse_many_rows
from core.sheets.records import LINE_END, Cell, Grid, ReadLimits, RowProblem

SEPARATORS = (",", "\t", ";", "|")
_SNIFFED_CHARACTERS = 256 * 1024
_SNIFFED_RECORDS = 400
_SEP_LINE = re.compile(r"\A\"?sep=(.)\"?[ \t]*(\r\n|\r|\n|\Z)", re.IGNORECASE)

# A cell of a header or a field of a table is hardly ever longer; sentences are.
_LONGEST_NAME = 60

# As many as an Excel sheet has.
MOST_COLUMNS = 16_384

# Repairs of lines with a stray quotation mark, before the rest is read without quotes.
_MOST_REPAIRS = 50

STRAY_QUOTE = "Line {line} opens a quotation mark that would swallow the rows after it; it was read as text."


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """The rows of a text file and the separator that made them; "" when each line is one cell."""

    grid: Grid
    separator: str


def split_rows(text: str, limits: ReadLimits | None = None, *, only_tabs: bool = False) -> DelimitedText:
    """Split text into rows. `only_tabs` (for .txt): a comma is part of the sentence, a tab is not.

    TooLargeError for more rows or columns than a table may have.
    """
    limits = limits or ReadLimits()
    # A field may be a whole book; the module's own limit is 131,072 characters.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    separator, body, first_line = _directive(text)
    candidates = (separator,) if separator else ("\t",) if only_tabs else SEPARATORS
    sniffed, width = _sniff(body, candidates)
    separator = separator or sniffed
    if only_tabs and not separator:
        return DelimitedText(_lines(text, limits), "")
    problems: list[RowProblem] = []
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    widths: list[int] = []
    for number, fields in _records(body, separator or ",", width, first_line, problems):
        if not separator and len(fields) > 1:
            fields = [(separator or ",").join(fields)]
        if len(fields) > MOST_COLUMNS:
            raise TooLargeError(
                "Line {line} has {count} fields; a table has at most {limit} columns.",
                hint="Check the separator and the quotation marks of the file.",
                line=number,
                count=len(fields),
                limit=MOST_COLUMNS,
            )
        cells: list[Cell] = [field if field and not field.isspace() else None for field in fields]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells and rows and not rows[-1]:
            continue  # one blank row tells as much as a million
        rows.append(cells)
        refuse_many_rows(len(rows), limits)
        numbers.append(number)
        widths.append(len(fields))
    grid = Grid("", rows, numbers, widths=widths, problems=tuple(problems))
    return DelimitedText(grid, separator)


def _directive(text: str) -> tuple[str | None, str, int]:
    """Excel's first line «sep=;»: the separator, the text after it, and the line that text begins on."""
    found = _SEP_LINE.match(text)
    if found is None:
        return None, text, 1
    return found.group(1), text[found.end() :], 2


def _lines(text: str, limits: ReadLimits) -> Grid:
    rows: list[list[Cell]] = []
    for line in LINE_END.split(text):
        rows.append([line] if line.strip() else [])
        refuse_many_rows(len(rows), limits)
    if rows and not rows[-1]:
        rows.pop()
    return Grid("", rows, range(1, len(rows) + 1))


def _records(
    text: str, separator: str, width: int, first_line: int, problems: list[RowProblem]
) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on. A line with a stray quotation mark is read without quotes."""
    lines = list(io.StringIO(text, newline=""))
    start, repairs = 0, 0
    while start < len(lines):
        stray = None
        if repairs < _MOST_REPAIRS:
            reader = csv.reader(_from(lines, start), delimiter=separator)
        else:
            reader = csv.reader(_from(lines, start), delimiter=separator, quoting=csv.QUOTE_NONE)
        begin = start
        for fields in reader:
            end = start + reader.line_num
            if end - begin > 1 and _is_swallowed(lines, begin, end, separator, width):
                stray = begin
                break
            yield first_line + begin, fields
            begin = end
        if stray is None:
            return
        repairs += 1
        number = first_line + stray
        problems.append(RowProblem("stray_quote", sentence(STRAY_QUOTE, line=number), row=number))
        yield number, _unquoted(lines[stray], separator)
        start = stray + 1


def _from(lines: list[str], start: int) -> Iterator[str]:
    return (lines[index] for index in range(start, len(lines)))


def _unquoted(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE))


def _is_swallowed(lines: list[str], begin: int, end: int, separator: str, width: int) -> bool:
    """Whether a record over several lines is really several rows, joined by a stray quotation mark.

    Either the mark is never closed, or what seems to close it stands inside a row of its own, or every line
    in between is a whole row by itself. A real text over several lines hardly ever has exactly as many
    separators in each of its lines.
    """
    fault = _quoting_fault(lines[begin:end], separator)
    if end == len(lines) and "unexpected end of data" in fault:
        return True
    if fault and width > 1 and len(next(csv.reader(lines[end - 1 : end], delimiter=separator))) == width:
        return True
    inner = lines[begin + 1 : end - 1]
    if width < 3 or len(inner) < (2 if width >= 5 else 6):
        return False
    if len(_unquoted(lines[begin], separator)) != width:
        return False
    whole = sum(1 for line in inner if line.count(separator) == width - 1)
    return whole >= 0.8 * len(inner)


def _quoting_fault(lines: list[str], separator: str) -> str:
    """What is wrong with the quotation marks of a record, in the csv module's words; "" for nothing.

    A blank after the closing mark is careless but clear.
    """
    closed = re.compile(rf'" +(?={re.escape(separator)}|[\r\n]*$)')
    try:
        for _ in csv.reader([closed.sub('"', line) for line in lines], delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        return str(error)
    return ""


def _parse(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _sniff(text: str, candidates: tuple[str, ...]) -> tuple[str, int]:
    """The separator that cuts most records into equally many fields, and how many; ("", 1) for none."""
    sample = text[:_SNIFFED_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, best_width, best_score = "", 1, 0.0
    for separator in candidates:
        score, width = _separator_score(sample, separator)
        if score > best_score:
            best, best_width, best_score = separator, width, score
    return best, best_width


def _separator_score(sample: str, separator: str) -> tuple[float, int]:
    """How regular the table is that the separator makes, 0 when it makes none; and its usual width."""
    if separator not in sample:
        return 0.0, 1
    records = []
    for fields in _parse(sample, separator):
        if any(field.strip() for field in fields):
            records.append(fields)
        if len(records) == _SNIFFED_RECORDS:
            break
    widths = Counter(len(fields) for fields in records)
    several = Counter({width: count for width, count in widths.items() if width > 1})
    if not several:
        return 0.0, 1
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    regular = count / len(records)
    divided = several.total() / len(records)
    first = records[0]
    header_like = len(first) > 1 and all(len(field.strip()) <= _LONGEST_NAME for field in first)
    # Sentences that happen to hold a comma are irregular and do not begin with a row of short names.
    if regular < 0.5 and not (header_like and divided >= 0.8):
        return 0.0, 1
    if regular < 0.9 and not header_like and max(map(len, first)) > _LONGEST_NAME:
        return 0.0, 1
    return regular + 0.3 * divided + 0.01 * min(width, 20), width
