"""From a spreadsheet to requests: grouping, the order before, instructions, and what an export keeps."""

from datetime import date, datetime, time
from pathlib import Path

from core.sheets.meaning.importing import Pool, import_table
from core.workflows.batch.input import batch_input, without_queries
from core.workflows.batch.records import (
    BatchSettings,
    OriginalRows,
    pack_origin,
    pack_problems,
    pack_rows,
    unpack_origin,
    unpack_problems,
    unpack_rows,
)
from tests.workflows.batch.batches import QUERIES, import_text


def test_each_query_is_one_request_in_file_order(tmp_path: Path) -> None:
    batch = batch_input(import_text(tmp_path))
    assert [request.query for request in batch.requests] == QUERIES
    assert batch.requests[0].documents == ("a1 = -1", "a2 = 2", "a3 = 0.5")
    assert batch.origin.query_ids == ("0007", "0008", "0009", "0011")
    assert batch.pairs == 13


def test_rows_of_one_query_that_lie_apart_are_joined(tmp_path: Path) -> None:
    text = "query,document\nfirst?,a = 1\nsecond?,b = 1\nfirst?,c = 1\n"
    batch = batch_input(import_text(tmp_path, text))
    assert [request.documents for request in batch.requests] == [("a = 1", "c = 1"), ("b = 1",)]
    assert batch.origin.rows == (0, 2, 1)


def test_the_order_before_follows_the_score_and_ties_the_rows(tmp_path: Path) -> None:
    text = "query,document,score\nq?,a = 1,2\nq?,b = 1,5\nq?,c = 1,\nq?,d = 1,5\n"
    batch = batch_input(import_text(tmp_path, text))
    assert batch.basis == "score"
    assert batch.origin.ranks == (3, 1, 4, 2)


def test_a_rank_column_goes_before_a_score_column_and_gaps_are_closed(tmp_path: Path) -> None:
    text = "query,document,rank,score\nq?,a = 1,40,9\nq?,b = 1,3,1\nq?,c = 1,7,5\n"
    batch = batch_input(import_text(tmp_path, text))
    assert batch.basis == "rank"
    assert batch.origin.ranks == (3, 1, 2)


def test_without_rank_or_score_the_rows_are_the_order(tmp_path: Path) -> None:
    batch = batch_input(import_text(tmp_path, "query,document\nq?,a = 1\nq?,b = 1\n"))
    assert (batch.basis, batch.origin.ranks, batch.origin.scores) == ("rows", (1, 2), ())


def test_a_rows_own_instruction_goes_before_the_given_one(tmp_path: Path) -> None:
    text = "query,document,instruction\nq?,a = 1,Own\nr?,b = 1,\n"
    table = import_text(tmp_path, text)
    assert [r.instruction for r in batch_input(table, "Given").requests] == ["Own", "Given"]
    plain = batch_input(table, "Given", uses_instruction=False)
    assert [r.instruction for r in plain.requests] == [None, None]


def test_a_query_left_out_takes_its_rows_along_and_says_so(tmp_path: Path) -> None:
    batch = without_queries(batch_input(import_text(tmp_path)), {0})
    assert [request.query for request in batch.requests] == QUERIES[1:]
    assert (len(batch.origin.rows), batch.origin.ranks[:2], batch.origin.query_ids[0]) == (10, (1, 2), "0008")
    left_out = [problem for problem in batch.problems if problem.kind == "query_too_long"]
    assert [problem.row for problem in left_out] == [2, 3, 4]


def test_a_wide_table_gives_its_document_columns_one_row_each(tmp_path: Path) -> None:
    text = "query,doc1,doc2,note\nq?,a = 1,b = 2,keep\nr?,c = 3,,too\n"
    batch = batch_input(import_text(tmp_path, text))
    assert batch.layout == "wide"
    assert batch.rows.names == ("query", "note") and batch.rows.adds_document
    assert batch.origin.rows == (0, 0, 1)


def test_documents_only_take_the_typed_query(tmp_path: Path) -> None:
    batch = batch_input(
        import_text(tmp_path, "document\nThe first document = 1\nThe second document = 2\n", query="which?")
    )
    assert [r.query for r in batch.requests] == ["which?"] and batch.rows.adds_query


def test_a_pool_keeps_the_columns_of_both_files(tmp_path: Path) -> None:
    (tmp_path / "queries.csv").write_text("query,who\nq?,me\nr?,you\n", encoding="utf-8")
    (tmp_path / "pool.csv").write_text("document,source\na = 1,s1\nb = 2,s2\n", encoding="utf-8")
    batch = batch_input(import_table(tmp_path / "queries.csv", pool=Pool(path=tmp_path / "pool.csv")))
    assert batch.rows.names == ("query", "who") and batch.rows.pool_names == ("document", "source")
    assert batch.origin.rows == (0, 0, 1, 1) and batch.origin.pool_rows == (0, 1, 0, 1)


def test_what_is_kept_with_a_job_reads_back_equal(tmp_path: Path) -> None:
    batch = batch_input(import_text(tmp_path))
    assert unpack_origin(pack_origin(batch.origin)) == batch.origin
    assert unpack_problems(pack_problems(batch.problems)) == batch.problems
    cells = ["0012", 7, 1.5, True, None, date(2024, 2, 29), datetime(2024, 1, 2, 3, 4), time(5, 6), "\ud800"]
    rows = OriginalRows(("mixed",), (cells,), ("pool",), (["x"],), adds_query=True)
    assert unpack_rows(pack_rows(rows)) == rows
    assert [type(cell) for cell in unpack_rows(pack_rows(rows)).columns[0]] == [type(cell) for cell in cells]


def test_settings_read_back_and_ignore_what_does_not_change_scores() -> None:
    settings = BatchSettings("m", "i", 3, {"document": ("d1", "d2")}, "wide", version="1")
    assert BatchSettings.read(settings.stored()) == settings
    assert BatchSettings.read({"model": "m", "of a newer version": 1}) == BatchSettings("m")
    assert settings.same_scores(
        BatchSettings("m", "i", None, {"document": ("d1", "d2")}, "wide", version="2")
    )
    assert not settings.same_scores(BatchSettings("m", "j", 3, {"document": ("d1", "d2")}, "wide"))
