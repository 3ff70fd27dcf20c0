"""Cross-encoders of XLM-R's shape: the engine's encoder against sentence-transformers and plain transformers.

    python -m benchmarks.cross_encoders FOLDER [--shape base] [--documents 50] [--tokens 100] [--rounds 2]
        [--threads 1] [--clock processor]

Writes a model with random weights into FOLDER unless it holds one: the speed is the real one, the scores
mean nothing. The vocabulary is small, which costs neither of them anything. All score one query's documents
in one process and take turns; the best time of each counts: of the processor beside other programs, or by the
clock on a machine of one's own.
Logits are compared with sentence-transformers'. That package is no requirement of the project: without it its
row is left out. Prints for people and ends with one JSON line.
"""

import argparse
import gc
import importlib.metadata
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaForSequenceClassification

from benchmarks.retrieval import processor
from core.models.cross_encoder.scorer import CrossEncoderScorer

SHAPES = {"base": (768, 12, 12, 3072), "large": (1024, 24, 16, 4096)}
WORDS = 5000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
QUERY_WORDS = 10
CLOCKS = {"processor": time.process_time, "wall": time.perf_counter}

Engine = Callable[[str, Sequence[str]], list[float]]


def write_model(folder: Path, shape: str) -> Path:
    """A random reranker of bge-reranker's shape with a tokenizer of numbered words."""
    if (folder / "config.json").is_file():
        return folder
    torch.manual_seed(0)
    hidden, layers, heads, intermediate = SHAPES[shape]
    words = {word: at for at, word in enumerate((*SPECIAL, *(f"w{n}" for n in range(WORDS))))}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.add_special_tokens([AddedToken(text, special=True) for text in SPECIAL])
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(text, words[text]) for text in ("<s>", "</s>")],
    )
    config = XLMRobertaConfig(
        vocab_size=len(words),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=intermediate,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        num_labels=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    XLMRobertaForSequenceClassification(config).eval().save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=512,
    ).save_pretrained(folder)
    return folder


def sentence_transformers(folder: Path) -> Engine:
    """`CrossEncoder` in fp32, batches of 32 sorted by length, as it comes."""
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folder), device="cpu", activation_fn=torch.nn.Identity())
    return lambda query, documents: [
        float(value)
        for value in model.predict([(query, text) for text in documents], show_progress_bar=False)
    ]


def ours(precision: str) -> Callable[[Path], Engine]:
    """The project's scorer."""

    def load(folder: Path) -> Engine:
        scorer = CrossEncoderScorer.load(folder, name="random", device="cpu", precision=precision)
        print(f"ours {precision}: {scorer.info.precision}, {scorer.guard or 'no guard'}", flush=True)
        if scorer.info.precision != precision:
            raise ModuleNotFoundError(f"{precision} was refused")
        return lambda query, documents: [score.logit for score in scorer.score(query, documents)]

    return load


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "sentence-transformers": sentence_transformers,
    "ours fp32": ours("fp32"),
    "ours int8": ours("int8"),
}


def documents_of(count: int, tokens: int) -> list[str]:
    """Texts of `tokens` words, give or take a tenth."""
    chance = random.Random(1)
    lengths = [round(tokens * (0.9 + 0.2 * chance.random())) for _ in range(count)]
    return [" ".join(f"w{chance.randrange(WORDS)}" for _ in range(length)) for length in lengths]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=tuple(SHAPES), default="base")
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clock", choices=tuple(CLOCKS), default="processor")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = write_model(options.folder, options.shape)
    engines: dict[str, Engine] = {}
    for name, load in ENGINES.items():
        try:
            engines[name] = load(folder)
        except ModuleNotFoundError as error:
            print(f"{name} is left out: {error}")
    gc.collect()
    gc.freeze()
    query = " ".join(f"w{n}" for n in range(QUERY_WORDS))
    texts = documents_of(options.documents, options.tokens)
    seconds = dict.fromkeys(engines, float("inf"))
    logits: dict[str, list[float]] = {}
    now = CLOCKS[options.clock]
    for _ in range(options.rounds):
        for name, engine in engines.items():
            start = now()
            logits[name] = engine(query, texts)
            seconds[name] = min(seconds[name], now() - start)
    first = next(iter(engines))
    off = {
        name: max(abs(a - b) for a, b in zip(found, logits[first], strict=True))
        for name, found in logits.items()
    }
    print(f"{processor()}, load {os.getloadavg()[0]:.1f}")
    shape = f"{options.documents} × {options.tokens}"
    print(f"| {shape} | {options.clock}, s | times {first} | largest difference |\n|---|---|---|---|")
    for name, took in seconds.items():
        print(f"| {name} | {took:.2f} | {seconds[first] / took:.2f} | {off[name]:.1e} |")
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers")}
    facts = {
        "processor": processor(),
        "load": os.getloadavg(),
        "threads": options.threads,
        "clock": options.clock,
        "versions": versions,
    }
    print(json.dumps({**facts, "shape": options.shape, "seconds": seconds, "differences": off}))


if __name__ == "__main__":
    main()
