"""What a hosted reranker costs, estimated from its list price."""

import pytest

from core.models.remote.cost import estimated_dollars, estimated_tokens
from core.records import ScoringRequest


def test_tokens_are_estimated_by_script() -> None:
    assert estimated_tokens("refund in seven days") == pytest.approx(5)
    assert estimated_tokens("七天无理由退货吧") == pytest.approx(6)


def test_every_distinct_document_is_paid_with_its_query() -> None:
    # Query 4 tokens, documents 2 and 3: (4 + 2) + (4 + 3) = 13; the copy is not sent.
    request = ScoringRequest("q" * 16, ("d" * 8, "e" * 12, "d" * 8))
    assert estimated_dollars([request, request], per_million_tokens=1000.0) == pytest.approx(2 * 13 / 1000)
