"""How large passes are: less after memory ran out, more again later, a second at most for a job."""

import pytest
import torch

from core.engine.gate import Gate
from core.engine.turns import GOOD_PASSES, Turns, background_tokens
from core.errors import TooLargeError

CPU = torch.device("cpu")


def _fails() -> str:
    raise RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")


def _pass(turns: Turns, work: object = lambda: "done", *, tokens: int = 1000, alone: bool = False) -> object:
    return turns.run(tokens, work, interactive=True, alone=alone)  # type: ignore[arg-type]


def test_the_budget_is_halved_when_memory_runs_out_and_grows_back() -> None:
    turns = Turns(Gate(), CPU, 4096, 1024)
    assert _pass(turns) == "done" and turns.most(True) == 4096
    assert _pass(turns, _fails, tokens=4000) is None
    assert turns.most(True) == 2000
    assert _pass(turns, _fails, tokens=2000) is None
    assert turns.most(True) == 1000
    for _ in range(GOOD_PASSES - 1):
        _pass(turns)
    assert turns.most(True) == 1000
    _pass(turns)
    assert turns.most(True) == 2000
    for _ in range(3 * GOOD_PASSES):
        _pass(turns)
    assert turns.most(True) == 4096


def test_one_text_that_does_not_fit_is_too_large() -> None:
    with pytest.raises(TooLargeError, match="1000 tokens"):
        _pass(Turns(Gate(), CPU, 4096, 1024), _fails, alone=True)


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    def broken() -> str:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    turns = Turns(Gate(), CPU, 4096, 1024)
    with pytest.raises(RuntimeError, match="illegal"):
        _pass(turns, broken)
    assert turns.most(True) == 4096


def test_a_jobs_passes_are_never_larger_than_a_persons() -> None:
    turns = Turns(Gate(), CPU, 4096, 1024)
    assert (turns.most(True), turns.most(False)) == (4096, 1024)
    turns.budget = 512
    assert turns.most(False) == 512


@pytest.mark.parametrize(
    ("rate", "tokens"), [(30_000.0, 16_384), (33_000.0, 32_768), (450_000.0, 131_072), (10.0, 256)]
)
def test_a_background_pass_takes_a_second_of_measured_work(rate: float, tokens: int) -> None:
    now = 0.0
    runs: list[int] = []

    def run(tokens: int) -> None:
        nonlocal now
        # The first pass also sets up kernels and memory.
        now += tokens / rate + (0.0 if runs else 7.0)
        runs.append(tokens)

    assert background_tokens(131_072, run, lambda: now) == tokens
    assert runs == [8192, 8192]
