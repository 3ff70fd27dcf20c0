"""Rounds of judging against an endpoint on localhost whose errors are known."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.chat.endpoint import Endpoint, LanguageModelError
from core.errors import InputError, StoppedError
from core.judging.asking import Asking
from core.judging.pairs import Pair
from core.judging.panel import Panel
from core.judging.rounds import Standing, judge
from core.judging.store import LabelStore
from tests.judging.fake_judge import FakeJudge, fake_judge

KEY = "sk-judge-8Kw3"
SET = "file-1"
PAIRS = [
    Pair(f"q{query}", f"d{place}", f"question {query}", f"text {query}-{place}")
    for query in range(4)
    for place in range(5)
]
TRUTH = {(pair.query, pair.document): int(pair.document_id[1]) % 4 for pair in PAIRS}


def _panel(model: FakeJudge, *models: str, votes: int = 1, together: int = 1) -> Panel:
    return Panel(models or ("m",), model.url.split("/")[2], "0 bad 3 good", votes, "median", together)


def _judge(
    model: FakeJudge,
    store: LabelStore,
    panel: Panel | None = None,
    *,
    pairs: list[Pair] = PAIRS,
    at_once: int = 4,
    stop: threading.Event | None = None,
    seen: list[Standing] | None = None,
) -> Standing:
    panel = panel or _panel(model)
    return judge(
        Endpoint(model.url, "", SecretStr(KEY)),
        panel,
        SET,
        pairs,
        store,
        at_once=at_once,
        stop=stop,
        on_progress=seen.append if seen is not None else None,
        how=Asking(panel.rubric, panel.temperature, seconds=10, first_wait=0.001),
    )


@pytest.fixture
def store(tmp_path: Path) -> LabelStore:
    return LabelStore(tmp_path)


def _grades(store: LabelStore, panel: Panel) -> dict[tuple[str, str], int]:
    return {(one.query_id, one.document_id): one.grade for one in store.labels(SET, panel.source)}


def test_every_pair_gets_the_grade_that_the_model_gave(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH)) as model:
        seen: list[Standing] = []
        standing = _judge(model, store, seen=seen)
        panel = _panel(model)
    right = {(pair.query_id, pair.document_id): TRUTH[pair.query, pair.document] for pair in PAIRS}
    assert _grades(store, panel) == right
    assert (standing.labelled, standing.failed, standing.requests) == (20, 0, 20)
    assert (standing.read, standing.written) == (2000, 140)
    assert [one.labelled for one in seen] == sorted(one.labelled for one in seen) and not seen[-1].running
    assert model.keys == [f"Bearer {KEY}"] * 20
    assert {body["temperature"] for body in model.asked} == {0}


def test_documents_of_one_query_are_asked_about_together_and_within_the_limit(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH)) as model:
        panel = _panel(model, together=3)
        standing = _judge(model, store, panel, at_once=2)
    assert standing.requests == 8  # three and two of each of four queries
    assert model.most_together <= 2
    right = {(pair.query_id, pair.document_id): TRUTH[pair.query, pair.document] for pair in PAIRS}
    assert _grades(store, panel) == right


def test_a_second_round_pays_for_nothing_and_a_changed_rubric_for_everything(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH)) as model:
        _judge(model, store)
        again = _judge(model, store)
        assert (again.requests, again.known, again.labelled) == (0, 20, 20)
        other = Panel(("m",), model.url.split("/")[2], "another rubric")
        assert _judge(model, store, other).requests == 20
    assert len({one.source for one in store.labels(SET)}) == 2


def test_equal_texts_are_asked_about_once(store: LabelStore) -> None:
    pairs = [*PAIRS[:2], Pair("q0", "copy", PAIRS[0].query, PAIRS[0].document)]
    with fake_judge(FakeJudge(TRUTH)) as model:
        standing = _judge(model, store, pairs=pairs)
        panel = _panel(model)
    assert (standing.requests, standing.labelled) == (2, 3)
    assert _grades(store, panel)["q0", "copy"] == _grades(store, panel)["q0", "d0"]


def test_several_models_vote_and_each_is_known_by_itself(store: LabelStore) -> None:
    judge_ = FakeJudge(TRUTH, by_model={"high": "over"})
    with fake_judge(judge_) as model:
        panel = _panel(model, "right-1", "right-2", "high")
        standing = _judge(model, store, panel)
    right = {(pair.query_id, pair.document_id): TRUTH[pair.query, pair.document] for pair in PAIRS}
    assert _grades(store, panel) == right, "the median outvotes the one that grades too high"
    labels = store.labels(SET, panel.source)
    assert all(len(label.votes) == 3 for label in labels)
    high = {(one.query_id, one.document_id): one.grade for one in store.labels(SET, panel.single("high"))}
    assert high == {pair: min(3, grade + 1) for pair, grade in right.items()}
    assert standing.tied == 0


def test_several_votes_of_one_model_are_different_questions(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH)) as model:
        panel = _panel(model, votes=3)
        standing = _judge(model, store, panel, pairs=PAIRS[:2])
    assert standing.requests == 6
    assert Counter(body["seed"] for body in model.asked) == {0: 2, 1: 2, 2: 2}
    assert {body["temperature"] for body in model.asked} == {0.7}


def test_ties_between_votes_are_counted(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH, by_model={"high": "over"})) as model:
        standing = _judge(model, store, _panel(model, "m", "high"))
    assert standing.tied == sum(grade < 3 for grade in TRUTH.values())


def test_a_malformed_answer_is_asked_for_again_and_then_counted_never_guessed(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH, malformed=lambda number, documents: number in (0, 1))) as model:
        standing = _judge(model, store, pairs=PAIRS[:1])
        assert (standing.malformed, standing.labelled, standing.requests) == (2, 1, 3)
        assert "That is not what was asked for" in model.asked[1]["messages"][-1]["content"]
    with fake_judge(FakeJudge(TRUTH, malformed=lambda number, documents: True)) as model:
        panel = _panel(model)
        standing = _judge(model, store, panel, pairs=PAIRS[:3])
    assert (standing.labelled, standing.failed, standing.malformed) == (0, 3, 9)
    assert _grades(store, panel) == {}


def test_documents_that_cannot_be_judged_together_are_judged_one_by_one(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH, malformed=lambda number, documents: documents > 1)) as model:
        panel = _panel(model, together=5)
        standing = _judge(model, store, panel, pairs=PAIRS[:5])
    assert (standing.labelled, standing.failed) == (5, 0)
    assert standing.requests == 3 + 5


def test_an_endpoint_that_is_busy_for_a_while_is_asked_again(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH, status=lambda number: (429, 503, 200)[min(number, 2)])) as model:
        standing = _judge(model, store, pairs=PAIRS[:1], at_once=1)
    assert (standing.labelled, standing.requests) == (1, 3)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_ends_the_round_at_once(store: LabelStore, status: int) -> None:
    with fake_judge(FakeJudge(TRUTH, status=lambda number: status)) as model:
        with pytest.raises(LanguageModelError, match=f"HTTP {status}"):
            _judge(model, store, at_once=2)
        assert len(model.asked) <= 3


def test_an_endpoint_that_is_gone_ends_the_round_and_what_was_judged_is_kept(store: LabelStore) -> None:
    with fake_judge(FakeJudge(TRUTH, status=lambda number: 200 if number < 7 else 500)) as model:
        panel = _panel(model)
        with pytest.raises(LanguageModelError, match="HTTP 500"):
            _judge(model, store, panel, at_once=1)
        assert len(_grades(store, panel)) == 7
        model.status = lambda number: 200
        asked = len(model.asked)
        assert _judge(model, store, panel).labelled == 20
        assert len(model.asked) - asked == 13


def test_nobody_answering_is_one_sentence_without_the_key(
    store: LabelStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gone = FakeJudge(url=f"http://127.0.0.1:{port}/v1")
    with pytest.raises(LanguageModelError, match="cannot be reached") as caught:
        _judge(gone, store, at_once=1)
    assert KEY not in caplog.text and KEY not in repr(caught.value)


def test_a_stopped_round_keeps_what_it_has_and_goes_on_where_it_was(store: LabelStore) -> None:
    stop = threading.Event()
    seen: list[Standing] = []

    class StopsAt(list[Standing]):
        def append(self, standing: Standing) -> None:
            seen.append(standing)
            if standing.labelled >= 6:
                stop.set()

    with fake_judge(FakeJudge(TRUTH)) as model:
        panel = _panel(model)
        with pytest.raises(StoppedError, match="what was judged is kept"):
            _judge(model, store, panel, at_once=1, stop=stop, seen=StopsAt())
        assert len(_grades(store, panel)) == 6 and seen[-1].failed == 0
        _judge(model, store, panel)
    assert max(model.judged.values()) == 1, "nothing is paid for twice"


@pytest.mark.parametrize("at_once", [0, 65])
def test_how_many_at_a_time_has_bounds(store: LabelStore, at_once: int) -> None:
    with pytest.raises(InputError):
        _judge(FakeJudge(url="http://127.0.0.1:1/v1"), store, at_once=at_once)


def _judge_in_a_process(home: Path, url: str) -> None:
    _judge(FakeJudge(url=url), LabelStore(home), at_once=2)


def test_a_killed_process_has_nothing_to_pay_for_again_but_what_was_under_way(tmp_path: Path) -> None:
    with fake_judge(FakeJudge(TRUTH, gate=threading.Event(), after=9)) as model:
        process = multiprocessing.get_context("spawn").Process(
            target=_judge_in_a_process, args=(tmp_path, model.url)
        )
        process.start()
        panel, store = _panel(model), LabelStore(tmp_path)
        deadline = threading.Event()
        for _ in range(600):
            if len(_grades(store, panel)) == 9 and model.under_way == 2:
                break
            deadline.wait(0.1)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        assert len(_grades(store, panel)) == 9
        assert model.gate is not None
        model.gate.set()
        standing = _judge(model, store, panel)
    assert (standing.known, standing.requests, standing.labelled) == (9, 11, 20)
    assert sum(count - 1 for count in model.judged.values()) == 2, "the two requests that were under way"
