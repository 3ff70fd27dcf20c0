"""Is this folder a Qwen3-Reranker that will give right scores? Every refusal is one clear sentence.

The checks read JSON and safetensors headers (and two rows of the output head), never the weights, and import
neither torch nor transformers. They guard against the failures that give plausible but meaningless scores:
a head that would be initialised at random, other token ids behind «yes» and «no», missing layers.
`check_whole` asks only whether all files arrived; `check_folder` asks everything.
"""

import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.engine.architecture import USE_OFFICIAL, Architecture, architecture
from core.engine.form import YES_NO, Head
from core.engine.safetensors import FETCH_AGAIN, Tensor, read_json
from core.engine.weights import EMBEDDING, LM_HEAD, required_names
from core.errors import ModelRejectedError
from core.models.weights import read_weights

ARCHITECTURE = "Qwen3ForCausalLM"
VOCABULARY = 151_669
SAY_HOW = (
    "If it is a reranker that was trained from another Qwen3, say in a file rerank_recipe.json how it is "
    "asked (docs/models.md shows one); else use the files of Qwen3-Reranker as Qwen publishes them."
)
# What the scoring template and the two-row head rely on.
REQUIRED_TOKENS = {
    "yes": 9693,
    "no": 2152,
    "<|endoftext|>": 151_643,
    "<|im_start|>": 151_644,
    "<|im_end|>": 151_645,
    "<think>": 151_667,
    "</think>": 151_668,
}
ADAPTER = "These are only the changes of a fine-tuning (an adapter), without the model that they change."
MERGE = "Merge them into the model (peft: merge_and_unload, save_pretrained) and give that folder."
# The first release that knows the architecture; older ones fail with KeyError: 'qwen3'.
OLDEST_TRANSFORMERS = (4, 51)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that passed every check.

    parameters: distinct weights, a tied head counted once. weight_bytes: what they take on disk.
    dtype: of the embedding, as safetensors names it («BF16»).
    """

    path: Path
    arch: Architecture
    parameters: int
    weight_bytes: int
    dtype: str
    files: tuple[str, ...]


def check_whole(path: Path) -> None:
    """ModelRejectedError unless configuration, tokenizer and every weight file are there in full length."""
    _read_config(path)
    _read_files(path)


def check_folder(path: Path) -> ModelFolder:
    """Everything that can be checked without loading; ModelRejectedError says what is wrong."""
    check_transformers()
    config = _read_config(path)
    _check_config(config, path)
    arch = architecture(config)
    tensors = _read_files(path)
    _check_head(tensors, arch, path)
    check_layers(tensors, arch, path)
    check_tokenizer(path)
    counted = [tensor for tensor in tensors.values() if not (arch.tied and tensor.name == LM_HEAD)]
    return ModelFolder(
        path=path,
        arch=arch,
        parameters=sum(tensor.elements for tensor in counted),
        weight_bytes=sum(tensor.end - tensor.start for tensor in counted),
        dtype=tensors[EMBEDDING].dtype,
        files=tuple(sorted({tensor.file.name for tensor in tensors.values()})),
    )


def check_transformers(version: str | None = None) -> None:
    """ModelRejectedError when transformers is too old for Qwen3. `version` defaults to the installed one."""
    installed = importlib.metadata.version("transformers") if version is None else version
    numbers = tuple(int(part) for part in installed.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_TRANSFORMERS:
        raise ModelRejectedError(
            "transformers {version} does not know Qwen3; {needed} or newer is needed.",
            where="transformers",
            hint="Run build/start.sh --setup-only to install the pinned versions.",
            version=installed,
            needed=".".join(map(str, OLDEST_TRANSFORMERS)),
        )


def _read_config(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        raise ModelRejectedError("There is no model folder here.", where=str(path), hint=FETCH_AGAIN)
    if (path / "adapter_config.json").is_file() and not (path / "config.json").is_file():
        raise ModelRejectedError(ADAPTER, where=str(path), hint=MERGE)
    return read_json(path / "config.json")


def _read_files(path: Path) -> dict[str, Tensor]:
    if not (path / "tokenizer.json").is_file():
        raise ModelRejectedError(
            "The model folder has no {file}.", where=str(path), hint=FETCH_AGAIN, file="tokenizer.json"
        )
    return read_weights(path)


def _check_config(config: dict[str, Any], path: Path) -> None:
    architectures = config.get("architectures") or []
    if ARCHITECTURE not in architectures or config.get("model_type") != "qwen3":
        raise ModelRejectedError(
            "The model is a {found}, not a {expected}.",
            where=str(path),
            hint=USE_OFFICIAL,
            found=", ".join(map(str, architectures)) or str(config.get("model_type", "?")),
            expected=ARCHITECTURE,
        )
    if config.get("quantization_config"):
        raise ModelRejectedError(
            "The model's weights are quantised ({method}), which the workbench does not read.",
            where=str(path),
            hint="Use the published bf16 weights; the workbench quantises them itself with precision int8.",
            method=str(dict(config["quantization_config"]).get("quant_method", "?")),
        )
    vocabulary = config.get("vocab_size")
    if vocabulary != VOCABULARY:
        raise ModelRejectedError(
            "The vocabulary has {found} entries instead of {expected}: this is not a Qwen3-Reranker.",
            where=str(path / "config.json"),
            hint=SAY_HOW,
            found=vocabulary,
            expected=VOCABULARY,
        )


def _check_head(tensors: dict[str, Tensor], arch: Architecture, path: Path) -> None:
    name = EMBEDDING if arch.tied else LM_HEAD
    head = tensors.get(name)
    if head is None:
        raise ModelRejectedError(
            "The weights hold no {name}: the output head would be initialised at random.",
            where=str(path),
            hint=USE_OFFICIAL,
            name=name,
        )
    for matrix in (head, tensors.get(EMBEDDING, head)):
        if matrix.shape != (VOCABULARY, arch.hidden):
            raise ModelRejectedError(
                "{name} has the shape {found} instead of {expected}.",
                where=str(path),
                hint=USE_OFFICIAL,
                name=matrix.name,
                found=" x ".join(map(str, matrix.shape)),
                expected=f"{VOCABULARY} x {arch.hidden}",
            )
    if read_row(head, REQUIRED_TOKENS["yes"]) == read_row(head, REQUIRED_TOKENS["no"]):
        raise ModelRejectedError(
            'The output head has the same row for "yes" and "no": every score would be 0.5.',
            where=str(path),
            hint=USE_OFFICIAL,
        )


def read_row(matrix: Tensor, index: int) -> bytes:
    """One row of a matrix, as the file has it."""
    width = (matrix.end - matrix.start) // matrix.shape[0]
    with matrix.file.open("rb") as stream:
        stream.seek(matrix.start + index * width)
        return stream.read(width)


def check_layers(tensors: dict[str, Tensor], arch: Architecture, path: Path, head: Head = YES_NO) -> None:
    """ModelRejectedError when a weight is missing that scoring reads."""
    needed = required_names(arch, head)
    missing = [name for name in needed if name not in tensors]
    if missing:
        raise ModelRejectedError(
            "{count} of {total} weights are missing ({example} …): they would be initialised at random.",
            where=str(path),
            hint=USE_OFFICIAL,
            count=len(missing),
            total=len(needed),
            example=missing[0],
        )


def check_tokenizer(path: Path) -> None:
    """ModelRejectedError when a folder's tokenizer is not Qwen's."""
    file = path / "tokenizer.json"
    tokenizer = read_json(file)
    try:
        ids: dict[str, int] = {str(added["content"]): added["id"] for added in tokenizer["added_tokens"]}
        ids |= {
            token: tokenizer["model"]["vocab"].get(token) for token in REQUIRED_TOKENS if token not in ids
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelRejectedError(
            "The model's {file} is not a tokenizer.", where=str(file), hint=USE_OFFICIAL, file=file.name
        ) from error
    for token, expected in REQUIRED_TOKENS.items():
        if ids.get(token) != expected:
            raise ModelRejectedError(
                'The tokenizer gives "{token}" the id {found} instead of {expected}.',
                where=str(file),
                hint=USE_OFFICIAL,
                token=token,
                found=ids.get(token),
                expected=expected,
            )
