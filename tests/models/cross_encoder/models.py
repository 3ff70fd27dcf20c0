"""Small random rerankers of many architectures, made on the spot, with a tokenizer of words."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

WORDS = (
    "how long does a refund take three days to process reset your password the planet mars is red "
    "退 款 多 久 query : document A B Given and passage , determine whether contains an answer yes no "
    "Yes 1 0 Relevance . ? system user assistant instruction < > / | s end im_end Instruct Query Document"
).split()
SPECIAL = ("<pad>", "<s>", "</s>", "<unk>", "<|im_start|>", "<|im_end|>")
PAIR = ("<s>", "</s>")

ENCODERS = ("xlm-roberta", "bert", "deberta-v2", "modernbert", "gte")
DECODERS = ("qwen2", "qwen3", "gemma", "llama")
PROMPT = (
    "<|im_start|>system\n{query}<|im_end|>\n<|im_start|>user\nDocument: {document}\nRelevance:<|im_end|>\n"
)


def tokenizer() -> Tokenizer:
    """Words and single signs; an unknown word is `<unk>`. Pairs as XLM-R writes them."""
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *dict.fromkeys(WORDS)))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s+|[一-龥]|[^\w\s]"), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [made.pre_tokenizer, pre_tokenizers.Split(Regex(r"\s+"), "removed")]
    )
    made.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL])
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B:1 </s>:1",
        special_tokens=[(text, vocabulary[text]) for text in PAIR],
    )
    return made


def write_model(
    folder: Path, architecture: str, *, causal: bool = False, labels: int = 1, positions: int = 64
) -> Path:
    """A random two-layer model with its tokenizer, saved as its makers would."""
    torch.manual_seed(sum(map(ord, architecture)))
    made = tokenizer()
    config = CONFIG_MAPPING[architecture](
        vocab_size=made.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        intermediate_size=48,
        max_position_embeddings=positions,
        num_labels=labels,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        **_own(architecture),
    )
    kind: Any = AutoModelForCausalLM if causal else AutoModelForSequenceClassification
    model = kind.from_config(config)
    with torch.no_grad():
        for weight in model.parameters():
            # Enough spread that scores differ clearly from text to text.
            weight.add_(torch.randn_like(weight) * 0.15)
    model.eval().save_pretrained(folder)
    segments = ["token_type_ids"] if architecture in ("bert", "deberta-v2") else []
    PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask", *segments],
    ).save_pretrained(folder)
    return folder


def _own(architecture: str) -> dict[str, Any]:
    if architecture == "deberta-v2":
        return {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 16}
    if architecture == "modernbert":
        return {"global_attn_every_n_layers": 2, "local_attention": 16, "cls_token_id": 1, "sep_token_id": 2}
    if architecture == "bert":
        return {"type_vocab_size": 2}
    return {}


def write_recipe(folder: Path, **facts: object) -> None:
    (folder / "rerank_recipe.json").write_text(json.dumps(facts), encoding="utf-8")
