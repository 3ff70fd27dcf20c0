"""Second half of the embedded models' quality: tables from the similarities that embedded_scores recorded.

    python -m benchmarks.embedded_quality FOLDER RECORD…

Per list: BM25's order against each similarity, with 95 % intervals (core.evaluation). Then the paired
comparison of the similarities, what language centring does, and the display probability's fit and error.
Queries whose candidates are not all recorded yet are left out and counted. Prints Markdown tables and ends
with one JSON line. quality.md holds the result.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.embedded_scores import METHODS, SHARES, SIMILARITIES
from benchmarks.labelled_lists import SETS, LabelledLists, all_lists
from core.evaluation.inference import bootstrap_interval
from core.evaluation.judged import Run, rank_by_score
from core.evaluation.measures import Measure, parse_measures
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import FEWEST_QUERIES, Comparison, compare
from core.models.embedded import e5, use_m3
from core.models.embedded.biencoder import Calibration
from core.models.embedded.centring import SHARE

MEASURES = parse_measures("nDCG@10,RR@10,Success@1,R@5")
CHOSEN = f"{e5.METHOD}, {SHARE} centred"
USE_M3 = "USE-m3 cosine"
SHOWN = (*(f"{name}, {SHARE} centred" for name in SIMILARITIES), "cosine, 0.0 centred", USE_M3)

Scores = dict[str, dict[str, list[float]]]  # document → query → one value per method


class Measured:
    """Every order of one set of lists, measured once."""

    def __init__(self, lists: LabelledLists, scores: Scores) -> None:
        self.lists = lists
        self.evaluations: dict[str, Evaluation] = {}
        if lists.has_order:
            self.evaluations[lists.initial.name] = evaluate_run(lists.judgements, lists.initial, MEASURES)
        for place, method in enumerate(METHODS):
            rankings = {
                query: rank_by_score(query, ids, [scores[document][query][place] for document in ids])
                for query in lists.queries
                for ids in [lists.candidates(query)]
            }
            self.evaluations[method] = evaluate_run(lists.judgements, Run(method, rankings), MEASURES)

    def mean(self, method: str, measure: Measure) -> float:
        mean = self.evaluations[method].mean(measure)
        assert mean is not None  # there are queries
        return mean

    def compared(self, before: str, after: str) -> Comparison:
        """By nDCG@10."""
        ndcg = MEASURES[0]
        one, other = (
            replace(self.evaluations[name], values={ndcg: self.evaluations[name].values[ndcg]})
            for name in (before, after)
        )
        return compare(one, other)[0]


def print_table(measured: Measured) -> None:
    """One row per order; intervals of the means, and of the difference from BM25."""
    lists = measured.lists
    print(f"\n### {lists.name}: {len(lists.queries)} queries\n")
    print("| order | nDCG@10 | RR@10 | Success@1 | R@5 | nDCG@10 − BM25's |")
    print("|---|---|---|---|---|---|")
    for method in (lists.initial.name, *SHOWN) if lists.has_order else SHOWN:
        cells = []
        for measure in MEASURES:
            values = list(measured.evaluations[method].values[measure].values())
            interval = bootstrap_interval(values)
            assert interval is not None  # more than one query
            low, high = max(interval.low, 0.0), min(interval.high, 1.0)
            cells.append(f"{measured.mean(method, measure):.3f} ({low:.2f}–{high:.2f})")
        gain = (
            ""
            if method == lists.initial.name or not lists.has_order
            else _difference(measured.compared(lists.initial.name, method))
        )
        print(f"| {method} | {' | '.join(cells)} | {gain} |")


def print_centring(all_measured: Sequence[Measured]) -> None:
    """nDCG@10 by the share of the language mean that is taken out."""
    print("\n### Centring: nDCG@10\n")
    columns = [f"{name} {share}" for name in ("cosine", "MaxSim") for share in SHARES]
    print(f"| lists | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for measured in all_measured:
        cells = [
            f"{measured.mean(f'{name}, {share} centred', MEASURES[0]):.3f}"
            for name in ("cosine", "MaxSim")
            for share in SHARES
        ]
        print(f"| {measured.lists.name} | {' | '.join(cells)} |")


def print_choice(all_measured: Sequence[Measured]) -> None:
    """The similarities against each other on the same queries, centred as in the product."""
    cosine, max_sim, both = (f"{name}, {SHARE} centred" for name in SIMILARITIES)
    pairs = ((cosine, max_sim), (cosine, both), (max_sim, both))
    print("\n### Similarities compared: difference of nDCG@10, 95 % interval\n")
    print("| lists | MaxSim − cosine | mean of both − cosine | mean of both − MaxSim |\n|---|---|---|---|")
    for measured in all_measured:
        cells = [_difference(measured.compared(before, after)) for before, after in pairs]
        print(f"| {measured.lists.name} | {' | '.join(cells)} |")


def _difference(comparison: Comparison) -> str:
    assert comparison.interval is not None  # more than one query
    low, high = comparison.interval.low, comparison.interval.high
    return f"{comparison.difference:+.3f} ({low:+.3f} to {high:+.3f})"


def sample(lists: LabelledLists, scores: Scores, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Similarity and relevance (0 or 1) of all candidates."""
    place = METHODS.index(method)
    pairs = [(query, document) for query in lists.queries for document in lists.candidates(query)]
    return (
        np.array([scores[document][query][place] for query, document in pairs]),
        np.array([float(lists.judgements[query].labels.get(document, 0) > 0) for query, document in pairs]),
    )


