"""What workbooks hold besides plain cells, built by hand and read through the confined process."""

import json
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pytest

from core.errors import InputError
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.reports import inspect_source
from core.sheets.reading.sources import read_source
from core.sheets.records import Cell, Grid
from tests.sheets.nasty_files import MAIN, ods, rows, xlsb, xlsx

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/><xf numFmtId="21"/></cellXfs></styleSheet>'
)


def grid(content: bytes, name: str = "a.xlsx") -> Grid:
    return read_source(content, name).grids[0]


def cells(inner: str, **options: object) -> list[list[Cell]]:
    read = grid(xlsx({"S": f"<sheetData>{inner}</sheetData>"}, **options))  # type: ignore[arg-type]
    return [list(row) for row in read.rows]


def test_long_numbers_keep_every_digit_that_the_file_holds() -> None:
    row = (
        '<row r="1"><c r="A1"><v>110101199003071234</v></c><c r="B1"><v>123456789012345</v></c>'
        '<c r="C1"><v>1.10101199003071E+17</v></c><c r="D1"><v>3</v></c><c r="E1"><v>0.5</v></c></row>'
    )
    assert cells(row) == [["110101199003071234", 123456789012345, "110101199003071000", 3, 0.5]]


def test_furigana_is_not_part_of_the_text() -> None:
    strings = '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>'
    assert cells('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings) == [["東京"]]


def test_rich_text_is_joined_and_escapes_are_decoded() -> None:
    strings = '<si><r><t xml:space="preserve">bold </t></r><r><t>and plain</t></r></si>'
    strings += "<si><t>a_x000D_\nb</t></si><si><t>_x005F_x0041_</t></si>"
    row = "".join(f'<c r="{"ABC"[n]}1" t="s"><v>{n}</v></c>' for n in range(3))
    assert cells(f'<row r="1">{row}</row>', strings=strings) == [["bold and plain", "a\r\nb", "_x0041_"]]


@pytest.mark.parametrize(("date1904", "day"), [("0", date(2024, 2, 29)), ("1", date(2028, 3, 1))])
def test_dates_follow_the_workbooks_calendar(date1904: str, day: date) -> None:
    # 45351 days: 29 February 2024 counted from 1900, 1 March 2028 counted from 1904.
    row = '<row r="1"><c r="A1" s="1"><v>45351</v></c></row>'
    content = xlsx(
        {"S": f"<sheetData>{row}</sheetData>"},
        workbook_extra=f'<workbookPr date1904="{date1904}"/>',
        extra_parts={"xl/styles.xml": STYLES.encode()},
    )
    content = with_styles(content)
    assert [list(row) for row in grid(content).rows] == [[day]]


def with_styles(content: bytes) -> bytes:
    """Relate the styles part to the workbook."""
    import io
    import zipfile

    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
                extra = f'<Relationship Id="rIdT" Type="{kind}" Target="styles.xml"/></Relationships>'
                part = part.replace(b"</Relationships>", extra.encode())
            new.writestr(name, part)
    return result.getvalue()


def test_moments_and_times_are_read() -> None:
    row = '<row r="1"><c r="A1" s="2"><v>45351.5</v></c><c r="B1" s="3"><v>0.75</v></c></row>'
    content = xlsx({"S": f"<sheetData>{row}</sheetData>"}, extra_parts={"xl/styles.xml": STYLES.encode()})
    assert list(grid(with_styles(content)).rows[0]) == [datetime(2024, 2, 29, 12), time(18)]


def test_errors_are_missing_and_named_by_their_cell() -> None:
    data = rows([["query", "document"], ["q?", "x"]])
    data = data.replace(
        '<c r="B2" t="inlineStr"><is><t>x</t></is></c>', '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    table = find_table(grid(xlsx({"S": data})))
    assert table.rows == [("q?", None)]
    (problem,) = table.problems
    assert (problem.kind, problem.sheet, problem.row, problem.column) == ("error_value", "S", 2, "document")


def test_error_texts_in_csv_are_missing_too() -> None:
    table = find_table(grid(b"query,document\nq?,#N/A\nr?,text\n", "a.csv"))
    assert table.rows == [("q?", None), ("r?", "text")]
    assert [problem.message for problem in table.problems] == [
        "The cell holds the error #N/A and counts as blank."
    ]


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        ('<c r="A2"><f>B2&amp;C2</f></c>', 1),
        ('<c r="A2"><f>B2&amp;C2</f><v></v></c>', 1),
        ('<c r="A2"><f>B2&amp;C2</f><v/></c>', 1),
        ('<c r="A2"><f t="shared" si="0"/></c>', 1),
        ('<c r="A2" t="str"><f>B2</f><v></v></c>', 0),  # a result that is empty text
        ('<c r="A2" t="str"><f>B2</f><v>text</v></c>', 0),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', 0),
    ],
)
def test_formulas_without_a_saved_result_are_told_from_those_with_one(formula: str, count: int) -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>document</t></is></c></row>'
    read = grid(xlsx({"S": f'<sheetData>{head}<row r="2">{formula}</row></sheetData>'}))
    assert len(read.uncached) == count


