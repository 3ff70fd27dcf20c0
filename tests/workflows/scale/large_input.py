"""Queries with candidates in many files, and a small random reranker that scores them."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.models import load_scorer
from core.records import Scorer
from core.settings import Settings
from core.workflows.scale.folding import recognised
from core.workflows.scale.parts import Portion
from core.workflows.scale.places import Folder, input_files
from core.workflows.scale.runs import Run
from tests.models.cross_encoder.models import write_model

WORDS = "refund takes three days reset your password planet mars is red 退 款 多 久".split()


def query(number: int) -> tuple[str, str, list[tuple[str, str]]]:
    """Id, text and (id, text) of candidates, whose number differs."""
    texts = [
        (f"d{number}-{at}", " ".join(WORDS[(number + at * k) % len(WORDS)] for k in range(1, 7)))
        for at in range(1 + number % 5)
    ]
    return f"q{number}", f"how long {WORDS[number % len(WORDS)]} ?", texts


def write_csv(path: Path, numbers: range) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["query_id", "query", "document_id", "document"])
        for number in numbers:
            key, text, candidates = query(number)
            writer.writerows([key, text, *one] for one in candidates)


def write_lists(path: Path, numbers: range) -> None:
    """A row a query, as JSON lines or Parquet by the suffix."""
    rows = [
        {
            "request_id": key,
            "query": text,
            "document_ids": [one for one, _ in candidates],
            "documents": [one for _, one in candidates],
        }
        for key, text, candidates in map(query, numbers)
    ]
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def write_input(folder: Path, files: int = 4, each: int = 10) -> Path:
    folder.mkdir(parents=True)
    for number in range(files):
        write_csv(folder / f"pairs-{number}.csv", range(number * each, (number + 1) * each))
    return folder


def write_scorer(folder: Path) -> Path:
    return write_model(folder, "xlm-roberta", positions=514)


def run_of(place: Path | str, output: Path | str, model: Path, queries: int = 4) -> Run:
    files = input_files(str(place))
    settings = {"home": str(model.parent / "home"), "device": "cpu", "precision": "fp32"}
    columns = recognised(files[0], {})
    portion = Portion(queries, 1000)
    return Run(files, columns, portion, str(model), None, settings, Folder(str(output)))


def scorer_of(model: Path) -> Scorer:
    return load_scorer(str(model), "cpu", "fp32", settings=Settings(home=model.parent / "home"))


def read_logits(output: Path) -> dict[str, dict[str, float]]:
    """By query and document; an id that stands twice fails."""
    found: dict[str, dict[str, float]] = {}
    for file in sorted(output.glob("*.parquet")):
        for row in pq.read_table(file).to_pylist():
            assert row["request_id"] not in found
            found[row["request_id"]] = dict(zip(row["document_ids"], row["logits"], strict=True))
    return found


def expected_logits(scorer: Scorer, numbers: range) -> dict[str, dict[str, float]]:
    """What the local engine gives, one query at a time."""
    found: dict[str, dict[str, float]] = {}
    for number in numbers:
        key, text, candidates = query(number)
        scores = scorer.score(text, [one for _, one in candidates])
        found[key] = {name: score.logit for (name, _), score in zip(candidates, scores, strict=True)}
    return found
