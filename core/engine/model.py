"""The forward pass of a Qwen3 decoder over packed tokens, down to one logit per document.

Written out instead of calling transformers' modules, because scoring needs so much less: no cache, no
padding, no vocabulary logits, the last layer's MLP only for each document's last token. That leaves matrix
products, and the passes between them run over blocks of rows that stay in the processor's cache.

Shapes: T tokens of the pack, N documents, H hidden, d head size. Numbers are in the model's dtype, norms
accumulate in fp32, the final norm and head are fp32. Which tokens form a pack is `core.engine.packing`'s
business, how attention is computed `core.engine.attention`'s.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from core.engine.architecture import Architecture, rotary_frequencies
from core.engine.attention.choice import AttentionKernel, choose_kernel
from core.engine.attention.segments import Attention, Segment
from core.engine.device import upload
from core.engine.form import YES_NO, Head
from core.engine.linear import Linear, choose_float_linear
from core.engine.packing import Group
from core.engine.prompt import TokenIds
from core.engine.weights import EMBEDDING, FINAL_NORM, head_row

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig

# Rows per block on a CPU: the widest intermediate (2 · 3072 floats a row) of a block stays in the L2/L3
# cache between the product that writes it and the pass that reads it. Other devices take all rows at once.
CPU_BLOCK = 256
# Tokens of a document and of a prefix in a pass that is only timed.
TIMED_DOCUMENT = 256


@dataclass(frozen=True, slots=True)
class FlatPack:
    """A pack as arrays, on the host."""

    ids: TokenIds  # [T]
    positions: NDArray[np.int64]  # [T], restarting after the prefix for every document
    last: NDArray[np.int64]  # [N], each document's last token, in the pack's order
    segments: tuple[Segment, ...]


def flatten(groups: Sequence[Group], prefixes: Sequence[TokenIds], documents: Sequence[TokenIds]) -> FlatPack:
    """Lay out the prefixes of several documents, then lone pairs, then the documents behind the prefixes.

    So all prefixes and all documents lie side by side, for kernels that take one stretch of each.
    """
    layout = _Layout()
    starts = {}
    for number, group in enumerate(groups):
        if len(group.candidates) > 1:
            starts[number] = layout.add(prefixes[group.prefix])
    ends: dict[tuple[int, int], int] = {}
    for number, group in enumerate(groups):
        if number not in starts:
            # A lone document and its prefix are simply one causal sequence.
            (candidate,) = group.candidates
            layout.add(np.concatenate([prefixes[group.prefix], documents[candidate]]))
            ends[number, candidate] = layout.length - 1
    for number, start in starts.items():
        for candidate in groups[number].candidates:
            layout.add(documents[candidate], start, len(prefixes[groups[number].prefix]))
            ends[number, candidate] = layout.length - 1
    last = [ends[number, candidate] for number, group in enumerate(groups) for candidate in group.candidates]
    return FlatPack(
        np.concatenate(layout.ids),
        np.concatenate(layout.positions),
        np.array(last),
        tuple(layout.segments),
    )


@dataclass(slots=True)
class _Layout:
    """A pack in the making."""

    ids: list[TokenIds] = field(default_factory=list)
    positions: list[NDArray[np.int64]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, ids: TokenIds, prefix_start: int = 0, prefix_length: int = 0) -> int:
        """Put a sequence at the end, perhaps behind a prefix that is there already; returns its start."""
        start = self.length
        self.ids.append(ids)
        self.positions.append(np.arange(prefix_length, prefix_length + len(ids)))
        self.segments.append(Segment(start, len(ids), prefix_start, prefix_length))
        self.length += len(ids)
        return start


@dataclass(frozen=True, slots=True)
class Layer:
    """One decoder layer; projections that read the same input are one matrix."""

    input_norm: "torch.Tensor"  # [H]
    qkv: Linear  # H → (heads + 2 · kv_heads) · d
    q_norm: "torch.Tensor | None"  # [d]
    k_norm: "torch.Tensor | None"  # [d]
    out: Linear  # heads · d → H
    post_norm: "torch.Tensor"  # [H]
    gate_up: Linear  # H → 2 · intermediate
    down: Linear  # intermediate → H


def read_layer(
    tensors: Mapping[str, "torch.Tensor"],
    arch: Architecture,
    number: int,
    make_linear: Callable[["torch.Tensor"], Linear],
    place: Callable[["torch.Tensor"], "torch.Tensor"],
) -> Layer:
    """Build layer `number`. place: moves a small tensor to the model's device and dtype."""
    import torch

    def get(part: str) -> torch.Tensor:
        return tensors[f"model.layers.{number}.{part}.weight"]

    def get_paired(part: str) -> torch.Tensor:
        return interleave(get(part), arch.head_dim)

    qkv = [get_paired("self_attn.q_proj"), get_paired("self_attn.k_proj"), get("self_attn.v_proj")]
    return Layer(
        input_norm=place(get("input_layernorm")),
        qkv=make_linear(torch.cat(qkv)),
        q_norm=place(get_paired("self_attn.q_norm")) if arch.qk_norm else None,
        k_norm=place(get_paired("self_attn.k_norm")) if arch.qk_norm else None,
        out=make_linear(get("self_attn.o_proj")),
        post_norm=place(get("post_attention_layernorm")),
        gate_up=make_linear(torch.cat([get("mlp.gate_proj"), get("mlp.up_proj")])),
        down=make_linear(get("mlp.down_proj")),
    )