def test_a_sheet_of_formulas_without_results_asks_to_save_it_in_excel() -> None:
    formulas = '<row r="1"><c r="A1"><f>B1</f></c></row><row r="2"><c r="A2"><f>B2</f></c></row>'
    source = read_source(xlsx({"S": f"<sheetData>{formulas}</sheetData>"}), "a.xlsx")
    with pytest.raises(InputError, match="formulas without saved results") as refusal:
        inspect_source(source)
    assert "Excel once" in refusal.value.hint


def test_merged_query_cells_fill_down_to_their_documents() -> None:
    data = rows([["query", "document"], ["退款多久", "甲"], ["", "乙"], ["", "丙"], ["换货", "丁"]])
    content = xlsx({"S": data + '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'})
    table = find_table(grid(content))
    assert table.rows == [("退款多久", "甲"), ("退款多久", "乙"), ("退款多久", "丙"), ("换货", "丁")]


def test_a_table_that_begins_in_a_later_column_keeps_its_merges_errors_and_long_numbers() -> None:
    table = rows(
        [["", "", "", ""], ["", "query", "document", "id"], ["", "退款多久", "甲", "x"], ["", "", "乙", "y"]]
    )
    for place, value in (("D3", "110101199003071234"), ("D4", "110101199003075678")):
        text = "x" if place == "D3" else "y"
        inline = f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
        table = table.replace(inline, f'<c r="{place}"><v>{value}</v></c>')
    error = '<row r="5"><c r="B5" t="inlineStr"><is><t>换货</t></is></c>'
    error += '<c r="C5" t="e"><v>#N/A</v></c><c r="D5"><v>7</v></c></row>'
    table = table.replace("</sheetData>", error + "</sheetData>")
    content = xlsx({"S": table + '<mergeCells count="1"><mergeCell ref="B3:B4"/></mergeCells>'})
    found = find_table(grid(content))
    assert found.rows == [
        ("退款多久", "甲", "110101199003071234"),
        ("退款多久", "乙", "110101199003075678"),
        ("换货", None, 7),
    ]
    assert [(problem.kind, problem.row, problem.column) for problem in found.problems] == [
        ("error_value", 5, "document")
    ]


def test_formulas_without_results_are_counted_in_their_own_column_of_a_later_table() -> None:
    formula = '<row r="2"><c r="C2" t="inlineStr"><is><t>q?</t></is></c><c r="D2"><f>A1</f></c></row>'
    head = rows([["", "", "query", "document"]]).removesuffix("</sheetData>")
    found = find_table(grid(xlsx({"S": head + formula + "</sheetData>"})))
    assert [(problem.kind, problem.column) for problem in found.problems] == [
        ("formula_without_result", "document")
    ]


