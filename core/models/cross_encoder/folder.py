"""Is this folder another reranker that will give right scores? Every refusal is one clear sentence.

Reads JSON and safetensors headers, never weights, and imports neither torch nor transformers' models. What
the headers cannot tell (a head that transformers would make up) is asked again when the network is loaded.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.engine.architecture import decoder_config
from core.engine.safetensors import Tensor, read_json
from core.errors import ModelRejectedError
from core.models.cross_encoder.recipes import PLAIN_PAIR, PUBLISHED, Recipe
from core.models.cross_encoder.stated import layout_recipe, own_recipe, states_recipe, unusable
from core.models.weights import read_weights

# Qwen's own uploads, whatever files for other programs lie beside them.
QWENS_OWN = {f"Qwen3-Reranker-{size}" for size in ("0.6B", "4B", "8B")}
# A Qwen3-VL, of which the text part is read.
SEES_TOO = "Qwen3VLForConditionalGeneration"
# Classifiers on a language model, which is never asked without a prompt.
_DECODERS = ("qwen2", "qwen3", "qwen3_vl", "gemma", "gemma2", "llama", "mistral")
# The original upload of mGTE, which transformers has under another name.
ORIGINAL_GTE, GTE = "new", "gte"
# Larger than any model reads: what tokenizers say when they do not know.
_NO_LIMIT = 1_000_000
# RoBERTa's positions begin behind the padding's.
_OFFSET_POSITIONS = {"xlm-roberta", "roberta", "camembert"}

_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")

OWN_PROGRAM = "This model brings its own program ({file}), which is never run here."
SERVE_IT = "Run it in a server of your own, and give that server's address as the model (docs/servers.md)."
ONLY_PICKLES = "The weights are only there as {file}, a format that can hold programs."
CONVERT = "Use a folder with safetensors files, as the model's makers publish them today."
NOT_A_RERANKER = "The model is a {found}: neither a classifier of pairs nor one whose words are a score."
NO_RECIPE = "Nothing says how this {found} is asked for a score: which prompt, and which of its words count."
ADD_RECIPE = (
    "Put a file rerank_recipe.json into the folder (docs/models.md shows one), or give the folder the name "
    "under which the model is published."
)
LABELS = (
    "The model sorts pairs into {count} classes; a reranker has one, or two, of them the second «relevant»."
)
NO_HEAD = "The weights hold no classification head: it would be made up at random."


@dataclass(frozen=True, slots=True)
class CrossEncoderFolder:
    """A folder that passed every check.

    model_type: as transformers names it. labels: 1 or 2, of a classifier. max_tokens: the longest pair.
    parameters, weight_bytes: of all tensors. from_table: whether the recipe is one known by name.
    """

    path: Path
    model_type: str
    recipe: Recipe
    labels: int
    max_tokens: int
    parameters: int
    weight_bytes: int
    from_table: bool


def is_cross_encoder(path: Path) -> bool:
    """Whether a folder looks like another reranker than Qwen3's own form; `check_cross_encoder` judges it."""
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(config, dict):
        return False
    if published_name(path) in QWENS_OWN and "Qwen3ForCausalLM" in _architectures(config):
        return False
    known = states_recipe(path) or published_name(path) in PUBLISHED
    other = ("ForSequenceClassification", SEES_TOO)
    return known or any(name.endswith(other) for name in _architectures(config))


def published_name(path: Path) -> str:
    """The last part of the name under which a folder's model is published, as downloads name their folders.

    Hugging Face's cache keeps it as `models--OWNER--NAME/snapshots/COMMIT`, ModelScope's likewise without the
    first word, and its older ones write dots as `___`.
    """
    name = path.parent.parent.name.rpartition("--")[2] if path.parent.name == "snapshots" else path.name
    return name.replace("___", ".")


def check_cross_encoder(path: Path) -> CrossEncoderFolder:
    """Everything that can be checked without loading; ModelRejectedError says what is wrong."""
    config = read_json(path / "config.json")
    _refuse_programs(path, config)
    tensors = _weights(path)
    recipe, from_table = _recipe(path, config)
    labels = _labels(config) if recipe.reading == "sequence classification" else 1
    if recipe.reading == "sequence classification":
        if labels not in (1, 2):
            raise ModelRejectedError(LABELS, where=str(path / "config.json"), count=labels)
        if not any(name.split(".")[0] in ("classifier", "score") for name in tensors):
            raise ModelRejectedError(NO_HEAD, where=str(path), hint=CONVERT)
    return CrossEncoderFolder(
        path=path,
        model_type=str(config.get("model_type", "")),
        recipe=recipe,
        labels=labels,
        max_tokens=_longest(path, config, recipe),
        parameters=sum(tensor.elements for tensor in tensors.values()),
        weight_bytes=sum(tensor.end - tensor.start for tensor in tensors.values()),
        from_table=from_table,
    )


