"""First half of the embedded models' quality: the similarity of every pair, by every method, into a file.

    python -m benchmarks.embedded_scores FOLDER RECORD [--part 1/2] [--seed 0] [--seconds 240]

FOLDER holds the labelled files (see labelled_lists), RECORD is a JSON file that is made or added to. Every
document is encoded once for all the lists that have it and all methods. The program stops after --seconds;
run it again until nothing is left. The labelled queries come in an order drawn with --seed, each with all its
candidates, so that the queries complete so far are a random sample. With --part 1/2 and --part 2/2 two of
them share the documents, each with a record of its own. Then
`python -m benchmarks.embedded_quality FOLDER RECORD…`.
"""

import argparse
import json
import platform
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.labelled_lists import SETS, LabelledLists, all_lists
from core.models.embedded.centring import SHARE, stored_means
from core.models.embedded.e5 import E5BiEncoder, E5Vectors, cosine, max_sim
from core.models.embedded.e5_file import read_model_file
from core.models.embedded.reading import Window, micro_batches
from core.models.embedded.scorer import TOKENS_PER_BATCH
from core.models.embedded.use_m3 import UseM3BiEncoder, UseVector

# Shares of the language mean that are taken out; 0 is the model as it is.
SHARES = (0.0, 0.6, 0.8, 1.0)
SIMILARITIES = ("cosine", "MaxSim", "mean of both")
METHODS = (*(f"{name}, {share} centred" for share in SHARES for name in SIMILARITIES), "USE-m3 cosine")
# Documents between two looks at the clock.
PORTION = 100


class Similarities:
    """Both embedded models, and the vectors of the queries they have met."""

    def __init__(self, queries: dict[str, str]) -> None:
        file = read_model_file()
        # `centred` takes SHARE of the means it was given.
        self._e5 = [E5BiEncoder(file, stored_means() * (share / SHARE)) for share in SHARES]
        self._use_m3 = UseM3BiEncoder()
        self._queries = queries
        self._known: dict[str, tuple[list[E5Vectors], UseVector]] = {}

    def of(
        self, documents: dict[str, str], askers: dict[str, list[str]]
    ) -> dict[str, dict[str, list[float]]]:
        """Document → query → one similarity per method: that of the best window."""
        found: dict[str, dict[str, list[float]]] = {
            document: {query: [-1.0] * len(METHODS) for query in askers[document]} for document in documents
        }
        reader = self._e5[0]
        owners: list[tuple[str, Window]] = [
            (document, window)
            for document, text in documents.items()
            for window in reader.read(text, "passage").windows
        ]
        for batch in micro_batches([len(window.ids) for _, window in owners], TOKENS_PER_BATCH):
            vectors = self._centred([owners[i][1] for i in batch])
            for place, i in enumerate(batch):
                for query, best in found[owners[i][0]].items():
                    values = [
                        value
                        for asked, by_share in zip(self._query(query)[0], vectors, strict=True)
                        for value in similarities_of(asked, by_share[place])
                    ]
                    best[:-1] = map(max, best[:-1], values)
        for document, text in documents.items():
            encoded = self._use_m3.encode(self._use_m3.read(text, "passage").windows)
            for query, best in found[document].items():
                best[-1] = max(self._use_m3.similarity(self._query(query)[1], window) for window in encoded)
        return found

    def _centred(self, windows: Sequence[Window]) -> list[list[E5Vectors]]:
        """By share, then window; the network runs once."""
        states = self._e5[0].states(windows)
        return [encoder.centred(windows, states) for encoder in self._e5]

    def _query(self, query: str) -> tuple[list[E5Vectors], UseVector]:
        if query not in self._known:
            text = self._queries[query]
            by_share = self._centred(self._e5[0].read(text, "query").windows)
            joined = [encoder.join(vectors) for encoder, vectors in zip(self._e5, by_share, strict=True)]
            use_m3 = self._use_m3
            self._known[query] = joined, use_m3.join(use_m3.encode(use_m3.read(text, "query").windows))
        return self._known[query]


def similarities_of(query: E5Vectors, document: E5Vectors) -> tuple[float, float, float]:
    """In the order of SIMILARITIES."""
    pooled, late = cosine(query, document), max_sim(query, document)
    return pooled, late, (pooled + late) / 2


def joined(lists: Sequence[LabelledLists]) -> tuple[dict[str, str], dict[str, str], dict[str, list[str]]]:
    """Queries and candidate documents of all lists, and which queries ask for each document."""
    queries: dict[str, str] = {}
    documents: dict[str, str] = {}
    askers: dict[str, dict[str, None]] = {}
    for one in lists:
        queries |= one.queries
        for query in one.queries:
            for document in one.candidates(query):
                documents[document] = one.documents[document]
                askers.setdefault(document, {})[query] = None
    return queries, documents, {document: list(asking) for document, asking in askers.items()}


def in_order(lists: Sequence[LabelledLists], seed: int) -> list[str]:
    """Documents by the query that asks for them: the labelled lists' shuffled, then the other lists'."""
    queries = [(one, query) for one in lists if one.name in SETS for query in one.queries]
    random.Random(seed).shuffle(queries)
    queries += [(one, query) for one in lists if one.name not in SETS for query in one.queries]
    return list(dict.fromkeys(document for one, query in queries for document in one.candidates(query)))


def opened(path: Path, seed: int) -> dict[str, Any]:
    """The record as far as it has come, or an empty one."""
    made_for = {"methods": list(METHODS), "seed": seed}
    if not path.exists():
        return {**made_for, "seconds": 0.0, "scores": {}}
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if {name: record[name] for name in made_for} != made_for:
        raise SystemExit(f"{path} was made with other methods or another seed; choose another file.")
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("record", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=240, help="stop after about so long")
    parser.add_argument("--part", default="1/1", help="which part of the documents, e.g. 1/2")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    started = time.perf_counter()
    record = opened(options.record, options.seed)
    lists = all_lists(options.folder)
    queries, documents, askers = joined(lists)
    scores: dict[str, dict[str, list[float]]] = record["scores"]
    by_length = sorted(documents, key=lambda document: (len(documents[document]), document))
    part, parts = map(int, options.part.split("/"))
    own = set(by_length[part - 1 :: parts])  # equally long texts for every part
    waiting = [one for one in in_order(lists, options.seed) if one in own and one not in scores]
    similarities = Similarities(queries) if waiting else None
    while similarities and waiting and time.perf_counter() - started < options.seconds:
        portion, waiting = waiting[:PORTION], waiting[PORTION:]
        found = similarities.of({document: documents[document] for document in portion}, askers)
        scores.update(
            {
                document: {query: [round(value, 6) for value in values] for query, values in asked.items()}
                for document, asked in found.items()
            }
        )
    record["seconds"] = round(record["seconds"] + time.perf_counter() - started, 1)
    record["made_with"] = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": options.threads,
    }
    partial = options.record.with_suffix(".partial")
    partial.write_text(json.dumps(record), "utf-8")
    partial.replace(options.record)
    print(f"{len(scores):,} documents scored in {record['seconds']:.0f} s, {len(waiting):,} left")
    print(json.dumps({"documents": len(scores), "left": len(waiting), "seconds": record["seconds"]}))


if __name__ == "__main__":
    main()
