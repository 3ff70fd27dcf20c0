"""What an NVIDIA GPU makes of the engine: kernels, numbers, speed, memory. Takes some eight minutes at most.

Random weights of the 0.6B shape are written into FOLDER on the machine itself; nothing is fetched. Each part
is timed, and a part that fails says so and leaves the others alone. sentence-transformers is compared where
it is installed. Prints a table for benchmarks/README.md; the last line is JSON.

    python -m benchmarks.gpu FOLDER [--seconds 480]
"""

import argparse
import gc
import importlib.util
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.compare import QUERY, documents_of
from benchmarks.random_model import shape_of_8b, write_random_model
from core.engine.architecture import architecture
from core.engine.attention.bucketed import BucketedAttention
from core.engine.attention.choice import choose_kernel
from core.engine.attention.segments import Segment
from core.engine.bench import ceiling_tokens_per_second, packed_tokens
from core.engine.model import PackedModel, float_layers
from core.engine.scorer import Qwen3Scorer
from core.engine.weights import required_names
from core.records import ScoringRequest

GPU = torch.device("cuda", 0)
# Tokens of a document, and how many documents make some 130,000 tokens of them.
LENGTHS = ((30, 2500), (100, 1000), (300, 400), (1000, 120), (8000, 16))
ROUNDS = 5
PACKS = 50

Part = Callable[[Path, dict[str, Any]], None]


def odd_pack(seed: int) -> list[Segment]:
    """A pack as the engine lays it out: up to four queries, documents of 1 to 700 tokens, lone pairs."""
    dice = random.Random(seed)
    prefixes = [dice.randint(1, 300) for _ in range(dice.randint(1, 4))]
    segments, at = [], 0
    starts = []
    for length in prefixes:
        segments.append(Segment(at, length))
        starts.append(at)
        at += length
    for _ in range(dice.randint(0, 3)):
        length = dice.choice((1, 63, 64, 65, 1500))
        segments.append(Segment(at, length))
        at += length
    for start, prefix in zip(starts, prefixes, strict=True):
        for _ in range(dice.randint(2, 20)):
            length = dice.choice((1, 2, 31, 127, 128, 129, dice.randint(3, 700)))
            segments.append(Segment(at, length, start, prefix))
            at += length
    return segments


def attention(folder: Path, found: dict[str, Any]) -> None:
    """The flash kernel against the bucketed one in fp32, over odd packs."""
    kernel = choose_kernel(GPU, torch.bfloat16)
    found["attention"] = kernel.__name__
    worst = 0.0
    for seed in range(PACKS):
        segments = odd_pack(seed)
        total = sum(segment.length for segment in segments)
        torch.manual_seed(seed)
        q = torch.randn(total, 16, 128, device=GPU, dtype=torch.bfloat16)
        k, v = (torch.randn(total, 8, 128, device=GPU, dtype=torch.bfloat16) for _ in range(2))
        exact = BucketedAttention(segments, GPU)(q.float(), k.float(), v.float())
        worst = max(worst, float((kernel(segments, GPU)(q, k, v).float() - exact).abs().max()))
    found["attention_largest_difference"] = worst


# Named as in the record: precision, and whether the layer is compiled.
WAYS = {"bf16": ("bf16", False), "compiled": ("bf16", True), "fp8": ("fp8", False)}


def numbers(folder: Path, found: dict[str, Any]) -> None:
    """Logits in bf16, compiled and in fp8 against fp32 on the same GPU."""
    texts = [*documents_of(20, 100, "en"), *documents_of(10, 300, "zh"), *documents_of(2, 2000, "en")]
    exact = _logits(_load(folder, "fp32"), texts)
    found["logit_spread"] = max(exact) - min(exact)
    for name, way in WAYS.items():
        _clear()
        try:
            scorer = _load(folder, *way)
        except Exception as error:  # an older GPU has no fp8
            found[f"difference_{name}"] = str(error)
            continue
        differences = [abs(a - b) for a, b in zip(exact, _logits(scorer, texts), strict=True)]
        found[f"difference_{name}"] = max(differences)
        if scorer.guard is not None:
            found[f"guard_{name}"] = str(scorer.guard)


def speed(folder: Path, found: dict[str, Any]) -> None:
    """Tokens a second by length, 50 documents of 100 tokens, and the share of the products' ceiling."""
    for name, way in WAYS.items():
        _clear()
        try:
            found[f"speed_{name}"] = _speed_of(_load(folder, *way))
        except Exception as error:  # an older GPU has no fp8
            found[f"speed_{name}"] = str(error)


def _speed_of(scorer: Qwen3Scorer) -> dict[str, Any]:
    rates = {}
    for tokens, count in LENGTHS:
        texts = documents_of(count, tokens, "en")
        packed = packed_tokens(scorer, [ScoringRequest(QUERY, tuple(texts))])
        rates[tokens] = round(packed / _seconds(partial(scorer.score, QUERY, texts)))
    latency = _seconds(partial(scorer.score, QUERY, documents_of(50, 100, "en")), rounds=20)
    ceiling = ceiling_tokens_per_second(scorer, 65_536)
    return {
        "tokens_per_second": rates,
        "50x100_ms": round(latency * 1e3, 1),
        "ceiling_tokens_per_second": round(ceiling),
        "share_of_ceiling_at_300": round(rates[300] / ceiling, 3),
        "background_tokens": scorer.report.background_budget,
    }


