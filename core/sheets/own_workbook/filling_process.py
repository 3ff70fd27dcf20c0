"""The process that opens one untrusted workbook to fill results in, confined, and then ends.

Run as `python -m core.sheets.own_workbook.filling_process FILE OUTPUT TASK`. TASK is a file: its first line
says what to do, each further line is a row of results. OUTPUT.json gets the answer: what would be lost, or
why it was refused; OUTPUT itself the workbook. `writing` is the side that asks.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from core.sheets.own_workbook.losses import losses
from core.sheets.reading.archive import ARCHIVE_ERRORS, Refused, inspect_archive
from core.sheets.reading.reader_process import confine
from core.sheets.records import ReadLimits

_DATES: dict[str, Callable[[str], object]] = {
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
    "t": time.fromisoformat,
}


def main(arguments: list[str]) -> int:
    """Do the task; 0 even when it is refused, since the refusal is the answer."""
    path, output, task_file = (Path(one) for one in arguments)
    with task_file.open(encoding="utf-8") as lines:
        task = json.loads(next(lines))
        limits = ReadLimits(**task["limits"])
        confine(limits)
        try:
            answer: dict[str, object] = {"losses": _looked_at(path, limits)}
            if task["placement"]:
                _fill(path, output, task, (json.loads(line, object_hook=_dates) for line in lines))
        except Refused as refusal:
            answer = {"refused": refusal.code, "facts": refusal.facts}
        except MemoryError:
            answer = {"refused": "memory", "facts": {"limit": limits.memory_bytes >> 20}}
    output.with_suffix(".json").write_text(json.dumps(answer), encoding="utf-8")
    return 0


def _looked_at(path: Path, limits: ReadLimits) -> list[str]:
    try:
        with ZipFile(path) as archive:
            if inspect_archive(archive, limits).format != "xlsx":
                raise Refused("no_own_workbook")
            return losses(archive)
    except ARCHIVE_ERRORS as error:
        raise Refused("damaged", detail=repr(error)) from error


def _fill(path: Path, output: Path, task: dict[str, Any], lines: Iterator[Any]) -> None:
    import warnings

    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    from core.sheets.own_workbook.filling import FilledColumn, fill_beside, fill_sheet
    from core.sheets.own_workbook.sorting import sort_rows

    # What it leaves out was said before, by looking through the parts.
    warnings.simplefilter("ignore")
    try:
        with path.open("rb") as stream:
            book = load_workbook(stream, rich_text=True, keep_vba=task["macros"])
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused("damaged", detail=repr(error)) from error
    columns = [FilledColumn(**column) for column in task["columns"]]
    cut_mark = task["cut_mark"]
    if task["placement"] == "sheet":
        fill_sheet(book, task["new_sheet"], columns, list(lines), cut_mark)
    else:
        if task["sheet"] not in book.sheetnames:
            raise Refused("damaged", detail="no such sheet")
        sheet = book[task["sheet"]]
        # The first of a row is its number in the file.
        rows = [(int(row), values) for row, *values in lines]
        fill_beside(sheet, columns, task["header_row"], rows, cut_mark)
        if task["placement"] == "sorted":
            sort_rows(book, sheet, [row for row, _ in rows])
    about = [FilledColumn(title, "@", 40.0) for title in task["settings_columns"]]
    fill_sheet(book, task["settings_sheet"], about, task["settings"], cut_mark)
    # No result of a formula is kept, so it is to be calculated when the workbook is opened.
    book.calculation.fullCalcOnLoad = True
    book.save(output)


def _dates(value: dict[str, Any]) -> object:
    if len(value) == 1:
        ((kind, text),) = value.items()
        if kind in _DATES:
            return _DATES[kind](text)
    return value


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Leave without tearing down millions of objects one by one; the output is closed already.
    os._exit(code)
