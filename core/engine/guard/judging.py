"""Int8 only where it ranks like fp32: the layers are quantised in one walk over the weights, then judged.

Each layer is read, run exactly over the calibration texts and the judged ones, quantised by what its inputs
looked like in the first, run again over the second, and its exact form is dropped before the next is read; so
the comparison costs one layer's memory and a few seconds, and no second model. Where the result ranks
differently, `core.engine.guard.repair` keeps the worst matrices exact before int8 is given up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from core.engine.guard.probe import Probe
from core.engine.guard.repair import repairs
from core.engine.guard.watching import MATRICES, Walk, exact, watched, watched_layer, with_products
from core.engine.linear import choose_float_linear
from core.engine.model import Layer, PackedModel

if TYPE_CHECKING:
    import torch

# Documents of one query whose exact logits are this close, as a share of the whole spread, have no order
# that a user should rely on; turning them round is no disagreement.
SWAP_TOLERANCE = 0.05
# Int8 is refused when fewer of the other document pairs keep their order, …
LEAST_AGREEMENT = 0.95
# … or when a logit moves by more than this share of the spread over all probe pairs, or by more than half a
# logit (the self-test's tolerance for bf16 is a quarter).
LARGEST_SHIFT_OF_SPREAD = 0.1
LARGEST_SHIFT = 0.5


@dataclass(frozen=True, slots=True)
class GuardReport:
    """What the comparison of int8 with fp32 on the judged texts found.

    agreement: share of clearly ordered document pairs (same query) that keep their order. largest_shift and
    rms: of raw logits, the largest and the root mean square. spread: largest minus smallest exact logit.
    pairs: texts compared. matrices: of the model. exact: those that stay in fp32, such as «3 down». recipe:
    what the scores depend on beside the weights and the range, empty where nothing was repaired.
    """

    passed: bool
    agreement: float
    largest_shift: float
    spread: float
    pairs: int
    rms: float = 0.0
    matrices: int = 0
    exact: tuple[str, ...] = ()
    recipe: str = ""


@runtime_checkable
class Guarded(Protocol):
    """A scorer that was compared when it was loaded. guard: what was found; None where int8 was not tried."""

    @property
    def guard(self) -> GuardReport | None:
        """The comparison."""
        ...


def quantise_guarded(
    tensors: Mapping[str, "torch.Tensor"], frame: PackedModel, calibration: Probe, judged: Probe
) -> tuple[list[Layer], GuardReport]:
    """All layers in int8, or some of their matrices in fp32, and how they compare over the judged texts.

    frame: a CPU fp32 model, whose own layers are not used.
    """
    import torch

    linear = choose_float_linear(frame.device, frame.dtype)
    layers: list[Layer] = []
    with torch.inference_mode():
        seen, judging = Walk(frame, calibration), Walk(frame, judged)
        for n in range(frame.arch.layers):
            layer = watched_layer(tensors, frame, n, linear)
            seen.through(layer)
            judging.through(exact(layer))
            layers.append(with_products(layer, {name: one.to_int8() for name, one in watched(layer).items()}))
        expected = judging.logits()
        report = _judge(expected, frame, layers, judged)
        if report.passed:
            return layers, report
        for repaired in repairs(tensors, frame, calibration):
            found = _judge(expected, frame, repaired.layers, judged)
            if found.passed:
                return list(repaired.layers), replace(found, exact=repaired.exact, recipe=repaired.recipe)
    return layers, report


def _judge(
    expected: Sequence[float], frame: PackedModel, layers: Sequence[Layer], judged: Probe
) -> GuardReport:
    walk = Walk(frame, judged)
    for layer in layers:
        walk.through(layer)
    found = compare(expected, walk.logits(), judged.queries)
    return replace(found, matrices=len(MATRICES) * len(layers))


def compare(
    exact: Sequence[float], quantised: Sequence[float], queries: Sequence[Sequence[int]]
) -> GuardReport:
    """Judge quantised logits against exact ones; `queries` lists each query's positions."""
    spread = max(exact) - min(exact)
    clear = [
        (a, b)
        for positions in queries
        for a, b in combinations(positions, 2)
        if abs(exact[a] - exact[b]) > SWAP_TOLERANCE * spread
    ]
    kept = sum((exact[a] > exact[b]) == (quantised[a] > quantised[b]) for a, b in clear)
    agreement = kept / len(clear) if clear else 1.0
    shifts = [abs(e - q) for e, q in zip(exact, quantised, strict=True)]
    rms = math.sqrt(sum(shift * shift for shift in shifts) / len(shifts))
    limit = min(LARGEST_SHIFT, LARGEST_SHIFT_OF_SPREAD * spread)
    # Written so that a logit that is not a number fails.
    passed = agreement >= LEAST_AGREEMENT and all(shift <= limit for shift in shifts)
    return GuardReport(passed, agreement, max(shifts), spread, len(exact), rms)