def test_a_merged_title_above_the_table_is_a_note() -> None:
    data = rows([["查询与文档 2024 年", ""], ["query", "document"], ["q?", "a text"]])
    content = xlsx({"S": data + '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'})
    table = find_table(grid(content))
    assert (table.header_row, table.columns, table.rows) == (2, ("query", "document"), [("q?", "a text")])


def test_hidden_sheets_are_listed_and_never_chosen_unasked() -> None:
    good = rows([["query", "document"], ["q?", "a text"]])
    content = xlsx(
        {"Secret": good, "Very": good, "Open": good}, states={"Secret": "hidden", "Very": "veryHidden"}
    )
    report = inspect_source(read_source(content, "a.xlsx"))
    assert [sheet.visibility for sheet in report.sheets] == ["hidden", "very hidden", "visible"]
    assert report.sheet == "Open"
    with pytest.raises(InputError, match="Only hidden sheets hold data: Secret"):
        inspect_source(read_source(xlsx({"Secret": good}, states={"Secret": "hidden"}), "a.xlsx"))


def test_opendocument_is_read() -> None:
    content = ods(
        '<table:table table:name="数据"><table:table-row><table:table-cell office:value-type="string">'
        '<text:p>query</text:p></table:table-cell><table:table-cell office:value-type="string">'
        "<text:p>document</text:p></table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell office:value-type="string"><text:p>退款</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="2.5"><text:p>2.5</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    read = grid(content, "a.ods")
    assert (read.name, [list(row) for row in read.rows]) == ("数据", [["query", "document"], ["退款", 2.5]])


def test_binary_workbooks_are_read() -> None:
    source = read_source(xlsb([["query", "document", "label"], ["退款", "三天到账", 1.0]]), "a.xlsb")
    assert (source.format, source.grids[0].name) == ("xlsb", "数据")
    assert source.grids[0].rows == [["query", "document", "label"], ["退款", "三天到账", 1]]
    assert source.problems == ()


def test_chart_sheets_are_listed_as_such(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "chart.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    sheet.write_column("A1", [1, 2, 3])
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$3"})
    book.add_chartsheet("Chart").set_chart(chart)
    book.close()
    assert [(grid.name, grid.kind) for grid in read_source(path).grids] == [
        ("Data", "worksheet"),
        ("Chart", "chart"),
    ]


def test_parquet_keeps_types_ids_and_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {
            "id": ["001", "110101199003071234"],
            "day": [date(2024, 2, 29), None],
            "documents": [["甲", "乙"], []],
            "n": [1, 110101199003071234],
            "x": [0.5, float("nan")],
        }
    )
    frame.to_parquet(path)
    source = read_source(path)
    assert source.has_names
    head, first, second = source.grids[0].rows
    assert head == ["id", "day", "documents", "n", "x"]
    assert first == ["001", date(2024, 2, 29), '["甲", "乙"]', 1, 0.5]
    assert second == ["110101199003071234", None, "[]", "110101199003071234", None]


def test_json_lines_and_arrays_are_read_alike() -> None:
    records = [{"query": "甲", "n": 1}, {"query": "乙", "extra": None, "docs": ["x"]}]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    array = json.dumps(records, ensure_ascii=False)
    expected = [["query", "n", "extra", "docs"], ["甲", 1, None, None], ["乙", None, None, '["x"]']]
    assert [list(row) for row in grid(lines.encode(), "a.jsonl").rows] == expected
    assert [list(row) for row in grid(array.encode(), "a.json").rows] == expected


def test_half_a_character_in_json_becomes_the_replacement_character() -> None:
    line = r'{"query\ud83d": "cut \ud83d", "whole": "\ud83d\ude00", "docs": ["a \ude00"]}'
    for content in (line, f"[{line}]"):
        head, row = grid(content.encode(), "a.json").rows
        assert (head, row) == (["query\ufffd", "whole", "docs"], ["cut \ufffd", "😀", '["a \ufffd"]'])


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file gone\.csv"):
        read_source(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_source(tmp_path)
