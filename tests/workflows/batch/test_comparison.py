"""Two runs of one file: agreement, the queries that differ most, and warnings about what else differs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.records import Score
from core.workflows.batch.comparison import DEFAULT_INSTRUCTION, compare_runs
from core.workflows.batch.opened import open_run
from core.workflows.home.job_service import JobService
from tests.workflows.batch.batches import INFO, LONG, WrittenScorer, import_text, run_batch


def _two(
    tmp_path: Path, first: str = LONG, second: str = LONG, scorer: WrittenScorer | None = None, **choices: str
) -> tuple[JobService, str, JobService, str]:
    one, job = run_batch(tmp_path / "one", import_text(tmp_path, first, "one.csv"), name="one.csv")
    two, other = run_batch(
        tmp_path / "two", import_text(tmp_path, second, "two.csv"), scorer, name="two.csv", **choices
    )
    return one, job.id, two, other.id


class Upside(WrittenScorer):
    """Another model: the document e1 of the last query is suddenly the best, all else is the same."""

    def __init__(self) -> None:
        super().__init__(replace(INFO, name="upside", label="Upside", fingerprint="other"))

    def score_many(self, requests: Sequence[object], **callbacks: object) -> list[list[Score]]:  # type: ignore[override]
        changed = [
            replace(r, documents=tuple("e1 = 99" if d == "e1 = 1" else d for d in r.documents))  # type: ignore[type-var,attr-defined]
            for r in requests
        ]
        return super().score_many(changed, **callbacks)  # type: ignore[arg-type]


def test_equal_runs_agree_and_nothing_is_warned_of(tmp_path: Path) -> None:
    one, first, two, second = _two(tmp_path)
    found = compare_runs(open_run(one.store, first), open_run(two.store, second))
    assert (found.summary.kendall, found.summary.overlap, found.summary.first_kept) == (1.0, 1.0, 1.0)
    assert found.summary.rbo == pytest.approx(1.0)
    assert found.warnings == ()
    one.close()
    two.close()


def test_the_query_that_differs_most_comes_first_with_its_positions(tmp_path: Path) -> None:
    one, first, two, second = _two(tmp_path, scorer=Upside())
    found = compare_runs(open_run(one.store, first), open_run(two.store, second))
    assert [query.query for query in found.queries][0] == "far"
    far = found.queries[0]
    assert (far.first, far.second) == (3, 3)
    # e7 … e1 against e1 e7 … e2: six of the 21 pairs are reversed, (15 - 6) / 21.
    assert far.agreement.kendall == pytest.approx(9 / 21)
    assert far.agreement.largest_movement == 6 and not far.agreement.first_kept
    assert found.summary.first_kept == pytest.approx(3 / 4)
    assert [warning.text for warning in found.warnings] == ["They differ in the model: Stub and Upside."]
    one.close()
    two.close()


def test_other_data_and_settings_are_warned_of(tmp_path: Path) -> None:
    shorter = LONG.replace("0011,far,e7 = 7,3,\n", "").replace("0009,lonely,c1 cut = -4,1,z\n", "")
    one, first, two, second = _two(tmp_path, second=shorter, instruction="Find it")
    messages = [
        w.text for w in compare_runs(open_run(one.store, first), open_run(two.store, second)).warnings
    ]
    assert messages == [
        "The two runs scored different files: one.csv and two.csv.",
        "1 queries of the first run and 0 of the second have no counterpart and are left out.",
        "1 queries have other candidates in one run than in the other.",
        f"They differ in the instruction: {DEFAULT_INSTRUCTION} and Find it.",
    ]
    one.close()
    two.close()


def test_repeated_queries_and_documents_are_told_apart(tmp_path: Path) -> None:
    text = "id,query,document\n1,q?,a = 1\n1,q?,a = 1\n2,q?,b = 2\n"
    one, first, two, second = _two(tmp_path, text, text)
    found = compare_runs(open_run(one.store, first), open_run(two.store, second))
    assert [agreement.query_id for agreement in found.summary.queries] == ["q?", "q? (2)"]
    assert found.summary.queries[0].shared == 2
    one.close()
    two.close()


def test_a_text_that_reads_like_a_numbered_repeat_is_no_repeat(tmp_path: Path) -> None:
    text = "id,query,document\n1,q?,a = 1\n1,q?,b = 1\n2,q? (2),a = 1\n2,q? (2),b = 1\n"
    text += "3,q?,a = 1\n3,q?,b = 1\n"
    one, first, two, second = _two(tmp_path, text, text)
    found = compare_runs(open_run(one.store, first), open_run(two.store, second))
    assert [agreement.query_id for agreement in found.summary.queries] == ["q?", "q? (2)", "q? (3)"]
    one.close()
    two.close()


def test_runs_without_a_common_query_are_refused(tmp_path: Path) -> None:
    one, first, two, second = _two(tmp_path, second="query,document\nother?,a = 1\n")
    with pytest.raises(InputError, match="no query in common"):
        compare_runs(open_run(one.store, first), open_run(two.store, second))
    one.close()
    two.close()
