"""Rates and time left follow what was measured."""

from dataclasses import replace

from core.jobs.pace import PROMPT_BYTES, WINDOW_SECONDS, Pace, most_work, total_work, work_of
from tests.jobs.stub_scorer import info


def test_nothing_is_claimed_before_the_first_micro_batch() -> None:
    pace = Pace(started=100.0, work=1000)
    assert (pace.pairs_per_second, pace.tokens_per_second, pace.seconds_left) == (None, None, None)


def test_rates_are_amounts_over_time() -> None:
    pace = Pace(started=100.0, work=1000)
    pace.add(102.0, pairs=8, tokens=300, work=250)
    assert (pace.pairs_per_second, pace.tokens_per_second, pace.seconds_left) == (4.0, 150.0, 6.0)
    pace.add(104.0, pairs=2, tokens=100, work=250)
    assert (pace.pairs_per_second, pace.tokens_per_second, pace.seconds_left) == (2.5, 100.0, 4.0)


def test_time_left_counts_text_not_pairs() -> None:
    # One pair of ten is done, but it was half of the text.
    pace = Pace(started=0.0, work=200)
    pace.add(10.0, pairs=1, tokens=50, work=100)
    assert pace.seconds_left == 10.0


def test_rates_forget_what_is_long_past() -> None:
    pace = Pace(started=0.0, work=10_000)
    pace.add(1.0, pairs=1000, tokens=0, work=1000)
    for second in range(2, 80):
        pace.add(float(second), pairs=2, tokens=0, work=1)
    assert pace.pairs_per_second == 2.0
    assert WINDOW_SECONDS < 78


def test_a_finished_job_has_no_time_left() -> None:
    pace = Pace(started=0.0, work=100)
    pace.add(1.0, pairs=1, tokens=1, work=100)
    assert pace.seconds_left == 0.0


def test_chinese_text_is_measured_in_bytes() -> None:
    assert work_of("abc") == 3 + PROMPT_BYTES
    assert work_of("中文") == 6 + PROMPT_BYTES
    assert total_work(["abc", "中文", "\ud800"]) == 3 + 6 + 3 + 3 * PROMPT_BYTES


def test_of_a_huge_text_only_what_the_model_reads_counts() -> None:
    short, huge = "word " * 100, "word " * 1_000_000
    most = most_work(info())
    assert work_of(huge, most) == most == 4500
    # The huge text, cut to 1,000 tokens, took as long as ten short ones of some 100 tokens.
    pace = Pace(started=0.0, work=total_work([huge] + [short] * 100, most))
    pace.add(10.0, pairs=1, tokens=1000, work=work_of(huge, most))
    left = pace.seconds_left
    assert left is not None and 100 < left < 150


def test_a_model_that_reads_long_texts_in_parts_reads_all_of_a_huge_one() -> None:
    huge = "word " * 1_000_000
    assert work_of(huge, most_work(replace(info(), reads_whole=True))) == work_of(huge)
