"""Several orders of the same documents, one per wording, merged into one."""

from collections.abc import Mapping, Sequence
from typing import Literal

MergeRule = Literal["maximum", "mean", "reciprocal"]
MERGE_RULES: Mapping[MergeRule, str] = {
    "maximum": "Highest score",
    "mean": "Mean score",
    "reciprocal": "Reciprocal rank fusion",
}
# Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion outperforms Condorcet …" (SIGIR 2009).
RECIPROCAL_CONSTANT = 60


def merged_values(logits: Sequence[Sequence[float]], how: MergeRule) -> list[float]:
    """One value per document; the higher, the better. logits: per wording, a logit per document.

    maximum, mean: of a document's logits. reciprocal: the sum of 1 / (60 + rank) over the wordings.
    """
    if how == "reciprocal":
        orders = [ranks_of(row) for row in logits]
        return [
            sum(1 / (RECIPROCAL_CONSTANT + rank) for rank in ranks) for ranks in zip(*orders, strict=True)
        ]
    if how == "mean":
        return [sum(column) / len(column) for column in zip(*logits, strict=True)]
    return [max(column) for column in zip(*logits, strict=True)]


def ranks_of(values: Sequence[float]) -> list[int]:
    """Rank of each document, from 1, the highest value first; equal ones keep their order."""
    ranks = [0] * len(values)
    for rank, at in enumerate(sorted(range(len(values)), key=lambda at: -values[at]), start=1):
        ranks[at] = rank
    return ranks
