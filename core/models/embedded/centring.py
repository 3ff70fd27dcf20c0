"""Language centring: what all queries, or all passages, of one language share is taken out of their vectors.

multilingual-e5-small places texts of one language close together. In a list of mixed languages an answer in
another language than the query's would hardly ever come first. Subtracting the mean vector of the text's role
and language mends that. The means come from `sample_texts.json`, sentences written for this project;
`python -m core.models.embedded` computes `means.npy` again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from core.models.embedded.reading import LANGUAGES, ROLES, Language, Role

if TYPE_CHECKING:
    from torch import Tensor

SHARE = 0.8  # of the mean that is subtracted; 1.0 and 0.6 were measured too, see benchmarks/quality.md

_FOLDER = Path(__file__).parent
SAMPLE_FILE = _FOLDER / "sample_texts.json"
MEANS_FILE = _FOLDER / "means.npy"

Means = npt.NDArray[np.float32]  # [role, language, (pooled, token), hidden], in the order of ROLES, LANGUAGES


@dataclass(frozen=True, slots=True)
class Centre:
    """The means of one role and language, each [hidden]: of pooled text vectors and of token states."""

    pooled: "Tensor"
    token: "Tensor"


@cache
def sample_texts() -> dict[Role, dict[Language, list[str]]]:
    """The project's own sample sentences by role and language."""
    return cast(dict[Role, dict[Language, list[str]]], json.loads(SAMPLE_FILE.read_text("utf-8")))


def stored_means() -> Means:
    """The means that belong to the model file."""
    return cast(Means, np.load(MEANS_FILE, allow_pickle=False))


def no_means(hidden: int) -> Means:
    """Means that change nothing: the model without centring."""
    return np.zeros((len(ROLES), len(LANGUAGES), 2, hidden), dtype=np.float32)


def centres(means: Means) -> dict[tuple[Role, Language], Centre]:
    """The means by role and language, as tensors."""
    import torch

    return {
        (role, language): Centre(*torch.from_numpy(means[i, j].copy()))
        for i, role in enumerate(ROLES)
        for j, language in enumerate(LANGUAGES)
    }


def compute_means(states_of: Callable[[Sequence[str], Role], "Sequence[Tensor]"]) -> Means:
    """Average unit vectors over the sample texts.

    states_of: the last hidden states [tokens, hidden] of some texts in a role.
    """
    import torch
    from torch.nn.functional import normalize

    samples = sample_texts()
    rows = []
    for role in ROLES:
        for language in LANGUAGES:
            states = states_of(samples[role][language], role)
            pooled = torch.stack([normalize(text.mean(dim=0), dim=0) for text in states]).mean(dim=0)
            token = torch.stack([normalize(text, dim=1).mean(dim=0) for text in states]).mean(dim=0)
            rows.append(torch.stack([pooled, token]))
    return cast(Means, torch.stack(rows).view(len(ROLES), len(LANGUAGES), 2, -1).numpy())
