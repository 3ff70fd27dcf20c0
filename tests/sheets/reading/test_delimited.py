"""Text is split into rows that keep their line numbers."""

import pytest

from core.sheets.reading.delimited import split_rows


def rows(text: str, **options: bool) -> list[list[object]]:
    return [list(row) for row in split_rows(text, **options).grid.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(separator: str) -> None:
    text = "\n".join(
        separator.join(row) for row in [["query", "document"], ["q?", "a text"], ["r?", "b text"]]
    )
    split = split_rows(text)
    assert split.separator == separator
    assert [list(row) for row in split.grid.rows] == [
        ["query", "document"],
        ["q?", "a text"],
        ["r?", "b text"],
    ]


def test_commas_inside_semicolon_separated_text_do_not_mislead() -> None:
    text = "query;document\nwhat, when;one, two, three\nwhy;four, five\n"
    assert rows(text)[1] == ["what, when", "one, two, three"]


def test_sep_line_is_obeyed_and_is_no_row() -> None:
    split = split_rows("sep=|\r\na|b;c\r\n1|2;3\r\n")
    assert split.separator == "|"
    assert [list(row) for row in split.grid.rows] == [["a", "b;c"], ["1", "2;3"]]
    assert list(split.grid.numbers) == [2, 3]


def test_carriage_returns_alone_end_lines() -> None:
    split = split_rows('a,b\r1,"x\ry"\r2,z\r')
    assert [list(row) for row in split.grid.rows] == [["a", "b"], ["1", "x\ry"], ["2", "z"]]
    assert list(split.grid.numbers) == [1, 2, 4]


def test_line_numbers_count_lines_inside_cells() -> None:
    split = split_rows('query,document\nq,"line one\nline two\n\nline four"\nr,text\n')
    assert list(split.grid.numbers) == [1, 2, 6]


def test_fields_beyond_the_csv_modules_limit_are_whole() -> None:
    document = "长" * 200_000
    assert rows(f"query,document\nq,{document}\n")[1] == ["q", document]


def test_a_single_column_with_commas_in_its_sentences_stays_one_column() -> None:
    text = "document\nOne, two, three.\nNo comma here.\nFour, five.\n"
    assert rows(text) == [["document"], ["One, two, three."], ["No comma here."], ["Four, five."]]


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest() -> None:
    split = split_rows('query,document\nq1,"broken text\nq2,good text\nq3,last text\n')
    assert [list(row) for row in split.grid.rows] == [
        ["query", "document"],
        ["q1", '"broken text'],
        ["q2", "good text"],
        ["q3", "last text"],
    ]
    (problem,) = split.grid.problems
    assert (problem.kind, problem.row) == ("stray_quote", 2)


def test_a_quote_closed_many_rows_later_does_not_swallow_them() -> None:
    lines = [
        "a;b;c;d;e",
        '1;"open;3;4;5',
        *[f"{n};2;3;4;5" for n in range(2, 9)],
        '9;closed";3;4;5',
        "10;2;3;4;5",
    ]
    split = split_rows("\n".join(lines))
    assert len(split.grid.rows) == 11
    assert split.grid.rows[1] == ["1", '"open', "3", "4", "5"]


def test_a_quote_that_another_rows_quote_seems_to_close_does_not_swallow_the_rows_between() -> None:
    split = split_rows(
        'query,document\nhow long?,"Lost parcel\nwhere is it?,main street\n'
        'who is it?,"the postman, of course"\nhow wide?,5" at most\nwhy?,"because\nof the rain"\n'
    )
    assert [list(row) for row in split.grid.rows] == [
        ["query", "document"],
        ["how long?", '"Lost parcel'],
        ["where is it?", "main street"],
        ["who is it?", "the postman, of course"],
        ["how wide?", '5" at most'],
        ["why?", "because\nof the rain"],
    ]
    assert [(problem.kind, problem.row) for problem in split.grid.problems] == [("stray_quote", 2)]


def test_blanks_after_closing_marks_do_not_cut_a_text_of_several_lines() -> None:
    text = '"query" ,"document" ,"label"\n"reset\npassword" ,"d1" ,1\n"pay\ntwice" ,"d2" ,0\n'
    assert [[str(cell).strip() for cell in row] for row in rows(text)[1:]] == [
        ["reset\npassword", "d1", "1"],
        ["pay\ntwice", "d2", "0"],
    ]
    one = rows('document\n"first line\nhe said "hi" there"\nsecond\n')
    assert len(one) == 3 and str(one[1][0]).startswith("first line\nhe said")


def test_quotation_marks_inside_a_text_of_several_lines_do_not_cut_it() -> None:
    escaped = 'query,document\nq?,"he said, ""hi, you""\nand left, ""quickly"""\nr?,text\n'
    assert rows(escaped)[1:] == [["q?", 'he said, "hi, you"\nand left, "quickly"'], ["r?", "text"]]
    careless = rows('query,document\nq?,"one line\nhe said "hi" there"\nr?,text\n')
    assert [row[0] for row in careless] == ["query", "q?", "r?"]


def test_poems_with_commas_in_each_line_are_left_whole() -> None:
    poem = "床前明月光,\n疑是地上霜,\n举头望明月,\n低头思故乡,"
    assert rows(f'id,query,document\n1,静夜思,"{poem}"\n2,其他,文本\n')[1] == ["1", "静夜思", poem]


def test_text_files_are_lines_unless_tabs_make_a_table() -> None:
    assert rows("a, b\n\nc; d\n", only_tabs=True) == [["a, b"], [], ["c; d"]]
    assert rows("query\tdocument\nq\ta, b\n", only_tabs=True) == [["query", "document"], ["q", "a, b"]]


def test_blank_and_whitespace_cells_are_missing() -> None:
    assert rows("a,b,c\n1, ,\u3000\n")[1] == ["1"]
    assert split_rows("a,b,c\n1, ,\n").grid.widths == [3, 3]
