"""Rerankers of BERT's, RoBERTa's and XLM-RoBERTa's shape on the engine's own encoder, on a CPU.

transformers loads and checks the weights as for every other model; its embeddings and head stay in use, its
layers give way to `core.engine.encoder` once both are seen to give the same logits. In int8 the engine's
logits are compared with transformers' on texts that the ranges were not taken from.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.engine.encoder.calibration import int8_layer, watched_ranges
from core.engine.encoder.dense import Parameters, exact_forms
from core.engine.encoder.layout import lay_out
from core.engine.encoder.network import Encoder, LayerWeights, make_layer
from core.engine.encoder.spread import spread
from core.engine.guard import GuardReport, compare
from core.engine.int8 import exact_range
from core.models.cross_encoder.pairs import PairTokens

if TYPE_CHECKING:
    import torch

    from core.engine.encoder.layout import Layout

logger = logging.getLogger(__name__)

MODEL_TYPES = ("bert", "roberta", "xlm-roberta", "camembert")
# Below this width the passes around the products cost what int8 saves.
SMALLEST_HIDDEN_FOR_INT8 = 256
# How far the engine's exact logits may be from transformers' on the probes, as a share of the largest: sums
# in another order give a hundredth of it, another network far more.
SAME_LOGITS = 1e-4


@dataclass(frozen=True, slots=True)
class ProbePairs:
    """Pairs to take int8's ranges from, pairs to judge it on, and which of those share a query."""

    calibrated: Sequence[PairTokens]
    judged: Sequence[PairTokens]
    queries: Sequence[Sequence[int]]


class EncoderNetwork:
    """One model on the CPU; see `core.models.cross_encoder.networks.Network`."""

    pads = False

    def __init__(
        self,
        module: Any,  # noqa: ANN401 - transformers'
        takes_types: bool,
        read_out: "Callable[[torch.Tensor], torch.Tensor]",
    ) -> None:
        """module: transformers' own, whole. read_out: the labels' values [N, labels] → logits [N]."""
        import torch

        self.device = torch.device("cpu")
        self._module, self._base = module, getattr(module, module.base_model_prefix)
        self._takes_types, self._read_out = takes_types, read_out
        config = module.config
        # RoBERTa's positions begin behind the padding's.
        self._first_position = 0 if config.model_type == "bert" else int(config.pad_token_id) + 1
        self.hidden = int(config.hidden_size)
        self._heads, self._epsilon = int(config.num_attention_heads), float(config.layer_norm_eps)
        self._encoder = Encoder((), self._heads, self._epsilon)

    @property
    def nbytes(self) -> int:
        """What the weights hold in memory."""
        kept = sum(weight.numel() * weight.element_size() for weight in self._module.parameters())
        return int(kept) + self._encoder.nbytes

    def logits(self, pairs: Sequence[PairTokens]) -> list[float]:
        """One logit per pair, in their order."""
        return spread(
            [len(pair.ids) for pair in pairs], lambda part: self._logits([pairs[at] for at in part])
        )

    def _logits(self, pairs: Sequence[PairTokens]) -> list[float]:
        import torch

        layout = lay_out([len(pair.ids) for pair in pairs])
        with torch.inference_mode():
            first = self._encoder.first_states(self._embedded(layout, pairs), layout)[:, None]
            pooled = first if getattr(self._base, "pooler", None) is None else self._base.pooler(first)
            return [float(value) for value in self._read_out(self._module.classifier(pooled)).tolist()]

    def become_exact(self) -> None:
        """Take transformers' weights in the faster exact form."""
        forms = exact_forms()
        layers = [make_layer(weights, self._heads, forms) for weights in self._weights()]
        self._encoder = Encoder(layers, self._heads, self._epsilon)

    def become_int8(self, calibrated: Sequence[PairTokens]) -> None:
        """Take transformers' weights in int8, with the ranges that these pairs show."""
        import torch

        layout = lay_out([len(pair.ids) for pair in calibrated])
        weights = self._weights()
        with torch.inference_mode():
            embedded = self._embedded(layout, calibrated)
            ranges = watched_ranges(weights, self._heads, self._epsilon, embedded, layout)
            layers = [
                int8_layer(one, self._heads, seen, exact_range())
                for one, seen in zip(weights, ranges, strict=True)
            ]
        self._encoder = Encoder(layers, self._heads, self._epsilon)

    def forget_original(self) -> None:
        """Let go of transformers' own layers, which are not run any more."""
        import torch

        self._base.encoder.layer = torch.nn.ModuleList()

    def _weights(self) -> list[LayerWeights]:
        return [_layer(layer) for layer in self._base.encoder.layer]

    def _embedded(self, layout: "Layout", pairs: Sequence[PairTokens]) -> "torch.Tensor":
        """The pairs' normed embeddings, end to end: [rows, hidden]."""
        import torch
        from torch.nn.functional import pad

        ids = torch.from_numpy(layout.flat([pair.ids for pair in pairs]))
        types = torch.from_numpy(layout.flat([pair.types for pair in pairs]))
        rows = self._base.embeddings(
            input_ids=ids[None],
            token_type_ids=(types if self._takes_types else torch.zeros_like(types))[None],
            position_ids=torch.from_numpy(layout.places)[None] + self._first_position,
        )[0]
        return pad(rows, (0, 0, 0, layout.rows - layout.tokens))


def has_encoder_shape(module: Any) -> bool:  # noqa: ANN401 - transformers'
    """Whether a module of transformers can run on the engine's encoder."""
    config = module.config
    return (
        config.model_type in MODEL_TYPES
        and getattr(config, "hidden_act", "") == "gelu"
        and getattr(config, "position_embedding_type", "absolute") in (None, "absolute")
        and not getattr(config, "is_decoder", False)
    )


def exact_network(network: EncoderNetwork, expected: Sequence[float], probes: ProbePairs) -> bool:
    """Make the network exact; False when its logits are not those that transformers gives for the probes."""
    network.become_exact()
    found = network.logits(probes.judged)
    limit = SAME_LOGITS * max(1.0, *(abs(value) for value in expected))
    same = all(abs(a - b) <= limit for a, b in zip(expected, found, strict=True))
    if not same:
        logger.warning("the engine's encoder differs from transformers on this model, which is run there")
    return same


def int8_network(network: EncoderNetwork, expected: Sequence[float], probes: ProbePairs) -> GuardReport:
    """Make the network int8 and judge it against the logits that transformers gives for the probes."""
    network.become_int8(probes.calibrated)
    report = compare(expected, network.logits(probes.judged), probes.queries)
    if not report.passed:
        logger.warning("int8 differs too much from fp32, so fp32 is used: %s", report)
    return report


def _layer(layer: Any) -> LayerWeights:  # noqa: ANN401 - transformers'
    def of(part: Any) -> Parameters:  # noqa: ANN401 - transformers'
        return part.weight.detach(), part.bias.detach()

    attention = layer.attention
    return LayerWeights(
        query=of(attention.self.query),
        key=of(attention.self.key),
        value=of(attention.self.value),
        output=of(attention.output.dense),
        attention_norm=of(attention.output.LayerNorm),
        inner=of(layer.intermediate.dense),
        outer=of(layer.output.dense),
        output_norm=of(layer.output.LayerNorm),
    )
