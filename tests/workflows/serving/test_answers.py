"""Answers by the embedded model: the same whoever shares the pass, and known ones not scored again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import InputError
from core.records import Scorer, ScoringRequest
from core.settings import Settings
from core.workflows.home.workbench import Workbench
from core.workflows.rerank.reranking import rerank
from core.workflows.serving.answers import AnswerService, Question, Served
from core.workflows.serving.recent import KEPT, AskedTexts, RecentRequest, RecentRequests
from tests.qwen_fixture import tiny_qwen_folder


class LoadedWorkbench(Workbench):
    """A workbench with a model of the test's choice."""

    def __init__(self, settings: Settings, scorer: Scorer) -> None:
        super().__init__(settings)
        self._loaded = scorer

    def scorer(self, wait: float = 0.0) -> Scorer:
        """The test's."""
        return self._loaded


def asked(service: AnswerService, question: Question) -> Served:
    pending = service.begin(question)
    pending.future.exception(60)
    return pending.finish()


def settled(service: AnswerService) -> None:
    """Wait until what was scored is kept."""
    service._keeper.submit(lambda: None).result(60)


def service_of(home: Path, scorer: Scorer, *, cache: bool = True) -> AnswerService:
    bench = LoadedWorkbench(Settings(home=home, download="never", answer_cache=cache), scorer)
    return AnswerService(lambda: bench)


def test_scores_do_not_depend_on_who_shares_the_pass(tmp_path: Path) -> None:
    from core.models import load_scorer

    scorer = load_scorer(
        str(tiny_qwen_folder(tmp_path)), "cpu", settings=Settings(home=tmp_path, precision="fp32")
    )
    service = service_of(tmp_path, scorer, cache=False)
    questions = [
        Question(
            f"question {n}",
            tuple(f"document {n} {'word ' * (7 * d)}" for d in range(1 + n % 9)),
            caller=str(n % 4),
        )
        for n in range(40)
    ]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda one: asked(service, one), questions))
    for one, answer in zip(questions, answers, strict=True):
        alone = rerank(scorer, one.query, one.documents)
        together = {ranked.index: ranked.score.logit for ranked in answer.reranking.ranked}
        for ranked in alone.ranked:
            assert together[ranked.index] == pytest.approx(ranked.score.logit, abs=1e-5)


def test_a_known_answer_is_not_scored_again_and_says_so(tmp_path: Path, embedded: Scorer) -> None:
    service = service_of(tmp_path, embedded)
    question = Question("refund", ("money back", "weather", "money back"))
    first = asked(service, question)
    settled(service)
    again = asked(service, question)
    assert (first.from_cache, again.from_cache) == (0, 3) and again.model == 0
    assert [r.score for r in again.reranking.ranked] == [r.score for r in first.reranking.ranked]
    more = asked(service, Question("refund", ("weather", "another")))
    assert more.from_cache == 1
    statistics = service.cache_statistics()
    assert statistics is not None and statistics.hits == 3


def test_the_cache_can_be_switched_off(tmp_path: Path, embedded: Scorer) -> None:
    service = service_of(tmp_path, embedded, cache=False)
    question = Question("refund", ("money back", "weather"))
    asked(service, question)
    assert asked(service, question).from_cache == 0 and service.cache_statistics() is None
    assert not list(tmp_path.glob("scores.sqlite3*"))


def test_equal_documents_are_scored_once_and_answered_each(tmp_path: Path, embedded: Scorer) -> None:
    answer = asked(service_of(tmp_path, embedded, cache=False), Question("q", ("a", "b", "a", "a")))
    assert sorted(one.index for one in answer.reranking.ranked) == [0, 1, 2, 3]
    scores = {one.index: one.score.logit for one in answer.reranking.ranked}
    assert scores[0] == scores[2] == scores[3]


def test_a_named_instruction_is_looked_up_and_an_unknown_one_refused(
    tmp_path: Path, embedded: Scorer
) -> None:
    service = service_of(tmp_path, embedded)
    assert asked(service, Question("q", ("a",), "preset:legal")).reranking.ranked
    with pytest.raises(InputError, match="nobody"):
        service.begin(Question("q", ("a",), "preset:nobody"))


def test_the_scores_are_those_of_the_scorer_alone(tmp_path: Path, embedded: Scorer) -> None:
    documents = ("money back in three days", "the weather is fine")
    answer = asked(service_of(tmp_path, embedded), Question("refund", documents))
    (alone,) = embedded.score_many([ScoringRequest("refund", documents)])
    for ranked in answer.reranking.ranked:
        assert ranked.score.logit == pytest.approx(alone[ranked.index].logit, abs=1e-5)


def _request(texts: AskedTexts | None = None) -> RecentRequest:
    from datetime import UTC, datetime

    return RecentRequest(datetime.now(UTC), 0, "id", "client", "/rerank", "tei", 200, 3, 0.1, texts)


def test_the_last_requests_are_kept_newest_first_and_without_texts_unless_wanted() -> None:
    recent = RecentRequests()
    texts = AskedTexts("q", ("a",), None)
    for _ in range(KEPT + 5):
        recent.add(_request(texts))
    assert len(recent.all()) == KEPT and recent.all()[0].number == KEPT + 5
    assert all(one.texts is None for one in recent.all())
    recent.keep_texts(True)
    recent.add(_request(texts))
    found = recent.find(KEPT + 6)
    assert found is not None and found.texts == texts
    recent.keep_texts(False)
    assert all(one.texts is None for one in recent.all())
