"""How well the embedded models rank: similarity candidates against BM25's order, and the calibration fit.

    python -m benchmarks.embedded_quality FOLDER [--queries N] [--threads N]

FOLDER holds labelled CSV files: query_id, query, doc_id, document, label, initial_rank. Rows beyond rank 30
were appended because they are relevant, so they are no candidates but count in the denominators. The mixed
lists are described in quality.md. Prints Markdown tables and ends with one JSON line.
"""

import argparse
import csv
import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ir_measures
import numpy as np
import torch
from ir_measures import RR, Measure, Qrel, R, ScoredDoc, Success, nDCG
from scipy.optimize import minimize

from core.models.embedded.centring import no_means, stored_means
from core.models.embedded.e5 import E5BiEncoder, cosine, cosine_and_max_sim, max_sim
from core.models.embedded.e5_file import read_model_file
from core.models.embedded.reading import Window, micro_batches
from core.models.embedded.use_m3 import UseM3BiEncoder

CANDIDATES = 30
MEASURES: tuple[Measure, ...] = (nDCG @ 10, RR @ 10, R @ 5, Success @ 1)
SETS = ("xquadr_zh", "scifact_en", "cosqa_code")
PARALLEL = Path(__file__).resolve().parent.parent / "tests/models/embedded/parallel_zh_en.json"
SIMILARITIES = {"cosine": cosine, "MaxSim": max_sim, "mean of both": cosine_and_max_sim}

Scores = dict[tuple[str, str], float]  # (query_id, doc_id) → similarity


@dataclass
class RankingTask:
    """Candidates per query with judgements. Ids are unique over all tasks."""

    name: str
    queries: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, list[str]] = field(default_factory=dict)
    judgements: dict[tuple[str, str], int] = field(default_factory=dict)

    def measured(self, score: Callable[[str, str], float]) -> dict[str, float]:
        """Means over all queries of the candidates ordered by `score`."""
        qrels = [Qrel(query, document, label) for (query, document), label in self.judgements.items()]
        run = [
            ScoredDoc(query, document, score(query, document))
            for query, documents in self.candidates.items()
            for document in documents
        ]
        totals = dict.fromkeys(map(str, MEASURES), 0.0)
        for result in ir_measures.iter_calc(MEASURES, qrels, run):
            totals[str(result.measure)] += result.value
        return {name: total / len(self.queries) for name, total in totals.items()}


def labelled_task(path: Path, limit: int) -> RankingTask:
    """One labelled file; `limit` takes its first queries, 0 all."""
    task = RankingTask(path.stem)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            query = row["query_id"]
            if query not in task.queries:
                if limit and len(task.queries) == limit:
                    break
                task.queries[query] = row["query"]
                task.candidates[query] = []
            task.judgements[query, row["doc_id"]] = int(row["label"])
            if int(row["initial_rank"]) <= CANDIDATES:
                task.candidates[query].append(row["doc_id"])
                task.documents[row["doc_id"]] = row["document"]
    return task


def with_foreign_documents(task: RankingTask, other: RankingTask) -> RankingTask:
    """The same queries; each list also holds the candidates of one query of the other task."""
    foreign = list(other.candidates.values())
    mixed = RankingTask(
        f"{task.name} + {other.name} documents", task.queries, task.documents | other.documents
    )
    mixed.judgements = task.judgements
    for i, (query, documents) in enumerate(task.candidates.items()):
        mixed.candidates[query] = documents + foreign[i % len(foreign)]
    return mixed


def parallel_task(query_language: str, answer_language: str) -> RankingTask:
    """Own parallel texts: the answer in one language only, every other topic's passage in both."""
    items = json.loads(PARALLEL.read_text("utf-8"))
    task = RankingTask(f"parallel {query_language} query, {answer_language} answer")
    for i, item in enumerate(items):
        query = f"parallel-{query_language}-{i}"
        task.queries[query] = item[f"query_{query_language}"]
        task.judgements[query, f"parallel-{answer_language}-{i}"] = 1
        task.candidates[query] = [
            f"parallel-{language}-{j}"
            for j in range(len(items))
            for language in ("zh", "en")
            if j != i or language == answer_language
        ]
        for language in ("zh", "en"):
            task.documents[f"parallel-{language}-{i}"] = item[f"passage_{language}"]
    return task


def e5_scores(tasks: Iterable[RankingTask]) -> dict[str, Scores]:
    """Every candidate's similarity by each method; documents are encoded once."""
    file = read_model_file()
    encoders = {
        "raw": E5BiEncoder(file, no_means(file.hidden)),
        "centred": E5BiEncoder(file, stored_means()),
    }
    reader = encoders["raw"]
    queries, documents, askers = joined(tasks)
    query_windows = {query: reader.read(text, "query").windows[0] for query, text in queries.items()}
    query_vectors = {
        query: {
            name: encoder.centred([window], reader.states([window]))[0] for name, encoder in encoders.items()
        }
        for query, window in query_windows.items()
    }
    owners: list[tuple[str, Window]] = [
        (document, window)
        for document, text in documents.items()
        for window in reader.read(text, "passage").windows
    ]
    scores: dict[str, Scores] = {}
    for batch in micro_batches([len(window.ids) for _, window in owners], 1024):
        windows = [owners[i][1] for i in batch]
        states = reader.states(windows)
        for centring, encoder in encoders.items():
            for i, vectors in zip(batch, encoder.centred(windows, states), strict=True):
                document = owners[i][0]
                for method, similarity in SIMILARITIES.items():
                    table = scores.setdefault(f"e5-small {method}, {centring}", {})
                    for query in askers[document]:
                        value = similarity(query_vectors[query][centring], vectors)
                        table[query, document] = max(value, table.get((query, document), -1.0))
    return scores


