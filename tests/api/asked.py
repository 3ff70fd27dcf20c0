"""A query with a clear order of its documents, and the routes with the embedded model behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.routes import routes
from core.workflows.home.workbench import Workbench

QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "如需换货，请在订单详情页选择换货。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "今天天气很好。",
]
BEST_FIRST = [1, 0, 2]


@contextmanager
def client_of(bench: Workbench) -> Iterator[TestClient]:
    """A client of the routes alone, without the door."""
    with TestClient(Starlette(routes=routes(lambda: bench)), base_url="http://localhost:8080") as client:
        yield client
