"""Attention of a pass that goes on where an earlier one stopped: with the keys and values that were kept.

Attention is causal, so the keys and values of a document's beginning are what they are in a pass over the
whole of it. `Keeping` puts them aside while a first pass runs, `Continued` lets the rest attend to them. Both
are made for one pass, whose layers call them in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.engine.attention.cpu import attend_in_cache, attend_long
from core.engine.attention.plain import attend_causally, is_exact_cpu
from core.engine.attention.segments import Attention
from core.engine.linear import onednn_is_chosen

if TYPE_CHECKING:
    import torch

# Beyond this many tokens oneDNN's products are the faster ones on a CPU, as for a whole document.
LONG = 1024


@dataclass(slots=True)
class Kept:
    """Keys and values of neighbouring tokens, layer by layer: each [L, kv_heads, d]."""

    keys: "list[torch.Tensor]" = field(default_factory=list)
    values: "list[torch.Tensor]" = field(default_factory=list)


class Keeping:
    """An attention that also copies the keys and values of some rows of the pack, in every layer."""

    def __init__(self, attention: Attention, rows: Mapping[int, slice]) -> None:
        """rows: by what they will be called in `kept`."""
        self._attention, self._rows = attention, rows
        self.kept = {name: Kept() for name in rows}

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        """See `core.engine.attention.segments.Attention`."""
        for name, rows in self._rows.items():
            self.kept[name].keys.append(k[rows].clone())
            self.kept[name].values.append(v[rows].clone())
        return self._attention(q, k, v)


@dataclass(frozen=True, slots=True)
class Rest:
    """Tokens [start, start + length) of the pack, which follow on what was kept of `before`, in order."""

    start: int
    length: int
    before: tuple[Kept, ...]


class Continued:
    """Every rest attends to what was kept before it and causally to itself."""

    def __init__(self, rests: Sequence[Rest]) -> None:
        self._rests = rests
        self._layer = 0

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        """See `core.engine.attention.segments.Attention`."""
        import torch

        out = q.new_empty(q.shape)
        for rest in self._rests:
            own = slice(rest.start, rest.start + rest.length)
            keys = torch.cat([*(kept.keys[self._layer] for kept in rest.before), k[own]])
            values = torch.cat([*(kept.values[self._layer] for kept in rest.before), v[own]])
            _attend(q[own], keys, values, out[own])
        self._layer += 1
        return out.flatten(1)


def _attend(q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", out: "torch.Tensor") -> None:
    """Fill out [D, heads, d] from q of the same shape, which are the last of k and v [K, kv_heads, d]."""
    import torch

    if not is_exact_cpu(q):
        out.copy_(attend_causally(q, k, v))
        return
    if len(q) > LONG and onednn_is_chosen():
        attend_long(q, k, v, out)
        return
    sees = torch.ones(len(q), len(k), dtype=torch.bool).tril_(len(k) - len(q))
    mask = torch.zeros(sees.shape).masked_fill_(~sees, -torch.inf)
    q, k, v, out = (tokens.transpose(0, 1)[None] for tokens in (q, k, v, out))
    attend_in_cache(q, k, v, mask, out)