def use_m3_scores(tasks: Iterable[RankingTask]) -> dict[str, Scores]:
    """Every candidate's cosine by USE-m3."""
    encoder = UseM3BiEncoder()
    queries, documents, askers = joined(tasks)
    query_vectors = {
        query: encoder.join(encoder.encode(encoder.read(text, "query").windows))
        for query, text in queries.items()
    }
    scores: Scores = {}
    for document, text in documents.items():
        windows = encoder.encode(encoder.read(text, "passage").windows)
        for query in askers[document]:
            scores[query, document] = max(
                encoder.similarity(query_vectors[query], window) for window in windows
            )
    return {"USE-m3 cosine": scores}


def joined(tasks: Iterable[RankingTask]) -> tuple[dict[str, str], dict[str, str], dict[str, list[str]]]:
    """Queries and documents of all tasks, and which queries have each document among their candidates."""
    queries: dict[str, str] = {}
    documents: dict[str, str] = {}
    askers: dict[str, dict[str, None]] = {}
    for task in tasks:
        queries |= task.queries
        for query, candidates in task.candidates.items():
            for document in candidates:
                documents[document] = task.documents[document]
                askers.setdefault(document, {})[query] = None
    return queries, documents, {document: list(asking) for document, asking in askers.items()}


def fit(tasks: Iterable[RankingTask], scores: Scores) -> tuple[float, float]:
    """Slope and intercept of relevance regressed on similarity (logistic); each task weighs the same."""
    samples = [sample(task, scores) for task in tasks]

    def loss(parameters: np.ndarray) -> float:
        logits = [parameters[0] * similarity + parameters[1] for similarity, _ in samples]
        return float(
            sum(
                np.mean(np.logaddexp(0, logit) - label * logit)
                for logit, (_, label) in zip(logits, samples, strict=True)
            )
        )

    slope, intercept = minimize(loss, np.array([10.0, -5.0])).x
    return float(slope), float(intercept)


def calibration_error(task: RankingTask, scores: Scores, line: tuple[float, float]) -> float:
    """Expected calibration error in ten equal bins (Naeini and others 2015)."""
    similarity, label = sample(task, scores)
    probability = 1 / (1 + np.exp(-(line[0] * similarity + line[1])))
    bins = np.minimum((probability * 10).astype(int), 9)
    return float(
        sum(
            abs(probability[bins == b].mean() - label[bins == b].mean()) * np.mean(bins == b)
            for b in np.unique(bins)
        )
    )


def sample(task: RankingTask, scores: Scores) -> tuple[np.ndarray, np.ndarray]:
    """Similarity and relevance (0 or 1) of all candidates."""
    pairs = [(query, document) for query, documents in task.candidates.items() for document in documents]
    return (
        np.array([scores[pair] for pair in pairs]),
        np.array([float(task.judgements.get(pair, 0) > 0) for pair in pairs]),
    )


def print_table(task: RankingTask, rows: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n### {task.name}: {len(task.queries)} queries\n")
    print("| order | " + " | ".join(map(str, MEASURES)) + " |")
    print("|---|" + "---|" * len(MEASURES))
    for name, values in rows.items():
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values.values()) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=0, help="first N queries of each file; 0 = all")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    labelled = [labelled_task(arguments.folder / f"{name}.csv", arguments.queries) for name in SETS]
    chinese, english, _ = labelled
    mixed = [
        with_foreign_documents(chinese, english),
        with_foreign_documents(english, chinese),
        *(parallel_task(query, answer) for query in ("zh", "en") for answer in ("zh", "en")),
    ]
    started = time.perf_counter()
    scores = e5_scores([*labelled, *mixed]) | use_m3_scores([*labelled, *mixed])
    seconds = time.perf_counter() - started

    results: dict[str, dict[str, dict[str, float]]] = {}
    for task in [*labelled, *mixed]:
        rows = {}
        if task in labelled:
            rank = {
                (query, d): i for query, documents in task.candidates.items() for i, d in enumerate(documents)
            }
            rows["BM25 (initial order)"] = task.measured(lambda query, d, rank=rank: -rank[query, d])
        for name, table in scores.items():
            rows[name] = task.measured(lambda query, d, table=table: table[query, d])
        print_table(task, rows)
        results[task.name] = rows

    print("\n### Calibration\n\n| model | slope | intercept | set | ECE | ECE, fitted without this set |")
    print("|---|---|---|---|---|---|")
    lines = {}
    for name in ("e5-small MaxSim, centred", "USE-m3 cosine"):
        line = lines[name] = fit(labelled, scores[name])
        for task in labelled:
            others = fit([other for other in labelled if other is not task], scores[name])
            print(
                f"| {name} | {line[0]:.2f} | {line[1]:.2f} | {task.name} "
                f"| {calibration_error(task, scores[name], line):.3f} "
                f"| {calibration_error(task, scores[name], others):.3f} |"
            )
    print()
    print(
        json.dumps(
            {
                "results": results,
                "calibration": lines,
                "seconds": round(seconds),
                "threads": arguments.threads,
                "python": platform.python_version(),
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
