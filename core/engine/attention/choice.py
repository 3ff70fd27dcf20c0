"""The attention kernel for a device and data type, chosen once per model; a test compares both.

A kernel is built once per pack from its segments and called once per layer. Tensors at the boundary:
q [T, heads, d] · k, v [T, kv_heads, d] → [T, heads · d], with T the tokens of the pack.
"""

from typing import TYPE_CHECKING

from core.engine.attention.bucketed import BucketedAttention
from core.engine.attention.cuda import VariableLengthAttention

if TYPE_CHECKING:
    import torch

AttentionKernel = type[VariableLengthAttention] | type[BucketedAttention]


def choose_kernel(device: "torch.device", dtype: "torch.dtype") -> "AttentionKernel":
    """The fastest kernel that this device, data type and torch can run."""
    import torch

    if device.type == "cuda" and dtype in (torch.bfloat16, torch.float16):
        # Flash attention needs Ampere (8.0) or newer; torch.nn.attention.varlen came with torch 2.10.
        try:
            import torch.nn.attention.varlen as _varlen  # noqa: F401
        except ImportError:
            return BucketedAttention
        if torch.cuda.get_device_capability(device) >= (8, 0):
            return VariableLengthAttention
    return BucketedAttention
