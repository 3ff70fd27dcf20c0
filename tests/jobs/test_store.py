"""The job store: what goes in comes out the same, at any time, and deleting leaves nothing behind."""

import io
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError, StorageError, WorkbenchError
from core.jobs import JobNotice, JobStore, NewJob, PairScore, Portion, keep_upload
from core.records import Score, ScoringRequest
from core.sentences import sentence
from tests.jobs.stub_scorer import expected_scores, info, some_requests

AWKWARD = [
    ScoringRequest("", ("", " ", "\0", "a\0b")),
    ScoringRequest("\ud800 lone surrogate", ("\udfff", "𠮷野家 🍜", "e\u0301", "é")),
    ScoringRequest("no documents", ()),
    ScoringRequest("same text", ("same text", "same text", ""), "same text"),
    ScoringRequest("empty instruction", ("x" * 100_000,), ""),
]


# Lone surrogates included: spreadsheets and JSON have them.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=6)


def flat(requests: list[ScoringRequest]) -> list[PairScore]:
    rows = [score for row in expected_scores(requests) for score in row]
    return [PairScore(ordinal, score) for ordinal, score in enumerate(rows)]


def new_job(name: str = "a job", requests: list[ScoringRequest] | None = None) -> NewJob:
    return NewJob(name, "batch", requests or some_requests())


def finish(store: JobStore, job_id: str) -> None:
    store.set_state(job_id, "done")


def test_requests_come_back_exactly_as_submitted(store: JobStore) -> None:
    job = store.create(new_job(requests=AWKWARD))
    assert store.requests(job.id) == tuple(AWKWARD)
    assert store.scores(job.id) == [[None] * len(request.documents) for request in AWKWARD]


