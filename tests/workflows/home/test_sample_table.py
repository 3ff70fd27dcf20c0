"""The shipped labelled table: what it promises, and that it is the sample corpus's texts and labels."""

import csv
from collections import defaultdict
from pathlib import Path

from core.sheets.meaning.importing import ImportChoices, import_source
from core.sheets.reading.sources import read_source
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.home.sample_table import NAME, TABLE, keep_sample
from core.workflows.retrieve.sample_corpus import PASSAGES, QUESTIONS


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_is_read_without_a_question_and_has_what_its_help_says() -> None:
    data = labelled_data(import_source(read_source(TABLE), ImportChoices()))
    assert (len(data.texts), data.pairs, data.labels) == (64, 640, 640)
    answerable = [
        query for query, labels in data.judgements.items() if any(v > 0 for v in labels.labels.values())
    ]
    assert len(answerable) == 53


def test_texts_and_labels_are_the_corpus_own() -> None:
    passages = {row["document_id"]: row["document"] for row in _rows(PASSAGES)}
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(QUESTIONS):
        labels[row["query_id"]][row["document_id"]] = row["label"]
    for row in _rows(TABLE):
        assert row["document"] == passages[row["document_id"]]
        assert row["label"] == labels[row["query_id"]].get(row["document_id"], "0")


def test_it_is_kept_like_an_upload(tmp_path: Path) -> None:
    kept = keep_sample(tmp_path)
    assert kept.name == NAME
    assert Path(kept.path).read_bytes() == TABLE.read_bytes()
