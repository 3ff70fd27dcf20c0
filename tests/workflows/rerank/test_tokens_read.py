"""How much of a truncated document was read, by the model that read it."""

from dataclasses import replace

from core.records import Scorer
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.tokens_read import CountsTokens, tokens_read

SENTENCE = "退款审核通过后，款项将在一至三个工作日内原路退回您的支付账户。"


def test_of_a_truncated_document_the_beginning_was_read(embedded: Scorer) -> None:
    assert isinstance(embedded, CountsTokens)
    short, endless = SENTENCE, SENTENCE * 2000
    result = rerank(embedded, "退款多久到账", [short, endless])
    by_text = {one.document: one for one in result.ranked}
    assert by_text[endless].score.truncated
    assert tokens_read(embedded, result, by_text[short]) is None
    found = tokens_read(embedded, result, by_text[endless])
    assert found is not None and found.total == embedded.document_tokens(endless)
    assert found.total > found.read > embedded.info.max_tokens // 2


def test_what_another_model_read_is_not_counted(embedded: Scorer) -> None:
    result = rerank(embedded, "退款", [SENTENCE * 2000])
    other = replace(result, scorer=replace(result.scorer, fingerprint="another"))
    assert tokens_read(embedded, other, other.ranked[0]) is None
    assert tokens_read(None, result, result.ranked[0]) is None
