"""A loaded network of transformers, down to one logit per pair.

The last product is computed in fp32 whatever the precision of the layers: rounded logits tie. Pairs come
padded on the right, and the last token of each is read by its own length, never by the padding's. On a CPU
the encoders that the engine knows run there instead (`core.models.cross_encoder.encoder_network`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.engine.device import has_int8_instructions
from core.engine.guard import GuardReport
from core.engine.int8 import exact_range
from core.engine.safetensors import read_json
from core.errors import InputError, ModelRejectedError
from core.models.cross_encoder.encoder_network import (
    SMALLEST_HIDDEN_FOR_INT8,
    EncoderNetwork,
    ProbePairs,
    exact_network,
    has_encoder_shape,
    int8_network,
)
from core.models.cross_encoder.folder import GTE, NO_HEAD, ORIGINAL_GTE, SERVE_IT, CrossEncoderFolder
from core.models.cross_encoder.pairs import PairTokens
from core.models.cross_encoder.recipes import NO_WORD

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

MISSING = "{count} weights are missing ({example} …): they would be made up at random."
UNKNOWN = "transformers does not know the architecture {name}."
ODD_GTE = "This form of the gte architecture is not known here: {problem}."
ONLY_FLOATS = "This model runs in fp32 or bf16, not in {precision}."

# Ids, attention mask and segments, each (pairs, tokens), and the pairs' lengths → one logit a pair, fp32.
Forward = Callable[["torch.Tensor", "torch.Tensor", "torch.Tensor", "torch.Tensor"], "torch.Tensor"]


class Network(Protocol):
    """One model on one device.

    pads: whether pairs are padded to the longest of a call, so that like lengths belong together.
    """

    pads: bool
    device: "torch.device"

    @property
    def nbytes(self) -> int:
        """What the weights hold in memory."""
        ...

    def logits(self, pairs: Sequence[PairTokens]) -> list[float]:
        """One logit per pair, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """A network, the precision it runs in, and how int8 compared with fp32 where it was tried."""

    network: Network
    precision: str
    guard: GuardReport | None = None


class TransformersNetwork:
    """transformers' own forward pass."""

    pads = True

    def __init__(self, forward: Forward, module: Any, device: "torch.device") -> None:  # noqa: ANN401
        self._forward, self._module, self.device = forward, module, device
        self._pad = int(getattr(module.config, "pad_token_id", None) or 0)

    @property
    def nbytes(self) -> int:
        """What the weights hold in memory."""
        return sum(weight.numel() * weight.element_size() for weight in self._module.parameters())

    def logits(self, pairs: Sequence[PairTokens]) -> list[float]:
        """One logit per pair, in their order."""
        import torch

        longest = max(len(pair.ids) for pair in pairs)
        ids = torch.full((len(pairs), longest), self._pad, dtype=torch.long)
        mask = torch.zeros((len(pairs), longest), dtype=torch.long)
        types = torch.zeros((len(pairs), longest), dtype=torch.long)
        for row, pair in enumerate(pairs):
            ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
            types[row, : len(pair.ids)] = torch.tensor(pair.types)
            mask[row, : len(pair.ids)] = 1
        lengths = mask.sum(1)
        with torch.inference_mode():
            arguments = (tensor.to(self.device) for tensor in (ids, mask, types, lengths))
            return [float(value) for value in self._forward(*arguments).float().tolist()]


