"""Small random rerankers of Qwen3's form with Qwen's own tokenizer, saved as their makers do."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    PreTrainedConfig,
    PreTrainedModel,
    Qwen3Config,
    Qwen3ForCausalLM,
    Qwen3ForSequenceClassification,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

from tests.qwen_fixture import VOCABULARY_SIZE, qwen_tokenizer, tiny_config

# Qwen3's own embedding has rows that no token uses; its fine-tunes keep them.
PADDED_VOCABULARY = 151_936


def write_classifier(folder: Path, labels: int = 1) -> Path:
    """A head on Qwen3's decoder, as conversions of Qwen3-Reranker have it."""
    config = Qwen3Config(**_shape(VOCABULARY_SIZE), num_labels=labels, pad_token_id=151_643)
    return _save(Qwen3ForSequenceClassification, config, folder)


def write_causal(folder: Path) -> Path:
    """A model trained from Qwen3 itself, as zerank-2 is; its output matrix is not its embedding."""
    config = Qwen3Config(**_shape(PADDED_VOCABULARY) | {"tie_word_embeddings": False})
    return _save(Qwen3ForCausalLM, config, folder)


def write_seeing(folder: Path, tied: bool = True) -> Path:
    """A model that reads and sees, its vision part as small as it may be."""
    text = _shape(PADDED_VOCABULARY) | {
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 5_000_000.0,
            "mrope_interleaved": True,
            "mrope_section": [6, 5, 5],
        }
    }
    sight = {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_heads": 2,
        "out_hidden_size": text["hidden_size"],
        "num_position_embeddings": 16,
        "deepstack_visual_indexes": [0],
    }
    config = Qwen3VLConfig(text_config=text, vision_config=sight, tie_word_embeddings=tied)
    return _save(Qwen3VLForConditionalGeneration, config, folder)


def write_logit_score(folder: Path, template: str, true: int, false: int | None) -> None:
    """The files that sentence-transformers puts beside a model."""
    (folder / "1_LogitScore").mkdir()
    facts = {"true_token_id": true, "false_token_id": false}
    (folder / "1_LogitScore" / "config.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")


def _shape(vocabulary: int) -> dict[str, Any]:
    names = (
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "head_dim",
        "max_position_embeddings",
        "rope_parameters",
        "tie_word_embeddings",
        "initializer_range",
    )
    return {"vocab_size": vocabulary} | {name: getattr(tiny_config(), name) for name in names}


def _save(kind: type[PreTrainedModel], config: PreTrainedConfig, folder: Path) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        model = kind(config)
        for name, parameter in model.named_parameters():
            if "norm" in name:
                torch.nn.init.uniform_(parameter, 0.5, 1.5)
    model.save_pretrained(folder)
    qwen_tokenizer().save_pretrained(folder)
    return folder
