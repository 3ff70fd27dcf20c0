"""The verdicts, with scorers that return given logits."""

from dataclasses import replace

import pytest

from core.models.families import run_selftest
from core.models.selftest import SelfTestReport
from tests.models.given_logits import OFFICIAL, PLANETS, PUBLISHED, GivenLogits


def report(changes: dict[str, float] | None = None, **info: object) -> SelfTestReport:
    return run_selftest(GivenLogits(replace(OFFICIAL, **info), PUBLISHED | (changes or {})))  # type: ignore[arg-type]


def shifted(by: float) -> dict[str, float]:
    return {word: logit + by for word, logit in PLANETS.items()}


def test_published_scores_pass_with_expected_beside_actual() -> None:
    result = report()
    assert result.verdict == "passed"
    assert [vector.name for vector in result.vectors] == ["A", "C", "D"]
    planets = result.vectors[0]
    assert planets.decides
    assert planets.expected == pytest.approx(list(PLANETS.values()), abs=1e-4)
    assert planets.actual == tuple(PLANETS.values())
    assert max(abs(a - b) for a, b in zip(planets.expected, planets.actual, strict=True)) < 1e-4
    assert all(vector.close and vector.order_kept for vector in result.vectors)


@pytest.mark.parametrize(
    ("precision", "by", "verdict"),
    [
        ("fp32", 0.0009, "passed"),
        ("fp32", 0.002, "failed"),
        ("fp16", 0.09, "passed"),
        ("fp16", 0.12, "failed"),
        ("bf16", 0.24, "passed"),
        ("bf16", 0.27, "failed"),
        ("int8", 0.9, "passed"),
        ("int8", 1.1, "failed"),
    ],
)
def test_tolerance_follows_the_precision(precision: str, by: float, verdict: str) -> None:
    assert report(shifted(by), precision=precision).verdict == verdict


def test_missing_template_is_recognised_by_its_scores() -> None:
    """The logits of 0.55859, 0.98828, 0.88672, 0.91016."""
    bare = {"Venus": 0.2354, "Mars": 4.4346, "Jupiter": 2.0576, "Saturn": 2.3155}
    result = report(bare, precision="bf16")
    assert result.verdict == "template not applied"
    assert "without the template" in result.explanation
    assert report(bare, precision="bf16", name="some/folder").verdict == "template not applied"


def test_random_head_fails() -> None:
    result = report(dict.fromkeys(PUBLISHED, 0.0))
    assert result.verdict == "failed"
    assert "do not rely" in result.explanation


def test_chinese_order_counts_but_its_loose_values_do_not() -> None:
    assert report({"法国的": 4.0, "德国的": -5.0, "香蕉": -9.0}).verdict == "passed"
    assert report({"法国的": -9.0}).verdict == "failed"


def test_larger_model_is_judged_by_order_only() -> None:
    result = report(shifted(-2.0), name="Qwen/Qwen3-Reranker-4B", parameters=4_021_784_576)
    assert result.verdict == "passed"
    assert "Only the order was checked" in result.explanation
    assert not any(vector.decides for vector in result.vectors)


def test_larger_model_that_puts_the_wrong_document_first_fails() -> None:
    result = report({"Venus": 9.0}, name="Qwen/Qwen3-Reranker-8B", parameters=8_188_548_096)
    assert result.verdict == "failed"


def test_folder_with_the_official_weights_is_told_so() -> None:
    result = report(name="models/mine")
    assert result.verdict == "passed"
    assert "agree with those published" in result.explanation


def test_folder_with_changed_weights_is_judged_by_order_only() -> None:
    result = report(shifted(0.4), name="models/mine")
    assert result.verdict == "passed"
    assert "Only the order was checked" in result.explanation


def test_embedded_model_has_nothing_to_compare_with() -> None:
    result = report(name="embedded", kind="embedded")
    assert result.verdict == "not run: no weights"
    assert result.vectors == ()
