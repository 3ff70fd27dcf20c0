"""The order while passes are still to come: final scores, places among what was read."""

from core.records import Score, ScoredPair, Scorer
from core.text.chunking import ChunkSettings
from core.workflows.care.preparing import CareSettings
from core.workflows.rerank.course import Course
from core.workflows.rerank.provisional import order_so_far
from core.workflows.rerank.reranking import RankedDocument, prepare, rerank
from tests.jobs.stub_scorer import StubScorer

DOCUMENTS = tuple(f"document {number} " + "word " * (number % 7) for number in range(40))


def _places(ranked: tuple[RankedDocument, ...]) -> list[tuple[int, int, str, Score]]:
    return [(one.new_rank, one.original_rank, one.document, one.score) for one in ranked]


class _Watched:
    """A course that remembers the order after every pass."""

    def __init__(self, scorer: Scorer, documents: tuple[str, ...], care: CareSettings | None = None) -> None:
        self.course = Course()
        self.orders: list[tuple[RankedDocument, ...]] = []

        def look(done: int, total: int) -> None:  # noqa: ARG001
            found = order_so_far(self.course)
            self.orders.append(found.ranked if found else ())

        self.result = rerank(scorer, "query", documents, care=care, course=self.course, on_progress=look)


def test_nothing_is_ordered_before_the_first_pass() -> None:
    course = Course()
    assert order_so_far(course) is None
    course.begin(prepare(StubScorer(), "query", DOCUMENTS))
    assert order_so_far(course) is None


def test_each_pass_adds_documents_and_the_last_order_is_the_result() -> None:
    seen = _Watched(StubScorer(), DOCUMENTS)
    assert [len(order) for order in seen.orders] == [8, 16, 24, 32, 40]
    assert _places(seen.orders[-1]) == _places(seen.result.ranked)
    final = {one.index: one.score for one in seen.result.ranked}
    for order in seen.orders:
        # Best first, with the scores of the end and the places before of the whole list.
        assert [one.new_rank for one in order] == list(range(1, len(order) + 1))
        assert [one.score.logit for one in order] == sorted((one.score.logit for one in order), reverse=True)
        assert all(one.score == final[one.index] and one.original_rank == one.index + 1 for one in order)
        assert all(one.document == DOCUMENTS[one.index] for one in order)


def test_watching_changes_no_result() -> None:
    plain = rerank(StubScorer(), "query", DOCUMENTS)
    assert _Watched(StubScorer(), DOCUMENTS).result.ranked == plain.ranked


def test_a_document_in_chunks_appears_when_all_of_them_are_read() -> None:
    care = CareSettings((), ChunkSettings(tokens=32, overlap=4, least=4))
    long = " ".join(f"Sentence {number} stands here." for number in range(40))
    seen = _Watched(StubScorer(micro_batch=1), (long, "short"), care)
    chunks = seen.course.total - 1
    assert chunks > 2
    documents = [[one.document for one in order] for order in seen.orders]
    assert all(order in ([], ["short"]) for order in documents[:-1])
    assert _places(seen.orders[-1]) == _places(seen.result.ranked)


def test_the_estimate_follows_the_passes() -> None:
    course = Course()
    course.begin(prepare(StubScorer(), "query", ("a" * 100, "b" * 100)))
    assert course.seconds_left is None
    course.add([ScoredPair(0, 1, Score(1.0, 20, False))])
    assert course.seconds_left is not None and course.scores == {1: Score(1.0, 20, False)}
