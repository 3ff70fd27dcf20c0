"""The benchmark's arithmetic; its rates are the machine's."""

import json

import pytest

from core.engine.bench import QUERY, documents_of, packed_tokens, run_bench
from core.engine.scorer import Qwen3Scorer
from core.records import ScoringRequest


def test_bench_reports_rates_that_fit_together(scorer: Qwen3Scorer) -> None:
    report = run_bench(scorer, quick=True)
    assert report.documents == 10
    assert report.pairs_per_second == pytest.approx(10 / report.seconds)
    assert report.share_of_ceiling == pytest.approx(
        report.tokens_per_second / report.ceiling_tokens_per_second
    )
    assert report.pair_tokens_per_second == pytest.approx(report.tokens_per_pair * report.pairs_per_second)
    assert report.peak_memory_bytes > 100_000_000
    assert json.loads(json.dumps(report.as_dict()))["precision"] == "fp32"


def test_packed_tokens_count_a_shared_prefix_once(scorer: Qwen3Scorer) -> None:
    documents = documents_of(3, 10)
    prefix = len(scorer._encoder.prefix(None, QUERY))
    read = sum(score.tokens for score in scorer.score(QUERY, documents))
    assert packed_tokens(scorer, [ScoringRequest(QUERY, tuple(documents))]) == read - 2 * prefix


def test_bench_documents_differ_and_are_in_two_languages() -> None:
    documents = documents_of(6, 30)
    assert len(set(documents)) == 6
    assert "退款" in documents[1] and "Refunds" in documents[0]
