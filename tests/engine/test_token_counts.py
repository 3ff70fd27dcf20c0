"""What a plan is told about tokens is what scoring then reads."""

import pytest

from core.engine.scorer import Qwen3Scorer
from core.errors import InputError


def test_counts_are_the_tokens_that_scoring_reads(scorer: Qwen3Scorer) -> None:
    documents = ["退款将在三日内到账。", "", "A refund takes three days.", "🙂" * 20]
    counted = scorer.count_tokens("多久到账", documents, "Find the answer")
    assert counted == [score.tokens for score in scorer.score("多久到账", documents, "Find the answer")]


def test_a_document_that_will_be_cut_counts_above_the_limit(scorer: Qwen3Scorer) -> None:
    long = "word " * 5000
    counted = scorer.count_tokens("query", [long, "short"])
    assert counted[0] > scorer.info.max_tokens > counted[1]
    assert [score.truncated for score in scorer.score("query", [long, "short"])] == [True, False]


def test_a_query_without_room_for_a_document_is_refused(scorer: Qwen3Scorer) -> None:
    with pytest.raises(InputError, match="longer than"):
        scorer.count_tokens("word " * 5000, ["document"])


def test_a_document_alone_is_counted_whole_and_without_the_template(scorer: Qwen3Scorer) -> None:
    for text in ("退款将在三日内到账。", "A refund takes three days.", "word " * 5000):
        (pair,) = scorer.count_tokens("q", [text])
        (empty,) = scorer.count_tokens("q", [""])
        alone = scorer.document_tokens(text)
        # The empty document still has its space, one token.
        assert alone == pair - empty + 1 or alone > scorer.info.max_tokens
    assert scorer.document_tokens("word " * 5000) > scorer.info.max_tokens
