"""Rows of a sheet put into another order, with everything that belongs to a row; or why that cannot be done.

A formula keeps its meaning only where it looks at its own row, at rows that stay, or at a range over all
rows that move. Everything else is refused with its place rather than changed.
"""

import re
from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import MergedCell  # type: ignore[import-untyped]
from openpyxl.formula import Tokenizer  # type: ignore[import-untyped]
from openpyxl.formula.translate import Translator  # type: ignore[import-untyped]
from openpyxl.workbook import Workbook  # type: ignore[import-untyped]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from core.sheets.reading.archive import Refused

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!\[\]]+)!)?"
    r"\$?[A-Z]{0,3}(?P<fix>\$?)(?P<first>\d+)(?::\$?[A-Z]{0,3}(?P<fix2>\$?)(?P<last>\d+))?"
)
_WHOLE_COLUMNS = re.compile(r"(?:(?:'(?:[^']|'')+'|[^'!]+)!)?\$?[A-Z]{1,3}:\$?[A-Z]{1,3}")
# They find cells by counting, so what they find changes with the order.
_COUNTING = re.compile(r"(?i)^(INDEX|OFFSET|INDIRECT|ROW|CELL|X?MATCH)\($")


def sort_rows(book: Workbook, sheet: Worksheet, rows: Sequence[int]) -> None:
    """Put these rows, in the order wanted, onto the places they have now; Refused where it cannot be."""
    places = sorted(rows)
    moved = frozenset(places)
    _check(book, sheet, moved)
    target = dict(zip(rows, places, strict=True))
    cells = [cell for (row, _), cell in sheet._cells.items() if row in moved]
    heights = {row: sheet.row_dimensions[row] for row in places if row in sheet.row_dimensions}
    for cell in cells:
        del sheet._cells[cell.row, cell.column]
    for row in heights:
        del sheet.row_dimensions[row]
    for cell in cells:
        old = cell.coordinate
        cell.row = target[cell.row]
        if cell.data_type == "f":
            cell.value = Translator(cell.value, origin=old).translate_formula(cell.coordinate)
        if cell.hyperlink is not None:
            cell.hyperlink.ref = cell.coordinate
        sheet._cells[cell.row, cell.column] = cell
    for row, dimension in heights.items():
        dimension.index = target[row]
        sheet.row_dimensions[target[row]] = dimension


def _check(book: Workbook, sheet: Worksheet, moved: frozenset[int]) -> None:
    _check_areas(sheet, moved)
    for name, definition in (*book.defined_names.items(), *sheet.defined_names.items()):
        _check_formula("=" + (definition.attr_text or ""), name, sheet, "", None, moved)
    for page in book.worksheets:
        for cell in page._cells.values():
            if isinstance(cell, MergedCell) or cell.data_type != "f":
                continue
            place = f"{page.title}!{cell.coordinate}"
            own = cell.row if page is sheet and cell.row in moved else None
            if isinstance(cell.value, str):
                _check_formula(cell.value, place, sheet, page.title, own, moved)
            elif own is not None or not _looks_away(cell.value, page, sheet):
                # An array formula, or a table of what-if values.
                raise Refused("formula", place=place)


def _check_areas(sheet: Worksheet, moved: frozenset[int]) -> None:
    """Merged cells, rules and pictures keep their place, so they must not belong to some of the rows."""
    first, last = min(moved), max(moved)
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= last and merged.max_row >= first:
            raise Refused("merged", place=str(merged))
    ranges = [rules.sqref for rules in sheet.conditional_formatting]
    ranges += [rule.sqref for rule in sheet.data_validations.dataValidation]
    for one in (part for several in ranges for part in several.ranges):
        if not _even(one.min_row, one.max_row, moved):
            raise Refused("uneven", place=str(one))
    for picture in sheet._images:
        anchored = getattr(getattr(picture.anchor, "_from", None), "row", -1) + 1
        if anchored in moved:
            raise Refused("picture", place=f"{sheet.title}!{anchored}")


def _looks_away(formula: Any, page: Worksheet, sheet: Worksheet) -> bool:  # noqa: ANN401 - openpyxl's own kinds
    text = getattr(formula, "text", None)
    return page is not sheet and isinstance(text, str) and sheet.title not in text


def _check_formula(
    text: str, place: str, sheet: Worksheet, page: str, own: int | None, moved: frozenset[int]
) -> None:
    """page: the sheet that the formula stands on. own: its row, where that moves."""
    looks = False
    counts = False
    for token in Tokenizer(text).items:
        if token.type == "FUNC" and token.subtype == "OPEN":
            counts = counts or _COUNTING.match(token.value) is not None
        if token.type != "OPERAND" or token.subtype != "RANGE":
            continue
        looks = _check_reference(token.value, place, sheet, page, own, moved) or looks
    # An INDIRECT looks wherever its text says.
    if counts and (looks or "INDIRECT" in text.upper()):
        raise Refused("formula", place=place)


def _check_reference(
    value: str, place: str, sheet: Worksheet, page: str, own: int | None, moved: frozenset[int]
) -> bool:
    """Whether it looks at moved rows; Refused where it would look at others after sorting."""
    named = value.rpartition("!")[0].strip("'").replace("''", "'") or page
    if "[" in value:  # a column of a table is all of its rows; «this row» counts as its own
        return named in ("", sheet.title, page) and "#This Row" not in value and "@" not in value
    if named != sheet.title:
        return False
    if _WHOLE_COLUMNS.fullmatch(value):
        return True
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return False  # a name; names are looked at by themselves
    first = int(found["first"])
    last = int(found["last"] or first)
    fixed = bool(found["fix"]) and (found["last"] is None or bool(found["fix2"]))
    if own is not None and first == last == own and not fixed:
        return False
    if own is not None and not fixed:
        raise Refused("formula", place=place)  # it would move along and look at other rows
    if _even(min(first, last), max(first, last), moved):
        return bool(moved & {first, last}) or min(first, last) < min(moved) <= max(first, last)
    raise Refused("formula", place=place)


def _even(first: int, last: int, moved: frozenset[int]) -> bool:
    """Whether a range holds all of the moved rows or none."""
    held = sum(first <= row <= last for row in (min(moved), max(moved)))
    return held == 2 or (held == 0 and not any(first <= row <= last for row in moved))