def load_network(
    folder: CrossEncoderFolder,
    tokenizer: "Tokenizer",
    device: "torch.device",
    precision: str,
    probes: Callable[[], ProbePairs],
) -> Loaded:
    """Load a checked folder in the precision that is wanted, or in the one that is right here.

    precision: `auto`, `fp32`, `bf16` or `int8`. probes: the model's tokens of the probe texts.
    ModelRejectedError when transformers would make up any weight, InputError for a precision that this model
    does not have.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    if precision == "fp8":
        _refuse_rounded(precision)
    chosen = ("fp32" if device.type == "cpu" else "bf16") if precision == "auto" else precision
    dtype = torch.bfloat16 if chosen == "bf16" else torch.float32
    if folder.recipe.reading == "token logits":
        _refuse_rounded(precision)
        return Loaded(_token_logits(folder, tokenizer, device, dtype), chosen)
    module = _load(AutoModelForSequenceClassification, folder, device, dtype)
    two = folder.labels == 2

    def of_labels(values: "torch.Tensor") -> "torch.Tensor":
        return values[:, 1] - values[:, 0] if two else values[:, 0]

    if hasattr(module, "score"):
        _refuse_rounded(precision)
        head = module.score.weight.float()

        def decoder(ids: Any, mask: Any, types: Any, lengths: Any) -> Any:  # noqa: ANN401, ARG001
            return of_labels(_last(module.model, ids, mask, lengths) @ head.T)

        return Loaded(TransformersNetwork(_scaled(decoder, folder.recipe.scale), module, device), chosen)
    _in_fp32(module.classifier)
    # RoBERTa's kind have segments in their configuration and were trained without.
    takes_types = "token_type_ids" in AutoTokenizer.from_pretrained(folder.path).model_input_names
    takes_types = takes_types and int(getattr(module.config, "type_vocab_size", 0) or 0) > 1

    def encoder(ids: Any, mask: Any, types: Any, lengths: Any) -> Any:  # noqa: ANN401, ARG001
        told = {"token_type_ids": types} if takes_types else {}
        return of_labels(module(input_ids=ids, attention_mask=mask, **told).logits)

    plain = TransformersNetwork(_scaled(encoder, folder.recipe.scale), module, device)
    if device.type != "cpu" or chosen == "bf16" or not has_encoder_shape(module):
        _refuse_rounded(precision)
        return Loaded(plain, chosen)
    own = EncoderNetwork(module, takes_types, lambda values: of_labels(values) / folder.recipe.scale)
    return _on_the_engine(own, plain, precision, probes)


def _on_the_engine(
    own: EncoderNetwork, plain: TransformersNetwork, precision: str, probes: Callable[[], ProbePairs]
) -> Loaded:
    """The engine's encoder in int8 or exactly, or transformers where the engine's is another network."""
    try:
        pairs = probes()
    except InputError:  # the model reads too few tokens for the probes
        return Loaded(plain, "fp32")
    # A query's at a time: one long text among all would pad them all to its length.
    expected = [value for one in pairs.queries for value in plain.logits([pairs.judged[at] for at in one])]
    guard = None
    fast = own.hidden >= SMALLEST_HIDDEN_FOR_INT8 and has_int8_instructions()
    if exact_range() and (precision == "int8" or (precision == "auto" and fast)):
        guard = int8_network(own, expected, pairs)
        if guard.passed:
            own.forget_original()
            return Loaded(own, "int8", guard)
    if exact_network(own, expected, pairs):
        own.forget_original()
        return Loaded(own, "fp32", guard)
    return Loaded(plain, "fp32", guard)


def _refuse_rounded(precision: str) -> None:
    if precision not in ("auto", "fp32", "bf16"):
        raise InputError(ONLY_FLOATS, where="precision", precision=precision)


def _token_logits(
    folder: CrossEncoderFolder, tokenizer: "Tokenizer", device: "torch.device", dtype: "torch.dtype"
) -> TransformersNetwork:
    from transformers import AutoModelForCausalLM

    recipe = folder.recipe
    true = _word(tokenizer, recipe.true_token, folder.path)
    false = _word(tokenizer, recipe.false_token, folder.path) if recipe.false_token else None
    module = _load(AutoModelForCausalLM, folder, device, dtype)
    rows = module.get_output_embeddings().weight
    direction = rows[true].float() - (rows[false].float() if false is not None else 0)

    def decoder(ids: Any, mask: Any, types: Any, lengths: Any) -> Any:  # noqa: ANN401, ARG001
        return _last(module.model, ids, mask, lengths) @ direction

    return TransformersNetwork(_scaled(decoder, recipe.scale), module, device)


def _last(model: Any, ids: Any, mask: Any, lengths: Any) -> Any:  # noqa: ANN401
    """The state of each pair's last token, fp32: (pairs, hidden)."""
    import torch

    states = model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    return states[torch.arange(len(ids), device=states.device), lengths - 1].float()


def _scaled(forward: Forward, scale: float) -> Forward:
    if scale == 1.0:
        return forward
    return lambda ids, mask, types, lengths: forward(ids, mask, types, lengths) / scale


def _in_fp32(head: Any) -> None:  # noqa: ANN401
    head.float()
    head.register_forward_pre_hook(lambda _, given: (given[0].float(), *given[1:]))


def _load(kind: Any, folder: CrossEncoderFolder, device: Any, dtype: Any) -> Any:  # noqa: ANN401
    from transformers import AutoConfig

    try:
        if folder.model_type == ORIGINAL_GTE:
            config = _gte_config(folder.path)
        else:
            config = AutoConfig.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
        module, told = kind.from_pretrained(
            folder.path,
            config=config,
            dtype=dtype,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (KeyError, ValueError) as error:
        raise ModelRejectedError(
            UNKNOWN, where=str(folder.path), hint=SERVE_IT, name=folder.model_type
        ) from error
    missing = sorted(told["missing_keys"]) + sorted(str(key) for key in told.get("mismatched_keys", ()))
    if missing:
        template = NO_HEAD if missing[0].split(".")[0] in ("classifier", "score") else MISSING
        raise ModelRejectedError(template, where=str(folder.path), count=len(missing), example=missing[0])
    return module.eval().requires_grad_(False).to(device)


def _gte_config(path: Path) -> Any:  # noqa: ANN401
    """The configuration of an original upload of mGTE, in transformers' own form."""
    from transformers import GteConfig

    stated = read_json(path / "config.json")
    scaling = stated.get("rope_scaling") or {}
    problems = {
        "position_embedding_type": stated.get("position_embedding_type", "rope") != "rope",
        "layer_norm_type": stated.get("layer_norm_type", "layer_norm") != "layer_norm",
        "rope_scaling": bool(scaling) and scaling.get("type") != "ntk",
        "logn_attention_scale": bool(stated.get("logn_attention_scale", False)),
    }
    if any(problems.values()):
        problem = ", ".join(name for name, odd in problems.items() if odd)
        raise ModelRejectedError(ODD_GTE, where=str(path / "config.json"), hint=SERVE_IT, problem=problem)
    same = (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "hidden_act",
        "max_position_embeddings",
        "type_vocab_size",
        "layer_norm_eps",
        "pad_token_id",
        "id2label",
        "label2id",
    )
    # NTK scaling by a fixed factor is the base times that factor.
    base = float(stated.get("rope_theta", 10_000.0)) * float(scaling.get("factor", 1.0))
    known = {name: stated[name] for name in same if name in stated}
    config = GteConfig(rope_parameters={"rope_type": "default", "rope_theta": base}, **known)
    assert config.model_type == GTE
    return config


def _word(tokenizer: "Tokenizer", word: str, path: Path) -> int:
    found = tokenizer.token_to_id(word)
    if found is None:
        raise ModelRejectedError(NO_WORD, where=str(path / "tokenizer.json"), word=word)
    return int(found)
