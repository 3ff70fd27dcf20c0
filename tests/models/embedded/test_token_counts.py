"""What a plan is told about tokens is what scoring then reads."""

from typing import cast

from core.models.embedded.scorer import BiEncoderScorer
from core.records import Scorer


def test_counts_are_the_tokens_that_scoring_reads(embedded: Scorer) -> None:
    documents = ["退款将在三日内到账。", "A refund takes three days.", "word " * 700]
    counted = cast("BiEncoderScorer[object]", embedded).count_tokens("多久到账", documents)
    assert counted == [score.tokens for score in embedded.score("多久到账", documents)]


def test_a_document_that_will_be_cut_counts_above_the_limit(embedded: Scorer) -> None:
    counted = cast("BiEncoderScorer[object]", embedded).count_tokens("query", ["word " * 60_000, "short"])
    assert counted[0] > embedded.info.max_tokens > counted[1]


def test_a_document_alone_is_counted_whole_and_without_windows(embedded: Scorer) -> None:
    counted = cast("BiEncoderScorer[object]", embedded)
    pair, more = counted.count_tokens("q", ["word", "word word word"])
    assert counted.document_tokens("word word word") - counted.document_tokens("word") == more - pair
    assert counted.document_tokens("word " * 60_000) > 60_000 > embedded.info.max_tokens
    assert counted.document_tokens("\ud800 broken") > 0
