"""`recipe` as a script uses it, and recipes as a build's gate."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.workflows.home.sample_table import TABLE
from tests.workflows.evaluate.labelled_sheet import sheet_rows, write_sheet


def _json(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(capsys.readouterr().out)


def test_a_recipe_is_saved_shown_compared_handed_on_and_rolled_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save = ["recipe", "save", "support", "--clean-rules", "html", "--top", "5", "--blend", "0.7"]
    assert main([*save, "--json"]) == 0
    assert _json(capsys)["recipe"] == {
        "care": {"rules": ["html"], "chunks": None},
        "blend": {"kind": "ranks", "weight": 0.7, "gate": None},
        "top": 5,
    }
    assert main([*save, "--threshold", "0.4"]) == 0
    assert "version 2" in capsys.readouterr().out
    assert main(["recipe", "diff", "support@1", "support", "--json"]) == 0
    assert _json(capsys) == {"differences": ["Threshold: none → 0.4"]}
    assert main(["recipe", "show", "support"]) == 0
    assert "70% reranker" in capsys.readouterr().out
    out = tmp_path / "support.json"
    assert main(["recipe", "export", "support", "-o", str(out)]) == 0
    assert main(["recipe", "rollback", "support", "--json"]) == 0
    assert "threshold" not in _json(capsys)["recipe"]
    assert main(["recipe", "remove", "support"]) == 0
    capsys.readouterr()
    assert main(["recipe", "import", str(out), "--json"]) == 0
    assert _json(capsys) == {"recipe": "support", "added": 2, "known": 0}
    assert main(["recipe", "list", "--json"]) == 0
    (listed,) = _json(capsys)["recipes"]
    assert (listed["name"], listed["version"], listed["recipe"]["threshold"]) == ("support", 2, 0.4)


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "no such"],
        ["rollback", "no such"],
        ["export", "no such"],
        ["import", "no such file"],
        ["save", " "],
        ["save", "x", "--threshold", "2"],
        ["save", "x", "--blend", "1.5"],
    ],
)
def test_what_is_at_fault_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", *arguments, "--json"]) == 2
    assert _json(capsys)["error"]["message"]


def test_options_that_the_recipe_decides_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = tmp_path / "d.txt"
    documents.write_text("a\n")
    assert main(["recipe", "save", "support", "--top", "5"]) == 0
    asked = ["rerank", "--query", "q", "--documents", str(documents), "--recipe", "support"]
    capsys.readouterr()
    assert main([*asked, "--clean", "--instruction", "x", "--json"]) == 2
    assert "--instruction, --clean" in _json(capsys)["error"]["message"]


def test_the_gate_fails_and_passes_as_the_statistics_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", "save", "good", "--model", "embedded"]) == 0
    assert main(["recipe", "save", "bad", "--model", "embedded", "--blend", "0", "--candidates", "1"]) == 0
    capsys.readouterr()
    asked = ["evaluate", str(TABLE), "--measures", "nDCG@10", "--json"]
    assert main([*asked, "--recipe", "good", "--fail-below", "nDCG@10=0.3"]) == 0
    passed = _json(capsys)
    assert [one["failed"] for one in passed["gates"]] == [False]
    mean = passed["measures"]["nDCG@10"]["mean"]
    assert main([*asked, "--recipe", "good", "--fail-below", f"nDCG@10={mean + 0.005:.3f}"]) == 0
    assert "Cannot tell" in _json(capsys)["gates"][0]["message"]
    assert main([*asked, "--recipe", "good", "--fail-below", "nDCG@10=0.999"]) == 5
    assert "Failed" in _json(capsys)["gates"][0]["message"]
    assert main([*asked, "--recipe", "bad", "--fail-if-worse-than", "good"]) == 5
    assert "Worse by" in _json(capsys)["gates"][0]["message"]
    assert main([*asked, "--recipe", "good", "--fail-if-worse-than", "bad"]) == 0
    assert main([*asked, "--recipe", "good", "--fail-if-worse-than", "good"]) == 0


def test_a_recipe_without_a_sheet_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = write_sheet(tmp_path / "s.csv", sheet_rows())
    assert main(["evaluate", "--run", str(sheet), "--qrels", str(sheet), "--recipe", "x", "--json"]) == 2
    assert "labelled sheet" in _json(capsys)["error"]["message"]
