"""A CPU gives two passes half of its threads each; what they score is what one alone scores."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from core.engine.scorer import Qwen3Scorer
from core.engine.sharing import gate_of
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits

PATIENCE = 10.0


def test_two_passes_get_half_of_the_threads_each_and_give_them_back() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(4)
    try:
        gate, together, seen = gate_of(torch.device("cpu")), threading.Barrier(2), list[int]()

        def work() -> None:
            with gate.turn(True):
                together.wait(PATIENCE)  # both are inside
                seen.append(torch.get_num_threads())

        with gate.turn(False):  # holds both back, so that each knows of the other
            workers = [threading.Thread(target=work, daemon=True) for _ in range(2)]
            for worker in workers:
                worker.start()
            while gate.waiting < 2:
                threading.Event().wait(0.001)
            assert torch.get_num_threads() == 4
        for worker in workers:
            worker.join(PATIENCE)
        assert seen == [2, 2]
        with gate.turn(True):
            assert torch.get_num_threads() == 4
    finally:
        torch.set_num_threads(threads)


def test_one_thread_and_other_devices_are_not_shared() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        assert gate_of(torch.device("cpu")).side_by_side == 1
    finally:
        torch.set_num_threads(threads)
    assert gate_of(torch.device("meta")).side_by_side == 1


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_passes_side_by_side_score_as_one_alone(
    folder: Path, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.guard.judging.LARGEST_SHIFT", 9.0)
    monkeypatch.setattr("core.engine.guard.judging.LARGEST_SHIFT_OF_SPREAD", 9.0)
    monkeypatch.setattr("core.engine.guard.judging.LEAST_AGREEMENT", 0.0)
    loaded = Qwen3Scorer.load(folder, name="tiny", device="cpu", precision=precision, max_tokens=512)
    questions = [f"{QUERY} {number}" for number in range(16)]
    alone = [logits(loaded.score(question, DOCUMENTS)) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: logits(loaded.score(question, DOCUMENTS)), questions * 4))
    assert together == [pytest.approx(expected, abs=1e-5) for expected in alone * 4]
