"""Does an embedding model, as it is loaded here, give the similarities that Qwen published?

The model card's two queries and two passages, in fp32 for the 0.6B; for the others its own bf16 values. For
models and lengths of vectors without published values only the order is checked, and the report says so.
"""

from dataclasses import dataclass

import numpy as np

from core.models.embedding.catalogue import lookup_embedding
from core.models.embedding.embedder import Embedder
from core.sentences import Sentence, sentence

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


AGREE = "The similarities agree with the published ones."
DIFFER = (
    "The similarities differ from the published ones: do not rely on this model as it is loaded here. If it "
    "was downloaded, «python -m core models --download NAME» repairs its files; then start again."
)
AGREE_WITH = "The similarities agree with those published for {model}."
ORDER_KEPT = "Only the order was checked: no similarities are published for this model and its dimensions."
ORDER_LOST = (
    "A query was nearer to the passage that does not answer it: do not rely on this model as it is loaded "
    "here."
)


@dataclass(frozen=True, slots=True)
class SimilarityReport:
    """expected: None where nothing was published. passed: the values, or else the order, came out.

    explanation: what the verdict rests on.
    """

    expected: Similarities | None
    actual: Similarities
    largest_difference: float | None
    passed: bool
    explanation: Sentence


def run_similarities(embedder: Embedder) -> SimilarityReport:
    """Embed the four texts; seconds on a CPU."""
    queries = np.stack([embedder.query(text) for text in PROBE[0]])
    passages = np.empty_like(queries)
    for part in embedder.passages(PROBE[1]):
        passages[part.positions] = part.vectors
    (a, b), (c, d) = (queries @ passages.T).tolist()
    actual = ((a, b), (c, d))
    limit = TOLERANCE.get(embedder.info.device, TOLERANCE_BF16)
    known = lookup_embedding(embedder.info.name)
    if known is not None and known.shape and embedder.info.dimensions == known.shape.hidden:
        expected = PUBLISHED[known.name]
        difference = _difference(actual, expected)
        passed = difference <= limit
        return SimilarityReport(expected, actual, difference, passed, sentence(AGREE if passed else DIFFER))
    # A folder or a server may well hold the official weights.
    for name, expected in PUBLISHED.items():
        difference = _difference(actual, expected)
        if difference <= limit:
            told = sentence(AGREE_WITH, model=name)
            return SimilarityReport(expected, actual, difference, True, told)
    ordered = a > b and d > c
    return SimilarityReport(None, actual, None, ordered, sentence(ORDER_KEPT if ordered else ORDER_LOST))


def _difference(actual: Similarities, expected: Similarities) -> float:
    return float(np.abs(np.array(actual) - np.array(expected)).max())
