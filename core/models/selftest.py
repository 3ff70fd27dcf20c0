"""Does this model, as it is loaded here, score as Qwen published?

Run when somebody asks, by the Model page's button or the `selftest` command; never by itself.

Values compared (Qwen3-Reranker-0.6B, default instruction):
  A  four raw logits, fp32 (sentence-transformers, tests/cross_encoder/test_model.py); this one decides.
  B  the same four when the chat template was not applied, as probabilities: recognised by name, because it is
     the commonest fault of all.
  C  three near-equal high scores (QwenLM/Qwen3-Embedding issue 64), D three in Chinese over six orders of
     magnitude (SGLang issue 16403, bf16). Their setting is less well documented, so their values are shown
     beside ours without deciding; only D's order does.
Other Qwen3-Rerankers have no published values: for them, and for folders that may hold changed weights,
only the order is checked, and the report says so. The embedded model has nothing to compare with.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.models.catalogue import DEFAULT_QWEN, entry, lookup
from core.records import Scorer, ScorerInfo

Verdict = Literal["passed", "failed", "template not applied", "not run: no weights"]

# Largest difference from A's logits. fp32 and bf16: as published. fp16 keeps three more bits than bf16.
# int8 has no published value: 1.0 is below half of the smallest gap in A (2.73), so the order still holds.
_TOLERANCE_A = {"fp32": 1e-3, "bf16": 0.25, "fp16": 0.1, "int8": 1.0, "fp8": 1.0}
_TOLERANCE_LOOSE = 1.0
# Twice bf16's tolerance: B was published in bf16, and lies 1.2 to 3.3 logits away from A.
_TOLERANCE_B = 0.5


@dataclass(frozen=True, slots=True)
class Vector:
    """Published scores of one query. `winners`: one of them comes first in any Qwen3-Reranker."""

    name: str
    query: str
    documents: tuple[str, ...]
    logits: tuple[float, ...]
    winners: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class VectorResult:
    """One query as published and as scored here; logits in the vector's order.

    tolerance: largest difference for `close`; `decides` tells whether `close` counts for the verdict.
    order_kept: the published order (or, without published values, the right document first) came out.
    """

    name: str
    query: str
    documents: tuple[str, ...]
    expected: tuple[float, ...]
    actual: tuple[float, ...]
    tolerance: float
    close: bool
    decides: bool
    order_kept: bool
    source: str


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """The verdict, what it rests on, and a sentence (English) that says so."""

    verdict: Verdict
    scorer: ScorerInfo
    vectors: tuple[VectorResult, ...]
    explanation: str


def _logit(probability: float) -> float:
    return math.log(probability / (1.0 - probability))


VECTOR_A = Vector(
    name="A",
    query="Which planet is known as the Red Planet?",
    documents=(
        "Venus is often called Earth's twin because of its similar size and proximity.",
        "Mars, known for its reddish appearance, is often referred to as the Red Planet.",
        "Jupiter, the largest planet in our solar system, has a prominent red spot.",
        "Saturn, famous for its rings, is sometimes mistaken for the Red Planet.",
    ),
    logits=(-3.109297752380371, 7.120389938354492, -0.3787546157836914, 3.541637420654297),
    winners=(1,),
    source="sentence-transformers, tests/cross_encoder/test_model.py",
)
LOGITS_B = tuple(_logit(probability) for probability in (0.55859, 0.98828, 0.88672, 0.91016))
VECTOR_C = Vector(
    name="C",
    query="What is the capital of China?",
    documents=(
        "The capital of China is Beijing.",
        "The capital of China is Tianjin.",
        "The capital of China is Shanghai.",
    ),
    logits=tuple(_logit(probability) for probability in (0.9994982, 0.9983009, 0.9993714)),
    winners=(0, 1, 2),  # the model does not check facts: all three answer the question
    source="QwenLM/Qwen3-Embedding issue 64",
)
VECTOR_D = Vector(
    name="D",
    query="法国首都是哪里？",
    documents=("法国的首都是巴黎。", "德国的首都是柏林。", "香蕉是黄色的水果。"),
    logits=tuple(_logit(probability) for probability in (0.798, 2.0e-4, 4.6e-6)),
    winners=(0,),
    source="SGLang issue 16403",
)


# How many short pairs a self-test scores.
PUBLISHED_PAIRS = sum(len(vector.documents) for vector in (VECTOR_A, VECTOR_C, VECTOR_D))


def nothing_published(scorer: Scorer) -> SelfTestReport:
    """For models of which no scores were published."""
    return SelfTestReport(
        verdict="not run: no weights",
        scorer=scorer.info,
        vectors=(),
        explanation="The published values are Qwen3-Reranker's, and its weights are not loaded.",
    )


def compare_published(scorer: Scorer) -> SelfTestReport:
    """Score the published vectors with a Qwen3-Reranker and compare."""
    info = scorer.info
    official = entry(DEFAULT_QWEN)
    known = lookup(info.name)
    published = known == official
    tolerance = _TOLERANCE_A.get(info.precision, _TOLERANCE_A["bf16"])
    result_a = _compare(scorer, VECTOR_A, tolerance, decides=published, has_values=published)
    result_c = _compare(scorer, VECTOR_C, _TOLERANCE_LOOSE, decides=False, has_values=False)
    result_d = _compare(scorer, VECTOR_D, _TOLERANCE_LOOSE, decides=False, has_values=published)
    vectors = (result_a, result_c, result_d)
    # A local folder may well hold the official weights, and then what B says about them is just as sure.
    # A conversion to a classification head has one row more, as long as the hidden state.
    width = official.shape.hidden if official.shape else 0
    comparable = info.parameters - official.parameters in (0, width)
    if comparable and not result_a.close and _is_near(result_a.actual, LOGITS_B, _TOLERANCE_B):
        return SelfTestReport(
            verdict="template not applied",
            scorer=info,
            vectors=vectors,
            explanation="The scores are those of Qwen3-Reranker-0.6B reading its input without the template.",
        )
    passed = all(result.order_kept and (result.close or not result.decides) for result in vectors)
    return SelfTestReport(
        verdict="passed" if passed else "failed",
        scorer=info,
        vectors=vectors,
        explanation=_explain(passed, published, comparable and result_a.close),
    )


def _compare(
    scorer: Scorer, vector: Vector, tolerance: float, *, decides: bool, has_values: bool
) -> VectorResult:
    actual = tuple(score.logit for score in scorer.score(vector.query, vector.documents))
    if has_values:
        order_kept = _order(actual) == _order(vector.logits)
    else:
        order_kept = _order(actual)[0] in vector.winners and len(set(actual)) > 1
    return VectorResult(
        name=vector.name,
        query=vector.query,
        documents=vector.documents,
        expected=vector.logits,
        actual=actual,
        tolerance=tolerance,
        close=_is_near(actual, vector.logits, tolerance),
        decides=decides,
        order_kept=order_kept,
        source=vector.source,
    )


def _explain(passed: bool, published: bool, matches_official: bool) -> str:
    if published and passed:
        return "The scores agree with the published ones."
    if published:
        return (
            "The scores differ from the published ones: do not rely on this model as it is loaded here. "
            "If it was downloaded, «python -m core models --download NAME» repairs its files; then start "
            "again."
        )
    if matches_official:
        return "The folder's scores agree with those published for Qwen3-Reranker-0.6B."
    if passed:
        return "Only the order was checked: no values are published for these weights."
    return "The right document did not come first: do not rely on this model as it is loaded here."


def _is_near(actual: Sequence[float], expected: Sequence[float], tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(actual, expected, strict=True))


def _order(logits: Sequence[float]) -> list[int]:
    return sorted(range(len(logits)), key=lambda place: -logits[place])
