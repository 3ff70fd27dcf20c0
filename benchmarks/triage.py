"""Queries that an embedded model makes worse than BM25, with the causes that the triage names, to be read.

    python -m benchmarks.triage FOLDER RECORD --set cosqa_code [--queries 40] [--seed 0] [--model e5|use_m3]

FOLDER holds the labelled files (see labelled_lists). RECORD is a JSON file with the logits of what was
scored; queries that it has are not scored again. Prints every regression of nDCG@10, both texts and causes,
then how many have none, and ends with one JSON line. Whether a cause is right, a reader has to say.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from benchmarks.labelled_lists import SETS, LabelledLists, labelled_lists
from core.evaluation.judged import Run, rank_by_score
from core.evaluation.measures import parse_measures
from core.evaluation.per_query import evaluate_run
from core.evaluation.triage import Particulars, Regression, regressions
from core.models.embedded.loading import load_e5, load_use_m3
from core.records import ScoringRequest

MEASURE = parse_measures("nDCG@10")[0]
LOADERS = {"e5": load_e5, "use_m3": load_use_m3}
# Characters of a text that are printed.
SHOWN = 420


def scored(lists: LabelledLists, record: Path, model: str) -> dict[str, list[float]]:
    """The logits of every query's candidates, from the record or scored now."""
    known: dict[str, list[float]] = json.loads(record.read_text("utf-8")) if record.exists() else {}
    keys = {query: f"{model} {lists.name} {query}" for query in lists.queries}
    missing = [query for query, key in keys.items() if key not in known]
    if missing:
        scorer = LOADERS[model]()
        for query in missing:
            texts = tuple(lists.documents[document] for document in lists.candidates(query))
            (scores,) = scorer.score_many([ScoringRequest(lists.queries[query], texts)])
            known[keys[query]] = [score.logit for score in scores]
        record.write_text(json.dumps(known), "utf-8")
    return {query: known[key] for query, key in keys.items()}


def regressions_of(lists: LabelledLists, logits: dict[str, list[float]]) -> tuple[Regression, ...]:
    """Every query that the model made worse."""
    run = Run(
        "after",
        {query: rank_by_score(query, lists.candidates(query), own) for query, own in logits.items()},
    )
    before, after = (evaluate_run(lists.judgements, one, [MEASURE]) for one in (lists.initial, run))
    known = {
        query: Particulars({document: lists.documents[document] for document in lists.candidates(query)})
        for query in lists.queries
    }
    return regressions(lists.judgements, (lists.initial, before), (run, after), MEASURE, known)


def _print(one: Regression) -> None:
    named = ", ".join(f"{found.cause.key} {list(found.documents)}" for found in one.causes) or "none"
    print(f"\n### {one.query_id} {one.query}\n{one.before:.3f} to {one.after:.3f}: {named}")
    old = {placed.document: placed.rank for placed in one.order_before}
    lost = [placed for placed in one.order_after if (placed.label or 0) > 0]
    deepest = max((placed.rank for placed in lost), default=0)
    for placed in one.order_after[: min(deepest, 6)]:
        label = "relevant" if (placed.label or 0) > 0 else "-"
        text = " ".join(placed.text.split())[:SHOWN]
        print(f"  {placed.rank:>2} (was {old[placed.document]}) {label} {placed.document}: {text}")
    for placed in lost:
        if placed.rank > 6:
            text = " ".join(placed.text.split())[:SHOWN]
            print(f"  {placed.rank:>2} (was {old[placed.document]}) relevant {placed.document}: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("record", type=Path)
    parser.add_argument("--set", choices=SETS, required=True)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", choices=sorted(LOADERS), default="e5")
    asked = parser.parse_args()
    lists = labelled_lists(asked.folder / f"{asked.set}.csv", asked.queries, asked.seed)
    found = regressions_of(lists, scored(lists, asked.record, asked.model))
    for one in found:
        _print(one)
    causes = Counter(cause.cause.key for one in found for cause in one.causes)
    unexplained = sum(not one.causes for one in found)
    print(f"\n{len(found)} of {len(lists.queries)} queries fell, {unexplained} of them without a cause")
    print(
        json.dumps({"set": asked.set, "model": asked.model, "fell": len(found), "none": unexplained} | causes)
    )


if __name__ == "__main__":
    main()