def fit(samples: Iterable[tuple[np.ndarray, np.ndarray]]) -> Calibration:
    """Relevance regressed on similarity (logistic); every set of lists weighs the same."""
    samples = list(samples)

    def loss(parameters: np.ndarray) -> float:
        total = 0.0
        for similarity, label in samples:
            logit = parameters[0] * similarity + parameters[1]
            total += float(np.mean(np.logaddexp(0, logit) - label * logit))
        return total

    slope, intercept = minimize(loss, np.array([10.0, -5.0])).x
    return Calibration(float(slope), float(intercept))


def calibration_error(drawn: tuple[np.ndarray, np.ndarray], line: Calibration) -> tuple[float, float, float]:
    """Mean probability, share of relevant candidates, and the expected calibration error in ten equal bins
    (Naeini and others 2015)."""
    similarity, label = drawn
    probability = 1 / (1 + np.exp(-(line.slope * similarity + line.intercept)))
    bins = np.minimum((probability * 10).astype(int), 9)
    error = sum(
        abs(probability[bins == b].mean() - label[bins == b].mean()) * np.mean(bins == b)
        for b in np.unique(bins)
    )
    return float(probability.mean()), float(label.mean()), float(error)


def print_calibration(every: Sequence[LabelledLists], scores: Scores) -> dict[str, list[float]]:
    """The constants in use and their error; beside it the error of a fit that never saw the set."""
    labelled = [lists for lists in every if lists.name in SETS]
    used = {CHOSEN: e5.CALIBRATION, USE_M3: use_m3.CALIBRATION}
    print("\n### Display probability\n")
    print("| model | lists | mean probability | relevant | ECE | ECE, set left out |")
    print("|---|---|---|---|---|---|")
    for method, line in used.items():
        for lists in every:
            drawn = sample(lists, scores, method)
            mean, relevant, error = calibration_error(drawn, line)
            unseen = ""
            if lists in labelled:
                others = fit(sample(other, scores, method) for other in labelled if other is not lists)
                unseen = f"{calibration_error(drawn, others)[2]:.3f}"
            print(f"| {method} | {lists.name} | {mean:.3f} | {relevant:.3f} | {error:.3f} | {unseen} |")
    fitted = {}
    for method in SHOWN:
        line = fit(sample(lists, scores, method) for lists in labelled)
        fitted[method] = [round(line.slope, 2), round(line.intercept, 2)]
    print("\nFitted on the three labelled sets (slope, intercept):")
    for method, constants in fitted.items():
        in_use = f", in use: {used[method].slope}, {used[method].intercept}" if method in used else ""
        print(f"- {method}: {constants[0]}, {constants[1]}{in_use}")
    return fitted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("records", type=Path, nargs="+")
    options = parser.parse_args()
    records = [json.loads(path.read_text("utf-8")) for path in options.records]
    scores: Scores = {document: asked for record in records for document, asked in record["scores"].items()}
    every = []
    for lists in all_lists(options.folder):
        complete = {query for query in lists.queries if set(lists.candidates(query)) <= set(scores)}
        print(f"{lists.name}: {len(complete)} of {len(lists.queries)} queries")
        if len(complete) >= FEWEST_QUERIES:
            every.append(lists.only(complete))

    all_measured = [Measured(lists, scores) for lists in every]
    for measured in all_measured:
        print_table(measured)
    print_choice(all_measured)
    print_centring(all_measured)
    fitted = print_calibration(every, scores)
    results = {
        measured.lists.name: {
            method: {str(measure): round(measured.mean(method, measure), 4) for measure in MEASURES}
            for method in measured.evaluations
        }
        for measured in all_measured
    }
    print()
    print(json.dumps({"results": results, "fitted": fitted, "chosen": CHOSEN, **records[0]["made_with"]}))


if __name__ == "__main__":
    main()
