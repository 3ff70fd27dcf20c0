import pytest

from core.errors import InputError
from core.evaluation.judged import Ranking, Run
from core.evaluation.judgements import (
    Format,
    Judgement,
    guess_format,
    read_judgements,
    read_trec_run,
    write_judgements,
    write_trec_run,
)

JUDGEMENTS = (
    Judgement("00012345678901234567", "文档/1", 3, "如何，退款？", 'said "yes"\nsecond line'),
    Judgement("q2", "d2", 0, "a, b"),
    Judgement("q2", "d3", -1, "a, b"),
)


def test_csv_round_trips_chinese_long_ids_quotes_and_notes() -> None:
    assert read_judgements(write_judgements(JUDGEMENTS, "csv"), "csv").judgements == JUDGEMENTS


def test_text_that_a_spreadsheet_would_run_is_written_as_text_and_read_back() -> None:
    given = (Judgement("=q", "@d", 1, "+1+2", "-note"), Judgement("-3", "'quoted'", 0, "'=1+1"))
    text = write_judgements(given, "csv")
    assert "\r\n'=q,'+1+2,'@d,1,'-note\r\n-3,'=1+1,'quoted',0," in text
    read = read_judgements(text, "csv").judgements
    assert read[0] == given[0] and (read[1].query_id, read[1].document_id) == ("-3", "'quoted'")


def test_trec_round_trips_ids_and_labels() -> None:
    text = write_judgements(JUDGEMENTS, "trec")
    assert text.splitlines()[1] == "q2 0 d2 0"
    read = read_judgements(text, "trec").judgements
    assert [(j.query_id, j.document_id, j.label) for j in read] == [
        (j.query_id, j.document_id, j.label) for j in JUDGEMENTS
    ]


def test_quepid_round_trips_by_the_querys_text() -> None:
    text = write_judgements(JUDGEMENTS, "quepid")
    assert text.splitlines()[0] == "query,docid,rating"
    ids = {"如何，退款？": ["00012345678901234567"], "a, b": ["q2"]}
    read = read_judgements(text, "quepid", ids).judgements
    assert [(j.query_id, j.document_id, j.label, j.query) for j in read] == [
        (j.query_id, j.document_id, j.label, j.query) for j in JUDGEMENTS
    ]


def test_quepids_own_export_is_read() -> None:
    # The sample of o19s/quepid pull request 128, with a query nobody rated.
    text = "query,docid,rating\ndude,1,28\nstaR,9296,8\nstaR,193,8\nnobody,,\n"
    read = read_judgements(text, "quepid")
    assert [(j.query_id, j.document_id, j.label) for j in read.judgements] == [
        ("dude", "1", 28),
        ("staR", "9296", 8),
        ("staR", "193", 8),
    ]
    assert read.problems == ()


def test_quepid_queries_that_are_unknown_or_ambiguous_are_reported() -> None:
    text = "query,docid,rating\nx,d,1\ny,d,2\n"
    read = read_judgements(text, "quepid", {"y": ["q1", "q2"]})
    assert [j.query_id for j in read.judgements] == ["q1", "q2"]
    assert [(n, p.text) for n, p in read.problems] == [
        (2, "No query reads «x»."),
        (3, "2 queries read «y»; the label goes to each."),
    ]


def test_bad_lines_are_reported_with_their_number_and_the_rest_is_kept() -> None:
    text = "q1 0 d1 2\nq1 0 d2\n\nq1 0 d3 high\nq1 0 d1 1\nq1 0 d4 1.0\n"
    read = read_judgements(text, "trec")
    assert [(j.document_id, j.label) for j in read.judgements] == [("d1", 1), ("d4", 1)]
    assert [number for number, _ in read.problems] == [2, 4, 5]


def test_spreadsheet_csv_with_mark_capitals_spaces_and_blank_labels_is_read() -> None:
    text = "\ufeffQuery_ID, Document_ID ,LABEL\r\nq1,d1, 2.0\r\nq1,d2,\r\n,,\r\nq1,,3\r\n"
    read = read_judgements(text, "csv")
    assert [(j.document_id, j.label) for j in read.judgements] == [("d1", 2)]
    assert [(number, problem.text) for number, problem in read.problems] == [
        (5, "The query or document is blank.")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("query,docid,rating\n", "quepid"),
        ("query_id,query,document_id,label\n", "csv"),
        ("q1 0 d1 1\n", "trec"),
        ("q1\t0\td1\t1\n", "trec"),
    ],
)
def test_format_is_guessed_from_the_first_line(text: str, expected: Format) -> None:
    assert guess_format(text) == expected


