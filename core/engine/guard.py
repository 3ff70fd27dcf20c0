"""Int8 only where it ranks like fp32: the layers are quantised and compared in one walk over the weights.

Each layer is read, run exactly over the probe texts, quantised by what its inputs looked like, run again, and
its exact form is dropped before the next is read; so the comparison costs one layer's memory and a few
seconds, and no second model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from core.engine.int8 import Int8Linear, exact_range
from core.engine.linear import Linear, choose_float_linear
from core.engine.model import FlatPack, Layer, PackedModel, flatten, read_layer, run_layer
from core.engine.packing import Group
from core.engine.prompt import PromptEncoder, TokenIds

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

# The matrices of a `Layer`.
MATRICES = ("qkv", "out", "gate_up", "down")

# Query and documents from answering to unrelated: Chinese, English, code, and one across languages.
PROBE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "退款一般多久能到账？",
        (
            "退款审核通过后，款项会在1到3个工作日内原路退回您的支付账户。",
            "如果需要换货，请在订单详情页点击“申请换货”并选择原因。",
            "秋天的香山，红叶铺满了山坡，游客络绎不绝。",
        ),
    ),
    (
        "how do vaccines train the immune system",
        (
            "A vaccine shows the body a harmless part of a germ, so that memory cells recognise it later.",
            "The immune system has many kinds of cells; some live for decades in the bone marrow.",
            "The committee postponed its vote on the harbour bridge until the spring session.",
        ),
    ),
    (
        "read a CSV file line by line in Python",
        (
            "with open(path, newline='') as f:\n    for row in csv.reader(f):\n        handle(row)",
            "SELECT name, COUNT(*) FROM orders GROUP BY name HAVING COUNT(*) > 1;",
            "用 csv.reader 可以逐行读取文件，每一行是一个字符串列表。",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class GuardReport:
    """What the comparison of int8 with fp32 on the probe texts found.

    agreement: share of clearly ordered document pairs (same query) that keep their order. largest_shift:
    of a raw logit. spread: largest minus smallest exact logit. pairs: texts compared.
    """

    passed: bool
    agreement: float
    largest_shift: float
    spread: float
    pairs: int


@runtime_checkable
class Guarded(Protocol):
    """A scorer that was compared when it was loaded. guard: what was found; None where int8 was not tried."""

    @property
    def guard(self) -> GuardReport | None:
        """The comparison."""
        ...


def probe_pack(encoder: PromptEncoder) -> tuple[FlatPack, list[Group]]:
    """The probe texts as one pack, and which documents belong to which query."""
    prefixes: list[TokenIds] = []
    documents: list[TokenIds] = []
    groups: list[Group] = []
    for query, texts in PROBE:
        prefix = encoder.prefix(None, query)
        first = len(documents)
        documents += [document.ids for document in encoder.documents(texts, len(prefix))]
        groups.append(Group(len(prefixes), tuple(range(first, len(documents)))))
        prefixes.append(prefix)
    return flatten(groups, prefixes, documents), groups


def quantise_guarded(
    tensors: Mapping[str, "torch.Tensor"], frame: PackedModel, pack: FlatPack, groups: Sequence[Group]
) -> tuple[list[Layer], GuardReport]:
    """All layers in int8, and how they compare over a probe pack.

    frame: a CPU fp32 model, whose own layers are not used.
    """
    import torch

    exact_linear = choose_float_linear(frame.device, frame.dtype)

    def place(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(frame.device, frame.dtype)

    layers: list[Layer] = []
    with torch.inference_mode():
        exact = frame.embed(pack)
        quantised = exact.clone()
        rotation, attention = frame.rotation(pack), frame.kernel(pack.segments, frame.device)
        for n in range(frame.arch.layers):
            watched = read_layer(
                tensors, frame.arch, n, lambda weight: _Watched(weight, exact_linear(place(weight))), place
            )
            exact = run_layer(frame.arch, watched, exact, rotation, attention)
            layer = replace(watched, **{name: getattr(watched, name).to_int8() for name in MATRICES})
            quantised = run_layer(frame.arch, layer, quantised, rotation, attention)
            layers.append(layer)
        last = torch.from_numpy(pack.last)
        logits = [frame.read_out(x.index_select(0, last)).tolist() for x in (exact, quantised)]
    return layers, compare(logits[0], logits[1], [group.candidates for group in groups])


class _Watched:
    """An exact product that remembers the largest value of each input channel."""

    def __init__(self, weight: "torch.Tensor", exact: Linear) -> None:
        import torch

        self._weight, self._exact = weight, exact
        self._largest = weight.new_zeros(weight.shape[1], dtype=torch.float32)
        self.nbytes = exact.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out]."""
        self._largest = self._largest.maximum(x.abs().amax(dim=0))
        return self._exact(x)

    def to_int8(self) -> Int8Linear:
        return Int8Linear(self._weight, self._largest, exact_range())


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
    shift = max(abs(e - q) for e, q in zip(exact, quantised, strict=True))
    limit = min(LARGEST_SHIFT, LARGEST_SHIFT_OF_SPREAD * spread)
    # Written so that a logit that is not a number fails.
    passed = agreement >= LEAST_AGREEMENT and shift <= limit
    return GuardReport(passed, agreement, shift, spread, len(exact))
