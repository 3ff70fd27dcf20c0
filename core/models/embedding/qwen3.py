"""Qwen3-Embedding on the reranker's own engine: the same network, read at one appended token.

The recipe of the model card: a query reads `Instruct: {task}\\nQuery:{query}` (no space after «Query:»), a
passage stands bare; `<|endoftext|>` (151643) is appended, and the final norm's output there, at length 1, is
the vector. For fewer dimensions it is cut and brought to length 1 again (Matryoshka). A special token that is
spelt out in a text is read as plain text: the one deliberate deviation.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.engine.architecture import Architecture, architecture
from core.engine.device import LARGEST_BUDGET, choose_device
from core.engine.gate import Gate
from core.engine.model import PackedModel, flatten, float_layers
from core.engine.packing import Group
from core.engine.prompt import DEFAULT_INSTRUCTION, TokenIds, clean, without_added_tokens
from core.engine.safetensors import read_json
from core.engine.weights import EMBEDDING, LM_HEAD, Checkpoint, check_complete
from core.errors import InputError, ModelRejectedError
from core.models.embedding.embedder import (
    Cancelled,
    Embedded,
    EmbedderInfo,
    Pace,
    Vector,
    passes,
    unit_rows,
)

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

END_OF_TEXT, END_OF_TEXT_ID = "<|endoftext|>", 151_643
TASK: str = "Instruct: {task}\nQuery:{query}"
DEFAULT_TASK = DEFAULT_INSTRUCTION
# Raise it when the same weights would give other vectors.
RECIPE = "qwen3-embedding/1"
FEWEST_DIMENSIONS = 32
# Tokens of a background pass while people search.
SHORT_PASS = 128
# Characters that are certainly more than so many tokens; the rest of a huge text is never tokenised.
CHARACTERS_PER_TOKEN = 16

WRONG_TOKENIZER = "The tokenizer is not Qwen3-Embedding's: it has no {token} of the id {expected}."
WRONG_TOKENIZER_HINT = "Download the model again, with its own tokenizer files."
DIMENSIONS = "{asked} dimensions are not possible: the model gives {fewest} to {most}."


class EmbeddingTensors(Mapping[str, "torch.Tensor"]):
    """A checkpoint under the names that the engine knows.

    Qwen's uploads leave out the prefix `model.`; others keep it. There is no output head, and none is used:
    where the engine asks for one, it gets the embedding.
    """

    def __init__(self, checkpoint: Mapping[str, "torch.Tensor"]) -> None:
        self._checkpoint = checkpoint
        self._prefix = "" if EMBEDDING in checkpoint else "model."

    def __getitem__(self, name: str) -> "torch.Tensor":
        own = EMBEDDING if name == LM_HEAD and name not in self._checkpoint else name
        return self._checkpoint[own.removeprefix(self._prefix)]

    def __iter__(self) -> Iterator[str]:
        yield from (name if name == LM_HEAD else self._prefix + name for name in self._checkpoint)
        if LM_HEAD not in self._checkpoint:
            yield LM_HEAD

    def __len__(self) -> int:
        return len(self._checkpoint) + (LM_HEAD not in self._checkpoint)


class Qwen3Embedder:
    """The `Embedder` protocol on a Qwen3-Embedding."""

    def __init__(
        self,
        model: PackedModel,
        tokenizer: "Tokenizer",
        info: EmbedderInfo,
        *,
        task: str = DEFAULT_TASK,
        gate: Gate | None = None,
    ) -> None:
        """`load` makes one from a folder."""
        plain, added = without_added_tokens(tokenizer)
        if added.get(END_OF_TEXT) != END_OF_TEXT_ID:
            raise ModelRejectedError(
                WRONG_TOKENIZER,
                where="tokenizer.json",
                hint=WRONG_TOKENIZER_HINT,
                token=END_OF_TEXT,
                expected=END_OF_TEXT_ID,
            )
        self._model, self._tokenizer, self._info = model, plain, info
        self._task, self._gate = task, gate or Gate()
        self._pace = Pace(SHORT_PASS, LARGEST_BUDGET[model.device.type])

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str,
        device: str = "auto",
        max_tokens: int = 8192,
        dimensions: int = 0,
        threads: int = 0,
        task: str = DEFAULT_TASK,
        gate: Gate | None = None,
    ) -> "Qwen3Embedder":
        """Load a folder: fp32 on a CPU, bf16 elsewhere. dimensions: 0 takes all that the model gives.

        ModelRejectedError when tensors are missing or the model is another one.
        """
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoConfig

        if threads:
            torch.set_num_threads(threads)
        where = choose_device(device)
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        arch = architecture(read_json(folder / "config.json"))
        _check_dimensions(dimensions, arch)
        checkpoint = Checkpoint(folder)
        tensors = EmbeddingTensors(checkpoint)
        check_complete(tensors, arch)
        dtype = torch.float32 if where.type == "cpu" else torch.bfloat16
        model = PackedModel(tensors, config, arch, where, dtype)
        model.layers = float_layers(tensors, arch, where, dtype)
        identity = (RECIPE, checkpoint.digest(), task, max_tokens, dimensions or arch.hidden, str(dtype))
        info = EmbedderInfo(
            name=name,
            label=Path(name).name,
            fingerprint=hashlib.sha256(repr(identity).encode()).hexdigest()[:16],
            dimensions=dimensions or arch.hidden,
            device=str(where),
            max_tokens=min(max_tokens, arch.max_positions),
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(model, tokenizer, info, task=task, gate=gate)

    @property
    def info(self) -> EmbedderInfo:
        """Which model this is."""
        return self._info

    def query(self, text: str) -> Vector:
        """The vector of a query behind its instruction."""
        self._pace.queried()
        ids = self._ids(TASK.format(task=self._task, query=text))
        with self._gate.turn(interactive=True):
            vectors = self._vectors([ids])
        vector: Vector = vectors[0]
        return vector

    def passages(self, texts: Sequence[str], cancelled: Cancelled | None = None) -> Iterator[Embedded]:
        """Vectors of passages; see `Embedder.passages`."""
        read: dict[int, TokenIds] = {}

        def length(at: int) -> int:
            read[at] = self._ids(texts[at])
            return len(read[at])

        for batch in passes(texts, length, self._pace, cancelled):
            ids = [read.pop(at) for at in batch]
            with self._gate.turn(interactive=False):
                start = time.perf_counter()
                vectors = self._vectors(ids)
                self._pace.took(sum(map(len, ids)), time.perf_counter() - start)
            yield Embedded(batch, vectors)

    def _ids(self, text: str) -> TokenIds:
        """The text's tokens, cut to what the model reads, and the token at which the vector is read."""
        most = self._info.max_tokens - 1
        read = clean(text[: most * CHARACTERS_PER_TOKEN])
        ids = self._tokenizer.encode(read, add_special_tokens=False).ids[:most]
        return np.array([*ids, END_OF_TEXT_ID], dtype=np.int32)

    def _vectors(self, texts: Sequence[TokenIds]) -> NDArray[np.float32]:
        """[texts, dimensions]: one pass, each text a sequence of its own."""
        nothing = np.empty(0, dtype=np.int32)
        groups = [Group(0, (at,)) for at in range(len(texts))]
        states = self._model.last_states(flatten(groups, [nothing], texts)).cpu().numpy()
        return unit_rows(states[:, : self._info.dimensions])


def _check_dimensions(asked: int, arch: Architecture) -> None:
    if asked and not FEWEST_DIMENSIONS <= asked <= arch.hidden:
        raise InputError(
            DIMENSIONS,
            where="RERANK_EMBEDDING_DIMENSIONS",
            asked=asked,
            fewest=FEWEST_DIMENSIONS,
            most=arch.hidden,
        )
