"""Other rerankers of Qwen3's shape, which the engine runs: prefixes shared, int8 where it is exact.

Conversions of Qwen3-Reranker to a classification head, zerank-2, fine-tunes with a recipe and the text part
of Qwen3-VL-Reranker. A folder has such a form when decoder, tokenizer and prompt are ones the engine knows.
"""

import logging

from core.engine.architecture import Architecture, architecture, decoder_config
from core.engine.form import YES_NO, Form, Head, template_of
from core.engine.prompt import QWEN3_RERANKER
from core.engine.safetensors import Tensor, read_json
from core.engine.weights import head_name, text_part
from core.errors import ModelRejectedError
from core.models.checks import check_layers, check_tokenizer, check_transformers, read_row
from core.models.cross_encoder.folder import CrossEncoderFolder
from core.models.cross_encoder.recipes import NO_WORD, OWN_SCALE
from core.models.cross_encoder.stated import unusable, words
from core.models.weights import read_weights

_log = logging.getLogger(__name__)

HEAD_SHAPE = "The head {name} has the shape {found} instead of {expected}."
SAME_SCORE = "The head {name} gives every document the same score."
RIGHT_HEAD = "Use the folder as its makers publish it, or convert the model again."


def engine_form(folder: CrossEncoderFolder) -> Form | None:
    """The form in which the engine runs a checked folder, or None for one that transformers runs.

    ModelRejectedError when it has such a form, but its head or layers would give wrong scores.
    """
    if folder.model_type not in ("qwen3", "qwen3_vl"):
        return None
    # No other program here knows a Qwen3-VL, and a model that is known by name has the form it has.
    only_here = folder.model_type == "qwen3_vl" or folder.from_table
    recipe = folder.recipe
    template = template_of(recipe.prompt, recipe.default_instruction)
    try:
        check_tokenizer(folder.path)
        arch = architecture(decoder_config(read_json(folder.path / "config.json")))
        if template is None:
            raise unusable(folder.path, "its prompt must name the query first, between special tokens")
    except ModelRejectedError as error:
        if only_here:
            raise
        _log.info("%s runs on transformers: %s", folder.path.name, error)
        return None
    check_transformers()
    head = _head(folder)
    tensors = text_part(read_weights(folder.path))
    check_layers(tensors, arch, folder.path, head)
    _check_head(tensors, arch, head, folder)
    # The difference of yes and no after Qwen3-Reranker's own prompt is its own score, in whatever form.
    own = template == QWEN3_RERANKER and (head == YES_NO or head.rows == "classifier")
    notes = (*(() if own else (OWN_SCALE,)), *((recipe.note,) if recipe.note else ()))
    return Form(template, head, "qwen3" if own else "cross-encoder", notes)


def _head(folder: CrossEncoderFolder) -> Head:
    recipe = folder.recipe
    if recipe.reading == "sequence classification":
        two = folder.labels == 2
        return Head("classifier", true=int(two), false=0 if two else None, scale=recipe.scale)
    numbers = {word: number for number, word in words(folder.path).items()}
    missing = next((w for w in (recipe.true_token, recipe.false_token) if w and w not in numbers), None)
    if missing is not None:
        raise ModelRejectedError(NO_WORD, where=str(folder.path / "tokenizer.json"), word=missing)
    false = numbers[recipe.false_token] if recipe.false_token else None
    return Head("vocabulary", numbers[recipe.true_token], false, recipe.scale)


def _check_head(
    tensors: dict[str, Tensor], arch: Architecture, head: Head, folder: CrossEncoderFolder
) -> None:
    """The rows of the score are there, of the right length, and give different documents different scores."""
    matrix = tensors[head_name(arch, head)]
    rows = folder.labels if head.rows == "classifier" else max(head.true, head.false or 0) + 1
    enough = matrix.shape[0] == rows if head.rows == "classifier" else matrix.shape[0] >= rows
    if not enough or matrix.shape[1:] != (arch.hidden,):
        raise ModelRejectedError(
            HEAD_SHAPE,
            where=str(folder.path),
            hint=RIGHT_HEAD,
            name=matrix.name,
            found=" x ".join(map(str, matrix.shape)),
            expected=f"{rows} x {arch.hidden}",
        )
    row = read_row(matrix, head.true)
    if not any(row) or (head.false is not None and row == read_row(matrix, head.false)):
        raise ModelRejectedError(SAME_SCORE, where=str(folder.path), hint=RIGHT_HEAD, name=matrix.name)
