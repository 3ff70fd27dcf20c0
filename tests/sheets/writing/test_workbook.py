"""Workbooks are written, then read back with two independent readers."""

import io
import re
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from core.errors import InputError
from core.sheets.reading.sources import read_source
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing import workbook
from core.sheets.writing.cells import CutCell
from core.sheets.writing.charts import ChartSeries, ChartSpec
from core.sheets.writing.workbook import write_workbook

AWKWARD_TEXTS = [
    "退款审核通过后，款项将在1至3个工作日内退回",
    "110101199003071234",
    "000123",
    "=1+1",
    "+8613800000000",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("http://example.org","x")',
    "http://example.org/a b",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "1.50",
    "TRUE",
    "2024-01-31",
    "emoji 😀👨‍👩‍👧",
    "\x01control\x1f",
    "\x00",
    "a\r\nb\rc\nd\te",
    "  spaces kept  ",
    "_x0041_",
    "_x005F_x0041_",
    "_x000D_ _x0041",
    "<r>markup</r>",
    "<r><t>markup</t></r>",
    "</t></is></c><c>&amp;",
    '<b>HTML</b> & "quotes"',
]


def read_both(content: bytes, sheet: str | None = None) -> tuple[list[list[object]], list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet] if sheet else book.worksheets[0]
    by_openpyxl = [
        [unescape(cell) if isinstance(cell, str) else cell for cell in row]
        for row in page.iter_rows(values_only=True)
    ]
    calamine = CalamineWorkbook.from_filelike(io.BytesIO(content))
    by_calamine = calamine.get_sheet_by_name(page.title).to_python(skip_empty_area=False)
    return by_openpyxl, by_calamine


def write(*tables: SheetTable, **options: object) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, tables, **options)
    return buffer.getvalue()


def test_awkward_texts_read_back_unchanged_in_both_readers() -> None:
    table = SheetTable.of("Texts", [TableColumn("text")], [[text] for text in AWKWARD_TEXTS])
    content = write(table)
    by_openpyxl, by_calamine = read_both(content)
    assert [row[0] for row in by_calamine[1:]] == AWKWARD_TEXTS
    # openpyxl's XML parser turns a bare line end into \n, as XML asks; \r is written as an escape.
    assert [row[0] for row in by_openpyxl[1:]] == AWKWARD_TEXTS
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)


def test_any_columns_keep_text_as_text_too() -> None:
    table = SheetTable.of("Texts", [TableColumn("text", "any")], [[text] for text in AWKWARD_TEXTS])
    assert [row[0] for row in read_both(write(table))[1][1:]] == AWKWARD_TEXTS


