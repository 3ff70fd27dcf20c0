"""Compare the scoring engine with the model card's recipe and with sentence-transformers, in paired runs.

All engines load the same folder (see `benchmarks.random_model`), score the same documents for one query with
the same number of threads, and take turns within each round, so that whatever else the machine does slows
all alike; the best round of each counts. Every engine's logits are compared with the recipe's.

    python -m benchmarks.compare FOLDER [--quick] [--shapes 50x100,10x300] [--threads 2] [--clock wall]

sentence-transformers is no requirement of the project: install it into an environment of its own, next to
the project's requirements; without it its column is left out. `--engines "ours int8,openvino int8"` compares
with its OpenVINO backend, where `optimum-intel` and `openvino` are installed; «llama.cpp Q8_0» and
«onnx int8» want what `benchmarks.competitors` names. The last line is JSON.
"""

import argparse
import gc
import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.speed_plot import bar_chart
from core.__main__ import spin_briefly

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

QUERY = "how long does a refund take to arrive"
ENGLISH = (
    "Refunds are sent back to the original payment method once the returned item has been checked, and the "
    "bank needs one to three working days to show the amount while credit cards may take a little longer "
)
CHINESE = "退款审核通过后，款项将在一至三个工作日内原路退回您的支付账户，信用卡到账时间以发卡银行的处理为准。"
# The recipe holds the vocabulary's logits of every position: 16 pairs of 190 tokens are 1.8 GB of them.
RECIPE_BATCH = 16
RECIPE = "recipe"
OURS = "ours fp32"
OPENVINO = "openvino int8"
# What a plain run compares; the others are named. OpenVINO's exporter wants an older transformers.
USUAL = (RECIPE, "sentence-transformers", OURS, "ours int8")

ALL_SHAPES = [(d, t) for d in (10, 50, 200) for t in (30, 100, 300, 1000)]

