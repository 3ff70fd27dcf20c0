"""The shipped sample as a labelled sheet: each question with the passages that BM25 finds for it."""

import csv
from pathlib import Path

from core.retrieval.bm25 import Bm25

SAMPLE = Path(__file__).resolve().parents[3] / "core" / "workflows" / "retrieve" / "sample"


def write_sample_sheet(path: Path, *, questions: int = 64, candidates: int = 10) -> Path:
    """A row per question and candidate; what is relevant and was not found is not added."""
    passages = {row["document_id"]: row["document"] for row in _rows("passages.csv")}
    asked: dict[str, tuple[str, dict[str, str]]] = {}
    for row in _rows("questions.csv"):
        asked.setdefault(row["query_id"], (row["query"], {}))[1][row["document_id"]] = row["label"]
    index, texts = Bm25(passages.values()), list(passages.values())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("query_id", "query", "document_id", "document", "label"))
        for query_id, (query, labels) in list(asked.items())[:questions]:
            scores = index.scores(query, texts)
            found = sorted(zip(scores, passages, strict=True), key=lambda pair: -pair[0])[:candidates]
            # In the order of their ids, so that the order before is not BM25's.
            for document in sorted(name for _, name in found):
                writer.writerow((query_id, query, document, passages[document], labels.get(document, 0)))
    return path


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
