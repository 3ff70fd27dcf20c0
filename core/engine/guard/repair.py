"""Where int8 ranks differently: channels and matrices that stay in fp32, as few as the judge needs.

Trained models have channels far larger than all others, and matrices whose inputs int8 rounds badly. First
every matrix keeps its largest channels exact and takes the levelling exponent that errs least over the
calibration texts; then the worst matrices stay exact as a whole, an eighth, a quarter. Beyond a quarter
little of int8's speed is left, and it is given up. On SmolLM2-135M the channels alone take a third off the
logits' error, the exponents next to nothing (benchmarks/LOG.md).
"""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.engine.guard.probe import Probe
from core.engine.guard.watching import MATRICES, Walk, exact, watched, watched_layer, with_products
from core.engine.int8 import Int8Linear
from core.engine.linear import choose_float_linear
from core.engine.model import Layer, PackedModel

if TYPE_CHECKING:
    import torch

EXPONENTS = (0.5, 0.65, 0.8)
# Of each matrix, of some 600 to 12,000.
EXACT_CHANNELS = 32
# Shares of the matrices that stay exact, tried one after the other.
SHARES_EXACT = (0.0, 1 / 8, 1 / 4)


@dataclass(frozen=True, slots=True)
class Repaired:
    """Layers of which some matrices stayed exact. exact: their names. recipe: all that was chosen, short."""

    layers: tuple[Layer, ...]
    exact: tuple[str, ...]
    recipe: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """How one matrix is best quantised, and what it errs then."""

    layer: int
    name: str
    product: Int8Linear
    exponent: float
    error: float


def repairs(
    tensors: Mapping[str, "torch.Tensor"], frame: PackedModel, calibration: Probe
) -> Iterator[Repaired]:
    """What can be tried, the fastest first. Takes one more walk over the weights: seconds for a small model.

    frame: a CPU fp32 model, whose own layers are not used.
    """
    linear = choose_float_linear(frame.device, frame.dtype)
    walk = Walk(frame, calibration)
    choices: list[_Choice] = []
    layers: list[Layer] = []
    for n in range(frame.arch.layers):
        layer = watched_layer(tensors, frame, n, linear)
        walk.through(layer)
        found = [_best(n, name, layer) for name in MATRICES]
        choices += found
        layers.append(with_products(layer, {choice.name: choice.product for choice in found}))
    worst = sorted(choices, key=lambda choice: -choice.error)
    kept = 0
    for share in SHARES_EXACT:
        count = math.ceil(share * len(worst))
        for choice in worst[kept:count]:
            layer = exact(watched_layer(tensors, frame, choice.layer, linear))
            only = {choice.name: getattr(layer, choice.name)}
            layers[choice.layer] = with_products(layers[choice.layer], only)
        kept = count
        names = tuple(f"{choice.layer} {choice.name}" for choice in sorted(worst[:kept], key=_place))
        yield Repaired(tuple(layers), names, _recipe(choices, names))


def _best(number: int, name: str, layer: Layer) -> _Choice:
    product = watched(layer)[name]
    tried = [(product.to_int8(exponent, EXACT_CHANNELS), exponent) for exponent in EXPONENTS]
    choices = [_Choice(number, name, form, exponent, product.error(form)) for form, exponent in tried]
    return min(choices, key=lambda choice: choice.error)


def _place(choice: _Choice) -> tuple[int, int]:
    return choice.layer, MATRICES.index(choice.name)


def _recipe(choices: list[_Choice], exact: tuple[str, ...]) -> str:
    """A digest of everything that was chosen: scores of two choices must not be taken for each other."""
    chosen = [(choice.layer, choice.name, choice.exponent) for choice in choices]
    return hashlib.sha256(repr((EXACT_CHANNELS, chosen, exact)).encode()).hexdigest()[:12]
