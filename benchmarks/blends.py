"""How often a blend is confirmed where there is nothing to gain, and where there is.

    python -m benchmarks.blends [--datasets 400]

Each data set has 30 candidates a query, three of them relevant, and nDCG@10 decides; the choice is that of
*Evaluate* (`core.evaluation.blends.choice`). Worlds without a true gain: labels that neither order knows of,
and a reranker that is the first stage with noise. Worlds with one: a better reranker, and two that know
different things. Prints a table and ends with one JSON line.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from core.evaluation.blends.choice import Tried, blends_to_try, choose_blend
from core.evaluation.blends.order import FirstStage, blended, keeps_first, margin, ranks_of
from core.evaluation.measures import parse_measure

CANDIDATES, RELEVANT, DEPTH = 30, 3, 10
MEASURE = parse_measure("nDCG@10")
# (what the first stage knows, what the reranker knows, noise they share); what is known is the relevant
# documents' advantage in standard deviations.
WORLDS: Mapping[str, tuple[float, float, float]] = {
    "no gain: neither order knows the labels": (0.0, 0.0, 0.0),
    "no gain: the reranker is the first stage with noise": (1.0, 0.0, 1.0),
    "a better reranker": (0.6, 1.4, 0.3),
    "both know different things": (1.0, 1.0, 0.0),
}
DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))


def ndcg(order: Sequence[int], relevant: "np.ndarray") -> float:
    """nDCG@10 of binary labels."""
    gains = relevant[np.asarray(order[:DEPTH])]
    return float((gains * DISCOUNTS[: len(gains)]).sum() / DISCOUNTS[: min(DEPTH, int(relevant.sum()))].sum())


def query(
    world: tuple[float, float, float], random: "np.random.Generator"
) -> tuple[list[float], list[float], "np.ndarray"]:
    """One query's candidates by falling first-stage score: those scores, the logits, the labels."""
    first_knows, reranker_knows, shared = world
    relevant = np.zeros(CANDIDATES)
    relevant[random.choice(CANDIDATES, RELEVANT, replace=False)] = 1
    common = random.normal(size=CANDIDATES)
    first = first_knows * relevant + random.normal(size=CANDIDATES) + shared * common
    if reranker_knows == 0.0 and shared:
        logits = first + random.normal(size=CANDIDATES)
    else:
        logits = reranker_knows * relevant + random.normal(size=CANDIDATES) + shared * common
    falling = np.argsort(-first)
    return first[falling].tolist(), logits[falling].tolist(), relevant[falling]


def verdict(world: tuple[float, float, float], queries: int, seed: int) -> tuple[str, float]:
    """What is said of one data set, and the difference on the confirming half (nan where none was tried)."""
    random = np.random.default_rng(seed)
    drawn = [query(world, random) for _ in range(queries)]
    stages = [FirstStage(range(1, CANDIDATES + 1), scores) for scores, _, _ in drawn]
    tried = []
    for blend in blends_to_try([margin(scores) for scores, _, _ in drawn]):
        values, kept = {}, set()
        for at, ((_, logits, relevant), stage) in enumerate(zip(drawn, stages, strict=True)):
            places = ranks_of(blended(blend, stage, logits), ranks_of(logits, range(CANDIDATES)))
            values[f"q{at}"] = ndcg(sorted(range(CANDIDATES), key=lambda one, p=places: p[one]), relevant)
            if keeps_first(blend, stage):
                kept.add(f"q{at}")
        tried.append(Tried(blend, values, frozenset(kept)))
    found = choose_blend(MEASURE, tried, {f"q{at}": CANDIDATES for at in range(queries)})
    return found.verdict, found.confirmation.difference if found.confirmation else math.nan


def main() -> None:
    """One line a world and number of queries."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", type=int, default=400)
    parser.add_argument("--queries", type=int, nargs="+", default=[40, 100, 200])
    options = parser.parse_args()
    record = []
    print("| world | queries | confirmed | keep | cannot tell | replace / blend / gate |")
    print("|---|---|---|---|---|---|")
    for name, world in WORLDS.items():
        for queries in options.queries:
            counts = Counter(
                verdict(world, queries, 1_000 * queries + seed)[0] for seed in range(options.datasets)
            )
            share = {
                one: counts[one] / options.datasets
                for one in ("keep", "cannot_tell", "replace", "blend", "gate")
            }
            confirmed = share["replace"] + share["blend"] + share["gate"]
            record.append({"world": name, "queries": queries, "confirmed": confirmed, **share})
            print(
                f"| {name} | {queries} | {confirmed:.1%} | {share['keep']:.0%} | {share['cannot_tell']:.0%} "
                "| "
                f"{share['replace']:.0%} / {share['blend']:.0%} / {share['gate']:.0%} |",
                flush=True,
            )
    print(json.dumps({"datasets": options.datasets, "cells": record}))


if __name__ == "__main__":
    main()