def test_no_formula_and_no_link_is_in_the_file() -> None:
    content = write(SheetTable.of("Texts", [TableColumn("t")], [[text] for text in AWKWARD_TEXTS]))
    with ZipFile(io.BytesIO(content)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml


def test_values_keep_their_types_and_blanks_stay_blank() -> None:
    columns = [
        TableColumn("text"),
        TableColumn("whole", "integer"),
        TableColumn("number", "number", "0.0000"),
        TableColumn("yes", "boolean"),
        TableColumn("day", "date"),
        TableColumn("moment", "datetime"),
    ]
    rows = [
        ["中文", 3, 0.25, True, date(2024, 2, 29), datetime(2024, 2, 29, 13, 5, 7)],
        [None, None, float("nan"), None, None, pd.NaT],
        [np.str_("文"), np.int64(4), np.float32(0.5), np.bool_(False), pd.Timestamp("2023-01-01"), pd.NA],
    ]
    content = write(SheetTable.of("Types", columns, rows))
    by_openpyxl, by_calamine = read_both(content)
    assert by_openpyxl[1] == ["中文", 3, 0.25, True, datetime(2024, 2, 29), datetime(2024, 2, 29, 13, 5, 7)]
    assert by_openpyxl[2] == [None] * 6
    assert by_openpyxl[3] == ["文", 4, 0.5, False, datetime(2023, 1, 1), None]
    assert by_calamine[1][1:3] == [3.0, 0.25]
    assert by_calamine[1][5] == datetime(2024, 2, 29, 13, 5, 7)
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["C2"].number_format == "0.0000"
    assert page["E2"].number_format == "yyyy-mm-dd"


def test_eighteen_digit_integers_keep_every_digit() -> None:
    table = SheetTable.of("Ids", [TableColumn("id", "any")], [[110101199003071234], [12]])
    assert [row[0] for row in read_both(write(table))[0][1:]] == ["110101199003071234", 12]


def test_infinities_and_dates_before_excels_calendar_become_text() -> None:
    rows = [[float("inf")], [date(1850, 1, 1)]]
    table = SheetTable.of("Odd", [TableColumn("value", "any")], rows)
    assert [row[0] for row in read_both(write(table))[0][1:]] == ["inf", "1850-01-01"]


def test_lone_surrogates_are_replaced() -> None:
    table = SheetTable.of("Odd", [TableColumn("t")], [["a\ud800b"]])
    assert read_both(write(table))[0][1] == ["a\ufffdb"]


def test_text_beyond_excels_limit_is_cut_marked_and_reported(tmp_path: Path) -> None:
    fits = "字" * 32_767
    too_long = "字" * 32_768
    emoji = "😀" * 20_000  # 40,000 UTF-16 units in 20,000 characters
    table = SheetTable.of(
        "Long", [TableColumn("id"), TableColumn("文档")], [["1", fits], ["2", too_long], ["3", emoji]]
    )
    path = tmp_path / "long.xlsx"
    written = write_workbook(path, [table])
    assert written.cut_cells == (
        CutCell("Long", 3, "文档", 32_768),
        CutCell("Long", 4, "文档", 20_000),
    )
    rows = read_both(path.read_bytes())[1]
    assert rows[1][1] == fits
    assert rows[2][1] == "字" * (32_767 - len("… [cut]")) + "… [cut]"
    assert rows[3][1] == "😀" * 16_380 + "… [cut]"  # (32,767 - 7) / 2 whole characters


# openpyxl does not know Excel 2010's data bars, the only ones with a fixed scale that begins at nothing.
@pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")
def test_header_is_frozen_and_filterable_and_the_bar_scale_is_fixed() -> None:
    columns = [TableColumn("query", width=50), TableColumn("probability", "number", "0.000", bar=True)]
    content = write(SheetTable.of("Results", columns, [["q", 0.5], ["q", 0.75]]))
    page = openpyxl.load_workbook(io.BytesIO(content))["Results"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert page.column_dimensions["A"].width == pytest.approx(50.7, abs=0.1)
    (rule,) = [rule for rules in page.conditional_formatting for rule in rules.rules]
    assert [(limit.type, limit.val) for limit in rule.dataBar.cfvo] == [("num", 0), ("num", 1)]


def test_sheet_names_are_made_valid_and_distinct() -> None:
    names = ["a/b[c]:*?", "A_B_C____", "x" * 40, "x" * 40, "", "History"]
    tables = [SheetTable.of(name, [TableColumn("c")], []) for name in names]
    buffer = io.BytesIO()
    written = write_workbook(buffer, tables)
    assert written.sheet_names == (
        "a_b_c____",
        "A_B_C____ (2)",
        "x" * 31,
        "x" * 27 + " (2)",
        "Sheet",
        "History (2)",
    )
    assert openpyxl.load_workbook(buffer).sheetnames == list(written.sheet_names)


def test_charts_point_at_the_written_cells() -> None:
    counts = SheetTable.of(
        "Counts", [TableColumn("bin"), TableColumn("before", "integer")], [["0.0", 3], ["0.5", 1]]
    )
    chart = ChartSpec(
        "histogram",
        "Scores",
        "Counts",
        0,
        (ChartSeries("before", 1, 1, 2),),
        "Counts",
        "D2",
        "score",
        "pairs",
    )
    content = write(counts, charts=[chart])
    with ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/charts/chart1.xml").decode()
    assert "Counts!$B$2:$B$3" in xml
    assert "Counts!$A$2:$A$3" in xml


def test_a_frame_becomes_a_table_with_kinds_from_its_columns() -> None:
    frame = pd.DataFrame(
        {"q": ["甲", None], "n": [1, 2], "x": [0.5, float("nan")], "d": pd.to_datetime(["2024-01-01"] * 2)}
    )
    table = SheetTable.of_frame("Frame", frame)
    assert [column.kind for column in table.columns] == ["text", "integer", "number", "datetime"]
    assert read_both(write(table))[0][1:] == [
        ["甲", 1, 0.5, datetime(2024, 1, 1)],
        [None, 2, None, datetime(2024, 1, 1)],
    ]


def test_a_workbook_without_sheets_is_refused() -> None:
    with pytest.raises(InputError, match="at least one sheet"):
        write_workbook(io.BytesIO(), [])


def test_several_sheets_keep_their_own_rows() -> None:
    tables = [SheetTable.of(f"S{n}", [TableColumn("v", "any")], [[n], [f"text {n}"]]) for n in range(3)]
    content = write(*tables)
    for n in range(3):
        assert read_both(content, f"S{n}")[0] == [["v"], [n], [f"text {n}"]]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    table = SheetTable.of("Long", [TableColumn("n", "integer")], [[n] for n in range(7)])
    content = write(table)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Long", "Long (2)", "Long (3)"]
    read = [read_both(content, name)[0] for name in ("Long", "Long (2)", "Long (3)")]
    assert read == [[["n"], [0], [1], [2]], [["n"], [3], [4], [5]], [["n"], [6]]]


@pytest.mark.parametrize(("rows", "sheets"), [(0, ["Full"]), (3, ["Full"]), (6, ["Full", "Full (2)"])])
def test_rows_that_fill_a_sheet_exactly_start_no_other(
    rows: int, sheets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    content = write(SheetTable.of("Full", [TableColumn("n", "integer")], [[n] for n in range(rows)]))
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == sheets
    read = [row for name in sheets for row in read_both(content, name)[0][1:]]
    assert read == [[n] for n in range(rows)]


def test_times_and_the_day_that_never_was_are_counted_as_excel_does() -> None:
    rows: list[list[object]] = [
        [time(18, 30)],
        [date(1900, 2, 28)],
        [date(1900, 3, 1)],
        [datetime(2024, 2, 29, 12)],
    ]
    content = write(SheetTable.of("T", [TableColumn("t", "any")], rows))
    with ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall("<v>(.*?)</v>", xml) == ["0.7708333333333334", "59.0", "61.0", "45351.5"]


def test_what_was_written_is_imported_again_unchanged() -> None:
    columns = [TableColumn("query"), TableColumn("document"), TableColumn("label", "integer")]
    rows = [["q?", text, n % 2] for n, text in enumerate(AWKWARD_TEXTS)]
    source = read_source(write(SheetTable.of("Pairs", columns, rows)), "a.xlsx")
    assert [list(row) for row in source.grids[0].rows[1:]] == rows


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(InputError, match="has no columns"):
        write(SheetTable.of("Nothing", [], []))
