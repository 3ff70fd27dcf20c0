"""Does another reranker, as it is loaded here, score as its makers published? Few publish numbers.

Values are the model cards' examples, computed there in fp16; they are compared with a tolerance for that, and
in int8 with what the guard lets a logit move.
Where nothing is published nothing is claimed.
"""

from core.engine.guard import LARGEST_SHIFT
from core.models.selftest import SelfTestReport, Vector, VectorResult
from core.records import Scorer

AGREE = "The scores agree with the published ones."
DIFFER = (
    "The scores differ from the published ones: do not rely on this model as it is loaded here. "
    "If it was downloaded, «python -m core models --download NAME» repairs its files; then start again."
)
NOTHING_PUBLISHED = "The makers of this model publish no scores to compare with."

_GTE_CARD = "model card of Alibaba-NLP/gte-multilingual-reranker-base"
_BGE_CARD = "model card of BAAI/bge-reranker-v2-m3"
# By the last part of the published name: the examples, and how far fp16 and other kernels may be from them.
PUBLISHED_SCORES: dict[str, tuple[tuple[Vector, ...], float]] = {
    "gte-multilingual-reranker-base": (
        (
            Vector("1", "中国的首都在哪儿", ("北京",), (1.2315,), (0,), _GTE_CARD),
            Vector("2", "what is the capital of China?", ("北京",), (0.5923,), (0,), _GTE_CARD),
            Vector(
                "3",
                "how to implement quick sort in python?",
                ("Introduction of quick sort",),
                (0.3041,),
                (0,),
                _GTE_CARD,
            ),
        ),
        0.02,
    ),
    "bge-reranker-v2-m3": (
        (
            Vector(
                "1",
                "what is panda?",
                (
                    "hi",
                    "The giant panda (Ailuropoda melanoleuca), sometimes called a panda bear or simply "
                    "panda, is a bear species endemic to China.",
                ),
                (-8.1875, 5.26171875),
                (1,),
                _BGE_CARD,
            ),
        ),
        0.1,
    ),
}


def published_scores(name: str) -> tuple[tuple[Vector, ...], float] | None:
    """What is published of a model, by its name or its folder's path; None where nothing is."""
    return PUBLISHED_SCORES.get(name.rstrip("/").rpartition("/")[2])


def compare_card(scorer: Scorer) -> SelfTestReport:
    """Score the card's examples and compare; raises what scoring raises."""
    published = published_scores(scorer.info.name)
    if published is None:
        return SelfTestReport("not run: no weights", scorer.info, (), NOTHING_PUBLISHED)
    vectors, tolerance = published
    if scorer.info.precision == "int8":
        tolerance = max(tolerance, LARGEST_SHIFT)
    found = tuple(_compare(scorer, vector, tolerance) for vector in vectors)
    passed = all(result.close and result.order_kept for result in found)
    return SelfTestReport("passed" if passed else "failed", scorer.info, found, AGREE if passed else DIFFER)


def _compare(scorer: Scorer, vector: Vector, tolerance: float) -> VectorResult:
    actual = tuple(score.logit for score in scorer.score(vector.query, vector.documents))
    best = max(range(len(actual)), key=lambda place: actual[place])
    return VectorResult(
        name=vector.name,
        query=vector.query,
        documents=vector.documents,
        expected=vector.logits,
        actual=actual,
        tolerance=tolerance,
        close=all(abs(here - there) <= tolerance for here, there in zip(actual, vector.logits, strict=True)),
        decides=True,
        order_kept=best in vector.winners,
        source=vector.source,
    )