def long_memory(folder: Path, found: dict[str, Any]) -> None:
    """Peak memory of one document of 32,000 tokens, with flash attention and without."""
    for precision in ("bf16", "fp32"):
        _clear()
        scorer = _load(folder, precision, max_tokens=32_768)
        torch.cuda.reset_peak_memory_stats(GPU)
        seconds = _seconds(partial(scorer.score, QUERY, documents_of(1, 32_000, "en")), rounds=1)
        peak = round(torch.cuda.max_memory_allocated(GPU) / 1e9, 2)
        found[f"32k_{precision}"] = {"peak_gb": peak, "seconds": round(seconds, 2)}


def others(folder: Path, found: dict[str, Any]) -> None:
    """sentence-transformers in bf16 at 300 tokens and at 50 documents of 100."""
    if importlib.util.find_spec("sentence_transformers") is None:
        found["sentence_transformers"] = "not installed"
        return
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(
        str(folder), device="cuda", model_kwargs={"dtype": torch.bfloat16}, activation_fn=torch.nn.Identity()
    )

    def predict(texts: list[str]) -> None:
        model.predict([(QUERY, text) for text in texts], show_progress_bar=False)

    texts, few = documents_of(400, 300, "en"), documents_of(50, 100, "en")
    scorer = _load(folder, "bf16")
    read = sum(score.tokens for score in scorer.score(QUERY, texts))
    found["sentence_transformers"] = {
        "pair_tokens_per_second_at_300": round(read / _seconds(lambda: predict(texts), rounds=3)),
        "ours_pair_tokens_per_second_at_300": round(read / _seconds(lambda: scorer.score(QUERY, texts))),
        "50x100_ms": round(_seconds(lambda: predict(few), rounds=5) * 1e3, 1),
    }


class RandomTensors(Mapping[str, torch.Tensor]):
    """Weights of a shape, made when they are asked for: 8B would take minutes to write and read."""

    def __init__(self, config: Any, names: list[str]) -> None:  # noqa: ANN401
        self._config, self._names = config, names

    def __getitem__(self, name: str) -> torch.Tensor:
        c = self._config
        width = c.num_attention_heads * c.head_dim
        shapes = {
            "q_proj": (width, c.hidden_size), "o_proj": (c.hidden_size, width),
            "k_proj": (c.num_key_value_heads * c.head_dim, c.hidden_size),
            "v_proj": (c.num_key_value_heads * c.head_dim, c.hidden_size),
            "gate_proj": (c.intermediate_size, c.hidden_size),
            "up_proj": (c.intermediate_size, c.hidden_size),
            "down_proj": (c.hidden_size, c.intermediate_size),
            "embed_tokens": (c.vocab_size, c.hidden_size), "lm_head": (c.vocab_size, c.hidden_size),
            "q_norm": (c.head_dim,), "k_norm": (c.head_dim,),
        }  # fmt: skip
        shape = next((size for part, size in shapes.items() if part in name), (c.hidden_size,))
        if len(shape) == 1:
            return torch.ones(shape, device=GPU, dtype=torch.bfloat16)
        return torch.randn(shape, device=GPU, dtype=torch.bfloat16).mul_(0.02)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def large_shape(folder: Path, found: dict[str, Any]) -> None:
    """Tokens a second and memory of the 8B shape, where 20 GB are free."""
    if torch.cuda.mem_get_info(GPU)[0] < 20e9:
        found["8b"] = "does not fit"
        return
    config = shape_of_8b()
    arch = architecture(config.to_dict())
    tensors = RandomTensors(config, required_names(arch))
    model = PackedModel(tensors, config, arch, GPU, torch.bfloat16)
    model.layers = float_layers(tensors, arch, GPU, torch.bfloat16)
    torch.cuda.reset_peak_memory_stats(GPU)
    seconds = _seconds(lambda: model.run_empty(16_384), rounds=3)
    found["8b"] = {
        "tokens_per_second": round(16_384 / seconds),
        "peak_gb": round(torch.cuda.max_memory_allocated(GPU) / 1e9, 1),
    }


PARTS: tuple[Part, ...] = (attention, numbers, speed, others, long_memory, large_shape)


def _load(folder: Path, precision: str, compiled: bool = False, max_tokens: int = 8192) -> Qwen3Scorer:
    return Qwen3Scorer.load(
        folder, name=folder.name, device="cuda", precision=precision, compiled=compiled, max_tokens=max_tokens
    )


def _logits(scorer: Qwen3Scorer, texts: list[str]) -> list[float]:
    return [score.logit for score in scorer.score(QUERY, texts)]


def _seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median wall time after one run to warm up; scores are on the host when a call returns."""
    work()
    torch.cuda.synchronize(GPU)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        torch.cuda.synchronize(GPU)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _clear() -> None:
    gc.collect()
    torch.cuda.empty_cache()


def _table(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"| {found['gpu']}, torch {found['torch']} | |"
    yield "|---|---|"
    for name, value in found.items():
        if name not in ("gpu", "torch"):
            yield f"| {name} | {value} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=480, help="no part begins later than this")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("There is no CUDA device here.")
    began = time.perf_counter()
    found: dict[str, Any] = {"gpu": torch.cuda.get_device_name(GPU), "torch": torch.__version__}
    folder = write_random_model(options.folder)
    for part in PARTS:
        if time.perf_counter() - began > options.seconds:
            found[part.__name__] = "no time left"
            continue
        start = time.perf_counter()
        try:
            part(folder, found)
        except Exception as error:  # the other parts are worth their minutes
            found[f"{part.__name__}_failed"] = repr(error)
        _clear()
        found[f"{part.__name__}_took_s"] = round(time.perf_counter() - start, 1)
        print(f"{part.__name__}: {found[f'{part.__name__}_took_s']} s", flush=True)
    print("\n".join(_table(found)))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
