"""`judge` as a script uses it, against a model on localhost; `evaluate` with its grades."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from tests.judging.fake_judge import FakeJudge, fake_judge
from tests.workflows.judge.judged_sheet import judged_sheet, truth


def _json(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RERANK_HOME", str(tmp_path / "home"))
    for name in ("URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"RERANK_LLM_{name}", raising=False)
    return judged_sheet(tmp_path / "判断.csv")


def test_a_sheet_is_judged_kept_and_paid_for_once(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_judge(FakeJudge(truth(), profile="over")) as model:
        arguments = ["judge", str(sheet), "--endpoint", model.url, "--model", "m", "--together", "3", "--yes"]
        out = tmp_path / "labels.csv"
        assert main([*arguments, "--json", "-o", str(out)]) == 0
        answer = _json(capsys)
        assert (answer["pairs"], answer["labelled"], answer["failed"]) == (80, 80, 0)
        assert answer["requests"] == 32 and answer["judge"] == "m"
        agreement = answer["agreement"]
        assert agreement["pairs"] == 40 and agreement["over_rating"]["interval"][0] > 0
        assert any("grades higher than people" in said for said in agreement["sentences"])
        assert main([*arguments, "--json"]) == 0
        assert _json(capsys)["requests"] == 0
        assert main(arguments) == 0
        shown = capsys.readouterr().out
        assert "80 of 80 pairs have a label" in shown and "grades higher than people" in shown
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 80 and rows[0]["note"].startswith(f"model m {answer['fingerprint']}; votes ")


def test_nothing_is_sent_unless_somebody_agreed(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with fake_judge(FakeJudge(truth())) as model:
        assert main(["judge", str(sheet), "--endpoint", model.url, "--model", "m", "--json"]) == 2
        error = _json(capsys)["error"]
        assert "80 requests" in error["message"] and "Nobody agreed" in error["message"]
        assert model.asked == []
    away = ["judge", str(sheet), "--endpoint", "https://judge.invalid/v1", "--model", "m", "--json"]
    assert main(away) == 2
    assert "would be sent to judge.invalid" in _json(capsys)["error"]["message"]


def test_pairs_without_an_answer_are_counted_and_end_with_their_own_code(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_judge(FakeJudge(truth(), malformed=lambda number, documents: True)) as model:
        arguments = ["judge", str(sheet), "--endpoint", model.url, "--model", "m", "--top", "1", "--yes"]
        assert main([*arguments, "--which", "unjudged", "--json"]) == 4
        answer = _json(capsys)
    assert (answer["labelled"], answer["failed"], answer["malformed"]) == (0, 8, 24)


def test_an_own_rubric_is_what_the_model_is_told(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = tmp_path / "标准.txt"
    rubric.write_text("3 直接回答；0 无关", encoding="utf-8")
    with fake_judge(FakeJudge(truth())) as model:
        arguments = ["judge", str(sheet), "--endpoint", model.url, "--model", "m", "--top", "1", "--yes"]
        assert main([*arguments, "--rubric", str(rubric), "--which", "unjudged", "--json"]) == 0
        assert model.asked[0]["messages"][0]["content"].startswith("3 直接回答；0 无关")
    missing = [*arguments, "--rubric", str(tmp_path / "none.txt"), "--json"]
    capsys.readouterr()
    assert main(missing) == 2


def test_an_evaluation_by_a_models_grades_says_so(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with fake_judge(FakeJudge(truth())) as model:
        assert main(["judge", str(sheet), "--endpoint", model.url, "--model", "m", "--yes", "--json"]) == 0
    capsys.readouterr()
    plain = ["evaluate", str(sheet), "--model", "embedded", "--measures", "nDCG@10", "--json"]
    assert main(plain) == 0
    by_people = _json(capsys)
    assert by_people["labels"] == {
        "people": 40,
        "model": 0,
        "judge": None,
        "fingerprint": None,
        "synthetic_questions": 0,
    }
    assert by_people["queries"] == 8
    assert main([*plain, "--graded-by", "m"]) == 0
    by_model = _json(capsys)
    assert by_model["queries"] == 16 and by_model["labels"]["model"] == 40
    sentence = by_model["measures"]["nDCG@10"]["sentence"]
    assert sentence.startswith("By a model's grades («m», 40 of 80 labels): ")
    assert main([*plain, "--graded-by", "nobody"]) == 2
