"""Does an embedding model, as it is loaded here, give the similarities that Qwen published?

The model card's two queries and two passages, in fp32 for the 0.6B; for the others its own bf16 values.
"""

from dataclasses import dataclass

import numpy as np

from core.models.embedding.embedder import Embedder

# Queries, then passages; passage n answers query n.
PROBE: tuple[tuple[str, str], tuple[str, str]] = (
    ("What is the capital of China?", "Explain gravity"),
    (
        "The capital of China is Beijing.",
        "Gravity is a force that attracts two bodies towards each other. It gives weight to physical objects "
        "and is responsible for the movement of planets around the sun.",
    ),
)
Similarities = tuple[tuple[float, float], tuple[float, float]]
PUBLISHED: dict[str, Similarities] = {
    "Qwen/Qwen3-Embedding-0.6B": (
        (0.7645568251609802, 0.14142508804798126),
        (0.13549736142158508, 0.5999549627304077),
    ),
    "Qwen/Qwen3-Embedding-4B": ((0.7534, 0.1147), (0.0320, 0.6258)),
    "Qwen/Qwen3-Embedding-8B": ((0.7493, 0.0751), (0.0880, 0.6318)),
}
# bf16 differs from fp32 by up to 0.003 on the 0.6B (vLLM's published values).
TOLERANCE = {"cpu": 2e-3}
TOLERANCE_BF16 = 1e-2


@dataclass(frozen=True, slots=True)
class SimilarityReport:
    """expected: None where nothing was published. passed: the values, or else the order, came out."""

    expected: Similarities | None
    actual: Similarities
    largest_difference: float | None
    passed: bool


def run_similarities(embedder: Embedder) -> SimilarityReport:
    """Embed the four texts; seconds on a CPU."""
    queries = np.stack([embedder.query(text) for text in PROBE[0]])
    passages = np.empty_like(queries)
    for part in embedder.passages(PROBE[1]):
        passages[part.positions] = part.vectors
    (a, b), (c, d) = (queries @ passages.T).tolist()
    actual = ((a, b), (c, d))
    expected = PUBLISHED.get(embedder.info.name)
    if expected is None:
        return SimilarityReport(None, actual, None, a > b and d > c)
    difference = float(np.abs(np.array(actual) - np.array(expected)).max())
    limit = TOLERANCE.get(embedder.info.device, TOLERANCE_BF16)
    return SimilarityReport(expected, actual, difference, difference <= limit)
