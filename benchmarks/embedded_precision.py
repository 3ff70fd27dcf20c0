"""The embedded model in int8 against fp32: what order they give labelled lists, and how fast each reads.

    python -m benchmarks.embedded_precision [FOLDER] [--queries 40] [--candidates 15] [--sets xquadr_zh,…]

The shipped sample first: every answerable question against all passages, by the pooled vectors that search
compares. Then FOLDER's labelled files (see benchmarks/quality.md): the candidates of some queries, ranked as
the reranker does it (MaxSim). Differences with intervals are `core.evaluation`'s. Speed is in tokens a second
of processor time, micro-batch by micro-batch in turns, so that whatever else runs slows both alike. Prints
for people and ends with one JSON line.
"""

import argparse
import csv
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.labelled_lists import SETS, labelled_lists
from benchmarks.retrieval import processor
from core.evaluation.judged import JudgedQuery, Judgements, Run, rank_by_score
from core.evaluation.measures import parse_measures
from core.evaluation.per_query import evaluate_run
from core.evaluation.significance import compare
from core.models.embedded.e5 import E5BiEncoder
from core.models.embedded.e5_loading import load_e5_encoder
from core.models.embedded.reading import Role, Window, micro_batches
from core.models.embedded.scorer import TOKENS_PER_BATCH
from core.workflows.retrieve.sample_corpus import PASSAGES, QUESTIONS

MEASURES = parse_measures("nDCG@10,RR@10,Success@1")
PRECISIONS = ("fp32", "int8")


class Reading:
    """Both models side by side, and the processor seconds that each took."""

    def __init__(self, models: Sequence[E5BiEncoder]) -> None:
        self.models = models
        self.seconds = [0.0] * len(models)
        self.tokens = 0

    def windows(self, texts: Sequence[str], role: Role) -> list[Window]:
        """The first window of each text."""
        return [self.models[0].read(text, role).windows[0] for text in texts]

    def states(self, windows: Sequence[Window]) -> list[list[torch.Tensor]]:
        """The states of each window, by model."""
        found: list[list[torch.Tensor]] = [[torch.empty(0)] * len(windows) for _ in self.models]
        for batch in micro_batches([len(one.ids) for one in windows], TOKENS_PER_BATCH):
            given = [windows[at] for at in batch]
            self.tokens += sum(len(one.ids) for one in given)
            for number, model in enumerate(self.models):
                start = time.process_time()
                states = model.states(given)
                self.seconds[number] += time.process_time() - start
                for at, rows in zip(batch, states, strict=True):
                    found[number][at] = rows
        return found


def sample_runs(reading: Reading) -> tuple[list[Run], Judgements]:
    """The sample's questions against all its passages, by pooled vectors."""
    passages = {row["document_id"]: row["document"] for row in rows_of(PASSAGES)}
    judgements: dict[str, JudgedQuery] = {}
    for row in rows_of(QUESTIONS):
        if float(row["label"] or 0) > 0:
            labels = judgements.get(row["query"], JudgedQuery(row["query"], {}, row["query"])).labels
            judgements[row["query"]] = JudgedQuery(
                row["query"], {**labels, row["document_id"]: int(float(row["label"]))}, row["query"]
            )
    asked, told = (
        reading.windows(list(judgements), "query"),
        reading.windows(list(passages.values()), "passage"),
    )
    queries, documents = reading.states(asked), reading.states(told)
    runs = []
    for number, (name, model) in enumerate(zip(PRECISIONS, reading.models, strict=True)):
        q = torch.stack([one.pooled for one in model.centred(asked, queries[number])])
        d = torch.stack([one.pooled for one in model.centred(told, documents[number])])
        scores = (q @ d.T).tolist()
        ranked = [
            rank_by_score(query, list(passages), row) for query, row in zip(judgements, scores, strict=True)
        ]
        runs.append(Run(name, {one.query_id: one for one in ranked}))
    return runs, judgements


def labelled_runs(reading: Reading, path: Path, sample: int, candidates: int) -> tuple[list[Run], Judgements]:
    """The first candidates of some queries of a labelled file, as the reranker orders them."""
    lists = labelled_lists(path, sample)
    chosen = {query: lists.candidates(query)[:candidates] for query in lists.queries}
    ids = list(dict.fromkeys(one for documents in chosen.values() for one in documents))
    asked = reading.windows(list(lists.queries.values()), "query")
    told = reading.windows([lists.documents[one] for one in ids], "passage")
    queries, documents = reading.states(asked), reading.states(told)
    runs = []
    for number, (name, model) in enumerate(zip(PRECISIONS, reading.models, strict=True)):
        q = dict(zip(lists.queries, model.centred(asked, queries[number]), strict=True))
        d = dict(zip(ids, model.centred(told, documents[number]), strict=True))
        ranked = [
            rank_by_score(query, own, [model.similarity(q[query], d[one]) for one in own])
            for query, own in chosen.items()
        ]
        runs.append(Run(name, {one.query_id: one for one in ranked}))
    return runs, lists.judgements


def told(name: str, runs: Sequence[Run], judgements: Judgements) -> dict[str, object]:
    """Print one set's rows and give them as a record."""
    exact, quick = (evaluate_run(judgements, run, MEASURES) for run in runs)
    same = sum(
        runs[0].rankings[query].documents[0] == runs[1].rankings[query].documents[0]
        for query in exact.queries
    )
    record: dict[str, object] = {"queries": len(exact.queries), "same_first": same}
    for one in compare(exact, quick):
        interval = f"{one.interval.low:+.3f} to {one.interval.high:+.3f}" if one.interval else ""
        print(
            f"| {name} | {one.queries} | {one.measure} | {one.before:.3f} | {one.after:.3f} | "
            f"{one.difference:+.4f} ({interval}) | {one.wins}/{one.ties}/{one.losses} | {same} |",
            flush=True,
        )
        record[str(one.measure)] = [one.before, one.after, one.difference, interval]
    return record


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--candidates", type=int, default=15)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    loaded = [load_e5_encoder(precision) for precision in PRECISIONS]
    print(f"{processor()}, load {os.getloadavg()[0]:.1f}; int8: {loaded[1].guard}")
    if loaded[1].precision != "int8":
        raise SystemExit("int8 is not used here")
    reading = Reading([one.encoder for one in loaded])
    print("| set | queries | measure | fp32 | int8 | difference (95 %) | better/same/worse | same first |")
    print("|---|---|---|---|---|---|---|---|")
    records = {"sample": told("sample, pooled", *sample_runs(reading))}
    for name in options.sets.split(",") if options.folder else ():
        runs, judgements = labelled_runs(
            reading, options.folder / f"{name}.csv", options.queries, options.candidates
        )
        records[name] = told(f"{name}, MaxSim", runs, judgements)
    speeds = [reading.tokens / seconds for seconds in reading.seconds]
    print(
        f"{reading.tokens:,} tokens: fp32 {speeds[0]:,.0f}, int8 {speeds[1]:,.0f} tokens a processor second, "
        f"{speeds[1] / speeds[0]:.2f} times"
    )
    print(
        json.dumps(
            {
                "processor": processor(),
                "load": os.getloadavg(),
                "threads": options.threads,
                "tokens": reading.tokens,
                "tokens_per_cpu_second": dict(zip(PRECISIONS, speeds, strict=True)),
                "sets": records,
            }
        )
    )


if __name__ == "__main__":
    main()
