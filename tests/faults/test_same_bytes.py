"""The same table gives the same file: twice, with somebody asking in between, and after `kill -9`."""

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.workflows.batch.export import batch_csv, batch_excel, batch_jsonl, batch_parquet
from tests.faults.conftest import ROOT
from tests.faults.dying_process import service_of, tables_of
from tests.qwen_fixture import tiny_qwen_folder

QUERIES, DOCUMENTS = 12, 9
WORDS = "refund parcel 退款 到账 account 密码 reset exchange 换货 delivery 发票 help".split()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of one to sixty words, some of them candidates of several queries."""
    chance = random.Random(7)
    shared = [" ".join(chance.choices(WORDS, k=20 + n)) for n in range(3)]
    lines = ["id,query,document"]
    for query in range(QUERIES):
        for document in range(DOCUMENTS):
            words = " ".join(chance.choices(WORDS, k=chance.randint(1, 60)))
            text = shared[document] if document < len(shared) else words
            lines.append(f"{query:03},{WORDS[query]} {query} 吗,{text}")
    path = tmp_path_factory.mktemp("sheet") / "pairs.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


# The embedded model takes as long again; it once differed where its kernels were chosen by timing.
@pytest.fixture(scope="module", params=[pytest.param("embedded", marks=pytest.mark.slow), "qwen3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The embedded model, and Qwen3-Reranker in small with random weights."""
    if request.param == "embedded":
        return "embedded"
    return str(tiny_qwen_folder(tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def undisturbed(
    model: str, sheet: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, object], int]:
    """What an undisturbed run exports, and how many micro-batches it takes."""
    home = tmp_path_factory.mktemp("undisturbed")
    said = run(home, sheet, model)
    return exports(home), said["batches"]


def run(home: Path, sheet: Path, model: str, **when: int) -> dict[str, Any]:
    """Score the table in a process of its own, to its end or until it kills itself."""
    task = {"home": str(home), "file": str(sheet), "model": model, **when}
    command = [sys.executable, "-m", "tests.faults.scoring_process", json.dumps(task)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if "dies_at" in when:
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        return {}
    assert ended.returncode == 0, ended.stderr
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    assert said["state"] == "done"
    return said


def exports(home: Path) -> dict[str, object]:
    """Every format; of the workbook the cells, without the sheet that names the time."""
    service = service_of(home)
    (job,) = service.store.history()
    tables = tables_of(service, job.id)
    book = openpyxl.load_workbook(_kept(home / "results.xlsx", batch_excel(tables)))
    cells = {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in book
        if sheet.title != "Settings"
    }
    service.close()
    return {
        "csv": batch_csv(tables),
        "jsonl": batch_jsonl(tables),
        "parquet": batch_parquet(tables),
        "xlsx": cells,
    }


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def differing(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


@pytest.mark.slow
def test_two_runs_give_the_same_file(
    tmp_path: Path, model: str, sheet: Path, undisturbed: tuple[dict[str, object], int]
) -> None:
    run(tmp_path, sheet, model)
    assert differing(undisturbed[0], exports(tmp_path)) == []


@pytest.mark.slow
def test_somebody_who_asks_in_between_changes_nothing(
    tmp_path: Path, model: str, sheet: Path, undisturbed: tuple[dict[str, object], int]
) -> None:
    run(tmp_path, sheet, model, asked_at=2)
    assert differing(undisturbed[0], exports(tmp_path)) == []


def test_a_killed_and_resumed_run_gives_the_same_file_although_somebody_asked(
    tmp_path: Path, model: str, sheet: Path, undisturbed: tuple[dict[str, object], int]
) -> None:
    expected, batches = undisturbed
    assert batches >= 4
    run(tmp_path, sheet, model, dies_at=batches // 2, asked_at=1)
    said = run(tmp_path, sheet, model)
    # What was stored is not scored again.
    assert said["batches"] == batches - batches // 2
    assert differing(expected, exports(tmp_path)) == []


@pytest.mark.slow
def test_a_run_begun_anew_after_a_kill_gives_the_same_file(
    tmp_path: Path, model: str, sheet: Path, undisturbed: tuple[dict[str, object], int]
) -> None:
    expected, batches = undisturbed
    run(tmp_path, sheet, model, dies_at=batches // 2)
    for name in ("jobs.sqlite3", "jobs.sqlite3-wal", "jobs.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    run(tmp_path, sheet, model)
    assert differing(expected, exports(tmp_path)) == []
