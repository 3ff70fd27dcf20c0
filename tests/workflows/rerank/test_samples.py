"""The shipped samples do what they promise, with the model that ships."""

import pytest

from core.records import Scorer
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.language)
def test_the_answer_moves_to_the_first_place(sample: Sample, embedded: Scorer) -> None:
    result = rerank(embedded, sample.query, sample.documents)
    assert result.ranked[0].index == sample.answer
    assert result.ranked[0].movement > 0
