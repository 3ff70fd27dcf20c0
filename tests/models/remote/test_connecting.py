"""From an address to a checked scorer: kinds, scales, templates, consent, keys."""

import logging

import httpx
import pytest

from core.errors import InputError, ModelRejectedError
from core.models.remote.connecting import FROM_PROBABILITY, LEAVES, ODD_ORDER, connect
from core.models.remote.servers import SERVERS
from core.models.remote.transport import RemoteError
from core.models.selftest import LOGITS_B, VECTOR_A
from core.settings import Settings
from tests.models.remote.conftest import Connect
from tests.models.remote.fake_servers import PLANETS, ROUTES, FakeServer, score_of

TOLD_BY_ANSWERS = ["workbench", "vllm", "tei", "llama-server", "sglang", "tensorrt-llm"]
DOCUMENTS = ["退款审核通过后原路退回", "Refunds take three days.", "x", "Refunds take three days.", ""]


def test_every_kind_has_a_fake_server() -> None:
    assert set(ROUTES) == set(SERVERS)


@pytest.mark.parametrize("kind", SERVERS)
def test_scores_of_every_kind_are_the_servers_in_the_callers_order(kind: str, connected: Connect) -> None:
    scorer = connected(FakeServer(kind), f"{kind}+http://127.0.0.1:9#m")
    scores = scorer.score("q", DOCUMENTS)
    assert [score.logit for score in scores] == pytest.approx(
        [score_of(text) for text in DOCUMENTS], abs=1e-6
    )
    assert all(0 < score.probability < 1 for score in scores)


@pytest.mark.parametrize("kind", TOLD_BY_ANSWERS)
def test_a_server_is_recognised_by_what_it_says(kind: str, connected: Connect) -> None:
    server = FakeServer(kind)
    scorer = connected(server)
    assert scorer.score("q", ["a", "b"])[0].logit == pytest.approx(score_of("a"), abs=1e-6)
    named = connected(FakeServer(kind), f"{kind}+http://127.0.0.1:9/")
    assert named.info.fingerprint == scorer.info.fingerprint


def test_a_hosted_server_is_recognised_by_its_host_and_needs_a_model(connected: Connect) -> None:
    with pytest.raises(InputError, match="Cohere has several models"):
        connected(FakeServer("cohere"), "https://api.cohere.com")
    server = FakeServer("cohere")
    scorer = connected(server, "https://api.cohere.com#rerank-v3.5", COHERE_API_KEY="k")
    assert scorer.info.label == "rerank-v3.5 @ api.cohere.com"
    assert server.bodies[0]["model"] == "rerank-v3.5"
    assert server.headers[0]["authorization"] == "Bearer k"


def test_the_route_in_an_unknown_servers_address_is_enough(connected: Connect) -> None:
    scorer = connected(FakeServer("rerank"), "http://127.0.0.1:9/v1/rerank")
    assert scorer.score("q", ["a"])[0].logit == pytest.approx(score_of("a"), abs=1e-6)


def test_an_unknown_server_is_refused_with_the_way_out(connected: Connect) -> None:
    with pytest.raises(RemoteError, match=r"vllm\+http://127\.0\.0\.1:9"):
        connected(FakeServer("rerank"))
    with pytest.raises(InputError, match='no kind of server called "vlm"'):
        connected(FakeServer("vllm"), "vlm+http://127.0.0.1:9")


def test_the_servers_limits_and_revision_are_taken(connected: Connect) -> None:
    server = FakeServer("tei", most_documents=4)
    scorer = connected(server)
    assert scorer.info.max_tokens == 8192
    scorer.score("q", [f"document {number}" for number in range(7)])
    assert [len(documents) for documents in server.asked] == [3, 3, 1]


def test_probabilities_are_told_from_logits_once_and_it_is_said(connected: Connect) -> None:
    rounded = connected(FakeServer("llama-server"))
    assert FROM_PROBABILITY in rounded.info.notes
    assert FROM_PROBABILITY not in connected(FakeServer("workbench")).info.notes
    # All scores of a later answer lie within 0 and 1: they stay logits, as the self-test's were.
    logits = connected(FakeServer("vllm", value=lambda text: PLANETS.get(text, 0.25)))
    assert logits.score("q", ["a"])[0].logit == 0.25


def test_a_saturated_probability_is_a_large_logit_and_no_error(connected: Connect) -> None:
    scorer = connected(FakeServer("llama-server", value=lambda text: PLANETS.get(text, 800.0)))
    score = scorer.score("q", ["a"])[0]
    assert 20 < score.logit < 21


def test_a_missing_template_is_named_with_its_cure(connected: Connect) -> None:
    wrong = dict(zip(VECTOR_A.documents, LOGITS_B, strict=True))
    with pytest.raises(ModelRejectedError, match="did not apply Qwen3-Reranker's template.*--chat-template"):
        connected(FakeServer("vllm", value=lambda text: wrong.get(text, 0.0)))


def test_swapped_yes_and_no_are_named(connected: Connect) -> None:
    with pytest.raises(ModelRejectedError, match="swapped"):
        connected(FakeServer("vllm", value=lambda text: -score_of(text)))


def test_another_model_with_a_narrow_band_is_no_missing_template(connected: Connect) -> None:
    narrow = {text: 1.2 + logit / 100 for text, logit in PLANETS.items()}
    scorer = connected(FakeServer("tei", value=lambda text: narrow.get(text, 0.5)))
    assert ODD_ORDER not in scorer.info.notes


def test_a_server_that_knows_no_difference_is_refused(connected: Connect) -> None:
    with pytest.raises(RemoteError, match="the same score"):
        connected(FakeServer("tei", value=lambda text: 0.5))


def test_an_odd_order_is_said(connected: Connect) -> None:
    scorer = connected(FakeServer("tei", value=lambda text: -float(len(text))))
    assert ODD_ORDER in scorer.info.notes


def test_nothing_is_sent_without_consent(settings: Settings) -> None:
    server = FakeServer("rerank")
    with pytest.raises(InputError, match="sent to elsewhere.example.com"):
        connect("https://elsewhere.example.com/v1/rerank", settings, transport=server, environment={})
    assert server.bodies == []


def test_it_is_said_that_texts_leave_and_the_key_is_nowhere(
    connected: Connect, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    server = FakeServer("rerank", faults=[httpx.Response(503)])
    with caplog.at_level(logging.DEBUG):
        scorer = connect(
            "https://rerank.example.com/v1/rerank",
            settings.model_copy(update={"remote_key": type(settings.remote_key)("very-secret")}),
            transport=server,
            environment={},
        )
    assert LEAVES in scorer.info.notes
    assert "very-secret" not in caplog.text + repr(scorer.info)
    assert server.headers[0]["authorization"] == "Bearer very-secret"
