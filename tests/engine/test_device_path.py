"""What a GPU needs, checked on the CPU by the same code: no waiting, pinned uploads, fp32 head."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from core.engine.attention.bucketed import BucketedAttention
from core.engine.attention.choice import AttentionKernel
from core.engine.attention.cuda import VariableLengthAttention
from core.engine.device import choose_device, free_memory, upload
from core.engine.model import FlatPack, flatten
from core.engine.packing import distinct_pairs, plan
from core.engine.scorer import Qwen3Scorer
from core.records import ScoringRequest
from tests.engine.test_attention import reference_flash
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits

# Operations whose result the host must see before it can go on.
WAITING = {
    "aten::_local_scalar_dense",
    "aten::equal",
    "aten::is_nonzero",
    "aten::item",
    "aten::masked_select",
    "aten::nonzero",
    "aten::unique_consecutive",
    "aten::_unique2",
}


class Operations(TorchDispatchMode):
    """Remembers the names of all operations that reach the device."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(
        self,
        func: torch._ops.OpOverload,
        types: Sequence[type],
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        self.names.add(func._schema.name)
        return func(*args, **kwargs or {})


def pack_of(scorer: Qwen3Scorer) -> FlatPack:
    """Two queries with long, short and equal documents in one pack."""
    requests = [ScoringRequest(QUERY, tuple(DOCUMENTS)), ScoringRequest("second", tuple(DOCUMENTS[:1]))]
    encoded = scorer._encode(list(distinct_pairs(requests)))
    (pack,) = plan([len(prefix) for prefix in encoded.prefixes], encoded.candidates, 10**6)
    return flatten(pack.groups, encoded.prefixes, encoded.tokens)


@pytest.mark.parametrize("kernel", [BucketedAttention, VariableLengthAttention])
def test_nothing_inside_a_pass_waits_for_the_device(
    scorer: Qwen3Scorer, kernel: AttentionKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    attended: list[torch.Tensor] = []

    def flash(q: torch.Tensor, *_: object, return_aux: object, **__: object) -> object:
        # Stands for the flash kernel, which does not run here: its own operations are not the pass's.
        attended.append(q)
        out = torch.zeros_like(q)
        return (out, torch.zeros(q.shape[1], len(q))) if return_aux is not None else out

    monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", flash)
    scorer._model.kernel = kernel
    pack = pack_of(scorer)
    with Operations() as operations:
        result = scorer._model.logits(pack)
    assert result.shape == (len(pack.last),)
    assert len(attended) == (4 if kernel is VariableLengthAttention else 0)  # two calls in two layers
    assert {"aten::mm", "aten::index_select"} & operations.names  # the recorder sees the pass
    assert not operations.names & WAITING


def test_a_bf16_pass_over_flash_attention_stays_near_fp32_with_an_fp32_head(
    scorer: Qwen3Scorer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", reference_flash)
    half = Qwen3Scorer.load(folder, name="tiny", device="cpu", precision="bf16", max_tokens=512)
    half._model.kernel = VariableLengthAttention
    exact, rounded = logits(scorer.score(QUERY, DOCUMENTS)), logits(half.score(QUERY, DOCUMENTS))
    # bf16 has 8 bits of mantissa: a few thousandths of the logits' spread in a model of two layers.
    assert rounded == pytest.approx(exact, abs=0.05 * (max(exact) - min(exact)))
    assert half._model.dtype == torch.bfloat16
    assert half._model.head.dtype == half._model.final_norm.dtype == torch.float32
    result = half._model.logits(pack_of(half))
    assert result.dtype == torch.float32
    assert not torch.equal(result, result.bfloat16().float()), "logits are not rounded to bf16"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="pinned memory needs CUDA")
def test_an_upload_to_cuda_arrives_whole() -> None:
    array = np.arange(100_000)
    assert torch.equal(upload(array, torch.device("cuda")).cpu(), torch.from_numpy(array))


def test_an_upload_to_the_cpu_shares_the_arrays_memory() -> None:
    array = np.arange(3)
    uploaded = upload(array, torch.device("cpu"))
    array[1] = 7
    assert uploaded.tolist() == [0, 7, 2]


def test_auto_prefers_cuda_then_mps_then_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    assert choose_device("auto").type == "cpu"
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: True)
    assert choose_device("auto").type == "mps"
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.current_device", lambda: 1)
    assert choose_device("auto") == torch.device("cuda", 1)


def test_free_memory_of_mps_is_what_metal_recommends_and_the_machine_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("torch.mps.recommended_max_memory", lambda: 5_000)
    monkeypatch.setattr("torch.mps.current_allocated_memory", lambda: 2_000)
    assert free_memory(torch.device("mps")) == 3_000
    monkeypatch.setattr("torch.mps.current_allocated_memory", lambda: 9_000)
    assert free_memory(torch.device("mps")) == 0


def test_what_cudas_allocator_holds_unused_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.mem_get_info", lambda device: (1_000, 9_000))
    monkeypatch.setattr("torch.cuda.memory_reserved", lambda device: 6_000)
    monkeypatch.setattr("torch.cuda.memory_allocated", lambda device: 2_000)
    assert free_memory(torch.device("cuda")) == 5_000


def test_a_pass_is_timed_over_as_many_tokens_as_asked(scorer: Qwen3Scorer) -> None:
    packs: list[int] = []
    logits = scorer._model.logits

    def remember(pack: FlatPack) -> torch.Tensor:
        packs.append(len(pack.ids))
        return logits(pack)

    scorer._model.logits = remember  # type: ignore[method-assign,assignment]
    scorer._model.run_empty(2048)
    assert packs == [2048 + 256]
