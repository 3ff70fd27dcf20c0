"""Two looks against the whole reading, on the tiny model of the real shape."""

from collections.abc import Sequence

import pytest

from core.engine.looks.choosing import BEGINNING
from core.engine.looks.reading import Passes, QueryReading
from core.engine.packing import Pair
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError, NoNumberError, StoppedError
from core.records import LooksTwice, RepeatsPasses, Score, ScoredPair, ScoringRequest

QUERY = "退的钱多久能到账"
CHINESE = "退款审核通过后款项将在一至三个工作日内原路退回您的支付账户信用卡到账时间以发卡银行为准"


def _documents(count: int, tokens: int = 260) -> list[str]:
    """Texts that differ from the first word on, and in what follows their first 128 tokens."""
    texts = []
    for n in range(count):
        english = " ".join(f"word{(n * 7 + at * at) % 97}" for at in range(tokens // 3))
        texts.append(f"{n} {english} {CHINESE[n % 40 :]}" if n % 2 else f"{n}、{CHINESE * 3}{english}")
    return texts


DOCUMENTS = [*_documents(24), "short one", "a", ""]


def _reading(scorer: Qwen3Scorer, documents: Sequence[str]) -> QueryReading:
    encoded = scorer._encode([Pair(None, QUERY, text) for text in documents])
    passes = Passes(scorer._model, scorer._turns, True, lambda: None)
    return QueryReading(passes, encoded, scorer._encoder.closing)


@pytest.mark.parametrize("budget", [300, 900, 2048])
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("onednn", [True, False])
def test_going_on_equals_reading_the_whole(
    scorer: Qwen3Scorer, budget: int, kept: bool, onednn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.attention.continued.onednn_is_chosen", lambda: onednn)
    # Documents of a few hundred tokens take the way of long ones, too.
    monkeypatch.setattr("core.engine.attention.continued.LONG", 200 if onednn else 10**6)
    expected = {at: one.logit for at, one in enumerate(scorer.score(QUERY, DOCUMENTS))}
    scorer._turns.budget = budget
    reading = _reading(scorer, DOCUMENTS)
    every = list(range(len(DOCUMENTS)))
    first = dict(pair for found in reading.first_look(lambda: every if kept else []) for pair in found)
    long = [at for at in every if not reading.is_short(at)]
    assert len(long) == 24 and len(first) == len(every)
    # The beginnings say something else than the whole: else the rest would prove nothing.
    assert max(abs(first[at] - expected[at]) for at in long) > 0.01
    whole = first | dict(pair for found in reading.read_on(long) for pair in found)
    assert whole == pytest.approx(expected, abs=1e-5)


def test_documents_read_on_have_the_scores_of_a_whole_reading_and_stand_at_the_top(
    scorer: Qwen3Scorer,
) -> None:
    assert isinstance(scorer, LooksTwice)
    looking = scorer.two_looks(3)
    whole, looked = scorer.score(QUERY, DOCUMENTS), looking.score(QUERY, DOCUMENTS)
    read = [at for at in range(len(DOCUMENTS)) if not looked[at].truncated]
    left = [at for at in range(len(DOCUMENTS)) if looked[at].truncated]
    assert 6 <= len(read) < len(DOCUMENTS) and left
    for at in read:
        assert looked[at].logit == pytest.approx(whole[at].logit, abs=1e-5)
        assert looked[at].tokens == whole[at].tokens
    third = sorted((looked[at].logit for at in read), reverse=True)[2]
    assert all(looked[at].logit < third for at in left)
    prefix = len(scorer._encoder.prefix(None, QUERY))
    assert all(looked[at].tokens == prefix + BEGINNING + 9 for at in left)


def test_its_scores_are_never_taken_for_those_of_a_whole_reading(scorer: Qwen3Scorer) -> None:
    infos = [scorer.info, scorer.two_looks(3).info, scorer.two_looks(4).info]
    assert len({info.fingerprint for info in infos}) == 3
    assert [info.two_looks for info in infos] == [0, 3, 4]
    assert infos[1].notes[:-1] == scorer.info.notes and "Two looks" in infos[1].notes[-1]


def test_a_short_list_is_read_whole(scorer: Qwen3Scorer) -> None:
    assert scorer.two_looks(20).score(QUERY, DOCUMENTS) == scorer.score(QUERY, DOCUMENTS)


def test_every_pair_is_told_once_also_repeated_ones(scorer: Qwen3Scorer) -> None:
    requests = [
        ScoringRequest(QUERY, (*DOCUMENTS, DOCUMENTS[0], DOCUMENTS[3])),
        ScoringRequest("another", ("one", "two")),
        ScoringRequest("nothing", ()),
    ]
    told: list[ScoredPair] = []
    progress: list[tuple[int, int]] = []
    results = scorer.two_looks(3).score_many(
        requests, on_scored=told.extend, on_progress=lambda done, total: progress.append((done, total))
    )
    assert [len(row) for row in results] == [len(DOCUMENTS) + 2, 2, 0]
    assert results[0][0] == results[0][-2] and results[0][3] == results[0][-1]
    places = [(one.request, one.document) for one in told]
    assert sorted(places) == [(0, at) for at in range(len(DOCUMENTS) + 2)] + [(1, 0), (1, 1)]
    assert all(results[one.request][one.document] == one.score for one in told)
    assert progress[-1] == (len(places), len(places))


def test_a_run_that_goes_on_ends_with_the_same_scores(scorer: Qwen3Scorer) -> None:
    looking = scorer.two_looks(3)
    assert isinstance(looking, RepeatsPasses)
    request = ScoringRequest(QUERY, tuple(DOCUMENTS))
    (whole,) = looking.score_many([request])
    known = [[at % 3 == 0 for at in range(len(DOCUMENTS))]]
    told: list[ScoredPair] = []
    looking.score_rest([request], known, on_scored=told.extend)
    assert {one.document: one.score for one in told} == {
        at: score for at, score in enumerate(whole) if at % 3
    }


def test_a_stop_between_passes_keeps_what_was_told(scorer: Qwen3Scorer) -> None:
    told: list[ScoredPair] = []
    request = ScoringRequest(QUERY, tuple(DOCUMENTS))
    scorer._turns.background = 400
    with pytest.raises(StoppedError, match="of 27 pairs") as stopped:
        scorer.two_looks(3).score_many([request], on_scored=told.extend, cancelled=lambda: len(told) > 3)
    assert 3 < len(told) < 27 and stopped.value.sentence.facts["done"] == len(told)


def test_memory_that_runs_out_makes_smaller_passes(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = scorer.two_looks(3).score(QUERY, DOCUMENTS)
    logits = scorer._model.logits

    def scarce(pack: object, attention: object = None) -> object:
        if len(pack.ids) > 500:  # type: ignore[attr-defined]
            raise MemoryError
        return logits(pack, attention)  # type: ignore[arg-type]

    monkeypatch.setattr(scorer._model, "logits", scarce)
    found = scorer.two_looks(3).score(QUERY, DOCUMENTS)
    assert [one.logit for one in found] == pytest.approx([one.logit for one in expected], abs=1e-5)
    assert [one.truncated for one in found] == [one.truncated for one in expected]


def test_a_sample_of_the_queries_is_read_whole_and_told(scorer: Qwen3Scorer) -> None:
    requests = [ScoringRequest(f"{QUERY} {n}", tuple(DOCUMENTS[:8])) for n in range(20)]
    requests.append(ScoringRequest("few documents", tuple(DOCUMENTS[:3])))
    told: dict[int, int] = {}
    looking = scorer.two_looks(3, on_checked=told.__setitem__)
    results = looking.score_many(requests)
    # A tenth of those with something at stake: not of the query of which everything is read anyway.
    assert len(told) == 2 and 20 not in told
    for at, request in enumerate(requests):
        whole = scorer.score(request.query, request.documents)
        cut = any(one.truncated for one in results[at])
        assert cut is (at not in told and at != 20)
        if at in told:
            assert [one.logit for one in results[at]] == pytest.approx([one.logit for one in whole], abs=1e-5)
            plain = scorer.two_looks(3).score(request.query, request.documents)
            assert told[at] == len(_top(whole) - _top(plain))


def _top(scores: Sequence[Score], top: int = 3) -> set[int]:
    return set(sorted(range(len(scores)), key=lambda at: -scores[at].logit)[:top])


def test_a_beginning_without_a_number_is_refused_by_its_name(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    logits = scorer._model.logits
    monkeypatch.setattr(
        scorer._model, "logits", lambda pack, attention=None: logits(pack, attention) * float("nan")
    )
    with pytest.raises(NoNumberError):
        scorer.two_looks(3).score(QUERY, DOCUMENTS)


def test_no_place_at_the_top_is_refused(scorer: Qwen3Scorer) -> None:
    with pytest.raises(InputError, match="at least one place"):
        scorer.two_looks(0)


def test_what_will_be_read_is_estimated_from_the_places_and_the_candidates(scorer: Qwen3Scorer) -> None:
    looking = scorer.two_looks(10)
    around = len(scorer._encoder.prefix(None, "")) + 9
    assert looking.tokens_read(1071, 50) == around + 128 + (1071 - around - 128) * 20 // 50
    assert looking.tokens_read(1071, 20) == 1071
    assert looking.tokens_read(100, 50) == 100
