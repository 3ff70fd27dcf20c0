"""The scorer's planning and turns on a bi-encoder small enough to work out by hand."""

import math
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from core.engine.gate import Gate
from core.errors import NoNumberError, StoppedError
from core.models.embedded import scorer as scorer_module
from core.models.embedded.biencoder import Calibration
from core.models.embedded.reading import Layout, ReadText, Role, Window, read_text
from core.models.embedded.scorer import TOKENS_PER_BATCH, BiEncoderScorer
from core.records import ScoredPair, ScorerInfo, ScoringRequest

INFO = ScorerInfo("letters", "embedded", "letters", "cpu", "fp32", "letters-1", 40, 0, 0, False)
LAYOUT = Layout(
    positions=TOKENS_PER_BATCH,
    overlap=0,
    windows={"query": 2, "passage": 3},
    opening={"query": (), "passage": ()},
    closing=(),
    longest_piece=1,
)


class Letters:
    """A text is its set of characters; similarity is the share of the query's characters in the document."""

    def __init__(self) -> None:
        self.encoded: Counter[str] = Counter()
        self.batches: list[int] = []

    def read(self, text: str, role: Role) -> ReadText:
        return read_text(text, role, LAYOUT, lambda part: [ord(character) for character in part])

    def encode(self, windows: Sequence[Window]) -> list[frozenset[int]]:
        self.batches.append(len(windows))
        self.encoded.update("".join(map(chr, window.ids)) for window in windows)
        return [frozenset(window.ids) for window in windows]

    def join(self, windows: Sequence[frozenset[int]]) -> frozenset[int]:
        return frozenset().union(*windows)

    def similarity(self, query: frozenset[int], document: frozenset[int]) -> float:
        return len(query & document) / len(query)


