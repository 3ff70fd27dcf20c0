"""Many pairs pass through windows: the next is encoded while the model runs, and none is lost at an edge."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import core.engine.scorer as scorer_module
from core.engine.encoding import EncodedPairs
from core.engine.model import FlatPack
from core.engine.packing import Pair
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError
from core.records import ScoredPair, ScoringRequest

QUERY = "退的钱多久能到账"
DOCUMENTS = [f"{'退款将原路退回。' * number}{number}" for number in range(8)]


def logits(scorer: Qwen3Scorer) -> list[float]:
    return [score.logit for score in scorer.score(QUERY, DOCUMENTS)]


def test_thousands_of_documents_pass_through_small_windows(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer_module, "WINDOW_PAIRS", 3)
    assert len(scorer.score(QUERY, DOCUMENTS)) == 8


def test_the_next_window_is_encoded_while_the_model_runs_this_one(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer_module, "WINDOW_PAIRS", 3)
    expected = logits(scorer)
    encode, run = scorer._encode, scorer._model.logits
    encoded = threading.Semaphore(0)
    in_time: list[bool] = []

    def encode_and_tell(pairs: Sequence[Pair]) -> EncodedPairs:
        tokens = encode(pairs)
        encoded.release()
        return tokens

    def run_once_the_next_is_encoded(pack: FlatPack) -> torch.Tensor:
        # Windows of 3, 3 and 2: by the first pass two are encoded, by the second all three.
        in_time.append(all(encoded.acquire(timeout=30) for _ in range(2 if not in_time else 1)))
        if len(in_time) == 2:
            encoded.release()  # nothing comes after the third
        return run(pack)

    monkeypatch.setattr(scorer, "_encode", encode_and_tell)
    monkeypatch.setattr(scorer._model, "logits", run_once_the_next_is_encoded)
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)
    assert in_time == [True, True, True]


def test_a_job_goes_on_to_its_next_look_while_the_program_closes(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer_module, "WINDOW_PAIRS", 3)
    expected = logits(scorer)

    def closed(*_: object) -> None:
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    monkeypatch.setattr(ThreadPoolExecutor, "submit", closed)
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)


def test_a_query_too_long_in_a_later_window_leaves_the_earlier_scores(
    scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer_module, "WINDOW_PAIRS", 2)
    kept: list[ScoredPair] = []
    requests = [ScoringRequest(QUERY, ("a", "b")), ScoringRequest("word " * 600, ("c",))]
    with pytest.raises(InputError, match="512 tokens"):
        scorer.score_many(requests, on_scored=kept.extend)
    assert [(pair.request, pair.document) for pair in kept] == [(0, 0), (0, 1)]
