"""What the machine offers: device, data type, free memory, int8 instructions; and moving arrays to it.

Nothing is probed on import. Which precision is finally used is the scorer's decision.
"""

import logging
from typing import TYPE_CHECKING, Any, cast

from core.engine.choices import Precision, check_device_present, check_precision
from core.engine.int8 import exact_range
from core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import torch

    from core.engine.architecture import Architecture

logger = logging.getLogger(__name__)

# Share of the free memory that one pass may fill; the rest is the allocator's slack and other programs'.
MEMORY_SHARE = 0.5
# More tokens in one pass bring no speed on these devices, only waiting for the people behind it.
LARGEST_BUDGET = {"cpu": 2048, "mps": 16_384, "cuda": 131_072}
SMALLEST_BUDGET = 256
# Below this width the passes around the product cost what int8 saves.
SMALLEST_HIDDEN_FOR_INT8 = 512
# A background pass on a CPU: about a second of work in int8, so that a person never waits longer.
BACKGROUND_BUDGET_CPU = 1024

# The first compute capability that multiplies fp8.
FP8_CAPABILITY = (8, 9)
_OUT_OF_MEMORY = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


def choose_device(wanted: str) -> "torch.device":
    """`auto` → CUDA, else Apple's MPS, else the CPU; InputError for what is not there."""
    import torch

    check_device_present(wanted)
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def choose_precision(wanted: str, device: "torch.device", arch: "Architecture") -> Precision:
    """The precision to try.

    `auto` → bf16 on CUDA and MPS. On a CPU: int8 where it has the instructions and the model is large
    enough to gain, else fp32 (bf16 is four times slower there without AMX).
    """
    import torch

    check_precision(wanted)
    if wanted == "fp8" and (
        device.type != "cuda" or torch.cuda.get_device_capability(device) < FP8_CAPABILITY
    ):
        raise InputError(
            "fp8 runs on GPUs from Ada and Hopper on, not on {device}.",
            where="precision",
            hint="Use auto.",
            device=str(device),
        )
    if device.type == "cpu":
        if wanted == "auto":
            fast = has_int8_instructions() and arch.hidden >= SMALLEST_HIDDEN_FOR_INT8
            wanted = "int8" if fast else "fp32"
        if wanted == "int8" and not exact_range():
            logger.info("there is no exact int8 product here; fp32 is used")
            return "fp32"
        return cast(Precision, wanted)
    if wanted == "int8":
        raise InputError(
            "int8 runs on a CPU only, not on {device}.",
            where="precision",
            hint="Use auto or bf16.",
            device=str(device),
        )
    if wanted in ("fp32", "fp8"):
        return cast(Precision, wanted)
    if device.type == "cuda" and torch.cuda.get_device_capability(device) < (8, 0):
        return "fp32"
    return "bf16"


def has_int8_instructions() -> bool:
    """Whether this CPU multiplies int8 much faster than fp32: x86 with AVX2 or anything newer.

    AVX2 alone doubles the rate, with weights of half the range (`core.engine.int8`); VNNI multiplies it by
    four on the processors measured (benchmarks/LOG.md, entry 3).
    """
    import torch

    return bool(torch.cpu.get_capabilities().get("avx2", False))


def upload(array: "np.ndarray[Any, Any]", device: "torch.device") -> "torch.Tensor":
    """A host array on the device; from pinned memory without waiting on CUDA."""
    import torch

    tensor = torch.from_numpy(array)
    if device.type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def free_memory(device: "torch.device") -> int:
    """Bytes that a pass could take now."""
    import psutil  # type: ignore[import-untyped]
    import torch

    if device.type == "cuda":
        # What torch's allocator holds without using it is there for the next pass as well.
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + kept
    if device.type == "mps":
        limit = torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
        return max(0, min(int(limit), int(psutil.virtual_memory().available)))
    return int(psutil.virtual_memory().available)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an allocation failed: often a class of its own, else only told by the message.

    CUDA's libraries allocate beside torch, and say so in their own words.
    """
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _OUT_OF_MEMORY)


def release_memory(device: "torch.device") -> None:
    """Give cached blocks back before a smaller attempt."""
    import torch

    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def bytes_per_token(arch: "Architecture", element_size: int) -> int:
    """Upper estimate of what one token of a pack holds at the fullest moment of a layer.

    Residual stream, q/k/v twice (as computed and gathered for attention), the attention's result, and
    the MLP's two halves with their product where a device runs all rows at once.
    """
    attention = 2 * arch.qkv_rows + 2 * arch.heads * arch.head_dim
    mlp = 3 * arch.intermediate
    return element_size * (3 * arch.hidden + attention + mlp)


def token_budget(device: "torch.device", arch: "Architecture", element_size: int) -> int:
    """The longest pass that fits well into the memory that is free now."""
    fits = int(free_memory(device) * MEMORY_SHARE) // bytes_per_token(arch, element_size)
    return max(SMALLEST_BUDGET, min(LARGEST_BUDGET.get(device.type, 8192), fits))
