import pytest

from core.evaluation.distributions import histogram, read_all, read_scores, saturated


def hints(*probabilities: float) -> str:
    reading = read_scores("q", probabilities)
    assert reading is not None
    return " ".join(hint.text for hint in reading.hints)


def test_numbers_of_a_reading_by_hand() -> None:
    reading = read_scores("q", [0.2, 0.8])
    assert reading is not None
    assert (reading.best, reading.mean, reading.deviation) == (0.8, pytest.approx(0.5), pytest.approx(0.3))
    assert reading.gap == pytest.approx(0.6)


def test_alike_and_high_scores_hint_at_a_broad_query() -> None:
    assert "may be broad" in hints(0.9, 0.88, 0.86, 0.91)
    assert "may be broad" not in hints(0.9, 0.5, 0.2)
    assert "may be broad" not in hints(0.9)


def test_low_scores_hint_at_documents_or_query() -> None:
    assert "may need work" in hints(0.05, 0.01, 0.02)
    assert "may need work" not in hints(0.95, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01)


def test_gap_between_first_and_second_is_read() -> None:
    assert "stands out" in hints(0.9, 0.2)
    assert "may change" in hints(0.600, 0.595, 0.1)
    assert hints(0.6, 0.5, 0.1) == ""


def test_every_hint_is_worded_as_one() -> None:
    for text in (hints(0.9, 0.89), hints(0.05, 0.01), hints(0.9, 0.2)):
        assert text.startswith("Hint:")


def test_queries_without_documents_are_passed_over() -> None:
    assert [r.query_id for r in read_all({"a": [0.1], "none": []})] == ["a"]


def test_histogram_has_fixed_bins_and_loses_no_value() -> None:
    found = histogram([0.0, 0.04, 0.05, 0.999, 1.0])
    assert (found.counts[0], found.counts[1], found.counts[19]) == (2, 1, 2)
    assert (found.low, found.high) == (0, 1) and len(found.middles) == len(found.counts) == 20
    assert (found.middles[0], found.middles[-1]) == (pytest.approx(0.025), pytest.approx(0.975))


def test_probabilities_near_both_ends_are_saturated() -> None:
    assert saturated([0.001, 0.01, 0.99, 0.999])
    assert not saturated([0.001, 0.01, 0.5, 0.999])
    assert not saturated([])
