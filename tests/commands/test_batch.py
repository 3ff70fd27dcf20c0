"""`inspect` and `batch` as a script uses them: JSON, exit codes, Ctrl-C and resume."""

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main
from core.jobs import JobStore

ROOT = Path(__file__).resolve().parents[2]
QUERY = "退的钱多久能到账"
RIGHT = "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。"
WRONG = "如需换货，请在订单详情页选择换货。"
# Enough that a signal after the first of them finds others unscored on a fast machine.
PAIRS = 240
TABLE = f"编号,问题,候选文档,标注\n007,{QUERY},{WRONG},0\n007,{QUERY},{RIGHT},1\n008,孤单的问题,,1\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "表.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return path


def _json(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(capsys.readouterr().out)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_inspect_tells_what_the_importer_sees(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(table), "--json"]) == 0
    report = _json(capsys)
    assert (report["format"], report["encoding"], report["certain"]) == ("csv", "gb18030", True)
    columns = {column["name"]: column["role"] for column in report["sheets"][0]["columns"]}
    assert columns == {"编号": "query_id", "问题": "query", "候选文档": "document", "标注": "label"}
    assert report["sheets"][0]["rows"] == 3 and report["sheets"][0]["header_row"] == 1
    assert main(["inspect", str(table)]) == 0
    shown = capsys.readouterr().out
    assert "gb18030" in shown and "候选文档" in shown and "document (" in shown


