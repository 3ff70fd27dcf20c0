"""Which of a folder's files are a model's weights; pickles are refused. The engine reads their headers."""

from pathlib import Path

from core.engine.safetensors import FETCH_AGAIN, INDEX_FILE, Tensor, indexed_files, read_header
from core.errors import ModelRejectedError

_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of a model folder by name.

    Raises ModelRejectedError for missing shards, truncated files, Git LFS pointers, and for folders
    whose weights are only in a pickle format, which can run code when it is read.
    """
    tensors: dict[str, Tensor] = {}
    for file in _weight_files(folder):
        for tensor in read_header(file):
            tensors[tensor.name] = tensor
    return tensors


def _weight_files(folder: Path) -> list[Path]:
    if (folder / INDEX_FILE).exists():
        return indexed_files(folder)
    files = sorted(folder.glob("*.safetensors"))
    if len(files) == 1:
        return files
    if files:
        raise ModelRejectedError(
            "The model folder holds {count} weight files but no {file} that joins them.",
            where=str(folder),
            hint=FETCH_AGAIN,
            count=len(files),
            file=INDEX_FILE,
        )
    if any(path for pattern in _PICKLES for path in folder.glob(pattern)):
        raise ModelRejectedError(
            "The model's weights are in a pickle format, which can run code when it is read.",
            where=str(folder),
            hint="Use the safetensors weights that Qwen publishes.",
        )
    if any(folder.glob("*.gguf")):
        raise ModelRejectedError(
            "The model's weights are in GGUF format, which the workbench does not read.",
            where=str(folder),
            hint="Use the safetensors weights that Qwen publishes.",
        )
    raise ModelRejectedError("The model folder has no weights.", where=str(folder), hint=FETCH_AGAIN)