Engine = Callable[[str, Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One shape and language: best seconds and largest logit difference to the recipe, by engine."""

    documents: int
    tokens: int
    language: str
    seconds: dict[str, float]
    differences: dict[str, float]


def recipe(folder: Path, threads: int) -> Engine:
    """The model card's code in fp32: whole strings, left padding, the vocabulary's logits everywhere."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from core.engine.prompt import CLOSING, DEFAULT_INSTRUCTION, SYSTEM

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    prefix, suffix = tokenizer.encode(SYSTEM), tokenizer.encode(CLOSING)
    yes, no = tokenizer.convert_tokens_to_ids("yes"), tokenizer.convert_tokens_to_ids("no")

    def score(query: str, documents: Sequence[str]) -> list[float]:
        logits: list[float] = []
        for start in range(0, len(documents), RECIPE_BATCH):
            pairs = [
                f"<Instruct>: {DEFAULT_INSTRUCTION}\n<Query>: {query}\n<Document>: {document}"
                for document in documents[start : start + RECIPE_BATCH]
            ]
            room = 8192 - len(prefix) - len(suffix)
            encoded = tokenizer(pairs, truncation=True, max_length=room, return_attention_mask=False)
            encoded["input_ids"] = [prefix + ids + suffix for ids in encoded["input_ids"]]
            batch = tokenizer.pad(encoded, padding=True, return_tensors="pt")
            with torch.no_grad():
                last = model(**batch).logits[:, -1, :]
            logits += (last[:, yes] - last[:, no]).tolist()
        return logits

    return score


def sentence_transformers(folder: Path, threads: int) -> Engine:
    """`CrossEncoder` in fp32 with the published chat template."""
    import torch
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(
        str(folder), device="cpu", model_kwargs={"dtype": torch.float32}, activation_fn=torch.nn.Identity()
    )

    return lambda query, documents: _predictions(model, query, documents)


def openvino(folder: Path, threads: int) -> Engine:
    """`CrossEncoder` on OpenVINO with int8 weights, exported once and kept next to the model's folder."""
    import torch
    from sentence_transformers import CrossEncoder

    exported = folder.with_name(f"{folder.name}-openvino-int8")
    if not exported.exists():
        CrossEncoder(
            str(folder), backend="openvino", model_kwargs={"export": True, "load_in_8bit": True}
        ).save_pretrained(str(exported))
    model = CrossEncoder(
        str(exported),
        backend="openvino",
        model_kwargs={"ov_config": {"INFERENCE_NUM_THREADS": threads}},
        activation_fn=torch.nn.Identity(),
    )

    return lambda query, documents: _predictions(model, query, documents)


def llama_cpp(folder: Path, threads: int) -> Engine:
    """llama.cpp in Q8_0, pairs whole."""
    from benchmarks.competitors.llama_cpp import LlamaCpp

    return LlamaCpp(folder, threads)


def onnx_runtime(folder: Path, threads: int) -> Engine:
    """ONNX Runtime in int8, the whole pass."""
    from benchmarks.competitors.onnx_int8 import OnnxRuntime

    return OnnxRuntime(folder, threads)


def _predictions(model: "CrossEncoder", query: str, documents: Sequence[str]) -> list[float]:
    pairs = [(query, document) for document in documents]
    return [float(value) for value in model.predict(pairs, show_progress_bar=False)]


def ours(precision: str) -> Callable[[Path, int], Engine]:
    """The project's engine."""

    def load(folder: Path, threads: int) -> Engine:
        from core.engine.scorer import Qwen3Scorer

        scorer = Qwen3Scorer.load(
            folder, name=folder.name, device="cpu", precision=precision, threads=threads
        )
        if scorer.info.precision != precision:
            raise RuntimeError(f"{precision} was refused: {scorer.report.guard}")
        return lambda query, documents: [score.logit for score in scorer.score(query, documents)]

    return load


ENGINES: dict[str, Callable[[Path, int], Engine]] = {
    RECIPE: recipe,
    "sentence-transformers": sentence_transformers,
    OURS: ours("fp32"),
    "ours int8": ours("int8"),
    OPENVINO: openvino,
    "llama.cpp Q8_0": llama_cpp,
    "onnx int8": onnx_runtime,
}


def documents_of(count: int, tokens: int, language: str) -> list[str]:
    """Different texts of `tokens` tokens, give or take a tenth (1.0 a word here, 0.58 a character)."""
    texts: list[str] = []
    for n in range(count):
        length = round(tokens * (0.9 + 0.2 * (n * 7 % 11) / 10))
        if language == "en":
            words = (ENGLISH * (length // 30 + 2)).split()
            texts.append(" ".join(words[n % 30 : n % 30 + length]))
        else:
            characters = CHINESE * (length // 20 + 2)
            texts.append(characters[n % 40 : n % 40 + round(length / 0.58)])
    return texts


def measure(
    engines: dict[str, Engine],
    documents: int,
    tokens: int,
    language: str,
    rounds: int,
    clock: Callable[[], float],
) -> Row:
    """Take turns `rounds` times over one shape."""
    texts = documents_of(documents, tokens, language)
    seconds: dict[str, float] = dict.fromkeys(engines, float("inf"))
    logits: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, engine in engines.items():
            start = clock()
            logits[name] = engine(QUERY, texts)
            seconds[name] = min(seconds[name], clock() - start)
    reference = logits.get(RECIPE, next(iter(logits.values())))
    differences = {
        name: max(abs(a - b) for a, b in zip(values, reference, strict=True))
        for name, values in logits.items()
    }
    return Row(documents, tokens, language, seconds, differences)


def markdown(rows: Sequence[Row], names: Sequence[str]) -> str:
    """Seconds by engine, with the largest difference of a logit from the recipe's."""
    lines = [
        "| documents × tokens | " + " | ".join(f"{name}, s (Δ logit)" for name in names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for row in rows:
        cells = [f"{row.seconds[name]:.2f} ({row.differences[name]:.0e})" for name in names]
        lines.append(f"| {row.documents} × {row.tokens} {row.language} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def parse_shapes(text: str) -> list[tuple[int, int]]:
    """`50x100,10x300` → [(50, 100), (10, 300)]."""
    return [(int(d), int(t)) for d, t in (shape.split("x") for shape in text.split(","))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="10 and 50 documents of 100 tokens, English")
    parser.add_argument("--shapes", type=parse_shapes, help="such as 50x100,10x300")
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--engines", default=",".join(USUAL))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: for a busy machine, with --threads 1"
    )
    parser.add_argument("--plot", type=Path, help="write a bar chart of the last row (SVG)")
    options = parser.parse_args()
    spin_briefly(os.environ)  # as `python -m core` does
    shapes = options.shapes or ([(10, 100), (50, 100)] if options.quick else ALL_SHAPES)
    languages = ["en"] if options.quick else options.languages.split(",")

    import torch

    torch.set_num_threads(options.threads)
    engines: dict[str, Engine] = {}
    for name in options.engines.split(","):
        try:
            engines[name] = ENGINES[name](options.folder, options.threads)
        except ModuleNotFoundError as error:
            print(f"{name} is left out: {error}")
    gc.collect()
    gc.freeze()
    for engine in engines.values():
        engine(QUERY, documents_of(2, 30, "en"))
    clock = time.process_time if options.clock == "cpu" else time.perf_counter
    rows: list[Row] = []
    for language in languages:
        for documents, tokens in shapes:
            rows.append(measure(engines, documents, tokens, language, options.rounds, clock))
            print(markdown(rows[-1:], list(engines)).splitlines()[-1], flush=True)
    print()
    print(markdown(rows, list(engines)))
    if options.plot:
        last = rows[-1]
        kind = "wall time" if options.clock == "wall" else "processor time"
        title = f"{last.documents} documents of {last.tokens} tokens, {kind}, threads: {options.threads}"
        options.plot.write_text(bar_chart(title, last.seconds))
    packages = (
        "torch",
        "transformers",
        "sentence-transformers",
        "openvino",
        "optimum-intel",
        "xllamacpp",
        "onnxruntime",
    )
    versions = {name: _version(name) for name in packages}
    print(
        json.dumps(
            {
                "processor": platform.processor() or platform.machine(),
                "load": os.getloadavg(),
                "threads": options.threads,
                "waiting": {name: os.environ.get(name) for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")},
                "clock": options.clock,
                "versions": versions,
                "rows": [
                    {
                        "documents": row.documents,
                        "tokens": row.tokens,
                        "language": row.language,
                        "seconds": row.seconds,
                        "differences": row.differences,
                    }
                    for row in rows
                ],
            }
        )
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
