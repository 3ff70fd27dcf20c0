"""Bodies of every shape at every route: the answer is JSON, and never a failure of ours.

The default run is short; `pytest -m slow` sends a hundred times as many.
"""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.door.flights import Closing
from core.api.door.middleware import Door
from core.api.routes import routes
from core.workflows.home.workbench import Workbench

# Once a loaded model's objects are frozen, Hypothesis takes its own generator for one about to vanish.
pytestmark = pytest.mark.filterwarnings("ignore:It looks like `register_random`")

PATHS = (
    "/rerank",
    "/v1/rerank",
    "/v2/rerank/",
    "/v1/ranking",
    "/api/rerank",
    "/api/v1/services/rerank/text-rerank/text-rerank",
    "/v1/retrieval/some/model/reranking",
    "/score",
    "/v1/score",
    "/api/predict",
    "/v1/nothing",
    "/v1/embeddings",
)
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "\x00", "\ud800", "preset:none", "true", "9" * 400, "退款"]
)
NUMBERS = st.integers() | st.floats() | st.booleans() | st.none()
ANY = st.recursive(
    TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.lists(
    TEXTS
    | st.fixed_dictionaries({"text": TEXTS | ANY})
    | st.dictionaries(st.text(max_size=5), ANY, max_size=3),
    max_size=5,
)
# The fields that dialects look at, with what they expect half of the time.
FIELDS = {
    "query": TEXTS | ANY,
    "documents": DOCUMENTS | ANY,
    "texts": DOCUMENTS | ANY,
    "passages": DOCUMENTS | ANY,
    "input": DOCUMENTS | ANY | st.fixed_dictionaries({"query": TEXTS, "documents": DOCUMENTS}),
    "text_1": TEXTS | ANY,
    "text_2": DOCUMENTS | ANY,
    "queries": DOCUMENTS | ANY,
    "items": DOCUMENTS | ANY,
    "data": st.lists(ANY, max_size=4) | ANY,
    "model": TEXTS | ANY,
    "top_n": NUMBERS | TEXTS | ANY,
    "top_k": NUMBERS | TEXTS,
    "instruction": TEXTS | ANY,
    "chat_template_kwargs": ANY,
    "parameters": ANY,
    "return_documents": NUMBERS | TEXTS,
    "raw_scores": ANY,
    "truncate": ANY,
    "truncation_direction": ANY,
    "rank_fields": ANY,
    "max_tokens_per_doc": NUMBERS | ANY,
}
BODIES = st.fixed_dictionaries({}, optional=FIELDS).map(lambda body: json.dumps(body).encode()) | st.binary(
    max_size=60
)
METHODS = st.sampled_from(["POST"] * 8 + ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])


@pytest.fixture(scope="module")
def client(embedded_workbench: Workbench) -> Iterator[TestClient]:
    """The routes behind the door; what they raise would fail the test."""
    app = Starlette(routes=routes(lambda: embedded_workbench))
    with TestClient(Door(app, embedded_workbench.settings, Closing()), "http://localhost:8080") as client:
        yield client


def _ask(client: TestClient, method: str, path: str, body: bytes) -> None:
    answer = client.request(method, path, content=body)
    assert answer.status_code < 500, (method, path, body, answer.text)
    if method != "HEAD" and answer.content:
        json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert "Traceback" not in answer.text


@given(method=METHODS, path=st.sampled_from(PATHS), body=BODIES)
@settings(max_examples=120, deadline=20_000, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_body_gets_json_and_no_failure(client: TestClient, method: str, path: str, body: bytes) -> None:
    _ask(client, method, path, body)


@pytest.mark.slow
@given(method=METHODS, path=st.sampled_from(PATHS), body=BODIES)
@settings(max_examples=15_000, deadline=20_000, suppress_health_check=list(HealthCheck))
def test_very_many_bodies_get_json_and_no_failure(
    client: TestClient, method: str, path: str, body: bytes
) -> None:
    _ask(client, method, path, body)
