"""What the comparison with the published similarities says, for vectors that give chosen similarities."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from core.models.embedding.embedder import Cancelled, Embedded, EmbedderInfo, Vector
from core.models.embedding.selftest import PROBE, PUBLISHED, Similarities, run_similarities

SMALL = "Qwen/Qwen3-Embedding-0.6B"


class Planned:
    """An embedder whose two queries and two passages have the similarities that were planned."""

    def __init__(self, similarities: Similarities, name: str, dimensions: int, device: str = "cpu") -> None:
        self.info = EmbedderInfo(name, name, "planned", dimensions, device, 8192)
        self._passages = np.zeros((2, dimensions), np.float32)
        self._passages[:, :2] = np.array(similarities).T

    def query(self, text: str) -> Vector:
        vector = np.zeros(self.info.dimensions, np.float32)
        vector[PROBE[0].index(text)] = 1
        return vector

    def passages(self, texts: Sequence[str], cancelled: Cancelled | None = None) -> Iterator[Embedded]:
        # Longer texts may come later, whatever their place.
        for at in (1, 0):
            yield Embedded([at], self._passages[at : at + 1])


def _shifted(similarities: Similarities, by: float) -> Similarities:
    (a, b), (c, d) = similarities
    return ((a + by, b), (c, d))


@pytest.mark.parametrize(("name", "dimensions"), [(SMALL, 1024), ("Qwen/Qwen3-Embedding-8B", 4096)])
def test_published_similarities_pass_and_others_fail(name: str, dimensions: int) -> None:
    report = run_similarities(Planned(PUBLISHED[name], name, dimensions))
    assert report.passed and report.expected == PUBLISHED[name]
    assert "agree with the published ones" in report.explanation.text
    other = run_similarities(Planned(_shifted(PUBLISHED[name], -0.05), name, dimensions))
    assert not other.passed and other.largest_difference == pytest.approx(0.05, abs=1e-6)
    assert "do not rely on this model" in other.explanation.text


def test_bf16_may_differ_more_than_fp32() -> None:
    moved = _shifted(PUBLISHED[SMALL], 0.004)
    assert not run_similarities(Planned(moved, SMALL, 1024)).passed
    assert run_similarities(Planned(moved, SMALL, 1024, device="cuda")).passed


def test_official_weights_in_a_folder_are_recognised() -> None:
    report = run_similarities(Planned(PUBLISHED[SMALL], "/models/mine", 1024))
    assert report.passed and report.expected == PUBLISHED[SMALL]
    assert report.explanation.text == f"The similarities agree with those published for {SMALL}."


@pytest.mark.parametrize(("name", "dimensions"), [("/models/mine", 1024), (SMALL, 256)])
def test_without_published_values_only_the_order_counts(name: str, dimensions: int) -> None:
    kept = run_similarities(Planned(((0.9, 0.4), (0.3, 0.8)), name, dimensions))
    assert kept.passed and kept.expected is None and "Only the order" in kept.explanation.text
    for similarities in (((0.9, 0.4), (0.85, 0.8)), ((0.4, 0.9), (0.3, 0.8))):
        lost = run_similarities(Planned(similarities, name, dimensions))
        assert not lost.passed and "does not answer it" in lost.explanation.text
