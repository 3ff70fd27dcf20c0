"""The shipped sample scored by several kinds of models; stopping, going on, and what cannot be had."""

import threading
from pathlib import Path

import pytest

import core.workflows.compare.scoring as scoring_module
from core.errors import ModelError, StoppedError
from core.jobs import ScoreCache
from core.models import load_scorer
from core.records import Scorer
from core.settings import Settings
from core.workflows.compare.contenders import BM25, Contender, distinct_names, offers
from core.workflows.compare.export import comparison_record
from core.workflows.compare.outcome import ComparisonOutcome
from core.workflows.compare.scoring import Comparing, score_contender, score_contenders
from core.workflows.evaluate.sheet import read_labelled
from tests.models.cross_encoder.models import write_model
from tests.models.remote.http_server import tei_server
from tests.workflows.compare.contenders import small_data
from tests.workflows.compare.sample_sheet import write_sample_sheet
from tests.workflows.evaluate.labelled_sheet import TableScorer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", precision="fp32")


def test_the_sample_is_compared_over_all_kinds_of_models(
    settings: Settings, tmp_path: Path, embedded: Scorer
) -> None:
    data = read_labelled(write_sample_sheet(tmp_path / "sample.csv", questions=16, candidates=6))
    local = write_model(tmp_path / "tiny-one", "xlm-roberta", positions=514)
    served = load_scorer(str(write_model(tmp_path / "tiny-two", "bert", positions=512)), settings=settings)
    found: dict[str, Contender] = {}
    with tei_server(served) as address:
        names = ("embedded", "use-m3", BM25, str(local), address, "Qwen/Qwen3-Reranker-8B")
        at_hand = Comparing(settings, in_use=lambda: embedded)
        score_contenders(names, data, None, at_hand, lambda one: found.update({one.name: one}))
    assert set(found) == set(names)
    assert [name for name in names if not found[name].had] == ["Qwen/Qwen3-Reranker-8B"]
    for name in names[:-1]:
        assert len(found[name].scores) == 16
        assert found[name].pairs_per_second and found[name].slow_seconds
    remote = found[address].model
    assert remote is not None and remote.kind == "remote"
    # The server's numbers are those of its model, to the four decimals that are kept.
    for query, request in zip(found[address].scores, data.requests(), strict=True):
        expected = [score.logit for score in served.score(request.query, request.documents)]
        assert found[address].scores[query] == pytest.approx(expected, abs=1e-4)
    outcome = ComparisonOutcome(data, [found[name] for name in names])
    quality = {one.title: one.means[outcome.measures[0]] for one in outcome.standings if one.means}
    e5, use, words = (quality[found[name].title] for name in names[:3])
    assert min(e5 or 0, use or 0, words or 0) > (quality["before"] or 0)
    record = comparison_record(outcome)
    assert record["worth"] and len(list(record["pairs"])) == 15  # type: ignore[call-overload]


def test_known_pairs_come_from_the_cache_and_are_timed_on_a_few(settings: Settings) -> None:
    data, cache = small_data(), ScoreCache(settings.home)
    scorer = TableScorer({f"text of yes q{number}": 1.0 for number in range(20)})
    first = score_contender("a", data, None, Comparing(settings, cache, load=lambda *_: scorer))
    assert len(first.seconds) == 20
    scorer.asked.clear()
    again = score_contender("a", data, None, Comparing(settings, cache, load=lambda *_: scorer))
    cache.close()
    assert again.scores == first.scores
    # One to warm up, eight to have times of.
    assert len(scorer.asked) == 9 and len(again.seconds) == 8 and again.timed_pairs == 16


def test_a_stopped_comparison_goes_on_with_what_is_missing(settings: Settings) -> None:
    data, cache, stop = small_data(), ScoreCache(settings.home), threading.Event()
    scorer = TableScorer({})

    def progress(_: str, done: int, total: int) -> None:
        if done == 5:
            stop.set()

    at_hand = Comparing(settings, cache, load=lambda *_: scorer, on_progress=progress, cancelled=stop.is_set)
    done: list[Contender] = []
    with pytest.raises(StoppedError):
        score_contenders(["a", "b"], data, None, at_hand, done.append)
    assert done == []
    scorer.asked.clear()
    score_contenders(["a"], data, None, Comparing(settings, cache, load=lambda *_: scorer), done.append)
    cache.close()
    assert len(scorer.asked) == 1 + 15
    assert len(done[0].scores) == 20


def test_one_models_failure_leaves_the_others_their_comparison(settings: Settings) -> None:
    class Broken(TableScorer):
        def score_many(self, *_: object, **__: object) -> list[list[object]]:  # type: ignore[override]
            raise RuntimeError("CUDA error: no kernel")

    def load(name: str, _: Settings) -> Scorer:
        return Broken({}) if name == "broken" else TableScorer({})  # type: ignore[return-value]

    found: list[Contender] = []
    score_contenders(["broken", "whole"], small_data(), None, Comparing(settings, load=load), found.append)
    assert [one.had for one in found] == [False, True]
    assert "CUDA error" in found[0].problem.text


def test_a_model_too_large_for_the_memory_is_refused_before_it_is_loaded(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "tiny", "bert")
    monkeypatch.setattr(scoring_module, "MEMORY_PER_BYTE", 1e15)

    def never(*_: object) -> Scorer:
        raise AssertionError("it was loaded")

    found = score_contender(str(folder), small_data(), None, Comparing(settings, load=never))
    assert not found.had and found.problem.template == scoring_module.NO_ROOM


def test_texts_go_to_no_server_without_consent(settings: Settings) -> None:
    found = score_contender("https://rerank.example.com", small_data(), None, Comparing(settings))
    assert not found.had and "would be sent to rerank.example.com" in found.problem.text


def test_local_models_take_turns(settings: Settings) -> None:
    loaded: list[str] = []
    held = 0

    class Counted(TableScorer):
        def __del__(self) -> None:
            nonlocal held
            held -= 1

    def load(name: str, _: Settings) -> Scorer:
        nonlocal held
        held += 1
        assert held == 1
        loaded.append(name)
        return Counted({})

    score_contenders(["a", "b", "c"], small_data(), None, Comparing(settings, load=load), lambda _: None)
    assert loaded == ["a", "b", "c"]


def test_names_are_resolved_and_asked_once(settings: Settings) -> None:
    names = ["0.6b", "Qwen/Qwen3-Reranker-0.6B", "BM25", " ", "bm25", "/models/x"]
    assert distinct_names(names, settings) == ("Qwen/Qwen3-Reranker-0.6B", "bm25", "/models/x")


def test_what_is_offered_begins_with_what_is_here(settings: Settings) -> None:
    found = offers(settings)
    assert [one.name for one in found[:3]] == ["embedded", "bm25", "use-m3"]
    assert [one.usable for one in found] == sorted((one.usable for one in found), reverse=True)


def test_an_error_of_a_model_keeps_its_advice(settings: Settings) -> None:
    def load(*_: object) -> Scorer:
        raise ModelError("It is too old: {year}.", hint="Use one after {year}.", year=2019)

    found = score_contender("old", small_data(), None, Comparing(settings, load=load))
    assert (found.problem.text, found.advice.text) == ("It is too old: 2019.", "Use one after 2019.")
