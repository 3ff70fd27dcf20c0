"""A corpus as a file for another store, written and read back."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from core.errors import InputError
from core.retrieval.passages import Passage
from core.workflows.retrieve.exporting import export_corpus
from tests.retrieval.corpora import EMBEDDING, direction, opened

PASSAGES = [
    Passage("退货", "七天内可退货。", "退货\t规则", "shop", 3, (("语言", "中文"), ("year", "2024"))),
    Passage("00123", 'A «refund» takes\n"3 days".', source="shop"),
]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_every_passage_is_written_with_its_vector(ending: str, tmp_path: Path) -> None:
    corpus = opened("sqlite", tmp_path)
    corpus.add(PASSAGES)
    corpus.use_embedding(EMBEDDING)
    corpus.put_vectors({PASSAGES[0].key: direction(1, 2)})
    path = tmp_path / f"帮助.{ending}"
    assert export_corpus(corpus, path) == 2
    corpus.close()
    if ending == "jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        rows = pq.read_table(path).to_pylist()
        rows = [{**row, "metadata": json.loads(row["metadata"])} for row in rows]
    back = [
        Passage(
            row["id"],
            row["text"],
            row["title"],
            row["source"],
            row["position"],
            tuple(row["metadata"].items()),
        )
        for row in rows
    ]
    assert back == PASSAGES
    assert np.allclose(rows[0]["vector"], direction(1, 2), atol=1e-3) and rows[1]["vector"] is None


def test_another_format_is_refused(tmp_path: Path) -> None:
    corpus = opened("sqlite", tmp_path)
    with pytest.raises(InputError, match="xlsx"):
        export_corpus(corpus, tmp_path / "help.xlsx")
    corpus.close()
