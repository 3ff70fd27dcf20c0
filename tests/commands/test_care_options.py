"""`--clean` and `--chunk` on the command line."""

import json
from pathlib import Path

import pytest

from core.cli import main

QUERY = "how long does a refund take"
FILLER = "Our shop sells many fine things for every house. " * 60
LONG = f"{FILLER} A refund is back after three working days. {FILLER}".strip()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "documents.txt"
    path.write_text(f"<p>Invoices come by <b>mail</b>.</p>\n{LONG}\n", encoding="utf-8")
    return path


def _rerank(documents: Path, *options: str) -> int:
    given = ["--query", QUERY, "--documents", str(documents), "--model", "embedded", "--json"]
    return main(["rerank", *given, *options])


def test_rerank_cleans_and_cuts(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rerank(documents, "--clean", "--chunk", "64", "--chunk-top", "2") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["care"]["chunks"] == {"tokens": 64, "overlap": 8, "least": 8, "top": 2}
    first, second = record["results"]
    assert "three working days" in first["care"]["winning_text"] and first["document"] == LONG
    assert second["care"] == {"cleaned": {"html": 4}}
    assert second["document"] == "<p>Invoices come by <b>mail</b>.</p>"


def test_single_rules_can_be_asked_for(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rerank(documents, "--clean-rules", "lines,controls") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["care"]["rules"] == ["controls", "lines"]
    assert not any("cleaned" in one["care"] for one in record["results"])


@pytest.mark.parametrize("options", [("--clean-rules", "pdf"), ("--chunk", "3"), ("--chunk-top", "2")])
def test_what_cannot_be_is_the_users_fault(
    documents: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _rerank(documents, *options) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"]


def test_batch_writes_the_originals_and_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "in.csv"
    table.write_text(
        f'query,document\n{QUERY},"<p>Refunds take <b>three</b> days.</p>"\n{QUERY},"{LONG}"\n',
        encoding="utf-8",
    )
    out = tmp_path / "out.jsonl"
    given = ["batch", str(table), "-o", str(out), "--model", "embedded", "--clean", "--chunk", "64", "--json"]
    assert main(given) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 2
    rows = {row["document"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert rows["<p>Refunds take <b>three</b> days.</p>"]["cleaned"] == "html 4"
    assert "three working days" in rows[LONG]["winning_text"]