@given(
    st.lists(
        st.builds(
            ScoringRequest,
            ANY_TEXT,
            st.lists(ANY_TEXT, max_size=4).map(tuple),
            st.none() | ANY_TEXT,
        ),
        max_size=5,
    ).filter(lambda requests: any(request.documents for request in requests))
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_exactly(store: JobStore, requests: list[ScoringRequest]) -> None:
    job = store.create(new_job(requests=requests))
    assert store.requests(job.id) == tuple(requests)


def test_two_jobs_keep_their_texts_apart(store: JobStore) -> None:
    first = store.create(new_job(requests=AWKWARD))
    second = store.create(new_job(requests=AWKWARD[::-1]))
    assert store.requests(first.id) == tuple(AWKWARD)
    assert store.requests(second.id) == tuple(AWKWARD[::-1])


def test_one_request_with_thousands_of_documents_comes_back_with_its_scores(store: JobStore) -> None:
    requests = [ScoringRequest("q", tuple(f"d{n}" for n in range(3000)))]
    job = store.create(new_job(requests=requests))
    store.save_scores(job.id, Portion(flat(requests), 3000), seconds=1)
    assert store.requests(job.id) == tuple(requests)
    assert store.scores(job.id) == expected_scores(requests)


def test_a_new_job_is_queued_with_a_short_url_safe_id(store: JobStore) -> None:
    before = datetime.now(UTC)
    job = store.create(
        NewJob(
            "  Shop search ", "batch", some_requests(2, 3), {"model": "embedded", "map": {"query": "问题"}}
        )
    )
    assert re.fullmatch("[a-z0-9]{8}", job.id)
    assert (job.name, job.kind, job.state) == ("Shop search", "batch", "queued")
    assert (job.queries, job.pairs, job.done) == (2, 6, 0)
    assert job.settings == {"model": "embedded", "map": {"query": "问题"}}
    assert before <= job.created <= datetime.now(UTC)
    assert (job.model, job.started, job.finished, job.notice) == (None, None, None, None)


def test_a_job_without_pairs_is_refused(store: JobStore) -> None:
    with pytest.raises(InputError, match="nothing to score"):
        store.create(NewJob("empty", "batch", [ScoringRequest("q", ())]))
    assert store.history() == []


def test_scores_come_back_bit_for_bit_and_mirror_the_requests(store: JobStore) -> None:
    job = store.create(new_job(requests=AWKWARD))
    store.save_scores(job.id, Portion(flat(AWKWARD)[5:9], 4, 40), seconds=2)
    expected = [
        [None] * 4,
        [None, *expected_scores(AWKWARD)[1][1:]],
        [],
        [*expected_scores(AWKWARD)[3][:1], None, None],
        [None],
    ]
    assert store.scores(job.id) == expected
    assert [score is not None for score in store.pair_scores(job.id)] == [False] * 5 + [True] * 4 + [
        False
    ] * 3
    store.save_scores(job.id, Portion(flat(AWKWARD)[9:], 3, 30), seconds=2)
    store.save_scores(job.id, Portion(flat(AWKWARD)[:5][::-1], 5, 50), seconds=2)
    assert store.scores(job.id) == expected_scores(AWKWARD)


def test_counts_follow_the_scores_and_storing_twice_counts_once(store: JobStore) -> None:
    requests = some_requests(1, 10)
    job = store.create(new_job(requests=requests))
    pairs = flat(requests)
    store.save_scores(job.id, Portion(pairs[:4]), seconds=0.5)
    store.save_scores(job.id, Portion(pairs[4:8], scored=3, tokens=300), seconds=1.5)
    store.save_scores(job.id, Portion(pairs[4:8], scored=3, tokens=300), seconds=1.5)
    found = store.job(job.id)
    assert (found.done, found.from_cache, found.scored, found.tokens, found.seconds) == (8, 5, 3, 300, 2.0)


def test_a_score_that_is_no_number_is_refused_and_nothing_of_its_batch_stored(store: JobStore) -> None:
    job = store.create(new_job())
    bad = Score(float("nan"), 1, False)
    with pytest.raises(WorkbenchError, match="no number as the score of pair 3"):
        store.save_scores(job.id, Portion([*flat(some_requests())[:2], PairScore(2, bad)], 3), seconds=1)
    assert store.job(job.id).done == 0


def test_infinite_scores_are_kept(store: JobStore) -> None:
    job = store.create(new_job())
    score = Score(float("-inf"), 1, False)
    store.save_scores(job.id, Portion([PairScore(0, score)], 1), seconds=1)
    assert store.scores(job.id)[0][0] == score


def test_model_and_notice_come_back_as_typed_records(store: JobStore) -> None:
    job = store.create(new_job())
    store.set_model(job.id, info())
    notice = JobNotice(sentence("The disk {file} is full.", file="x", n=3), "Free {n} bytes.")
    found = store.set_state(job.id, "paused", notice)
    assert found.model == info()
    assert found.notice == notice
    assert (found.notice.message, found.notice.hint) == ("The disk x is full.", "Free 3 bytes.")
    assert found.resumable


def test_start_is_noted_once_and_finish_with_every_stop(store: JobStore) -> None:
    job = store.create(new_job())
    running = store.set_state(job.id, "running")
    paused = store.set_state(job.id, "paused")
    again = store.set_state(job.id, "running")
    assert running.started is not None
    assert running.started == paused.started == again.started
    assert running.finished is None
    assert paused.finished is not None
    assert again.finished is None


def test_the_queue_is_first_come_first_served_and_a_resumed_job_goes_to_its_end(store: JobStore) -> None:
    first, second = store.create(new_job("1")), store.create(new_job("2"))
    assert store.next_queued() == first
    store.set_state(first.id, "paused")
    store.set_state(first.id, "queued")
    assert store.next_queued() == second
    finish(store, second.id)
    found = store.next_queued()
    assert found is not None
    assert found.id == first.id


def test_what_a_dead_process_left_becomes_interrupted(store: JobStore) -> None:
    names = ["queued", "running", "paused", "done", "failed", "cancelled"]
    jobs = {state: store.create(new_job(state)) for state in names}
    for state, job in jobs.items():
        store.set_state(job.id, state)  # type: ignore[arg-type]
    marked = store.interrupt_unfinished(JobNotice(sentence("Gone.")))
    assert [job.name for job in marked] == ["queued", "running"]
    assert {job.name: job.state for job in store.history()} == {
        **{state: state for state in names},
        "queued": "interrupted",
        "running": "interrupted",
    }
    assert {job.name for job in store.resumable()} == {"queued", "running", "paused", "failed", "cancelled"}


def test_history_lists_the_newest_first_and_filters(store: JobStore) -> None:
    for number in range(5):
        store.create(NewJob(f"job {number}", "batch" if number % 2 else "evaluate", some_requests(1, 1)))
    assert [job.name for job in store.history(limit=2)] == ["job 4", "job 3"]
    assert [job.name for job in store.history(kind="batch")] == ["job 3", "job 1"]
    assert store.history(states=["done"]) == []


def test_a_job_is_news_until_somebody_looks_at_its_end(store: JobStore) -> None:
    job = store.create(new_job())
    assert [one.id for one in store.unseen()] == [job.id]
    store.look([job.id])  # it has not ended
    store.set_state(job.id, "done")
    assert [one.id for one in store.unseen()] == [job.id]
    store.look([job.id])
    assert store.unseen() == []
    store.set_state(job.id, "queued")
    store.set_state(job.id, "failed")
    assert [one.state for one in store.unseen()] == ["failed"]


def test_renaming_keeps_everything_else(store: JobStore) -> None:
    job = store.create(new_job())
    assert store.rename(job.id, " 新名字 ").name == "新名字"
    with pytest.raises(InputError, match="name is empty"):
        store.rename(job.id, "  ")
    assert store.job(job.id).name == "新名字"


def test_unknown_jobs_are_named_in_the_error(store: JobStore) -> None:
    for ask in (
        store.job,
        store.requests,
        store.scores,
        store.delete,
        store.pair_scores,
        store.clear_scores,
        lambda job_id: store.rename(job_id, "x"),
        lambda job_id: store.set_state(job_id, "done"),
        lambda job_id: store.save_scores(job_id, Portion([]), seconds=0),
    ):
        with pytest.raises(InputError, match="no job nowhere"):
            ask("nowhere")


def test_deleting_removes_every_row_and_shrinks_the_file(store: JobStore, tmp_path: Path) -> None:
    kept = store.create(new_job("kept"))
    size = (tmp_path / "jobs.sqlite3").stat().st_size
    requests = some_requests(100, 100)
    job = store.create(NewJob("big", "batch", requests, attachments={"rows": b"x" * 1000}))
    store.save_scores(job.id, Portion(flat(requests), 10_000), seconds=1)
    finish(store, job.id)
    store.delete(job.id)
    connection = sqlite3.connect(tmp_path / "jobs.sqlite3")
    for table, left in {"job": 1, "request": 10, "tally": 1, "scores": 0, "attachment": 0}.items():
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (left,), table
    connection.close()
    assert store.requests(kept.id) == tuple(some_requests())
    assert (tmp_path / "jobs.sqlite3").stat().st_size <= size + 65536


def test_a_waiting_or_running_job_is_not_deleted(store: JobStore) -> None:
    job = store.create(new_job())
    with pytest.raises(InputError, match="is queued"):
        store.delete(job.id)


def test_a_new_job_after_a_deleted_one_reads_its_own_texts(store: JobStore) -> None:
    first = store.create(new_job(requests=AWKWARD))
    finish(store, first.id)
    store.delete(first.id)
    second = store.create(new_job())
    assert store.requests(second.id) == tuple(some_requests())


def test_attachments_come_back_as_they_were(store: JobStore) -> None:
    job = store.create(NewJob("n", "batch", some_requests(), attachments={"rows": b"\0\xff", "empty": b""}))
    assert store.attachment(job.id, "rows") == b"\0\xff"
    assert store.attachment(job.id, "empty") == b""
    assert store.attachment(job.id, "other") is None


def test_the_measured_rate_is_that_of_the_model_not_of_the_cache(store: JobStore) -> None:
    requests = some_requests(1, 10)
    job = store.create(new_job(requests=requests))
    store.set_model(job.id, info("fast"))
    store.set_state(job.id, "running")
    store.save_scores(job.id, Portion(flat(requests)[:5]), seconds=100)
    assert store.tokens_per_second("fast") is None
    store.save_scores(job.id, Portion(flat(requests)[5:], scored=5, tokens=600), seconds=3)
    assert store.tokens_per_second("fast") == 200
    assert store.tokens_per_second("other") is None


def test_the_kept_input_goes_with_the_last_job_that_has_it(store: JobStore, tmp_path: Path) -> None:
    file = keep_upload(tmp_path, "问题.XLSX", io.BytesIO(b"content"))
    jobs = [store.create(NewJob("n", "batch", some_requests(), inputs=(file,))) for _ in range(2)]
    assert store.job(jobs[0].id).inputs == (file,)
    for job in jobs:
        finish(store, job.id)
    store.delete(jobs[0].id)
    assert Path(file.path).read_bytes() == b"content"
    store.delete(jobs[1].id)
    assert not Path(file.path).exists()


def test_uploads_are_kept_once_by_content_and_under_the_users_name(tmp_path: Path) -> None:
    one = keep_upload(tmp_path, "a.csv", io.BytesIO(b"abc"))
    two = keep_upload(tmp_path, "../../b.csv", io.BytesIO(b"abc"))
    # SHA-256 of «abc» from FIPS 180-2, appendix B.1.
    assert one.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (one.name, two.name, one.size) == ("a.csv", "../../b.csv", 3)
    assert one.path == two.path
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == [f"{one.sha256}.csv"]


def test_an_upload_that_cannot_be_saved_leaves_nothing(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="could not be saved"):
        keep_upload(tmp_path, "a.csv", Torn())
    assert list((tmp_path / "uploads").iterdir()) == []


def test_uploads_that_never_became_a_job_are_discarded(store: JobStore, tmp_path: Path) -> None:
    used = keep_upload(tmp_path, "a.csv", io.BytesIO(b"used"))
    stray = keep_upload(tmp_path, "b.csv", io.BytesIO(b"stray"))
    store.create(NewJob("n", "batch", some_requests(), inputs=(used,)))
    assert store.discard_unused_uploads(older_than_seconds=3600) == 0
    assert store.discard_unused_uploads(older_than_seconds=-1) == 1
    assert Path(used.path).exists()
    assert not Path(stray.path).exists()
