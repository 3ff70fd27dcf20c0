"""`corpus` as a script uses it, with the embedded pair of models."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.commands.corpora import vectors

ROWS = [
    ("r1", "Returns", "You can return an item within seven days of delivery."),
    ("r2", "Refunds", "A refund reaches your card within 3 to 5 days."),
    ("r3", "电池", "首次使用前请将电池充满电，充电约需两小时。"),
    ("r4", "发票", "电子发票在发货后自动发送到您的邮箱。"),
    ("r5", "Warranty", "The warranty covers two years from the date of purchase."),
    ("r6", "合同", "劳动合同应当以书面形式订立。"),
]
QUESTIONS = [
    ("When do I get my money back?", "r2", 1),
    ("怎么给电池充电？", "r3", 1),
    ("How long is the warranty?", "r5", 1),
    ("Where does the invoice go?", "r4", 1),
    ("劳动合同要写下来吗", "r6", 1),
    ("Do you sell bicycles?", "", ""),
]


@pytest.fixture
def passages(tmp_path: Path) -> Path:
    path = tmp_path / "帮助.jsonl"
    lines = [json.dumps({"doc_id": i, "title": t, "document": d}, ensure_ascii=False) for i, t, d in ROWS]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
    assert main(["corpus", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_add_says_what_is_new_and_again_nothing(passages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = _run(capsys, "add", "help", str(passages))
    assert set(first) == {"corpus", "passages", "added", "replaced", "seconds"}
    assert (first["corpus"], first["passages"], first["added"], first["replaced"]) == ("help", 6, 6, 0)
    again = _run(capsys, "add", "help", str(passages))
    assert (again["passages"], again["added"], again["replaced"]) == (6, 0, 0)
    (listed,) = _run(capsys, "list")["corpora"]
    assert (listed["corpus"], listed["passages"], listed["vectors"]) == ("help", 6, 6)
    assert "multilingual-e5-small" in listed["embedding"]


@pytest.mark.parametrize("stage", ["bm25", "embedding", "union", "interleaved", "rrf"])
def test_search_tells_who_found_what_at_which_rank(
    stage: str, passages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "add", "help", str(passages))
    answer = _run(capsys, "search", "help", "--query", "refund to my card", "--stage", stage, "--top-k", "3")
    first = answer["results"][0]
    assert set(first) == {"id", "rank", "stages", "text"}
    assert (first["id"], first["rank"], first["text"]) == ("r2", 1, ROWS[1][2])
    expected = {"bm25", "embedding"} if stage not in ("bm25", "embedding") else {stage}
    assert set(first["stages"]) <= expected and 1 in first["stages"].values()
    assert all(isinstance(taken, float) for taken in answer["seconds"].values())


def test_reranked_results_carry_their_logits(passages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "add", "help", str(passages))
    asked = ("search", "help", "--query", "电子发票", "--rerank", "--top-n", "2", "--model", "embedded")
    answer = _run(capsys, *asked)
    logits = [one["logit"] for one in answer["results"]]
    assert len(logits) == 2 and logits == sorted(logits, reverse=True)
    assert answer["results"][0]["id"] == "r4" and answer["seconds"]["rerank"] > 0


def test_a_source_alone_is_searched(
    passages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.md").write_text("Refunds of gift cards take ten days.", encoding="utf-8")
    added = _run(capsys, "add", "help", str(passages), str(tmp_path / "other.md"))
    assert added["added"] == 7
    answer = _run(capsys, "search", "help", "--query", "refund", "--source", "other.md")
    assert [one["id"] for one in answer["results"]] == ["other.md#0"]
    gone = _run(capsys, "remove", "help", "--source", "other.md")
    assert gone == {"corpus": "help", "removed": 1, "passages": 6}


def test_other_columns_are_metadata_to_search_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "faq.csv"
    lines = [
        f"{i},{d},{'zh' if i in ('r3', 'r4', 'r6') else 'en'},{n % 2}" for n, (i, _, d) in enumerate(ROWS)
    ]
    path.write_text("\n".join(["document_id,document,lang,shelf", *lines]), encoding="utf-8")
    _run(capsys, "add", "help", str(path))
    asked = ("search", "help", "--query", "refund battery 电池", "--stage", "embedding")
    answer = _run(capsys, *asked, "--where", "lang=en", "--where", "shelf=0")
    assert {one["id"] for one in answer["results"]} == {"r1", "r5"}
    answer = _run(capsys, *asked, "--where", "lang=zh", "--where", "lang=en")
    assert len(answer["results"]) == 6
    wrong = _run(capsys, *asked, "--where", "lang=fr", code=2)["error"]
    assert "«fr»" in wrong["message"] and wrong["hint"] == "There are: lang, shelf."


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    lines = ["query,document_id,label", *(f"{q},{i},{label}" for q, i, label in QUESTIONS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_nothing_is_measured_while_many_vectors_are_missing(
    passages: Path, labelled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MADE_AT_ONCE", 5)
    _run(capsys, "add", "help", str(passages), "--vectors", "later")
    asked = ("evaluate", "help", str(labelled), "--top-k", "4", "--model", "embedded")
    error = _run(capsys, *asked, code=2)["error"]
    assert error["message"].startswith("0 of 6 passages have a vector") and "--wait" in error["hint"]
    assert main(["corpus", *asked, "--wait", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["queries"] == 5 and "6 of 6 vectors" in told.err


def test_a_search_says_how_many_passages_have_no_vector(
    passages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(capsys, "add", "help", str(passages))
    (tmp_path / "other.csv").write_text("id,document\nr7,Gift cards.\nr8,Opening hours.", encoding="utf-8")
    _run(capsys, "add", "help", str(tmp_path / "other.csv"), "--vectors", "later")
    monkeypatch.setattr(vectors, "MADE_AT_ONCE", 1)
    asked = ("search", "help", "--query", "refund", "--stage")
    assert _run(capsys, *asked, "union")["without_vector"] == 2
    assert "without_vector" not in _run(capsys, *asked, "bm25")


def test_evaluate_measures_every_system(
    passages: Path, labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "add", "help", str(passages))
    answer = _run(capsys, "evaluate", "help", str(labelled), "--top-k", "4", "--model", "embedded")
    assert answer["queries"] == 5 and answer["left_out"] == 1
    assert set(answer["systems"]) == {
        "bm25",
        "embedding",
        "union",
        "rrf",
        "bm25 + reranker",
        "embedding + reranker",
        "union + reranker",
    }
    two = answer["systems"]["union + reranker"]
    assert two["measures"]["Success@1"]["mean"] >= answer["systems"]["bm25"]["measures"]["Success@1"]["mean"]
    assert answer["measures"] == two["measures"]
    # Words find nothing for the English question about a Chinese passage.
    assert answer["systems"]["bm25"]["recall_ceiling"] < answer["systems"]["union"]["recall_ceiling"]
    assert set(two["compared_with"]) == {"bm25", "embedding"}
    assert [point["k"] for point in answer["curve"]] == [1, 2, 3, 4]
    assert answer["curve"][-1]["quality"] == pytest.approx(two["measures"]["nDCG@10"]["mean"])


def test_a_corpus_is_exported_with_its_vectors(
    passages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "add", "help", str(passages))
    out = tmp_path / "help.jsonl"
    assert _run(capsys, "export", "help", "-o", str(out))["passages"] == 6
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [i for i, _, _ in ROWS]
    assert all(sum(x * x for x in row["vector"]) == pytest.approx(1, abs=1e-2) for row in rows)
    wrong = _run(capsys, "export", "help", "-o", str(tmp_path / "help.pdf"), code=2)["error"]
    assert ".pdf" in wrong["message"]


def test_a_removed_corpus_is_gone(passages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "add", "help", str(passages))
    assert _run(capsys, "remove", "help") == {"corpus": "help", "removed": 6, "passages": 0}
    assert _run(capsys, "list") == {"corpora": []}


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["search", "none", "--query", "x"], "corpus"),
        (["search", "help", "--query", " "], "query"),
        (["search", "help", "--query", "x", "--stage", "magic"], "stage"),
        (["search", "help", "--query", "x", "--top-k", "0"], "candidates"),
        (["search", "help", "--query", "x", "--top-n", "0"], "results"),
        (["search", "help", "--query", "x", "--source", "nowhere"], "sources"),
        (["search", "help", "--query", "x", "--where", "nothing"], "--where"),
        (["search", "help", "--query", "x", "--where", "lang=zh"], "filters"),
        (["add", "a/b", "PASSAGES"], "corpus"),
        (["add", "help", "missing.csv"], "missing.csv"),
        (["add", "help", "PASSAGES", "--map", "document"], "--map"),
        (["evaluate", "help", "PASSAGES"], "帮助.jsonl"),
        (["remove", "none"], "corpus"),
        (["dance"], "arguments"),
    ],
)
def test_user_errors_exit_2_and_say_where(
    arguments: list[str], where: str, passages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "add", "help", str(passages), "--vectors", "later")
    error = _run(capsys, *(str(passages) if one == "PASSAGES" else one for one in arguments), code=2)["error"]
    assert set(error) == {"message", "where", "hint"} and where in error["where"]
