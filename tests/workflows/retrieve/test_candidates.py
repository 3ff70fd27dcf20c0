"""Candidates of questions without any label, as a batch that reads back what was found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.jobs import InputFile
from core.models.embedded import load_embedded
from core.retrieval.passages import Corpus, Passage
from core.workflows.retrieve.candidates import COLUMNS, candidates_csv, candidates_job
from core.workflows.retrieve.questions import read_queries
from core.workflows.retrieve.searching import SearchAsked
from tests.retrieval.corpora import opened


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    corpus = opened("sqlite", tmp_path)
    corpus.add(
        [
            Passage("refund", "A refund takes 3 days.", "Refunds", "shop"),
            Passage("card", 'The refund goes to "your" card,\nnot to another.', source="shop"),
            Passage("电池", "首次使用前请充满电。", source="手册"),
        ]
    )
    yield corpus
    corpus.close()


def test_candidates_become_a_batch(corpus: Corpus, tmp_path: Path) -> None:
    asked = tmp_path / "questions.csv"
    asked.write_text("question\nrefund days\n首次充电\nrefund days\nnothing of it\n", encoding="utf-8")
    queries = read_queries(asked)
    assert list(queries.values()) == ["refund days", "首次充电", "nothing of it"]
    content = candidates_csv(corpus, queries, SearchAsked("bm25", 5), None)
    path = tmp_path / "candidates.csv"
    path.write_bytes(content)
    assert content.decode().splitlines()[0] == ",".join(COLUMNS)
    kept = InputFile("candidates.csv", str(path), "0" * 64, len(content))
    job = candidates_job("help · questions", kept, load_embedded(), "an instruction that it does not take")
    assert job.kind == "batch" and [one.query for one in job.requests] == ["refund days", "首次充电"]
    assert job.requests[0].documents == (
        "Refunds\nA refund takes 3 days.",
        'The refund goes to "your" card,\nnot to another.',
    )
    assert job.requests[0].instruction is None
