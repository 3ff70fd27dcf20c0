"""Exports are written, read back and compared cell by cell."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from core.errors import InputError
from core.sheets.meaning.importing import import_table
from core.workflows.batch.export import (
    ADDED,
    BatchTables,
    batch_csv,
    batch_excel,
    batch_jsonl,
    batch_parquet,
    check_output,
    column_kind,
    problems_csv,
    write_batch,
)
from core.workflows.batch.opened import open_run, original_rows, row_problems
from core.workflows.batch.results import BatchRun
from core.workflows.home.job_service import JobService
from tests.workflows.batch.batches import INFO, LONG, WrittenScorer, import_text, run_batch

NEW = [column.name for column in ADDED]
Scored = tuple[JobService, BatchRun]


def tables_of(service: JobService, run: BatchRun, top: int | None = None) -> BatchTables:
    return BatchTables(
        run, original_rows(service.store, run.job.id), row_problems(service.store, run.job.id), top
    )


def probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_csv_keeps_the_columns_and_adds_ranks_by_query_then_rank(scored: Scored) -> None:
    content = batch_csv(tables_of(*scored))
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert header == ["编号", "问题", "候选文档", "bm25得分", "备注", *NEW]
    assert [(row[0], row[2], row[5], row[6]) for row in rows[:5]] == [
        ("0007", "a2 = 2", "1", "1"),
        ("0007", "a3 = 0.5", "2", "1"),
        ("0007", "a1 = -1", "3", "-2"),
        ("0008", "b1 = 3", "1", "0"),
        ("0008", "b2 = 2.95", "2", "0"),
    ]
    assert rows[2][4] == "'=1+1"  # not a formula
    assert float(rows[0][7]) == pytest.approx(probability(2))
    assert rows[5][9] == "TRUE"
    assert len(rows) == 13


def test_top_keeps_the_best_of_each_query(scored: Scored) -> None:
    rows = list(csv.DictReader(io.StringIO(batch_csv(tables_of(*scored, top=2)).decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == ["0007", "0007", "0008", "0008", "0009", "0011", "0011"]
    assert {row["new_rank"] for row in rows} == {"1", "2"}


def test_jsonl_and_parquet_hold_typed_values(scored: Scored, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    tables = tables_of(*scored)
    records = [json.loads(line) for line in batch_jsonl(tables).decode().splitlines()]
    assert records[2]["备注"] == "=1+1" and records[2]["movement"] == -2 and records[5]["truncated"] is True
    assert records[3]["logit"] == 3.0
    path = tmp_path / "out.parquet"
    path.write_bytes(batch_parquet(tables))
    assert pq.read_table(path).to_pylist() == records


def test_the_workbook_reads_back_sheet_by_sheet(scored: Scored) -> None:
    book = openpyxl.load_workbook(io.BytesIO(batch_excel(tables_of(*scored, top=1))))
    pages = ["Summary", "Results", "Before-After", "Problems", "Settings", "Chart data"]
    assert book.sheetnames == pages
    assert [book[name].sheet_state for name in pages] == ["visible"] * 5 + ["hidden"]
    results = list(book["Results"].iter_rows(values_only=True))
    assert [row[:3] for row in results[1:]] == [
        ("0007", "苹果多少钱?", "a2 = 2"),
        ("0008", "who wrote it?", "b1 = 3"),
        ("0009", "lonely", "c1 cut = -4"),
        ("0011", "far", "e7 = 7"),
    ]
    assert results[1][5:] == (1, 1, pytest.approx(probability(2)), 2, False)
    assert book["Results"].freeze_panes == "A2" and book["Results"].auto_filter.ref == "A1:J5"
    assert all(cell.data_type != "f" for row in book["Results"].iter_rows() for cell in row)

    lines = [
        [cell for cell in row if cell is not None] for row in book["Summary"].iter_rows(values_only=True)
    ]
    summary = {line[0]: line[1] for line in lines if len(line) == 2}
    assert summary["queries"] == 4 and summary["File"] == "batch.csv" and summary["Model"] == "Stub"
    assert summary["share of queries with another first document"] == "50%"
    assert ["In 2 of 4 queries another document is first now."] in lines
    places = [row[:2] for row in book["Chart data"].iter_rows(min_row=2, max_row=11, values_only=True)]
    assert places[0] == ("1", 2) and places[6] == ("7", 1) and places[9] == ("10 or later", 0)
    assert len(book["Summary"]._charts) == 3

    sides = list(book["Before-After"].iter_rows(min_row=2, values_only=True))
    assert [row[2:7] for row in sides[:3]] == [
        (1, "a1 = -1", "a2 = 2", 2, 1),
        (2, "a2 = 2", "a3 = 0.5", 3, 1),
        (3, "a3 = 0.5", "a1 = -1", 1, -2),
    ]
    problems = list(book["Problems"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[3], row[5]) for row in problems] == [(8, "blank_query", True)]
    settings = dict(book["Settings"].iter_rows(min_row=2, values_only=True))
    assert settings["file"] == "batch.csv" and len(settings["file SHA-256"]) == 64
    assert settings["model"] == "stub" and settings["arithmetic"] == "fp32"
    assert (
        settings["column: document"] == "候选文档" and settings["order before"] == "the file's score column"
    )


def test_a_workbook_calls_a_similarity_one_and_files_for_programs_keep_their_names(tmp_path: Path) -> None:
    scorer = WrittenScorer(replace(INFO, kind="embedded"))
    service, job = run_batch(tmp_path, import_text(tmp_path, LONG), scorer)
    tables = tables_of(service, open_run(service.store, job.id))
    book = openpyxl.load_workbook(io.BytesIO(batch_excel(tables)))
    said = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert not [text for text in said if "robabilit" in text]
    heads, first = (row for row in book["Results"].iter_rows(max_row=2, values_only=True))
    at = heads.index("logit")
    assert heads[at + 1] == "similarity" and first[at : at + 2] == (2, pytest.approx(probability(2)))
    rows = list(csv.reader(io.StringIO(batch_csv(tables).decode("utf-8-sig"))))
    assert rows[0][7:9] == ["probability", "logit"]


def test_a_text_too_long_for_excel_is_cut_with_a_flag_and_whole_beside_it(tmp_path: Path) -> None:
    long = "长" * 40_000 + " = 1"
    service, job = run_batch(tmp_path, import_text(tmp_path, f"query,document\nq?,{long}\nq?,b = 2\n"))
    tables = tables_of(service, open_run(service.store, job.id))
    written = write_batch(tmp_path / "out.xlsx", tables)
    assert [(cell.sheet, cell.row, cell.column) for cell in written.cut_cells] == [("Results", 3, "document")]
    book = openpyxl.load_workbook(written.path)
    cell = book["Results"]["B3"].value
    assert len(cell) == 32_767 and cell.endswith("… [cut]")
    assert [row[3] for row in book["Problems"].iter_rows(min_row=2, values_only=True)] == ["text_cut"]
    assert written.full_text == tmp_path / "out.full.csv"
    csv.field_size_limit(10**6)
    rows = list(csv.DictReader(io.StringIO(written.full_text.read_text(encoding="utf-8-sig"))))
    assert rows[1]["document"] == long
    service.close()


def test_control_characters_and_emoji_survive_excel(tmp_path: Path) -> None:
    odd = "a\x01b _x0041_ 😀 = 1"
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"query": "q?", "document": odd}) + "\n", encoding="utf-8")
    service, job = run_batch(tmp_path, import_table(path))
    content = batch_excel(tables_of(service, open_run(service.store, job.id)))
    assert (
        openpyxl.load_workbook(io.BytesIO(content))["Results"]["B2"].value == "a_x0001_b _x005F_x0041_ 😀 = 1"
    )
    (tmp_path / "again.xlsx").write_bytes(content)
    again = import_table(tmp_path / "again.xlsx", sheet="Results")
    assert list(again.pairs.document) == [odd]
    service.close()


def test_an_export_reranked_again_keeps_both_sets_of_ranks(tmp_path: Path) -> None:
    service, job = run_batch(tmp_path, import_text(tmp_path))
    first = write_batch(tmp_path / "first.csv", tables_of(service, open_run(service.store, job.id)))
    service.close()
    service, job = run_batch(tmp_path / "again", import_table(first.path, mapping={"initial_rank": ""}))
    header = (
        batch_csv(tables_of(service, open_run(service.store, job.id))).decode("utf-8-sig").splitlines()[0]
    )
    assert header.split(",")[5:] == [*(f"{name} (input)" for name in NEW), *NEW]
    service.close()


def test_a_wide_table_exports_a_row_per_document(tmp_path: Path) -> None:
    text = "query,doc1,doc2,note\nq?,a = 1,b = 2,keep\nr?,c = 3,,too\n"
    service, job = run_batch(tmp_path, import_text(tmp_path, text))
    rows = list(
        csv.DictReader(
            io.StringIO(batch_csv(tables_of(service, open_run(service.store, job.id))).decode("utf-8-sig"))
        )
    )
    assert [(r["query"], r["note"], r["document"], r["new_rank"], r["movement"]) for r in rows] == [
        ("q?", "keep", "b = 2", "1", "1"),
        ("q?", "keep", "a = 1", "2", "-1"),
        ("r?", "too", "c = 3", "1", "0"),
    ]
    service.close()


def test_problems_are_a_table_of_their_own(scored: Scored) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(problems_csv(row_problems(scored[0].store, scored[1].job.id)).decode("utf-8-sig"))
        )
    )
    assert [(row["row"], row["column"], row["kind"], row["left_out"]) for row in rows] == [
        ("8", "问题", "blank_query", "TRUE")
    ]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a", None], "text"),
        ([1, None], "integer"),
        ([1, 2.5], "number"),
        ([12345678901234567, 1.5], "any"),
        ([2**63], "any"),
        (["1", 1], "any"),
        ([True, False], "boolean"),
        ([None], "any"),
    ],
)
def test_a_column_has_the_kind_of_all_its_cells(cells: list[str | int | float | None], kind: str) -> None:
    assert column_kind(cells) == kind


@pytest.mark.parametrize(("name", "words"), [("out.pdf", "no format"), ("nowhere/out.csv", "no folder")])
def test_an_output_that_would_fail_is_refused_first(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_output(tmp_path / name)


@pytest.mark.parametrize(("given", "output"), [("own.csv", "own.csv"), ("own.full.csv", "own.xlsx")])
def test_an_output_that_would_replace_an_input_is_refused(tmp_path: Path, given: str, output: str) -> None:
    (tmp_path / given).write_text("query,document\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    detour = tmp_path / "folder" / ".." / given
    with pytest.raises(InputError, match=f"replace the file {given}"):
        check_output(tmp_path / output, [tmp_path / "missing.csv", detour])
    check_output(tmp_path / "other.csv", [detour])
    check_output(tmp_path / "own.jsonl", [detour])


def test_a_long_id_beside_decimal_numbers_keeps_its_digits_in_parquet(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    lines = '{"query": "q?", "document": "a = 1", "n": 12345678901234567}\n'
    lines += '{"query": "q?", "document": "b = 2", "n": 1.5}\n'
    service, job = run_batch(tmp_path, import_text(tmp_path, lines, "a.jsonl"))
    path = tmp_path / "out.parquet"
    path.write_bytes(batch_parquet(tables_of(service, open_run(service.store, job.id))))
    assert pq.read_table(path).column("n").to_pylist() == ["1.5", "12345678901234567"]
    service.close()


def test_an_older_file_stays_when_writing_fails(scored: Scored, tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()  # a folder cannot be replaced by a file
    with pytest.raises(InputError, match="cannot be written"):
        write_batch(tmp_path / "out.csv", tables_of(*scored))
    assert [path.name for path in tmp_path.glob(".*partial")] == []
