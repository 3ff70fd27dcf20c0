"""The best number of candidates for a budget, by hand; a corpus that is only half embedded."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.workflows.retrieve.measuring import CurvePoint, best_within
from core.workflows.retrieve.searching import require_all_vectors
from tests.retrieval.corpora import EMBEDDING, direction, opened, passage

CURVE = (
    CurvePoint(1, 0.5, 1.5, 0.1),
    CurvePoint(5, 0.8, 8.0, 0.5),
    CurvePoint(10, 0.8, 15.0, 1.0),
    CurvePoint(20, 0.9, 28.0, None),
)


@pytest.mark.parametrize(("pairs", "k"), [(1, None), (1.5, 1), (8, 5), (20, 5), (28, 20), (1000, 20)])
def test_the_best_k_within_a_budget_is_the_cheapest_of_the_best(pairs: float, k: int | None) -> None:
    best = best_within(CURVE, pairs)
    assert (best.k if best else None) == k


def test_a_corpus_is_not_measured_before_all_vectors_are_there(tmp_path: Path) -> None:
    corpus = opened("sqlite", tmp_path)
    corpus.add([passage("a", "one"), passage("b", "two")])
    corpus.use_embedding(EMBEDDING)
    first, second = corpus.without_vector(9)
    corpus.put_vectors({first.key: direction(1)})
    with pytest.raises(InputError, match="1 of 2 passages"):
        require_all_vectors(corpus)
    corpus.put_vectors({second.key: direction(1)})
    require_all_vectors(corpus)
    corpus.close()
