"""The layer's passes between products as a few fused kernels, by torch's compiler, on CUDA.

In eager mode a token moves some 200 KB through memory in a layer between its products, which takes as long as
the products themselves. The compiler joins norm and residual, rotary and QK-norm, SiLU and product. It
compiles two functions once for all layers and lengths: weights are arguments, the number of tokens is a
variable, and attention stays outside. Where the compiler does not run (no triton), the eager layer goes on.

Opt-in until it has been measured on a GPU: `RERANK_COMPILE=1`.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.engine.architecture import Architecture
from core.engine.attention.segments import Attention
from core.engine.linear import TorchLinear
from core.engine.model import Layer, PackedModel, RunLayer, run_layer

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

# Compiles one half of a layer; torch.compile's form with a backend may stand in for it.
Half = Callable[..., "tuple[torch.Tensor, ...]"]
Compiler = Callable[[Half], Half]


class CompiledLayer:
    """`core.engine.model.run_layer` in two compiled halves, before and after attention."""

    def __init__(self, compiler: Compiler | None = None) -> None:
        """compiler: by default torch's own, for any number of tokens."""
        chosen = compiler or _inductor
        self._before, self._after = chosen(before_attention), chosen(after_attention)

    def __call__(
        self,
        arch: Architecture,
        layer: Layer,
        x: "torch.Tensor",
        rotation: "torch.Tensor",
        attention: Attention,
    ) -> "torch.Tensor":
        """See `core.engine.model.RunLayer`."""
        import torch

        shape = (arch.heads, arch.kv_heads, arch.head_dim, arch.norm_eps)
        q, k, v = self._before(
            x, layer.input_norm, weight_of(layer.qkv), layer.q_norm, layer.k_norm,
            torch.view_as_real(rotation), shape,
        )  # fmt: skip
        (result,) = self._after(
            x, attention(q, k, v), weight_of(layer.out), layer.post_norm, weight_of(layer.gate_up),
            weight_of(layer.down), arch.norm_eps,
        )  # fmt: skip
        return result


def before_attention(
    x: "torch.Tensor",
    norm: "torch.Tensor",
    qkv: "torch.Tensor",
    q_norm: "torch.Tensor | None",
    k_norm: "torch.Tensor | None",
    rotation: "torch.Tensor",
    shape: tuple[int, int, int, float],
) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
    """x [T, H] → q [T, heads, d], k and v [T, kv_heads, d]. rotation: [T, 1, d / 2, 2], cosines and sines."""
    import torch
    from torch.nn.functional import linear, rms_norm

    heads, kv_heads, d, eps = shape
    found = linear(rms_norm(x, (x.shape[1],), norm, eps), qkv).view(x.shape[0], -1, d)
    q, k, v = torch.split(found, [heads, kv_heads, kv_heads], dim=1)
    if q_norm is not None:
        q, k = rms_norm(q, (d,), q_norm, eps), rms_norm(k, (d,), k_norm, eps)
    return rotate(q, rotation), rotate(k, rotation), v.contiguous()


def after_attention(
    x: "torch.Tensor",
    attended: "torch.Tensor",
    out: "torch.Tensor",
    norm: "torch.Tensor",
    gate_up: "torch.Tensor",
    down: "torch.Tensor",
    eps: float,
) -> "tuple[torch.Tensor]":
    """x [T, H] and the attention's result [T, heads · d] → [T, H]."""
    from torch.nn.functional import linear, rms_norm, silu

    x = x + linear(attended, out)
    gate, up = linear(rms_norm(x, (x.shape[1],), norm, eps), gate_up).chunk(2, dim=1)
    return (x + linear(silu(gate) * up, down),)


def rotate(x: "torch.Tensor", rotation: "torch.Tensor") -> "torch.Tensor":
    """`core.engine.model`'s rotation in real numbers, which the compiler can join with its neighbours."""
    import torch

    first, second = x.float().view(*x.shape[:-1], -1, 2).unbind(-1)
    cosine, sine = rotation.unbind(-1)
    turned = torch.stack([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
    return turned.view(x.shape).to(x.dtype)


def weight_of(linear: object) -> "torch.Tensor":
    """The matrix of a plain product; other products are not compiled."""
    assert isinstance(linear, TorchLinear)
    return linear.weight


def choose_run(model: PackedModel, wanted: bool) -> RunLayer:
    """The compiled layer where it is wanted, on a GPU with a compiler that runs; else the eager one."""
    plain = all(isinstance(layer.qkv, TorchLinear) for layer in model.layers)
    if not wanted or model.device.type != "cuda" or not plain:
        return run_layer
    return compiled_or_eager(model, CompiledLayer())


def compiled_or_eager(model: PackedModel, compiled: RunLayer) -> RunLayer:
    """The compiled layer after two passes of different length, which compile it; else the eager one."""
    eager, model.run = model.run, compiled
    try:
        for tokens in (1024, 2304):
            model.run_empty(tokens)
    except Exception as error:  # whatever a compiler can fail with; scoring goes on without it
        logger.warning("the layer could not be compiled, so it runs in eager mode: %s", error)
        return eager
    finally:
        model.run = eager
    return compiled


def _inductor(function: Half) -> Half:
    import torch

    return torch.compile(function, dynamic=True, fullgraph=True)