@pytest.mark.parametrize(
    ("text", "format", "part"),
    [
        ("", "csv", "empty"),
        ("a,b\n1,2\n", "csv", "query_id, document_id, label"),
        ("just words here\n", "trec", "Expected 4 fields, found 3"),
        ("query_id,document_id,label\nq,d,good\n", "csv", "good"),
    ],
)
def test_unreadable_file_raises_one_error_that_says_what_is_expected(
    text: str, format: Format, part: str
) -> None:
    with pytest.raises(InputError, match=part):
        read_judgements(text, format)


def test_ids_with_spaces_cannot_leave_as_trec() -> None:
    with pytest.raises(InputError, match="contains a space"):
        write_judgements([Judgement("my query", "d", 1)], "trec")


def test_judgements_become_judged_queries() -> None:
    judged = read_judgements(write_judgements(JUDGEMENTS, "csv"), "csv").by_query()
    assert dict(judged["q2"].labels) == {"d2": 0, "d3": -1}
    assert judged["q2"].query == "a, b"


def test_trec_run_is_ordered_by_score_not_by_its_rank_column() -> None:
    read = read_trec_run("q1 Q0 d1 1 0.2 bm25\nq1 Q0 d2 2 0.9 bm25\nq1 Q0 d3 3 0.9 bm25\nbad line\n")
    assert read.run.name == "bm25"
    assert read.run.rankings["q1"].documents == ("d3", "d2", "d1")
    assert [number for number, _ in read.problems] == [4]
    with pytest.raises(InputError, match="Expected 6 fields"):
        read_trec_run("q1 0 d1 1\n")


def test_trec_run_round_trips_with_and_without_scores() -> None:
    run = Run("my run", {"q": Ranking("q", ("b", "a"), (0.1 + 0.2, -1e-7)), "r": Ranking("r", ("x", "y"))})
    text = write_trec_run(run)
    assert text.startswith("q Q0 b 1 0.30000000000000004 my_run\n")
    back = read_trec_run(text).run
    assert back.rankings["q"] == run.rankings["q"]
    assert back.rankings["r"].documents == ("x", "y")


@pytest.mark.parametrize("scores", [(2.5, 2.5), (0.1 + 2**-40, 0.1), (1.0, 2.0)])
def test_a_trec_run_keeps_an_order_that_its_scores_do_not_tell(scores: tuple[float, float]) -> None:
    run = Run("m", {"q": Ranking("q", ("doc1", "doc9"), scores)})
    assert read_trec_run(write_trec_run(run)).run.rankings["q"].documents == ("doc1", "doc9")


def test_a_tie_in_a_trec_run_moves_no_other_score() -> None:
    scores = (4.25, 2.5, 2.5, 2.5, -1.0)
    run = Run("m", {"q": Ranking("q", ("a", "b", "z", "c", "y"), scores)})
    back = read_trec_run(write_trec_run(run)).run.rankings["q"]
    assert back.documents == run.rankings["q"].documents
    assert back.scores == pytest.approx(scores, abs=1e-6) and back.scores[1] == 2.5


def test_our_files_are_read_by_ir_measures() -> None:
    import ir_measures

    qrels = list(ir_measures.read_trec_qrels(write_judgements(JUDGEMENTS, "trec")))
    assert (qrels[0].doc_id, qrels[0].relevance) == ("文档/1", 3)
    run = list(ir_measures.read_trec_run(write_trec_run(Run("r", {"q": Ranking("q", ("b", "a"))}))))
    assert [(d.doc_id, d.score) for d in run] == [("b", 2.0), ("a", 1.0)]


def test_words_after_a_runs_tag_are_passed_over() -> None:
    run = read_trec_run("q1 Q0 d1 1 2.5 my run of May\nq1 Q0 d2 2 3.5 my # again\n")
    assert run.problems == ()
    assert run.run.name == "my" and run.run.rankings["q1"].documents == ("d2", "d1")
