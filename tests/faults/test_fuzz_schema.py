"""Requests that schemathesis makes from the OpenAPI document, allowed and forbidden: answers are as it says.

Forbidden ones may be accepted, since clients write null for absent and booleans as words; but none fails.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from requests import Request
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.documentation import openapi
from core.api.door.flights import Closing
from core.api.door.middleware import Door
from core.api.routes import routes
from core.workflows.home.workbench import Workbench

pytestmark = pytest.mark.filterwarnings("ignore:It looks like `register_random`")

BASE = "http://localhost:8080"
OPERATIONS = {
    operation.label: operation
    for operation in (
        found.ok() for found in schemathesis.openapi.from_dict(openapi(BASE)).get_all_operations()
    )
}
ACCEPTED = "Schema-valid request rejected"
REFUSED = "Schema-violating request accepted"
# What no schema can say: a corpus or a recipe of that name is there, and as many texts as texts.
BY_CONTENT = ("corpus", "recipe", "first_scores", "texts cannot be paired", "documents are more than")


@pytest.fixture(scope="module")
def client(embedded_workbench: Workbench) -> Iterator[TestClient]:
    """The routes behind the door; what they raise would fail the test."""
    app = Starlette(routes=routes(lambda: embedded_workbench))
    with TestClient(Door(app, embedded_workbench.settings, Closing()), BASE) as client:
        yield client


def _keeps_to_the_document(client: TestClient, case: schemathesis.Case) -> None:
    made = Request(**case.as_transport_kwargs(base_url=BASE, headers={"Host": "localhost:8080"})).prepare()
    answer = client.request(made.method, made.url, content=made.body, headers=dict(made.headers))
    assert answer.status_code < 500, answer.text
    try:
        case.validate_response(schemathesis.Response.from_any(answer))
    except FailureGroup as failed:
        by_content = any(word in answer.text for word in BY_CONTENT)
        wrong = [
            f"{one.title}: {one.message}"
            for one in failed.exceptions
            if one.title != REFUSED and not (one.title == ACCEPTED and by_content)
        ]
        assert not wrong, (wrong, made.body, answer.text)


def _check(client: TestClient, label: str, mode: GenerationMode, examples: int) -> None:
    strategy = OPERATIONS[label].as_strategy(generation_mode=mode)
    limits = settings(
        max_examples=examples,
        deadline=20_000,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    limits(given(case=strategy)(lambda case: _keeps_to_the_document(client, case)))()


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_the_document_allows_is_answered_as_it_says(client: TestClient, label: str) -> None:
    _check(client, label, GenerationMode.POSITIVE, 15)


@pytest.mark.parametrize("label", [label for label in OPERATIONS if label.startswith("POST")])
def test_what_the_document_forbids_is_refused_as_it_says_or_read(client: TestClient, label: str) -> None:
    _check(client, label, GenerationMode.NEGATIVE, 15)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", [label for label in OPERATIONS if label.startswith("POST")])
def test_very_many_requests_keep_to_the_document(
    client: TestClient, label: str, mode: GenerationMode
) -> None:
    _check(client, label, mode, 1000)
