"""Kept rerankings: what comes back, how many stay, who may read them."""

import stat
from pathlib import Path

import pytest

from core.errors import InputError
from core.storage.attachments import packed, unpacked
from core.workflows.care.preparing import asked_care
from core.workflows.rerank.kept import FILE_NAME, MOST_KEPT, KeptRerankings
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.stored import AskedReranking, from_stored, stored
from tests.jobs.stub_scorer import StubScorer
from tests.workflows.batch.batches import WrittenScorer

EVERYTHING = asked_care("all", 64, None)
LONG = "\n\n".join([*["Filler words stand here = -3"] * 30, "## Answer", "The answer = 2"])


@pytest.fixture
def kept(tmp_path: Path) -> KeptRerankings:
    return KeptRerankings(tmp_path)


def test_a_result_comes_back_as_it_was() -> None:
    documents = ["same", "same", " ", "broken \udc00", "x" * 2000]
    result = rerank(StubScorer(), "q\ud800", documents, "An instruction")
    assert result.notices and any(one.score.truncated for one in result.ranked)
    assert from_stored(unpacked(packed(stored(result)))) == result


def test_a_result_with_document_care_comes_back_as_it_was() -> None:
    documents = [LONG, "<b>a</b> = 1", "<b>a</b> = 1"]
    result = rerank(WrittenScorer(), "query", documents, care=EVERYTHING)
    assert any(one.care is not None and one.care.document.cut for one in result.ranked)
    assert from_stored(unpacked(packed(stored(result)))) == result


def test_what_was_asked_is_there_before_there_is_a_result(kept: KeptRerankings) -> None:
    asked = AskedReranking("query", ("a", "b\n\nc"), "An instruction", EVERYTHING)
    kept.add("one", asked)
    opened = kept.opened("one")
    assert opened.asked == asked and opened.result is None
    assert not kept.history()[0].finished


def test_the_newest_come_first_and_are_found_by_words_of_their_query(kept: KeptRerankings) -> None:
    result = rerank(StubScorer(), "Where is my parcel", ["a", "b"])
    for number, query in enumerate(("Where is my parcel", "refund", "退款多久到账")):
        kept.add(str(number), AskedReranking(query, ("a", "b")))
    kept.finish("0", result)
    assert [one.query for one in kept.history()] == ["退款多久到账", "refund", "Where is my parcel"]
    (found,) = kept.history("PARCEL where")
    assert (found.id, found.documents, found.model) == ("0", 2, "Stub stub-1")
    assert kept.opened("0").result == result
    assert [one.id for one in kept.history("退款")] == ["2"]


def test_the_oldest_make_room(kept: KeptRerankings) -> None:
    for number in range(MOST_KEPT + 2):
        kept.add(str(number), AskedReranking(f"query {number}", ("a",)))
    lines = kept.history()
    assert (len(lines), lines[0].id, lines[-1].id) == (MOST_KEPT, str(MOST_KEPT + 1), "2")


def test_deleting_one_or_all_leaves_none(kept: KeptRerankings) -> None:
    for number in range(3):
        kept.add(str(number), AskedReranking("query", ("a",)))
    kept.forget("1")
    assert [one.id for one in kept.history()] == ["2", "0"]
    with pytest.raises(InputError):
        kept.opened("1")
    kept.forget(None)
    assert kept.history() == []


def test_nobody_else_can_read_them(kept: KeptRerankings, tmp_path: Path) -> None:
    kept.add("one", AskedReranking("query", ("a",)))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{FILE_NAME}*")}
    assert set(modes.values()) == {0o600} and FILE_NAME in modes