class WatchedGate(Gate):
    """A gate that remembers its turns."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[bool] = []
        self.inside = False

    @contextmanager
    def turn(self, interactive: bool) -> Iterator[None]:
        with super().turn(interactive):
            self.turns.append(interactive)
            self.inside = True
            yield
            self.inside = False


def letters_scorer(gate: Gate | None = None) -> tuple[BiEncoderScorer[frozenset[int]], Letters]:
    letters = Letters()
    return BiEncoderScorer(letters, INFO, Calibration(slope=2, intercept=-1), gate), letters


def test_scores_are_in_the_callers_order_with_logit_and_probability() -> None:
    scorer, _ = letters_scorer()
    scores = scorer.score("ab", ["xxxx", "ab", "a"])
    assert [score.logit for score in scores] == [-1, 1, 0]
    assert scores[1].probability == pytest.approx(1 / (1 + math.exp(-1)))
    assert [score.tokens for score in scores] == [6, 4, 3]


def test_equal_documents_are_encoded_once_across_queries() -> None:
    scorer, letters = letters_scorer()
    results = scorer.score_many(
        [ScoringRequest("a", ("abc", "abc", "x")), ScoringRequest("b", ("x", "abc")), ScoringRequest("a", ())]
    )
    assert [[score.logit for score in row] for row in results] == [[1, 1, -1], [-1, 1], []]
    assert letters.encoded == Counter({"abc": 1, "x": 1, "a": 1, "b": 1})


def test_a_long_document_is_as_good_as_its_best_window() -> None:
    scorer, letters = letters_scorer()
    document = "x" * TOKENS_PER_BATCH + "a" * TOKENS_PER_BATCH
    (score,) = scorer.score("ab", [document])
    assert score.logit == 0  # the second window has «a», none has «b»
    assert not score.truncated
    assert letters.batches == [1, 1, 1]  # the query, then each window by itself


def test_what_no_window_holds_counts_as_truncated() -> None:
    scorer, _ = letters_scorer()
    (score,) = scorer.score("a", ["x" * 3 * TOKENS_PER_BATCH + "a"])
    assert score.truncated
    assert score.logit == -1


def test_a_query_of_several_windows_is_read_as_a_whole() -> None:
    scorer, _ = letters_scorer()
    (score,) = scorer.score("a" * TOKENS_PER_BATCH + "b", ["ab"])
    assert score.logit == 1


def test_single_queries_take_interactive_turns_and_many_take_background_turns() -> None:
    gate = WatchedGate()
    scorer, _ = letters_scorer(gate)
    scorer.score("a", ["b"])
    assert set(gate.turns) == {True}
    gate.turns.clear()
    scorer.score_many([ScoringRequest("a", ("b",))])
    assert set(gate.turns) == {False}


def test_every_pair_is_handed_over_once_outside_the_turn_with_progress() -> None:
    gate = WatchedGate()
    scorer, _ = letters_scorer(gate)
    documents = tuple(letter * (TOKENS_PER_BATCH // 2) for letter in "abcde")
    handed: list[ScoredPair] = []
    progress: list[tuple[int, int]] = []

    def on_scored(pairs: Sequence[ScoredPair]) -> None:
        assert not gate.inside
        handed.extend(pairs)

    results = scorer.score_many(
        [ScoringRequest("a", documents), ScoringRequest("b", documents[:2])],
        on_scored=on_scored,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert progress == [(4, 7), (6, 7), (7, 7)]
    assert sorted((pair.request, pair.document) for pair in handed) == [
        *((0, i) for i in range(5)),
        (1, 0),
        (1, 1),
    ]
    assert all(pair.score == results[pair.request][pair.document] for pair in handed)


def test_a_micro_batch_that_finishes_no_document_is_not_handed_over() -> None:
    scorer, letters = letters_scorer()
    handed: list[int] = []
    long = "a" * (2 * TOKENS_PER_BATCH)  # two windows, each a micro-batch of its own
    scorer.score_many([ScoringRequest("a", (long,))], on_scored=lambda pairs: handed.append(len(pairs)))
    assert letters.batches == [1, 1, 1]  # the query, then the windows
    assert handed == [1]


class NoNumberForZ(Letters):
    """Finds no similarity for a window with «z»."""

    def similarity(self, query: frozenset[int], document: frozenset[int]) -> float:
        return float("nan") if ord("z") in document else super().similarity(query, document)


def test_a_score_that_is_no_number_is_refused_by_name_and_the_others_are_handed_over() -> None:
    scorer = BiEncoderScorer(NoNumberForZ(), INFO, Calibration(slope=2, intercept=-1))
    kept: list[ScoredPair] = []
    long = "a" * TOKENS_PER_BATCH
    for bad in ("xyz", long + "z", "z" + long):
        kept.clear()
        with pytest.raises(NoNumberError, match="document 2 of query 1"):
            scorer.score_many(
                [ScoringRequest("abc", ("abc", bad)), ScoringRequest("a", ("b",))], on_scored=kept.extend
            )
        assert (0, 0) in [(pair.request, pair.document) for pair in kept]
        assert (0, 1) not in [(pair.request, pair.document) for pair in kept]


def test_stopping_keeps_what_was_handed_over() -> None:
    scorer, _ = letters_scorer()
    documents = tuple(letter * TOKENS_PER_BATCH for letter in "abc")
    handed: list[ScoredPair] = []
    with pytest.raises(StoppedError):
        scorer.score_many(
            [ScoringRequest("a", documents)], on_scored=handed.extend, cancelled=lambda: len(handed) == 2
        )
    assert len(handed) == 2


def test_a_stopped_run_leaves_the_gate_open() -> None:
    scorer, _ = letters_scorer()
    with pytest.raises(StoppedError):
        scorer.score_many([ScoringRequest("a", ("b",))], cancelled=lambda: True)
    assert scorer.score("a", ["a"])[0].logit == 1


def test_more_pairs_than_a_block_are_all_scored() -> None:
    scorer, _ = letters_scorer()
    count = scorer_module.PAIRS_PER_BLOCK + 3
    requests = [ScoringRequest("a", tuple("ab" * count)[:count]), ScoringRequest("b", ("b",))]
    results = scorer.score_many(requests)
    assert [score.logit for score in results[0]] == [1 if i % 2 == 0 else -1 for i in range(count)]
    assert results[1][0].logit == 1


def test_nothing_to_score_gives_nothing() -> None:
    scorer, _ = letters_scorer()
    assert scorer.score("a", []) == []
    assert scorer.score_many([]) == []


def test_a_single_query_passes_a_running_batch() -> None:
    gate = Gate()
    scorer, _ = letters_scorer(gate)
    documents = tuple(letter * TOKENS_PER_BATCH for letter in "abcdefgh")
    asked = threading.Event()
    answered: list[int] = []
    handed = 0
    person: threading.Thread | None = None

    def ask() -> None:
        asked.set()
        scorer.score("a", ["a"])
        answered.append(handed)

    def on_scored(pairs: Sequence[ScoredPair]) -> None:
        nonlocal handed, person
        handed += len(pairs)
        if person is None:
            person = threading.Thread(target=ask)
            person.start()
            asked.wait()
            person.join()

    scorer.score_many([ScoringRequest("a", documents)], on_scored=on_scored)
    assert answered == [1]
