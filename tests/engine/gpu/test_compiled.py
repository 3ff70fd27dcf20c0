"""The layer in two compiled halves: the same scores, compiled once for all lengths and layers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from core.engine.gpu.compiled import CompiledLayer, Half, choose_run, compiled_or_eager
from core.engine.linear import TorchLinear
from core.engine.model import PackedModel, run_layer
from core.engine.scorer import Qwen3Scorer
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits


class Counting:
    """torch's tracing with a backend that only counts what it is given."""

    def __init__(self) -> None:
        self.compilations = 0

    def __call__(self, function: Half) -> Half:
        def backend(graph: torch.fx.GraphModule, example: list[torch.Tensor]) -> Callable[..., object]:
            self.compilations += 1
            return graph.forward

        torch._dynamo.reset()
        return torch.compile(function, backend=backend, dynamic=True, fullgraph=True)  # type: ignore[no-any-return]


@pytest.fixture
def plain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Qwen3Scorer:
    """The tiny model with torch's own products, as a GPU has them."""
    monkeypatch.setattr("core.engine.model.choose_float_linear", lambda device, dtype: TorchLinear)
    return Qwen3Scorer.load(folder, name="tiny", device="cpu", precision="fp32", max_tokens=512)


def test_both_halves_give_the_eager_layers_scores(plain: Qwen3Scorer) -> None:
    expected = logits(plain.score(QUERY, DOCUMENTS))
    # Not compiled: the functions themselves.
    plain._model.run = CompiledLayer(lambda function: function)  # type: ignore[arg-type,return-value]
    assert logits(plain.score(QUERY, DOCUMENTS)) == pytest.approx(expected, abs=1e-5)


def test_fifty_lengths_and_all_layers_are_compiled_once(plain: Qwen3Scorer) -> None:
    counting = Counting()
    compiled = CompiledLayer(counting)
    chosen = compiled_or_eager(plain._model, compiled)
    assert chosen is compiled and plain._model.run is run_layer
    at_load = counting.compilations
    assert 2 <= at_load <= 4
    expected = [logits(plain.score(QUERY, ["word " * n, "款" * (n % 9 + 1)])) for n in range(1, 51)]
    plain._model.run = compiled
    found = [logits(plain.score(QUERY, ["word " * n, "款" * (n % 9 + 1)])) for n in range(1, 51)]
    assert counting.compilations == at_load, "a length was compiled anew"
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_a_compiler_that_fails_leaves_the_eager_layer(plain: Qwen3Scorer) -> None:
    def broken(*_: object) -> tuple[torch.Tensor, ...]:
        raise RuntimeError("Cannot find a working triton installation.")

    chosen = compiled_or_eager(plain._model, CompiledLayer(lambda function: broken))
    assert chosen is run_layer and plain._model.run is run_layer


@pytest.mark.parametrize("wanted", [True, False])
def test_a_cpu_is_not_compiled_for(plain: Qwen3Scorer, wanted: bool) -> None:
    model: PackedModel = plain._model
    assert choose_run(model, wanted) is run_layer