def test_batch_writes_ranks_beside_the_original_columns(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main(["batch", str(table), "-o", str(out), "--model", "embedded", "--json"]) == 0
    record = _json(capsys)
    assert (record["pairs"], record["scored"], record["from_cache"]) == (2, 2, 0)
    assert record["model"] == "embedded" and record["seconds"] > 0 and record["problems"] == 1
    rows = _rows(out)
    assert list(rows[0]) == [
        "编号", "问题", "候选文档", "标注", "new_rank", "movement", "probability", "logit", "truncated",
    ]  # fmt: skip
    assert [(r["编号"], r["候选文档"], r["new_rank"], r["movement"]) for r in rows] == [
        ("007", RIGHT, "1", "1"),
        ("007", WRONG, "2", "-1"),
    ]


def test_half_a_character_in_a_file_is_inspected_reranked_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "cut.jsonl", tmp_path / "out.csv"
    source.write_text(
        r'{"query": "how long \ud83d", "document": "three days"}' + "\n"
        r'{"query": "how long \ud83d", "document": "main street \ud83d"}' + "\n",
        encoding="utf-8",
    )
    assert main(["inspect", str(source), "--json"]) == 0
    assert "\ufffd" in _json(capsys)["sheets"][0]["columns"][0]["samples"][0]
    assert main(["batch", str(source), "-o", str(out), "--model", "embedded", "--json"]) == 0
    assert {row["document"] for row in _rows(out)} == {"three days", "main street \ufffd"}


def test_the_same_file_again_is_not_scored_again(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.jsonl", "two.parquet", "three.xlsx"):
        assert main(["batch", str(table), "-o", str(tmp_path / name), "--model", "embedded", "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["scored"], r["from_cache"]) for r in records] == [(2, 0), (0, 2), (0, 2)]
    book = openpyxl.load_workbook(tmp_path / "three.xlsx")
    assert book["Results"]["C2"].value == RIGHT
    assert book["Problems"]["D2"].value == "blank_document"


def test_top_and_mapping_are_heeded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"x,y,z\n{WRONG},1,{QUERY}\n{RIGHT},2,{QUERY}\n", encoding="utf-8")
    arguments = ["batch", str(source), "-o", str(out), "--model", "embedded", "--top", "1", "--json"]
    assert main([*arguments, "--map", "query=z", "--map", "document=x", "--map", "initial_rank=y"]) == 0
    assert _json(capsys)["rows"] == 1
    assert [(row["x"], row["y"], row["new_rank"], row["movement"]) for row in _rows(out)] == [
        (RIGHT, "2", "1", "1")
    ]


def test_an_instruction_that_the_model_ignores_is_said(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["batch", str(table), "-o", str(tmp_path / "o.csv"), "--model", "embedded"]
    assert main([*arguments, "--instruction", "Find it"]) == 0
    shown = capsys.readouterr()
    assert "takes no instruction" in shown.err and "document is blank" in shown.err
    assert "2 rows of 1 queries" in shown.out


@pytest.mark.parametrize(
    ("content", "arguments", "where", "words"),
    [
        (TABLE, ["-o", "OUT/o.pdf"], "o.pdf", "no format"),
        (TABLE, ["-o", "OUT/missing/o.csv"], "missing", "no folder"),
        (TABLE, ["-o", "OUT/in.csv"], "in.csv", "would replace the file in.csv"),
        (TABLE, ["-o", "OUT/o.csv", "--map", "query"], "--map", "ROLE=COLUMN"),
        (TABLE, ["-o", "OUT/o.csv", "--map", "topic=问题"], "", "no column role topic"),
        (TABLE, ["-o", "OUT/o.csv", "--map", "query=nothing"], "", "候选文档"),
        (TABLE, ["-o", "OUT/o.csv", "--top", "0"], "--top", "at least 1"),
        ("x,y\naa,bb\ncc,dd\n", ["-o", "OUT/o.csv"], "in.csv", "document"),
        ("", ["-o", "OUT/o.csv"], "in.csv", "empty"),
    ],
)
def test_user_errors_exit_2_before_anything_is_scored(
    content: str,
    arguments: list[str],
    where: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    given = [argument.replace("OUT", str(tmp_path)) for argument in arguments]
    assert main(["batch", str(tmp_path / "in.csv"), *given, "--model", "embedded", "--json"]) == 2
    error = _json(capsys)["error"]
    assert (
        where in error["where"] and words in error["message"] and set(error) == {"message", "where", "hint"}
    )


def _stop(source: Path, out: Path, home: Path, number: int) -> str:
    """Start a batch and send a signal once some pairs are scored; gives what it then says."""
    process = subprocess.Popen(
        _command(source, out), cwd=ROOT, env=os.environ | {"RERANK_HOME": str(home)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if f" of {PAIRS} pairs" in line and not line.startswith("0 of"):
            process.send_signal(number)
            break
    shown, err = process.communicate(timeout=120)
    assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 3), err
    assert not out.exists()
    return shown


def _command(source: Path, out: Path, *more: str) -> list[str]:
    arguments = ["batch", str(source), "-o", str(out), "--model", "embedded", "--json", *more]
    return [sys.executable, "-m", "core", *arguments]


@pytest.fixture
def long_table(tmp_path: Path) -> Path:
    """Enough text for several micro-batches."""
    chance = random.Random(1)
    words = [f"w{n}" for n in range(500)]
    lines = ["query,document"]
    for query in range(PAIRS // 20):
        lines += [f"question {query}?,{query} {' '.join(chance.choices(words, k=60))}" for _ in range(20)]
    path = tmp_path / "in.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _resumed_like_uninterrupted(
    source: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:  # noqa: ANN401 - any JSON
    """Resume the stopped run of `folder / "first"` and compare its file with that of a whole run."""
    monkeypatch.setenv("RERANK_HOME", str(folder / "first"))
    assert main(_command(source, folder / "out.csv", "--resume")[3:]) == 0
    record = _json(capsys)
    monkeypatch.setenv("RERANK_HOME", str(folder / "other"))
    assert main(_command(source, folder / "whole.csv")[3:]) == 0
    resumed, uninterrupted = _rows(folder / "out.csv"), _rows(folder / "whole.csv")
    assert len(resumed) == PAIRS
    for one, two in zip(resumed, uninterrupted, strict=True):
        assert one["document"] == two["document"] and one["new_rank"] == two["new_rank"]
        assert float(one["logit"]) == pytest.approx(float(two["logit"]), abs=1e-4)
    return record


def test_a_stopped_batch_exits_3_and_resumes_to_the_same_result(
    long_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _stop(long_table, tmp_path / "out.csv", tmp_path / "first", signal.SIGINT)
    error = json.loads(said)["error"]
    assert "--resume" in error["hint"] and f"of {PAIRS} pairs" in error["message"]
    record = _resumed_like_uninterrupted(long_table, tmp_path, capsys, monkeypatch)
    assert (record["job"], record["pairs"]) == (error["where"], PAIRS)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_batch_resumes_to_the_same_result(
    long_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _stop(long_table, tmp_path / "out.csv", tmp_path / "first", signal.SIGKILL) == ""
    store = JobStore(tmp_path / "first")
    (job,) = store.history()
    assert 0 < job.done < PAIRS
    record = _resumed_like_uninterrupted(long_table, tmp_path, capsys, monkeypatch)
    assert (record["job"], len(store.history())) == (job.id, 1)
    store.close()


def test_a_polite_kill_stops_like_ctrl_c(long_table: Path, tmp_path: Path) -> None:
    said = _stop(long_table, tmp_path / "out.csv", tmp_path / "home", signal.SIGTERM)
    assert "--resume" in json.loads(said)["error"]["hint"]


def test_resume_without_a_stopped_run_starts_anew(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["batch", str(table), "-o", str(tmp_path / "o.csv"), "--model", "embedded", "--resume"]
    assert main(arguments) == 0
    assert "starting anew" in capsys.readouterr().err


def test_batch_fills_a_copy_of_the_workbook_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for row in [("问题", "候选文档", "字数"), (QUERY, WRONG, "=LEN(B2)"), (QUERY, RIGHT, "=LEN(B3)")]:
        book.active.append(row)
    own, out = tmp_path / "自己的.xlsx", tmp_path / "副本.xlsx"
    book.save(own)
    command = ["batch", str(own), "-o", str(out), "--model", "embedded", "--json", "--into-workbook"]
    assert main([*command, "sorted"]) == 0
    said = capsys.readouterr()
    assert "note: Formulas stay" in said.err
    assert json.loads(said.out)["rows"] == 2
    page = openpyxl.load_workbook(out).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][:5] == ("问题", "候选文档", "字数", "new_rank", "movement")
    assert [row[1:5] for row in rows[1:]] == [(RIGHT, "=LEN(B2)", 1, 1), (WRONG, "=LEN(B3)", 2, -1)]
    assert main(command) == 0  # beside the rows as they stand
    rows = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [WRONG, RIGHT]


@pytest.mark.parametrize(
    ("own", "out", "words"),
    [
        ("表.csv", "out.csv", "is none"),
        ("own.xlsx", "out.csv", "no format"),
        ("own.xlsx", "own.xlsx", "replace"),
    ],
)
def test_a_workbook_is_filled_only_as_a_new_file_of_its_kind(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], own: str, out: str, words: str
) -> None:
    book = openpyxl.Workbook()
    book.active.append(("问题", "候选文档"))
    book.active.append((QUERY, RIGHT))
    book.save(tmp_path / "own.xlsx")
    command = ["batch", str(tmp_path / own), "-o", str(tmp_path / out), "--into-workbook", "--json"]
    assert main(command) == 2
    assert words in _json(capsys)["error"]["message"]
