"""The 35 awkward real files of ../shared: each is imported, or refused, as its manifest says."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import InputError
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.reports import inspect_file
from core.sheets.reading.sources import read_source
from core.sheets.records import Source, Table

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "spreadsheets"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared is not here")


def table_of(source: Source, sheet: int = 0) -> Table:
    return find_table(source.grids[sheet], has_names=source.has_names)


def kinds(table: Table) -> list[str]:
    return [problem.kind for problem in table.problems]


def gbk(source: Source) -> None:
    table = table_of(source)
    assert source.encoding == "gb18030"
    assert table.columns == ("序号", "姓名", "年龄", "职业", "title")
    assert table.rows[3] == ("4", "秦六", "33", "少林寺", None)
    assert kinds(table) == []  # the blank last cell is a cell, not a missing field


def utf16(source: Source) -> None:
    table = table_of(source)
    assert source.encoding == "utf-16"
    assert table.columns[0] == "Organisation_code"
    assert (len(table.rows), table.rows[0][:2]) == (327, ("5C1", "Enfield PCT"))


def utf32_without_mark(source: Source) -> None:
    table = table_of(source)
    assert source.encoding == "utf-32-le"
    assert table.columns == ("Name", "Copy", "URL")
    text = 'This is a "test csv file"\nwith both "line breaks"\n'
    text += 'and "escaped\nquotes" that breaks\nthe delimiters'
    assert [row[1] for row in table.rows] == [text] * 4
    assert "\0" not in str(table.rows)


def utf8_mark(source: Source) -> None:
    table = table_of(source)
    assert table.columns == ("姓名", "年纪")
    assert table.rows[0] == ("姓名0", "20")
    assert len(table.rows) == 10


def latin1(source: Source) -> None:
    table = table_of(source)
    assert (source.encoding, source.separator) == ("cp1252", ";")
    assert not source.encoding_certain
    assert table.columns[:4] == ("Classement", "Quartier", "Date", "Année")
    assert len(table.rows) == 638


def long_cell(source: Source) -> None:
    table = table_of(source)
    assert source.encoding == "cp1252"
    assert len(table.rows) == 58
    assert max(len(str(row[4])) for row in table.rows) == 49_885
    assert "\xa0" in str(table.rows[0][4])


def semicolons(source: Source) -> None:
    table = table_of(source)
    assert source.separator == ";"
    assert len(table.rows) == 21_692
    assert table.columns[0] == "idImpianto"
    assert table.numbers[-1] == 21_693
    # Line 35 opens a quotation mark that is closed 68 rows later.
    assert [(problem.kind, problem.row) for problem in table.problems] == [
        ("stray_quote", 35),
        ("too_many_fields", 36),
    ]


def preamble(source: Source) -> None:
    table = table_of(source)
    assert table.header_row == 4
    assert table.columns == ("Year", "2000", "2001", "2002", "2003", "2004", "2005", "2006", "2007")
    assert table.rows[0][:2] == ("Timber", "2,666")
    assert table.rows[-1][0] == "Total"
    assert kinds(table) == ["note_above", "note_above", "note_below", "note_below"]


def sep_directive(source: Source) -> None:
    assert source.separator == ";"
    assert [list(row) for row in source.grids[0].rows] == [["A", "1"], ["2", "3"]]
    assert list(source.grids[0].numbers) == [2, 3]


def newlines_in_cells(source: Source) -> None:
    table = table_of(source)
    assert table.columns == ("Description", "status")
    assert len(table.rows) == 19
    assert max(len(str(row[0])) for row in table.rows) == 5_587
    assert "\n" in str(table.rows[0][0])


def duplicate_headers(source: Source) -> None:
    table = table_of(source)
    assert table.columns == ("id", "name", "id (2)", "age", "id (3)")
    assert table.rows[0] == ("1101", "John", "0", "30", "001101")
    assert kinds(table) == ["renamed_column", "renamed_column"]


def ragged(source: Source) -> None:
    table = table_of(source)
    assert table.rows == [("1101", "John", None), ("1102", "Julie", "26")]
    assert [(problem.kind, problem.row) for problem in table.problems] == [
        ("too_few_fields", 2),
        ("too_many_fields", 3),
    ]
    assert "Potatoes" in table.problems[1].message


def leading_zeros(source: Source) -> None:
    assert table_of(source).rows == [("01",), ("002",), ("00003",)]


def null_byte(source: Source) -> None:
    assert table_of(source).rows == [(None, "2", "3")]
    assert [problem.kind for problem in source.problems] == ["nuls_removed"]


def html(source: Source) -> None:
    assert "<a href=''>Link</a>" in (list(source.grids[0].rows[0]))


def notes_around(source: Source) -> None:
    for sheet in (0, 1):
        table = table_of(source, sheet)
        assert table.header_row == 5
        assert table.columns == ("Name", "Profession", "Age", "Has kids", "Date of birth", "Date of death")
        assert len(table.rows) == 10
        assert kinds(table).count("note_above") == 4
        assert [problem.row for problem in table.problems if problem.kind == "note_below"][0] == 16
    first = table_of(source).rows[0]
    assert first == ("David Bowie", "musician", 69, True, date(1947, 1, 8), date(2016, 1, 10))
    assert [grid.name for grid in source.grids] == ["arts", "other"]


def merged(source: Source) -> None:
    table = table_of(source)
    assert table.rows[0] == ("vertical1", None, "horizontal", "horizontal", "horizontal", None, "vertical2")
    assert table.rows[-1] == (None, "block", "block", "block", None, None, "vertical2")


def hidden_sheets(source: Source) -> None:
    assert [(grid.name, grid.visibility) for grid in source.grids] == [
        ("HiddenSheet1", "hidden"),
        ("VisibleSheet1", "visible"),
        ("HiddenSheet2", "hidden"),
    ]
    assert inspect_file(FOLDER / source.name).sheet == "VisibleSheet1"


def unnamed_columns(source: Source) -> None:
    table = table_of(source)
    assert table.columns == ("Column A", "var2", "Column C", "var2 (2)")
    assert table.rows == [(1, "a", 1.1, "aa"), (2, "b", 2.1, "bb")]


def formulas_without_values(source: Source) -> None:
    table = table_of(source)
    problems = [problem for problem in table.problems if problem.kind == "formula_without_result"]
    assert {problem.column for problem in problems} >= {"Pause (Tag)", "Arbeitszeit", "Pausencheck"}
    assert "Open the file in Excel once and save it." in problems[0].message


def dates_1904(source: Source) -> None:
    assert table_of(source).rows == [(date(2009, 6, 15),), (date(2013, 4, 19),)]


def long_ids(source: Source) -> None:
    rows = table_of(source).rows
    assert rows[1][:2] == (2147483647, "2147483647")
    assert rows[4][:2] == (-2147483648, "-2147483648")
    assert all(isinstance(row[1], str) for row in rows)


def carriage_return(source: Source) -> None:
    assert table_of(source).rows == [("ABC\r\nDEF",)]


def strict(source: Source) -> None:
    assert [table_of(source, sheet).rows for sheet in (0, 1)] == [[("Sheet 1",)], [("Sheet 2",)]]


def large_strings(source: Source) -> None:
    assert [grid.name for grid in source.grids] == ["Large Strings", "Simple", "longwordslist"]
    assert [len(grid.rows) for grid in source.grids] == [9_999, 26, 17_619]
    assert max(len(cell) for cell in source.grids[0].rows[-1] if isinstance(cell, str)) == 9_999


def provinces(source: Source) -> None:
    assert source.format == "xls"
    assert table_of(source).rows == [("Anhui", "安徽省"), ("Beijing", "北京市"), ("Chongqing", "重庆市")]


def ole_named_xlsx(source: Source) -> None:
    assert source.format == "xls"
    assert [problem.kind for problem in source.problems] == ["other_name"]
    assert table_of(source).rows[0] == (date(2007, 5, 7), 9.25, 10.25, 0, 1, "Task 1")


def sheet_protection(source: Source) -> None:
    assert table_of(source).rows == [('The password of this Sheet is: "pwd"',)]


IMPORTED: dict[str, Callable[[Source], None]] = {
    "02_csv_gbk_tiny.csv": gbk,
    "04_csv_utf16le_bom.csv": utf16,
    "06_csv_utf32le_newlines.csv": utf32_without_mark,
    "07_csv_utf8_bom_zh.csv": utf8_mark,
    "08_csv_latin1_semicolon_looks_gb18030.csv": latin1,
    "10_csv_cp1252_cell_49885_chars.csv": long_cell,
    "13_csv_20k_rows_semicolon_preamble.csv": semicolons,
    "14_csv_excel_paste_preamble.csv": preamble,
    "17_csv_sep_directive.csv": sep_directive,
    "18_csv_newlines_in_cells_5k.csv": newlines_in_cells,
    "20_csv_duplicate_headers.csv": duplicate_headers,
    "22_csv_defective_rows.csv": ragged,
    "23_csv_leading_zeros.csv": leading_zeros,
    "24_csv_null_byte.csv": null_byte,
    "27_csv_html_in_cells.csv": html,
    "28_xlsx_header_row5_footer.xlsx": notes_around,
    "30_xlsx_merged_ranges.xlsx": merged,
    "32_xlsx_hidden_sheets.xlsx": hidden_sheets,
    "36_xlsx_unnamed_duplicate_columns.xlsx": unnamed_columns,
    "40_xlsx_formula_no_cached_value.xlsx": formulas_without_values,
    "41_xlsx_dates_1904.xlsx": dates_1904,
    "43_xlsx_long_numeric_text_ids.xlsx": long_ids,
    "45_xlsx_x000D.xlsx": carriage_return,
    "48_xlsx_strict_ooxml.xlsx": strict,
    "51_xlsx_27k_rows_large_strings.xlsx": large_strings,
    "53_xls_chinese_provinces.xls": provinces,
    "59_bad_ole_named_xlsx.xlsx": ole_named_xlsx,
    "75_pwd_sheet_protection_only.xlsx": sheet_protection,
}

REFUSED = {
    "25_csv_empty.csv": "holds no data",
    "38_xlsx_formula_errors.xlsx": "Every cell holds an error value",
    "62_bad_zero_bytes.xlsx": "holds no data",
    "64_bad_corrupted.xlsx": "damaged or incomplete",
    "72_pwd_encrypted_passtika.xlsx": "protected by a password",
    "76_bomb_xml_billion_laughs.xlsx": "XML entities",
    "77_bomb_shared_strings.xlsx": "12000 MB of text",
}


@pytest.mark.parametrize("name", sorted(IMPORTED))
def test_file_is_imported_as_its_manifest_says(name: str) -> None:
    IMPORTED[name](read_source(FOLDER / name))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_file_is_refused_with_one_clear_sentence(name: str) -> None:
    with pytest.raises(InputError, match=REFUSED[name]) as refusal:
        inspect_file(FOLDER / name)
    assert refusal.value.where == name
    assert refusal.value.hint


def test_every_file_of_the_manifest_is_covered() -> None:
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["file"] for row in csv.DictReader(stream)}
    assert names == IMPORTED.keys() | REFUSED.keys()
