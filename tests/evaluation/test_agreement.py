import random

import pytest
from scipy import stats

from core.evaluation.agreement import agree, agreement, rank_biased_overlap
from core.evaluation.judged import Ranking, Run


def test_rbo_equals_the_published_example() -> None:
    # b4ny4n/rankmeasures gives 0.828; by hand (0.1/0.9)(0.405 + 0.486 + 0.6561 + 0.59049) + 0.59049.
    assert rank_biased_overlap("abcde", "bcdae", 0.9) == pytest.approx(0.828, abs=5e-4)


def test_rbo_equals_the_hand_calculation_for_the_lists_of_webbers_figure_5() -> None:
    # Overlaps 0 0 2 2 2 2 2: (0.1/0.9)(0.486 + 0.32805 + 0.236196 + 0.177147 + 0.136656) + 2/7 * 0.4782969
    assert rank_biased_overlap("abcdefg", "zcavwxy", 0.9) == pytest.approx(0.288217, abs=1e-6)


def test_rbo_of_uneven_lists_equals_the_hand_calculation() -> None:
    # X = 0 1 2, s = 2: (0.1/0.9)(0.405 + 0.486 + 0.729/6) + ((2 - 1)/3 + 1/2) * 0.729
    assert rank_biased_overlap("ab", "bca", 0.9) == pytest.approx(0.72)
    assert rank_biased_overlap("bca", "ab", 0.9) == pytest.approx(0.72)


def test_rbo_is_1_for_equal_lists_and_0_without_overlap() -> None:
    assert rank_biased_overlap("abcdefgh", "abcdefgh") == pytest.approx(1.0)
    assert rank_biased_overlap("a", "ab") == pytest.approx(1.0)
    assert rank_biased_overlap("abc", "xyz") == 0.0
    assert rank_biased_overlap("", "") == 1.0
    assert rank_biased_overlap("", "a") == 0.0


def test_correlations_overlap_and_movement_by_hand() -> None:
    found = agreement(Ranking("q", tuple("abcd")), Ranking("q", tuple("badc")), top=1)
    assert found.kendall == pytest.approx((4 - 2) / 6)
    assert found.spearman == pytest.approx(1 - 6 * 4 / (4 * 15))
    assert (found.overlap, found.first_kept) == (0.0, False)
    assert (found.mean_movement, found.largest_movement, found.moved) == (1.0, 1, 1.0)


def test_documents_in_one_order_only_leave_correlations_to_the_shared_ones() -> None:
    found = agreement(Ranking("q", tuple("abx")), Ranking("q", tuple("yab")), top=2)
    assert (found.shared, found.kendall, found.overlap) == (2, pytest.approx(1.0), 0.5)
    single = agreement(Ranking("q", ("a",)), Ranking("q", ("a",)))
    assert (single.kendall, single.spearman, single.overlap) == (None, None, 1.0)


def test_summary_averages_over_queries_both_runs_answer() -> None:
    first = Run(
        "bm25", {"q": Ranking("q", tuple("ab")), "r": Ranking("r", tuple("ab")), "s": Ranking("s", ())}
    )
    second = Run("model", {"q": Ranking("q", tuple("ab")), "r": Ranking("r", tuple("ba"))})
    summary = agree(first, second)
    assert len(summary.queries) == 2
    assert (summary.kendall, summary.first_kept, summary.mean_movement) == (0.0, 0.5, 0.5)
    assert agree(first, Run("empty", {})).rbo is None


def test_correlations_equal_scipys() -> None:
    chance = random.Random(5)
    for count in (2, 3, 7, 40):
        documents = [str(n) for n in range(count)]
        other = chance.sample(documents, count)
        found = agreement(Ranking("q", tuple(documents)), Ranking("q", tuple(other)))
        ranks = [other.index(document) for document in documents]
        assert found.kendall == pytest.approx(stats.kendalltau(range(count), ranks).statistic)
        assert found.spearman == pytest.approx(stats.spearmanr(range(count), ranks).statistic)


def test_correlations_are_over_the_shared_documents() -> None:
    found = agreement(Ranking("q", ("a", "x", "b", "c")), Ranking("q", ("b", "y", "z", "a", "c")))
    # Of the pairs ab, ac, bc one is reversed: (2 - 1) / 3. Places 1 2 3 and 2 1 3: 1 - 6 * 2 / 24.
    assert found.kendall == pytest.approx(1 / 3) and found.spearman == pytest.approx(0.5)


def test_overlap_looks_at_fewer_places_than_there_are_documents() -> None:
    """Five documents and the same five backwards: of the first four, three are shared."""
    found = agreement(Ranking("q", tuple("abcde")), Ranking("q", tuple("edcba")))
    assert (found.top, found.overlap) == (4, 0.75)
    two = agreement(Ranking("q", tuple("ab")), Ranking("q", tuple("ba")))
    assert (two.top, two.overlap) == (1, 0.0)
    long = [str(number) for number in range(30)]
    assert agreement(Ranking("q", tuple(long)), Ranking("q", tuple(long[::-1]))).top == 10
