"""Which devices and precisions a user may name, and whether this machine has the device: checked here alone.

What «auto» becomes is `core.engine.device`'s decision. torch is imported only to look for a device other than
the CPU.
"""

import re
from typing import Literal, get_args

from core.errors import InputError

Precision = Literal["fp32", "bf16", "int8", "fp8"]

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", *get_args(Precision))
_NUMBERED = re.compile(r"cuda:(\d+)")


def check_device_name(device: str) -> None:
    """InputError when no machine has a device of this name."""
    if device not in DEVICES and _NUMBERED.fullmatch(device) is None:
        raise InputError(
            'Unknown device "{device}".',
            where="device",
            hint="Use one of: {devices}, or cuda:1 for the second GPU.",
            device=device,
            devices=", ".join(DEVICES),
        )


def check_device_present(device: str) -> None:
    """InputError when no machine, or not this one, has a device of this name."""
    check_device_name(device)
    if device in ("auto", "cpu"):
        return
    import torch

    numbered = _NUMBERED.fullmatch(device)
    if device == "mps":
        count = int(torch.backends.mps.is_available())
    else:
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count <= (int(numbered.group(1)) if numbered else 0):
        raise InputError(
            'The device "{device}" is not available on this machine ({count} found).',
            where="device",
            hint="Use auto or cpu, or install the torch build for this device.",
            device=device,
            count=count,
        )


def check_precision(precision: str) -> None:
    """InputError when the precision is not one the engine knows."""
    if precision not in PRECISIONS:
        raise InputError(
            'Unknown precision "{precision}".',
            where="precision",
            hint="Use one of: {precisions}.",
            precision=precision,
            precisions=", ".join(PRECISIONS),
        )
