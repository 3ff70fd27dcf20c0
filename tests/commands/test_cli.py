"""The command line as a script uses it: exit codes, JSON, and errors that say what to do."""

import io
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.workflows.instructions.library import instruction_library

QUERY = "退的钱多久能到账"
WRONG = "如需换货，请在订单详情页选择换货。"
RIGHT = "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "documents.txt"
    path.write_text(f"{WRONG}\n\n{RIGHT}\n", encoding="utf-8")
    return path


def _json(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(capsys.readouterr().out)


def test_rerank_answers_best_first_in_json(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["rerank", "--query", QUERY, "--documents", str(documents), "--model", "embedded", "--json"])
    answer = _json(capsys)
    assert code == 0
    assert [r["document"] for r in answer["results"]] == [RIGHT, WRONG]
    assert [r["index"] for r in answer["results"]] == [1, 0]
    assert answer["model"] == "embedded"


def test_rerank_shows_people_the_best_and_who_scored(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rerank", "--query", QUERY, "--documents", str(documents), "--top", "1"]) == 0
    shown = capsys.readouterr()
    assert RIGHT[:20] in shown.out and WRONG[:8] not in shown.out
    heads = shown.out.splitlines()[0].split()
    assert heads[:3] == ["rank", "logit", "similarity"] and "probability" not in shown.out
    assert "not Qwen3" in shown.err


@pytest.mark.parametrize(
    ("arguments", "where", "words"),
    [
        (["rerank", "--query", "q", "--documents", "missing.txt"], "missing.txt", "cannot be read"),
        (["rerank", "--query", " ", "--documents", "DOCUMENTS"], "query", "query is empty"),
        (["rerank", "--query", "q", "--documents", "DOCUMENTS", "--preset", "poetry"], "preset", "poetry"),
        (["rerank", "--query", "q", "--documents", "DOCUMENTS", "--top", "0"], "--top", "at least 1"),
        (["rerank", "--query", "q", "--documents", "DOCUMENTS", "--model", "gpt"], "model", "gpt"),
        (["rerank"], "arguments", "--query"),
        (["dance"], "arguments", "dance"),
    ],
)
def test_user_errors_exit_2_with_one_json_object(
    arguments: list[str], where: str, words: str, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(documents) if a == "DOCUMENTS" else a for a in arguments]
    assert main([*given, "--json"]) == 2
    error = _json(capsys)["error"]
    assert set(error) == {"message", "where", "hint"}
    assert where in error["where"] and words in error["message"]


def test_a_model_that_is_not_here_exits_1_and_says_how_to_get_it(
    documents: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("MODELSCOPE_CACHE", "HF_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    arguments = ["rerank", "--query", "q", "--documents", str(documents), "--model", "4B", "--json"]
    assert main(arguments) == 1
    assert "Download" in _json(capsys)["error"]["hint"]


def test_half_a_character_ends_nothing(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["rerank", "--query", QUERY, "--documents", str(documents), "--preset", "cut \udcff"]
    assert main([*given, "--json"]) == 2
    assert "cut \udcff" in _json(capsys)["error"]["message"]
    assert main(given) == 2
    assert "cut ?" in capsys.readouterr().err


def test_json_is_whole_in_an_encoding_that_lacks_characters(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = io.BytesIO()
    narrow = io.TextIOWrapper(sink, encoding="iso8859-1")
    monkeypatch.setattr(sys, "stdout", narrow)
    given = ["rerank", "--query", "退款 🙂", "--documents", str(documents), "--preset", "没有 🙂", "--json"]
    assert main(given) == 2
    narrow.flush()
    written = sink.getvalue().decode("iso8859-1")
    assert "没有 🙂" in json.loads(written)["error"]["message"]


def test_models_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    rows = {row["name"]: row for row in _json(capsys)["models"]}
    assert rows["embedded"]["place"] == "built in"
    assert rows["Qwen/Qwen3-Reranker-8B"]["parameters"] == 8_188_548_096


def test_selftest_says_that_it_did_not_run_without_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", "--model", "embedded", "--json"]) == 0
    assert _json(capsys)["verdict"] == "not run: no weights"


def test_serve_says_that_the_port_is_busy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert main(["serve", "--port", str(port), "--json"]) == 2
    error = _json(capsys)["error"]
    assert str(port) in error["message"] and "PORT=" in error["hint"]


def test_a_saved_instruction_is_found_by_its_name(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Given a question on refunds, retrieve the passage that answers it"
    instruction_library(tmp_path / "home").save("refunds", text)
    given = ["rerank", "--query", QUERY, "--documents", str(documents), "--preset", "refunds", "--json"]
    assert main([*given, "--model", "embedded"]) == 0
    # The embedded model takes none, and says that it was ignored.
    assert any("takes no instruction" in warning for warning in _json(capsys)["warnings"])
    instruction_library(tmp_path / "home").remove("refunds")
    assert main([*given, "--model", "embedded"]) == 2
    assert "refunds" in _json(capsys)["error"]["message"]