def float_layers(
    tensors: Mapping[str, "torch.Tensor"], arch: Architecture, device: "torch.device", dtype: "torch.dtype"
) -> list[Layer]:
    """All layers with their matrices in `dtype` on `device`."""

    def place(tensor: "torch.Tensor") -> "torch.Tensor":
        return tensor.to(device, dtype)

    linear = choose_float_linear(device, dtype)
    return [
        read_layer(tensors, arch, n, lambda weight: linear(place(weight)), place) for n in range(arch.layers)
    ]


class PackedModel:
    """Weights on a device and the pass over them. Passes keep nothing, so threads may share them."""

    def __init__(
        self,
        tensors: Mapping[str, "torch.Tensor"],
        config: "PreTrainedConfig",
        arch: Architecture,
        device: "torch.device",
        dtype: "torch.dtype",
        head: Head = YES_NO,
    ) -> None:
        """Takes embedding, final norm and head from the checkpoint; `layers` are set by the caller."""
        import torch

        self.arch, self.device, self.dtype = arch, device, dtype
        self.layers: Sequence[Layer] = []
        self.kernel: AttentionKernel = choose_kernel(device, dtype)
        # Runs all layers but the last, which is read at few rows.
        self.run: RunLayer = run_layer
        # On the CPU the embedding stays as the file has it, memory-mapped: only the rows in use are read.
        embedding = tensors[EMBEDDING]
        self.embedding = embedding if device.type == "cpu" else embedding.to(device, dtype)
        self.final_norm = tensors[FINAL_NORM].to(device, torch.float32)
        self.head = head_row(tensors, arch, head).to(device)
        frequencies, self._rotary_factor = rotary_frequencies(config, arch.head_dim)
        self._frequencies = frequencies.to(device)

    def logits(self, pack: FlatPack, attention: Attention | None = None) -> "torch.Tensor":
        """The pack's raw logits, [N] fp32 on the model's device, in the pack's order.

        attention: instead of that of the pack's segments, for a pass that keeps or goes on with something.
        On CUDA this only queues work: the caller's first look at the result is the one synchronisation.
        """
        import torch

        with torch.inference_mode():
            return self.last_states(pack, attention) @ self.head

    def last_states(self, pack: FlatPack, attention: Attention | None = None) -> "torch.Tensor":
        """The final norm's output at each document's last token, [N, H] fp32, in the pack's order."""
        import torch

        with torch.inference_mode():
            x = self.embed(pack)
            rotation = self.rotation(pack)
            attention = attention or self.kernel(pack.segments, self.device)
            last = upload(pack.last, self.device)
            for layer in self.layers[:-1]:
                x = self.run(self.arch, layer, x, rotation, attention)
            return self._normed(run_layer(self.arch, self.layers[-1], x, rotation, attention, last))

    @property
    def nbytes(self) -> int:
        """What the weights hold in memory."""
        small = [self.embedding, self.final_norm, self.head]
        linears = [m for layer in self.layers for m in (layer.qkv, layer.out, layer.gate_up, layer.down)]
        return sum(tensor.nbytes for tensor in small) + sum(linear.nbytes for linear in linears)

    def multiply_only(self, rows: int) -> None:
        """All layers' matrix products over `rows` rows, waiting for the device to finish."""
        import torch

        widths = (self.arch.hidden, self.arch.heads * self.arch.head_dim, self.arch.intermediate)
        narrow, attended, middle = (
            torch.randn(rows, width, device=self.device, dtype=self.dtype) for width in widths
        )
        with torch.inference_mode():
            for layer in self.layers:
                for block in _blocks(narrow):
                    layer.qkv(narrow[block])
                    layer.out(attended[block])
                    layer.gate_up(narrow[block])
                    layer.down(middle[block])
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def run_empty(self, tokens: int) -> None:
        """A pass over documents without meaning, of so many tokens, to its end: to be timed."""
        document = np.zeros(TIMED_DOCUMENT, dtype=np.int32)
        count = max(1, tokens // TIMED_DOCUMENT)
        group = Group(0, tuple(range(count)))
        self.logits(flatten([group], [document], [document] * count)).tolist()

    def embed(self, pack: FlatPack) -> "torch.Tensor":
        """[T, H] in the model's dtype."""
        ids = upload(pack.ids.astype(np.int64), self.device)
        return self.embedding.index_select(0, ids).to(self.dtype)

    def rotation(self, pack: FlatPack) -> "torch.Tensor":
        """The rotary embedding as unit complex numbers, [T, 1, d / 2] complex64."""
        import torch

        angles = upload(pack.positions, self.device)[:, None, None] * self._frequencies
        return torch.polar(torch.full_like(angles, self._rotary_factor), angles)

    def read_out(self, x: "torch.Tensor") -> "torch.Tensor":
        """Hidden states [N, H] → raw logits [N], in fp32."""
        return self._normed(x) @ self.head

    def _normed(self, x: "torch.Tensor") -> "torch.Tensor":
        from torch.nn.functional import rms_norm

        return rms_norm(x.float(), (self.arch.hidden,), self.final_norm, self.arch.norm_eps)


class RunLayer(Protocol):
    """`run_layer`, or another form of it over all rows: see `core.engine.gpu.compiled`."""

    def __call__(
        self,
        arch: Architecture,
        layer: Layer,
        x: "torch.Tensor",
        rotation: "torch.Tensor",
        attention: Attention,
    ) -> "torch.Tensor":
        """x [T, H] → [T, H]. x may be overwritten."""
        ...


def run_layer(
    arch: Architecture,
    layer: Layer,
    x: "torch.Tensor",
    rotation: "torch.Tensor",
    attention: Attention,
    last: "torch.Tensor | None" = None,
) -> "torch.Tensor":
    """x [T, H] → [T, H], or [N, H] for the rows `last` alone. x is overwritten."""
    import torch
    from torch.nn.functional import rms_norm, silu

    d, heads, kv_heads = arch.head_dim, arch.heads, arch.kv_heads
    q = x.new_empty(len(x), heads, d)
    k = x.new_empty(len(x), kv_heads, d)
    v = x.new_empty(len(x), kv_heads, d)
    for rows in _blocks(x):
        qkv = layer.qkv(rms_norm(x[rows], (arch.hidden,), layer.input_norm, arch.norm_eps))
        new_q, new_k, v[rows] = torch.split(qkv.view(len(qkv), -1, d), [heads, kv_heads, kv_heads], dim=1)
        if layer.q_norm is not None:
            new_q = rms_norm(new_q, (d,), layer.q_norm, arch.norm_eps)
            new_k = rms_norm(new_k, (d,), layer.k_norm, arch.norm_eps)
        q[rows] = _rotate(new_q, rotation[rows])
        k[rows] = _rotate(new_k, rotation[rows])
    attended = attention(q, k, v)
    if last is not None:
        x, attended = x.index_select(0, last), attended.index_select(0, last)
    for rows in _blocks(x):
        block = x[rows]
        block += layer.out(attended[rows])
        gate, up = layer.gate_up(rms_norm(block, (arch.hidden,), layer.post_norm, arch.norm_eps)).chunk(
            2, dim=1
        )
        block += layer.down(silu(gate).mul_(up))
    return x


def _blocks(x: "torch.Tensor") -> Iterator[slice]:
    step = CPU_BLOCK if x.device.type == "cpu" else max(1, len(x))
    for start in range(0, len(x), step):
        yield slice(start, start + step)


def _rotate(x: "torch.Tensor", rotation: "torch.Tensor") -> "torch.Tensor":
    """Rotate x [R, heads, d], whose pairs lie side by side, by rotation [R, 1, d / 2].

    One pass over memory instead of the five of «x · cos + rotate_half(x) · sin»; `interleave` has put the
    rows of the projections into this order.
    """
    import torch

    pairs = torch.view_as_complex(x.float().view(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * rotation).view(x.shape).to(x.dtype)


def interleave(weight: "torch.Tensor", head_dim: int) -> "torch.Tensor":
    """Reorder each head's rows from (a0 a1 … b0 b1 …) to (a0 b0 a1 b1 …).

    The published weights pair dimension i with i + d/2. Queries and keys are reordered alike, so every dot
    product, and with it every score, stays the same.
    """
    halves = weight.view(-1, 2, head_dim // 2, *weight.shape[1:])
    return halves.transpose(1, 2).reshape(weight.shape)
