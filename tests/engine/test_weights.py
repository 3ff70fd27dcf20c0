"""Which of a folder's files a checkpoint opens, and what it says of damaged ones."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.engine.safetensors import INDEX_FILE
from core.engine.scorer import Qwen3Scorer
from core.engine.weights import FINAL_NORM, Checkpoint
from core.errors import ModelRejectedError

FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


@pytest.fixture
def sharded(folder: Path, tmp_path: Path) -> Path:
    """The tiny model in two files with an index."""
    copy = shutil.copytree(folder, tmp_path / "sharded")
    tensors = load_file(copy / "model.safetensors")
    (copy / "model.safetensors").unlink()
    names = sorted(tensors)
    parts = {FIRST: names[::2], SECOND: names[1::2]}
    for file, own in parts.items():
        save_file({name: tensors[name] for name in own}, copy / file)
    weight_map = {name: file for file, own in parts.items() for name in own}
    (copy / INDEX_FILE).write_text(json.dumps({"weight_map": weight_map}))
    return copy


def logits(folder: Path) -> list[float]:
    scorer = Qwen3Scorer.load(folder, name="tiny", device="cpu", precision="fp32", max_tokens=512)
    return [score.logit for score in scorer.score("退款多久到账", ["一到三个工作日。", "请联系客服。"])]


def test_a_file_left_over_beside_an_index_is_not_scored_with(sharded: Path, folder: Path) -> None:
    expected = logits(sharded)
    other = {name: tensor * 2 for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(other | {"more.weight": torch.ones(1)}, sharded / "model.safetensors")
    assert logits(sharded) == expected
    assert "more.weight" not in Checkpoint(sharded)


def test_a_damaged_file_beside_an_index_does_not_matter(sharded: Path) -> None:
    expected = len(Checkpoint(sharded))
    (sharded / "model.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0no header at all")
    assert len(Checkpoint(sharded)) == expected


def test_missing_files_of_the_index_are_named(sharded: Path) -> None:
    (sharded / SECOND).unlink()
    with pytest.raises(ModelRejectedError) as caught:
        Checkpoint(sharded)
    assert caught.value.message == f"1 of 2 weight files are missing: {SECOND}."


@pytest.mark.parametrize(
    "content",
    [b"", b"abc", b"\xff" * 100, (2).to_bytes(8, "little") + b"[]", (7).to_bytes(8, "little") + b'{"a":1}'],
)
@pytest.mark.parametrize("indexed", [True, False])
def test_a_damaged_file_is_one_clear_error(sharded: Path, content: bytes, indexed: bool) -> None:
    (sharded / SECOND).write_bytes(content)
    if not indexed:
        (sharded / INDEX_FILE).unlink()
    with pytest.raises(ModelRejectedError, match=f"{SECOND} is damaged") as caught:
        Checkpoint(sharded)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": 1}', '{"weight_map": {"a": 1}}'])
def test_an_index_that_is_none_is_one_clear_error(sharded: Path, text: str) -> None:
    (sharded / INDEX_FILE).write_text(text)
    with pytest.raises(ModelRejectedError, match=f"{INDEX_FILE} cannot be read"):
        Checkpoint(sharded)


def test_an_index_that_names_nothing_is_refused(sharded: Path) -> None:
    (sharded / INDEX_FILE).write_text('{"weight_map": {}}')
    with pytest.raises(ModelRejectedError, match="names no weights"):
        Checkpoint(sharded)


def test_names_in_an_index_do_not_leave_the_folder(sharded: Path, folder: Path) -> None:
    outside = folder / "model.safetensors"
    (sharded / INDEX_FILE).write_text(json.dumps({"weight_map": {FINAL_NORM: str(outside)}}))
    with pytest.raises(ModelRejectedError, match="1 of 1 weight files are missing: model.safetensors"):
        Checkpoint(sharded)
