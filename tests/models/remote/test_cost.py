"""What a hosted reranker costs, estimated from its list price."""

import pytest

from core.models.remote.cost import estimate, estimated_tokens
from core.models.remote.servers import SERVERS
from core.models.remote.servers.server import Price
from core.records import ScoringRequest
from tests.models.remote.conftest import Connect
from tests.models.remote.fake_servers import FakeServer


def test_tokens_are_estimated_by_script() -> None:
    assert estimated_tokens("refund in seven days") == pytest.approx(5)
    assert estimated_tokens("七天无理由退货吧") == pytest.approx(6)


def test_every_distinct_document_is_paid_with_its_query() -> None:
    # Query 4 tokens, documents 2 and 3: (4 + 2) + (4 + 3) = 13; the copy is not sent.
    request = ScoringRequest("q" * 16, ("d" * 8, "e" * 12, "d" * 8))
    found = estimate([request, request], Price(1000.0, "2026-11"))
    assert (found.tokens, found.amount) == (pytest.approx(26), pytest.approx(26 / 1000))


@pytest.mark.parametrize(
    ("tokens", "money"),
    [
        (4_230_000, "US$0.42"),
        (41_500_000, "US$4.2"),
        (1.234e9, "US$120"),
        (1234e9, "US$120,000"),
        (9, "US$9.0e-07"),
    ],
)
def test_a_sum_is_said_with_two_figures(tokens: float, money: str) -> None:
    request = ScoringRequest("", ("d" * 4,))
    found = estimate([request], Price(0.1 * tokens, "2026-11"))
    assert found.money == money


def test_a_price_belongs_to_a_model_and_has_its_currency(connected: Connect) -> None:
    def price(model: str) -> Price | None:
        return connected(FakeServer("dashscope"), f"dashscope+http://127.0.0.1:9#{model}").price

    assert price("qwen3-rerank") == Price(0.1, "2026-11")
    assert price("qwen3.7-text-rerank") == Price(0.5, "2026-11", "CN¥")
    assert price("gte-rerank-v2") is None


def test_every_price_says_when_it_was_looked_up() -> None:
    prices = [price for server in SERVERS.values() for price in server.prices.values()]
    assert prices and all(price.looked_up >= "2026-11" and price.per_million_tokens > 0 for price in prices)
