"""Kept run files: found again under the same id, replaced and forgotten."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.workflows.evaluate.files import NamedFile, read_runs
from core.workflows.evaluate.kept import PREFIX, KeptFiles

OLD = NamedFile("旧.run", b"q1 Q0 d1 1 2.0 old\nq1 Q0 d2 2 1.0 old\n")
NEW = NamedFile("new.run", b"q1 Q0 d2 1 2.0 new\nq1 Q0 d1 2 1.0 new\n")
QRELS = NamedFile("qrels.txt", b"q1 0 d2 1\n")


def test_a_comparison_is_found_again_by_another_process(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path)
    owner = kept.keep_comparison([OLD, NEW], QRELS)
    kept.close()
    again = KeptFiles(tmp_path)
    assert owner.startswith(PREFIX)
    assert again.comparison(owner) == ((OLD, NEW), QRELS)
    assert [run.name for run in read_runs(*again.comparison(owner)).runs] == ["old", "new"]
    (listed,) = again.comparisons()
    assert (listed.id, listed.runs, listed.qrels) == (owner, ("旧.run", "new.run"), "qrels.txt")
    assert again.keep_comparison([OLD, NEW], QRELS) == owner
    again.forget(owner)
    assert again.comparisons() == ()
    with pytest.raises(InputError, match="There is no comparison"):
        again.comparison(owner)


def test_runs_beside_data_are_replaced_and_are_no_comparison(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path)
    assert (kept.runs("data"), kept.signature("data")) == ((), 0)
    kept.keep_runs("data", [OLD, NEW])
    first = kept.signature("data")
    kept.keep_runs("data", [NEW])
    assert kept.runs("data") == (NEW,)
    assert kept.signature("data") > first > 0
    assert kept.comparisons() == ()
