"""Each refusal, on hand-made folders; and the tiny model that transformers itself wrote passes."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelRejectedError
from core.models.checks import check_folder, check_transformers, check_whole
from tests.models.folders import ADDED, TOKENS, model_config, model_tensors, write_model
from tests.qwen_fixture import tiny_qwen_folder


def refusal(folder: Path) -> str:
    with pytest.raises(ModelRejectedError) as caught:
        check_folder(folder)
    assert caught.value.where
    assert caught.value.hint
    return caught.value.message


def test_folder_written_by_transformers_passes(tmp_path: Path) -> None:
    found = check_folder(tiny_qwen_folder(tmp_path))
    shape = found.arch
    assert (shape.layers, shape.hidden, shape.tied) == (2, 64, True)
    # A layer: q 64x128, k and v 64x64, o 128x64, two norms of 32, the MLP, two norms of 64.
    layer = 64 * 128 + 2 * 64 * 64 + 128 * 64 + 2 * 32 + 3 * 64 * 160 + 2 * 64
    assert found.parameters == 151_669 * 64 + 64 + 2 * layer
    assert found.weight_bytes == 2 * found.parameters
    assert found.dtype == "BF16"
    assert found.arch.max_positions == 40_960


def test_untied_head_in_shards_passes(tmp_path: Path) -> None:
    config = model_config(tie_word_embeddings=False)
    found = check_folder(write_model(tmp_path / "m", config, shards=2))
    assert not found.arch.tied
    assert found.files == ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


def test_head_stored_twice_is_counted_once_when_tied(tmp_path: Path) -> None:
    tensors = model_tensors(model_config())
    single = check_folder(write_model(tmp_path / "single"))
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"].copy()
    double = check_folder(write_model(tmp_path / "double", tensors=tensors))
    assert double.parameters == single.parameters


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "no model folder" in refusal(tmp_path / "nowhere")


def test_missing_configuration(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "config.json").unlink()
    assert refusal(folder) == "The model folder has no config.json."


@pytest.mark.parametrize("text", ["", "{", "\x00\x01", '{"a": '])
def test_damaged_configuration(tmp_path: Path, text: str) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "config.json").write_text(text)
    assert "config.json cannot be read" in refusal(folder)


def test_configuration_that_is_a_list(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "config.json").write_text("[]")
    assert "not a JSON object" in refusal(folder)


def test_other_architecture(tmp_path: Path) -> None:
    config = model_config(architectures=["BertForSequenceClassification"], model_type="bert")
    message = refusal(write_model(tmp_path / "m", config))
    assert message == "The model is a BertForSequenceClassification, not a Qwen3ForCausalLM."


def test_a_fine_tunings_changes_alone(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "config.json").rename(folder / "adapter_config.json")
    assert "an adapter" in refusal(folder)


def test_quantised_export(tmp_path: Path) -> None:
    config = model_config(quantization_config={"quant_method": "gptq", "bits": 4})
    assert "quantised (gptq)" in refusal(write_model(tmp_path / "m", config))


def test_vocabulary_of_the_base_model(tmp_path: Path) -> None:
    config = model_config(vocab_size=151_936)
    message = refusal(write_model(tmp_path / "m", config))
    assert "151936 entries instead of 151669" in message


def test_configuration_without_layers(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    config = model_config()
    del config["num_hidden_layers"]
    (folder / "config.json").write_text(json.dumps(config))
    assert "no usable num_hidden_layers" in refusal(folder)


def test_missing_tokenizer(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "tokenizer.json").unlink()
    assert refusal(folder) == "The model folder has no tokenizer.json."


def test_missing_shards_are_named(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", shards=3)
    (folder / "model-00002-of-00003.safetensors").unlink()
    assert refusal(folder) == "1 of 3 weight files are missing: model-00002-of-00003.safetensors."


def test_shards_without_an_index(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", shards=2)
    (folder / "model.safetensors.index.json").unlink()
    assert "2 weight files but no model.safetensors.index.json" in refusal(folder)


def test_truncated_weights_say_both_lengths(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    weights = folder / "model.safetensors"
    size = weights.stat().st_size
    with weights.open("r+b") as stream:
        stream.truncate(size - 1000)
    assert refusal(folder) == f"model.safetensors is not whole: {size - 1000} bytes instead of {size}."


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 100, (7).to_bytes(8, "little") + b'{"a":1}'])
def test_file_that_is_not_safetensors(tmp_path: Path, content: bytes) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "model.safetensors").write_bytes(content)
    assert "does not begin with a safetensors header" in refusal(folder)


def test_git_lfs_pointer_is_recognised(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1190000000\n"
    (folder / "model.safetensors").write_text(pointer)
    assert refusal(folder) == "model.safetensors is a Git LFS pointer, not the weights."


def test_pickled_weights_are_refused_for_what_they_can_do(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "pickle format, which can run code" in refusal(folder)


def test_gguf_weights_are_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "model.safetensors").rename(folder / "model-q4.gguf")
    assert "GGUF" in refusal(folder)


def test_folder_without_weights(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "model.safetensors").unlink()
    assert refusal(folder) == "The model folder has no weights."


def test_untied_head_that_is_missing_would_be_random(tmp_path: Path) -> None:
    config = model_config(tie_word_embeddings=False)
    tensors = model_tensors(config)
    del tensors["lm_head.weight"]
    message = refusal(write_model(tmp_path / "m", config, tensors))
    assert message == "The weights hold no lm_head.weight: the output head would be initialised at random."


def test_head_of_the_wrong_size(tmp_path: Path) -> None:
    tensors = model_tensors(model_config())
    tensors["model.embed_tokens.weight"] = np.ones((151_936, 4), dtype=np.float16)
    message = refusal(write_model(tmp_path / "m", tensors=tensors))
    assert "151936 x 4 instead of 151669 x 4" in message


def test_head_that_cannot_tell_yes_from_no(tmp_path: Path) -> None:
    tensors = model_tensors(model_config())
    tensors["model.embed_tokens.weight"][:] = 0.5
    assert "every score would be 0.5" in refusal(write_model(tmp_path / "m", tensors=tensors))


def test_missing_layer_would_be_random(tmp_path: Path) -> None:
    tensors = model_tensors(model_config())
    message = refusal(write_model(tmp_path / "m", model_config(num_hidden_layers=2), tensors))
    assert "11 of 24 weights are missing (model.layers.1.input_layernorm.weight …)" in message


def test_other_ids_for_yes_and_no(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", tokens={"yes": 9454, "no": 2152})
    assert refusal(folder) == 'The tokenizer gives "yes" the id 9454 instead of 9693.'


def test_tokenizer_without_the_words(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", tokens={"yes": 9693})
    assert refusal(folder) == 'The tokenizer gives "no" the id None instead of 2152.'


def test_tokenizer_without_the_template_tokens(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    added = [{"content": text, "id": number} for text, number in ADDED.items() if "think" not in text]
    (folder / "tokenizer.json").write_text(
        json.dumps({"added_tokens": added, "model": {"vocab": TOKENS}}), encoding="utf-8"
    )
    assert '"<think>" the id None' in refusal(folder)


def test_file_that_is_not_a_tokenizer(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "tokenizer.json").write_text("{}")
    assert refusal(folder) == "The model's tokenizer.json is not a tokenizer."


@pytest.mark.parametrize("version", ["4.50.3", "4.9.0", "3.0"])
def test_old_transformers_is_named_before_it_fails_with_a_key_error(version: str) -> None:
    with pytest.raises(ModelRejectedError, match=f"transformers {version} does not know Qwen3; 4.51"):
        check_transformers(version)


@pytest.mark.parametrize("version", ["4.51.0", "4.100", "5.0.0rc1", "5.23.0"])
def test_transformers_new_enough(version: str) -> None:
    check_transformers(version)


def test_wholeness_does_not_ask_for_the_right_model(tmp_path: Path) -> None:
    check_whole(write_model(tmp_path / "m", model_config(vocab_size=16)))
