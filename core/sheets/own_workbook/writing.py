"""Asks the confined process to fill results into a copy of a workbook, and says what stands in the way.

The original is only read. Which rows and columns there are is the caller's; this side never opens the file.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from core.errors import InputError
from core.sentences import Say, Sentence, english
from core.sheets.own_workbook.filling import FilledColumn
from core.sheets.reading.confined import refusal, run_confined
from core.sheets.records import ReadLimits
from core.sheets.tables import SheetTable, TableColumn, plain_value
from core.sheets.writing.cells import CUT_MARK, said, spoken_word
from core.storage.scratch import scratch_folder

# «rows»: beside the rows they belong to, which stay where they are. «sorted»: the same, the rows by query and
# new rank. «sheet»: as a sheet of their own.
Placement = Literal["rows", "sorted", "sheet"]
SUFFIXES = (".xlsx", ".xlsm")
# openpyxl holds the whole workbook, which takes far more than reading it once.
LIMITS = ReadLimits(memory_bytes=4 * 2**30, seconds=600.0)
PROCESS = "core.sheets.own_workbook.filling_process"

NOT_SUCH = "Results can be written into a workbook of the kinds .xlsx and .xlsm; {name} is none."
NOT_SUCH_HINT = "Save it as .xlsx in Excel or WPS, or export the results as a workbook of their own."
_BY_ROWS = "Keep the rows in their order, or put the results on a sheet of their own."
# Why rows stay as they are → sentence and hint.
REFUSED: dict[str, tuple[str, str]] = {
    "formula": ("The rows cannot be sorted: the formula in {place} looks at single rows of them.", _BY_ROWS),
    "merged": ("The rows cannot be sorted: {place} are merged cells.", _BY_ROWS),
    "uneven": ("The rows cannot be sorted: a rule of formatting or entry applies only to {place}.", _BY_ROWS),
    "picture": ("The rows cannot be sorted: a picture stands at {place}.", _BY_ROWS),
    "no_room": (
        "The sheet has no free column beside its table.",
        "Put the results on a sheet of their own.",
    ),
}
LOST: dict[str, str] = {
    "formulas": "Formulas stay; their results are calculated when Excel or WPS opens the file.",
    "charts": "Charts are written anew; their look may change a little.",
    "new_charts": "Charts of the newer kinds (waterfall, treemap, funnel, map …) are lost.",
    "shapes": "Text boxes, shapes and arrows are lost.",
    "sparklines": "Sparklines are lost.",
    "rules": "Formatting or entry rules of the newer kinds (data bars, icons) are lost.",
    "slicers": "Slicers and timelines are lost.",
    "thread": "Threads of comments become single comments.",
    "controls": "Buttons, other controls and embedded objects are lost.",
    "smart_art": "SmartArt is lost.",
    "connections": "Connections to data sources are lost.",
    "pictures": "Drawn pictures (EMF, WMF, SVG) are lost.",
    "signature": "The digital signature is lost.",
}


@dataclass(frozen=True, slots=True)
class OwnWorkbook:
    """A workbook to be filled. name: as its owner calls it. sheet, header_row: where the rows are."""

    file: Path
    name: str
    sheet: str
    header_row: int | None

    @property
    def suffix(self) -> str:
        """«.xlsx», or «.xlsm» where it has macros."""
        return Path(self.name).suffix.lower()


def require_own_workbook(name: str) -> None:
    """InputError where a file cannot be filled, whatever is in it."""
    if Path(name).suffix.lower() not in SUFFIXES:
        raise InputError(NOT_SUCH, where=name, hint=NOT_SUCH_HINT, name=name)


def what_is_lost(own: OwnWorkbook) -> tuple[Sentence, ...]:
    """What the copy would not have, to be said before it is made. InputError where it cannot be filled."""
    require_own_workbook(own.name)
    with scratch_folder() as folder:
        answer = _answer(own, folder, {"placement": None}, ())
    return tuple(Sentence(LOST[code]) for code in answer["losses"])


def fill_own_workbook(
    own: OwnWorkbook,
    placement: Placement,
    results: SheetTable,
    rows: Sequence[int],
    settings: SheetTable,
    target: Path,
    say: Say = english,
) -> None:
    """Write the filled copy. rows: of each result, its row in the file; unused on a sheet of its own.

    settings: says where the results come from, on a sheet at the end. InputError says why it cannot be.
    """
    require_own_workbook(own.name)
    task = {
        "placement": placement,
        "sheet": own.sheet,
        "header_row": own.header_row,
        "macros": own.suffix == ".xlsm",
        "columns": [asdict(_filled(column, say)) for column in results.columns],
        "new_sheet": spoken_word(results.name, say),
        "cut_mark": spoken_word(CUT_MARK, say),
        "settings_sheet": spoken_word(settings.name, say),
        "settings_columns": [_filled(column, say).title for column in settings.columns],
        "settings": [[said(cell, say) for cell in row] for row in settings.rows()],  # type: ignore[arg-type]
    }
    cells = (
        [_cell(value, column, say) for value, column in zip(row, results.columns, strict=True)]
        for row in results.rows()
    )
    lines = (
        cells
        if placement == "sheet"
        else ([row, *own_cells] for row, own_cells in zip(rows, cells, strict=True))
    )
    with scratch_folder() as folder:
        _answer(own, folder, task, lines)
        shutil.copyfile(folder / "filled.xlsx", target)


def _answer(own: OwnWorkbook, folder: Path, task: dict[str, Any], lines: Any) -> dict[str, Any]:  # noqa: ANN401 - rows of cells
    """What the process answered; it leaves the workbook in the folder."""
    entry, output, task_file = folder / "own.xlsx", folder / "filled.xlsx", folder / "task.jsonl"
    os.symlink(own.file.resolve(), entry)
    encoder = json.JSONEncoder(ensure_ascii=False, default=_encoded)
    with task_file.open("w", encoding="utf-8", errors="replace") as stream:
        stream.write(encoder.encode(task | {"limits": asdict(LIMITS)}) + "\n")
        for line in lines:
            stream.write(encoder.encode(line) + "\n")
    run_confined(PROCESS, [str(entry), str(output), str(task_file)], LIMITS)
    answer: dict[str, Any] = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
    if "refused" not in answer:
        return answer
    code, facts = answer["refused"], answer["facts"]
    if code == "no_own_workbook":
        raise InputError(NOT_SUCH, where=own.name, hint=NOT_SUCH_HINT, name=own.name)
    if code in REFUSED:
        sentence, hint = REFUSED[code]
        raise InputError(sentence, where=own.name, hint=hint, **facts)
    raise refusal(code, facts)


def _filled(column: TableColumn, say: Say) -> FilledColumn:
    title = column.name if column.own else spoken_word(column.name, say)
    if column.title is not None:
        title = said(column.title, say)
    usual = 40.0 if column.kind == "text" else 12.0
    return FilledColumn(title, column.number_format, column.width or usual)


def _cell(value: object, column: TableColumn, say: Say) -> object:
    if isinstance(value, Sentence):
        return said(value, say)
    plain = plain_value(value, column.kind)
    if isinstance(plain, bool) and not column.own:
        word = spoken_word("TRUE" if plain else "FALSE", say)
        return plain if word in ("TRUE", "FALSE") else word
    return spoken_word(plain, say) if isinstance(plain, str) and column.words else plain


def _encoded(value: object) -> object:
    if isinstance(value, datetime):
        return {"m": value.replace(tzinfo=None).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"t": value.replace(tzinfo=None).isoformat()}
    return str(value)