def _refuse_programs(path: Path, config: dict[str, Any]) -> None:
    program = next(iter(sorted(path.rglob("*.py"))), None)
    if program is not None:
        raise ModelRejectedError(OWN_PROGRAM, where=str(path), hint=SERVE_IT, file=program.name)
    if config.get("auto_map") and config.get("model_type") != ORIGINAL_GTE:
        raise ModelRejectedError(OWN_PROGRAM, where=str(path), hint=SERVE_IT, file="auto_map")
    modules = path / "modules.json"
    if modules.is_file():
        for module in _modules(modules):
            kind = str(module.get("type", "")) if isinstance(module, dict) else ""
            if not kind.startswith("sentence_transformers."):
                raise ModelRejectedError(OWN_PROGRAM, where=str(modules), hint=SERVE_IT, file=kind)


def _weights(path: Path) -> dict[str, Tensor]:
    if not any(path.glob("*.safetensors")):
        pickles = [file for pattern in _PICKLES for file in sorted(path.glob(pattern))]
        if pickles:
            raise ModelRejectedError(ONLY_PICKLES, where=str(path), hint=CONVERT, file=pickles[0].name)
    if not (path / "tokenizer.json").is_file():
        raise ModelRejectedError(
            "The model folder has no {file}.", where=str(path), hint=CONVERT, file="tokenizer.json"
        )
    return read_weights(path)


def _recipe(path: Path, config: dict[str, Any]) -> tuple[Recipe, bool]:
    """Of our own file, the published name, the layout, or a plain pair: the first there is."""
    classifier = any(name.endswith("ForSequenceClassification") for name in _architectures(config))
    known = PUBLISHED.get(published_name(path))
    own = own_recipe(path, classifier)
    if own is not None:
        return (replace(own, licence=own.licence or known.licence, note=known.note) if known else own), False
    if known is not None and (known.reading == "sequence classification") == classifier:
        return known, True
    layout = layout_recipe(path, classifier)
    if layout is not None:
        return layout, False
    found = ", ".join(_architectures(config)) or str(config.get("model_type", "?"))
    if classifier and str(config.get("model_type", "")) not in _DECODERS:
        return PLAIN_PAIR, False
    causal = any(name.endswith(("ForCausalLM", SEES_TOO)) for name in _architectures(config))
    if not classifier and not causal:
        raise ModelRejectedError(NOT_A_RERANKER, where=str(path), hint=SERVE_IT, found=found)
    raise ModelRejectedError(NO_RECIPE, where=str(path), hint=ADD_RECIPE, found=found)


def _labels(config: dict[str, Any]) -> int:
    named = config.get("id2label")
    if isinstance(named, dict) and named:
        return len(named)
    count = config.get("num_labels", 2)
    return count if isinstance(count, int) else 0


def _longest(path: Path, config: dict[str, Any], recipe: Recipe) -> int:
    """The recipe's limit, else the smallest that tokenizer, sentence-transformers and positions name."""
    positions = decoder_config(config).get("max_position_embeddings")
    limits: list[int] = []
    if isinstance(positions, int):
        offset = 2 if config.get("model_type") in _OFFSET_POSITIONS else 0
        limits.append(positions - offset)
    if recipe.max_tokens:
        return min([recipe.max_tokens, *limits])
    for name, key in (
        ("tokenizer_config.json", "model_max_length"),
        ("sentence_bert_config.json", "max_seq_length"),
    ):
        file = path / name
        value = read_json(file).get(key) if file.is_file() else None
        if isinstance(value, (int, float)) and 0 < value < _NO_LIMIT:
            limits.append(int(value))
    return min(limits, default=512)


def _architectures(config: dict[str, Any]) -> list[str]:
    return [str(name) for name in config.get("architectures") or []]


def _modules(file: Path) -> list[Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise unusable(file, "it cannot be read") from error
    if not isinstance(found, list):
        raise unusable(file, "it is no list")
    return found
