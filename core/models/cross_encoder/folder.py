"""Is this folder another reranker that will give right scores? Every refusal is one clear sentence.

Reads JSON and safetensors headers, never weights, and imports neither torch nor transformers' models. What
the headers cannot tell (a head that transformers would make up) is asked again when the network is loaded.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.engine.safetensors import Tensor, read_json
from core.errors import ModelRejectedError
from core.models.cross_encoder.recipes import DOCUMENT, PLAIN_PAIR, PUBLISHED, QUERY, Recipe
from core.models.weights import read_weights

OWN_RECIPE = "rerank_recipe.json"
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
BAD_RECIPE = "The recipe of this model cannot be used: {problem}."


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
    known = (
        (path / OWN_RECIPE).is_file() or (path / "1_LogitScore").is_dir() or published_name(path) in PUBLISHED
    )
    return known or any(str(name).endswith("ForSequenceClassification") for name in _architectures(config))


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
    """The folder's own recipe, else one known by the folder's name, else a plain pair for a classifier."""
    classifier = any(name.endswith("ForSequenceClassification") for name in _architectures(config))
    if (path / OWN_RECIPE).is_file():
        return _own_recipe(path / OWN_RECIPE, classifier), False
    if (path / "1_LogitScore" / "config.json").is_file():
        return _logit_score(path), False
    known = PUBLISHED.get(published_name(path))
    if known is not None:
        if (known.reading == "sequence classification") == classifier:
            return known, True
    found = ", ".join(_architectures(config)) or str(config.get("model_type", "?"))
    decoder = str(config.get("model_type", "")) in ("qwen2", "qwen3", "gemma", "gemma2", "llama", "mistral")
    if classifier and not decoder:
        return PLAIN_PAIR, False
    if not classifier and not any(name.endswith("ForCausalLM") for name in _architectures(config)):
        raise ModelRejectedError(NOT_A_RERANKER, where=str(path), hint=SERVE_IT, found=found)
    raise ModelRejectedError(NO_RECIPE, where=str(path), hint=ADD_RECIPE, found=found)


def _own_recipe(file: Path, classifier: bool) -> Recipe:
    found = read_json(file)
    reading = "sequence classification" if classifier else "token logits"
    texts = {
        name: found.get(name, "")
        for name in ("prompt", "default_instruction", "true_token", "false_token", "licence")
    }
    unknown = sorted(set(found) - set(texts) - {"scale", "max_tokens"})
    if unknown:
        raise _unusable(file, f"unknown {', '.join(unknown)}")
    if any(not isinstance(text, str) for text in texts.values()):
        raise _unusable(file, "texts must stand in quotes")
    scale, longest = found.get("scale", 1.0), found.get("max_tokens", 0)
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not scale > 0:
        raise _unusable(file, "scale must be a number above 0")
    if isinstance(longest, bool) or not isinstance(longest, int) or longest < 0:
        raise _unusable(file, "max_tokens must be a whole number")
    recipe = Recipe(reading, scale=float(scale), max_tokens=longest, **texts)  # type: ignore[arg-type]
    _check_prompt(recipe, file)
    return recipe


def _logit_score(path: Path) -> Recipe:
    """As sentence-transformers writes it: token ids in one file, the prompt as a chat template in another."""
    file = path / "1_LogitScore" / "config.json"
    found = read_json(file)
    words = _words(path)
    true, false = found.get("true_token_id"), found.get("false_token_id")
    if true not in words or (false is not None and false not in words):
        raise _unusable(file, "its token ids are not in the tokenizer")
    template = path / "chat_template.jinja"
    if not template.is_file():
        raise _unusable(file, "the folder has no chat_template.jinja")
    prompt = _rendered(template, path)
    recipe = Recipe(
        "token logits",
        prompt,
        true_token=words[true],
        false_token=words[false] if false is not None else "",
    )
    _check_prompt(recipe, file)
    return recipe


def _rendered(template: Path, path: Path) -> str:
    """The prompt that a chat template makes of placeholders. In a sandbox: a template is data."""
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    messages = [{"role": "query", "content": QUERY}, {"role": "document", "content": DOCUMENT}]
    file = path / "tokenizer_config.json"
    stated = read_json(file) if file.is_file() else {}
    special = {name: stated[name] for name in ("bos_token", "eos_token") if isinstance(stated.get(name), str)}
    try:
        return environment.from_string(template.read_text(encoding="utf-8")).render(
            messages=messages, add_generation_prompt=True, **special
        )
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise _unusable(template, type(error).__name__) from error


def _check_prompt(recipe: Recipe, file: Path) -> None:
    if recipe.reading == "token logits" and not recipe.true_token:
        raise _unusable(file, "it names no true_token")
    if recipe.prompt or recipe.reading == "token logits":
        for place in (QUERY, DOCUMENT):
            if recipe.prompt.count(place) != 1:
                raise _unusable(file, f"its prompt must hold {place} once")


def _unusable(file: Path, problem: str) -> ModelRejectedError:
    return ModelRejectedError(BAD_RECIPE, where=str(file), problem=problem)


def _words(path: Path) -> dict[int, str]:
    tokenizer = read_json(path / "tokenizer.json")
    added = {entry["id"]: str(entry["content"]) for entry in tokenizer.get("added_tokens", [])}
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    if isinstance(vocabulary, dict):
        return {number: word for word, number in vocabulary.items()} | added
    return dict(enumerate(str(entry[0]) for entry in vocabulary)) | added


def _labels(config: dict[str, Any]) -> int:
    named = config.get("id2label")
    if isinstance(named, dict) and named:
        return len(named)
    count = config.get("num_labels", 2)
    return count if isinstance(count, int) else 0


def _longest(path: Path, config: dict[str, Any], recipe: Recipe) -> int:
    """The recipe's limit, else the smallest that tokenizer, sentence-transformers and positions name."""
    positions = config.get("max_position_embeddings")
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
        raise _unusable(file, "it cannot be read") from error
    if not isinstance(found, list):
        raise _unusable(file, "it is no list")
    return found
