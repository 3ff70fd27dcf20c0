"""`batch --two-looks` and `rerank --two-looks` with a model of Qwen3-Reranker's form."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main
from core.jobs import JobStore, ScoreCache
from core.settings import Settings
from core.workflows.batch.opened import open_run
from tests.qwen_fixture import tiny_qwen_folder

DOCUMENTS = [f"{n}、" + "退款审核通过后原路退回" * (25 + n) + f"word{n * 7 % 13}" for n in range(9)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_qwen_folder(tmp_path_factory.mktemp("model"))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query", "document"])
        writer.writerows([f"问题 {query}", text] for query in range(20) for text in DOCUMENTS)
    return path


def _run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_batch_that_looks_twice_says_what_that_changed_and_mixes_with_no_whole_reading(
    folder: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.xlsx"
    asked = ("batch", str(table), "-o", str(out), "--model", str(folder))
    whole = _run(capsys, *asked)
    looked = _run(capsys, *asked, "--two-looks", "3")
    # Nothing of the whole reading was taken, and a tenth of the queries was read whole to check.
    assert (looked["scored"], looked["from_cache"]) == (whole["scored"], 0) == (180, 0)
    checked = looked["two_looks"]
    assert (checked["top"], checked["checked"]) == (3, 2) and 0 <= checked["changed"] <= 2
    low, high = checked["interval"]
    assert 0 <= low <= checked["changed"] / 2 <= high <= 1
    assert any("Two looks" in note for note in looked["notes"]) and "two_looks" not in whole
    book = openpyxl.load_workbook(out)
    settings = {row[0].value: row[1].value for row in book["Settings"].iter_rows(min_row=2)}
    assert settings["two looks, places at the top"] == "3"
    assert settings["two looks, queries read whole to check"] == "2"

    store = JobStore(Settings().home)
    try:
        first, second = (open_run(store, record["job"]) for record in (whole, looked))
        assert second.job.model is not None and second.job.model.two_looks == 3
        assert first.job.tokens > second.job.tokens * 1.05
        for position in range(20):
            pairs = second.pairs_of(position)
            left = [pair for pair in pairs if second.score(pair).truncated]
            # The first three were read to their end, with the scores of the whole reading.
            for pair in second.best_first(position)[:3]:
                assert pair not in left
                assert second.score(pair).logit == pytest.approx(first.score(pair).logit, abs=1e-3)
        assert second.tops is not None and second.tops.checked == 2
    finally:
        store.close()
    # A third run finds nothing of the second in the cache either.
    assert _run(capsys, *asked, "--two-looks", "3")["from_cache"] == 0
    cache = ScoreCache(Settings().home)
    try:
        assert cache.statistics().entries == whole["scored"]
    finally:
        cache.close()


def test_one_list_that_looks_twice_marks_what_was_left(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = tmp_path / "documents.txt"
    documents.write_text("\n".join(DOCUMENTS), encoding="utf-8")
    asked = ("rerank", "--query", "问题", "--documents", str(documents), "--model", str(folder))
    answer = _run(capsys, *asked, "--two-looks", "2")
    cut = [one["truncated"] for one in answer["results"]]
    assert answer["two_looks"] == 2 and not any(cut[:2]) and any(cut)
    assert any("read at their beginning only" in warning for warning in answer["warnings"])
    whole = _run(capsys, *asked)
    assert "two_looks" not in whole and not any(one["truncated"] for one in whole["results"])


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--two-looks", "0"), "at least 1"),
        (("--two-looks", "3", "--model", "embedded"), "cannot look twice"),
        (("--two-looks", "3", "--chunk", "200"), "do not go with chunks"),
        (("--two-looks", "3", "--engine", "parts"), "--engine local only"),
    ],
)
def test_what_does_not_go_with_two_looks_is_refused(
    more: tuple[str, ...], says: str, folder: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = () if "--model" in more else ("--model", str(folder))
    out = str(table.parent / "out.csv")
    assert says in _run(capsys, "batch", str(table), "-o", out, *model, *more, code=2)["error"]["message"]
