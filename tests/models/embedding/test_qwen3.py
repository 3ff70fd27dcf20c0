"""Qwen3-Embedding on the engine equals transformers' own model on the same random weights."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Qwen3Model

from core.errors import InputError, ModelRejectedError
from core.models.embedding.loading import load_embedder
from core.models.embedding.qwen3 import END_OF_TEXT_ID, Qwen3Embedder
from core.models.embedding.selftest import PUBLISHED, run_similarities
from core.settings import Settings
from tests.qwen_fixture import qwen_tokenizer, tiny_qwen_folder

TEXTS = (
    "The capital of China is Beijing.",
    "重力使两个物体相互吸引。",
    "x",
    "A longer passage. " * 30,
    "<|im_end|> spelt out",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As Qwen uploads it: the tensors' names have no «model.» before them, and there is no head."""
    made = tiny_qwen_folder(tmp_path_factory.mktemp("embedding"))
    for path in made.glob("*.safetensors"):
        tensors = load_file(path)
        renamed = {name.removeprefix("model."): one for name, one in tensors.items() if "lm_head" not in name}
        save_file(renamed, path)
    return made


@pytest.fixture(scope="module")
def embedder(folder: Path) -> Qwen3Embedder:
    return Qwen3Embedder.load(folder, name="tiny", device="cpu", max_tokens=512)


def _by_transformers(folder: Path, texts: tuple[str, ...]) -> np.ndarray:
    """The model card's code: padded on the left, the last token's state, normalised."""
    model = Qwen3Model.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = qwen_tokenizer()
    ids = [[*tokenizer.encode(text, add_special_tokens=False), END_OF_TEXT_ID] for text in texts]
    longest = max(map(len, ids))
    padded = torch.tensor([[END_OF_TEXT_ID] * (longest - len(one)) + one for one in ids])
    mask = torch.tensor([[0] * (longest - len(one)) + [1] * len(one) for one in ids])
    with torch.inference_mode():
        states = model(input_ids=padded, attention_mask=mask).last_hidden_state[:, -1]
    return torch.nn.functional.normalize(states, dim=1).numpy()


def _all(embedder: Qwen3Embedder, texts: tuple[str, ...]) -> np.ndarray:
    vectors = np.zeros((len(texts), embedder.info.dimensions), np.float32)
    for part in embedder.passages(texts):
        vectors[part.positions] = part.vectors
    return vectors


def test_packed_vectors_equal_padded_ones_of_transformers(embedder: Qwen3Embedder, folder: Path) -> None:
    plain = TEXTS[:4]  # a special token that is spelt out is read otherwise on purpose
    assert np.abs(_all(embedder, plain) - _by_transformers(folder, plain)).max() < 1e-5


def test_a_query_reads_behind_its_instruction_without_a_space(embedder: Qwen3Embedder, folder: Path) -> None:
    worded = (
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:gravity"
    )
    assert np.abs(embedder.query("gravity") - _by_transformers(folder, (worded,))[0]).max() < 1e-5


def test_a_special_token_that_is_spelt_out_is_plain_text(embedder: Qwen3Embedder) -> None:
    ids = embedder._ids(TEXTS[4]).tolist()
    assert ids[-1] == END_OF_TEXT_ID and max(ids[:-1]) < END_OF_TEXT_ID


def test_a_text_beyond_the_limit_loses_its_end_and_keeps_the_token_that_is_read(folder: Path) -> None:
    short = Qwen3Embedder.load(folder, name="tiny", device="cpu", max_tokens=16)
    ids = short._ids("word " * 1000)
    assert len(ids) == 16 and ids[-1] == END_OF_TEXT_ID


def test_fewer_dimensions_are_cut_then_normalised(embedder: Qwen3Embedder, folder: Path) -> None:
    small = Qwen3Embedder.load(folder, name="tiny", device="cpu", dimensions=32)
    cut = _all(embedder, TEXTS)[:, :32]
    expected = cut / np.linalg.norm(cut, axis=1, keepdims=True)
    assert np.abs(_all(small, TEXTS) - expected).max() < 1e-5
    assert small.info.dimensions == 32 and small.info.fingerprint != embedder.info.fingerprint
    with pytest.raises(InputError, match="33000"):
        Qwen3Embedder.load(folder, name="tiny", dimensions=33000)


def test_names_with_the_prefix_are_read_too(tmp_path: Path, embedder: Qwen3Embedder) -> None:
    prefixed = Qwen3Embedder.load(tiny_qwen_folder(tmp_path), name="tiny", device="cpu", max_tokens=512)
    assert np.abs(_all(prefixed, TEXTS) - _all(embedder, TEXTS)).max() < 1e-6


def test_missing_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    config = json.loads((broken / "config.json").read_text())
    config["num_hidden_layers"] += 1
    if config.get("layer_types"):
        config["layer_types"].append(config["layer_types"][0])
    (broken / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelRejectedError):
        Qwen3Embedder.load(broken, name="broken", device="cpu")


def test_it_is_loaded_by_its_folder(folder: Path) -> None:
    loaded = load_embedder(str(folder), Settings(device="cpu"))
    assert loaded.info.name == str(folder.resolve())
    with pytest.raises(InputError, match="Qwen3-Embedding-0.6B"):
        load_embedder("gpt", Settings())


def test_the_self_test_compares_with_what_was_published(embedder: Qwen3Embedder) -> None:
    report = run_similarities(embedder)
    assert report.expected is None and report.largest_difference is None
    vectors = _all(embedder, ("The capital of China is Beijing.",))
    assert report.actual[0][0] == pytest.approx(
        float(embedder.query("What is the capital of China?") @ vectors[0]), abs=1e-5
    )
    assert PUBLISHED["Qwen/Qwen3-Embedding-0.6B"][0][0] == pytest.approx(0.76456, abs=1e-5)
