"""Nothing is spent on a hosted model before somebody has agreed to the estimate."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.commands.spending import agree_to_cost
from core.errors import InputError, StoppedError
from core.jobs import ScoreCache, score_with_cache
from core.models.remote.connecting import connect
from core.models.remote.scorer import RemoteScorer
from core.records import ScoringRequest
from core.settings import Settings
from tests.models.remote.fake_servers import FakeServer

# 1,000 characters with each query: 250 + 1 tokens a pair.
REQUESTS = [ScoringRequest("abcd", tuple(f"{n:04}" + "x" * 996 for n in range(40)))]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ScoreCache]:
    cache = ScoreCache(tmp_path)
    yield cache
    cache.close()


def scorer(tmp_path: Path, address: str, kind: str = "dashscope") -> RemoteScorer:
    settings = Settings(home=tmp_path, send_to="dashscope.aliyuncs.com,api.cohere.com")
    keys = {"DASHSCOPE_API_KEY": "k", "COHERE_API_KEY": "k"}
    return connect(address, settings, transport=FakeServer(kind), environment=keys)


@pytest.fixture
def priced(tmp_path: Path) -> RemoteScorer:
    return scorer(tmp_path, "https://dashscope.aliyuncs.com#qwen3-rerank")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_consent_the_estimate_is_the_refusal(priced: RemoteScorer, cache: ScoreCache) -> None:
    with pytest.raises(InputError) as caught:
        agree_to_cost(REQUESTS, priced, cache, None)
    said = caught.value.message
    assert "about US$0.001" in said and "40 pairs, about 10,000 tokens, at US$0.1 per million" in said
    assert "list of 2026-11" in said and "estimated" in said
    assert "--spend 0.001" in caught.value.hint


def test_a_sum_that_is_enough_is_consent_and_a_smaller_one_is_not(
    priced: RemoteScorer, cache: ScoreCache, capsys: pytest.CaptureFixture[str]
) -> None:
    agree_to_cost(REQUESTS, priced, cache, 0.01)
    assert "about US$0.001" in capsys.readouterr().err
    with pytest.raises(InputError, match="More than --spend 0.0001"):
        agree_to_cost(REQUESTS, priced, cache, 0.0001)


@pytest.mark.parametrize(("answer", "goes_on"), [("y\n", True), ("n\n", False), ("\n", False), ("", False)])
def test_somebody_at_a_terminal_is_asked(
    priced: RemoteScorer,
    cache: ScoreCache,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    goes_on: bool,
) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", shown)
    if goes_on:
        agree_to_cost(REQUESTS, priced, cache, None)
    else:
        with pytest.raises(StoppedError, match="nothing is spent"):
            agree_to_cost(REQUESTS, priced, cache, None)
    assert "Go on? [y/N]" in shown.getvalue()


def test_known_pairs_are_not_paid_again(priced: RemoteScorer, cache: ScoreCache) -> None:
    score_with_cache(priced, REQUESTS, cache)
    agree_to_cost(REQUESTS, priced, cache, None)
    more = [ScoringRequest("abcd", (*REQUESTS[0].documents, "new"))]
    with pytest.raises(InputError, match="1 pairs"):
        agree_to_cost(more, priced, cache, None)


def test_an_unknown_price_is_said_and_ones_own_server_costs_nothing(
    tmp_path: Path, cache: ScoreCache, capsys: pytest.CaptureFixture[str]
) -> None:
    hosted = scorer(tmp_path, "https://api.cohere.com#rerank-v3.5", "cohere")
    agree_to_cost(REQUESTS, hosted, cache, None)
    assert "What rerank-v3.5 @ api.cohere.com charges is not known" in capsys.readouterr().err
    agree_to_cost(REQUESTS, scorer(tmp_path, "http://127.0.0.1:9", "vllm"), cache, None)
    assert capsys.readouterr().err == ""
