"""The embedded model as an embedder: one vector a text, whatever is beside it, also across languages."""

from collections.abc import Iterator

import numpy as np
import pytest

from core.errors import StoppedError
from core.models.embedded.loading import load_e5
from core.models.embedding.embedded import BiEncoderEmbedder, load_embedded_embedder
from core.models.embedding.embedder import Pace, passes

TEXTS = (
    "退款多久到账？",
    "A refund reaches your card within 3 to 5 days.",
    "量子计算机",
    "长" * 600,
    "b" * 5,
)


@pytest.fixture(scope="module")
def embedder() -> BiEncoderEmbedder:
    return load_embedded_embedder()


def _all(embedder: BiEncoderEmbedder, texts: tuple[str, ...]) -> np.ndarray:
    vectors = np.zeros((len(texts), embedder.info.dimensions), np.float32)
    for part in embedder.passages(texts):
        vectors[part.positions] = part.vectors
    return vectors


def test_every_text_has_one_unit_vector_whatever_is_beside_it(embedder: BiEncoderEmbedder) -> None:
    together = _all(embedder, TEXTS)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    for at, text in enumerate(TEXTS):
        assert np.abs(_all(embedder, (text,))[0] - together[at]).max() < 1e-5


def test_a_vector_is_the_pooled_one_that_the_scorer_knows(embedder: BiEncoderEmbedder) -> None:
    encoder = load_e5()._encoder
    windows = encoder.read(TEXTS[1], "passage").windows
    (expected,) = encoder.encode(windows)
    assert np.abs(expected.pooled.numpy() - _all(embedder, TEXTS[1:2])[0]).max() < 1e-5


def test_a_query_finds_the_answer_in_the_other_language(embedder: BiEncoderEmbedder) -> None:
    scores = _all(embedder, TEXTS[:3]) @ embedder.query("退款要几天")
    assert int(scores[1:].argmax()) == 0


def _passes(lengths: list[int], pace: Pace) -> Iterator[list[int]]:
    """Of texts that are as many tokens as they have characters."""
    return passes(["x" * length for length in lengths], lengths.__getitem__, pace)


def test_passes_are_short_while_people_search() -> None:
    pace = Pace(short=100, long=1000)
    begun = _passes([90, 10, 20, 5000, 30] + [50] * 10, pace)
    assert next(begun) == [1, 2, 4, *range(5, 15), 0]
    pace.queried()
    assert list(_passes([90, 10, 20, 5000, 30], pace)) == [[1, 2, 4], [0], [3]]
    assert list(begun) == [[3]]
    pace.took(tokens=1000, seconds=0.6)  # 30 ms are 50 tokens on this machine now
    assert list(_passes([30, 10, 40], pace)) == [[1, 0], [2]]


def test_a_text_is_read_once_and_not_long_before_its_pass() -> None:
    pace, read = Pace(short=100, long=100), []

    def length(at: int) -> int:
        read.append(at)
        return 60

    begun = passes(["x" * size for size in (3, 1, 2, 4)], length, pace)
    assert read == [] and next(begun) == [1] and read == [1, 2]
    assert list(begun) == [[2], [0], [3]] and read == [1, 2, 0, 3]


def test_it_stops_between_passes(embedder: BiEncoderEmbedder) -> None:
    parts = embedder.passages(TEXTS, cancelled=lambda: True)
    with pytest.raises(StoppedError):
        next(parts)
