"""Do intervals from few labels of people and many of a model keep their promise, whatever the model's errors?

    python -m benchmarks.judges [--samples 2000] [--population 40000]

Simulated search: 20 candidates a query with grades 0 to 3, of which a geometric number is relevant, and a
length. Two systems order them with correlated noise; the second one likes long documents, so a judge who does
as well praises it wrongly. A judge grades every candidate: unbiased (errors up and down alike), over-rating
(up in two of five), length-biased (long ones up, short ones down) or random. Samples of 30, 100 and 300
queries are judged by people whole, 1,000 further ones by the judge alone; then the same with single documents
that are drawn from the first ten of 200 queries. Worlds: a gain; no difference, systems that swap roles; and
no difference where the judge sees one (the true mean is taken off, the judge's is not).

Prints how often the 95 % interval of `core.judging.inference` holds the truth, how often 0 is excluded though
there is no difference, and as how many times as many labels by people it is good. Ends with one JSON line.
"""

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.inference.drawn import DrawnQuery, drawn_mean
from core.judging.inference.means import PoweredMean, powered_mean

Floats = NDArray[np.float64]
Grades = NDArray[np.int64]

CANDIDATES, DEPTH, HIGHEST = 20, 10, 3
JUDGED, FURTHER, POOL = (30, 100, 300), 1_000, 200
JUDGES = ("unbiased", "over-rating", "length-biased", "random")
MEASURES = ("nDCG@10", "P@5", "Success@1")
SUMS = ("DCG@10", "P@5")
DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))


@dataclass(frozen=True, slots=True)
class World:
    """Candidates of many queries, a row each. orders: of either system, the first `DEPTH` places."""

    grades: Grades
    judged: Mapping[str, Grades]
    orders: tuple[NDArray[np.int64], NDArray[np.int64]]


def world(queries: int, seed: int = 1) -> World:
    """A population, its judges, and both orders."""
    random = np.random.default_rng(seed)
    shape = (queries, CANDIDATES)
    relevant = np.arange(CANDIDATES) < np.minimum(random.geometric(0.4, queries), 8)[:, None] - 1
    grades = relevant * random.integers(1, HIGHEST + 1, shape)
    length = random.normal(size=shape) + 0.3 * relevant
    clarity = np.abs(random.normal(0.8, 0.5, queries))[:, None]
    shared = clarity * grades + random.normal(size=shape)
    first = shared + 0.6 * random.normal(size=shape)
    second = shared + 0.25 * relevant + 0.3 * length + 0.6 * random.normal(size=shape)
    step = np.sign(random.normal(size=shape)).astype(np.int64)
    judged = {
        "unbiased": grades + step * (random.random(shape) < 0.25),
        "over-rating": grades + (random.random(shape) < 0.4),
        "length-biased": grades + (length > 0.7).astype(np.int64) - (length < -0.7),
        "random": random.integers(0, HIGHEST + 1, shape),
    }
    orders = tuple(np.argsort(-scores, axis=1)[:, :DEPTH] for scores in (first, second))
    clipped = {name: np.clip(one, 0, HIGHEST) for name, one in judged.items()}
    return World(grades, clipped, (orders[0], orders[1]))


def values(measure: str, grades: Grades, order: NDArray[np.int64]) -> Floats:
    """A query's value under these labels; relevant from grade 1 on."""
    ranked = np.take_along_axis(grades, order, axis=1)
    if measure == "P@5":
        return (ranked[:, :5] > 0).mean(axis=1)
    if measure == "Success@1":
        return (ranked[:, 0] > 0).astype(np.float64)
    ideal = -np.sort(-grades, axis=1)[:, :DEPTH] @ DISCOUNTS
    return np.where(ideal > 0, ranked @ DISCOUNTS / np.where(ideal > 0, ideal, 1.0), 0.0)


@dataclass(slots=True)
class Tally:
    """What came of the samples of one cell."""

    held: int = 0
    excluded: int = 0
    worth: float = 0.0
    alone_held: int = 0
    answered: int = 0

    def add(self, found: PoweredMean | None, truth: float) -> None:
        """Count one sample; with too few drawn documents there is no answer."""
        if found is None:
            return
        self.answered += 1
        self.held += found.interval.low <= truth <= found.interval.high
        self.excluded += not found.interval.low <= 0 <= found.interval.high
        self.alone_held += found.alone_interval.low <= truth <= found.alone_interval.high
        self.worth += np.log(found.worth)

    def shares(self, total: int) -> dict[str, float]:
        """In percent, of the answered ones; worth as the geometric mean."""
        samples = max(1, self.answered)
        return {
            "answered": 100 * self.answered / total,
            "coverage": 100 * self.held / samples,
            "excluded": 100 * self.excluded / samples,
            "alone": 100 * self.alone_held / samples,
            "worth": float(np.exp(self.worth / samples)),
        }


def of_queries(people: Floats, model: Floats, judged: int, samples: int, seed: int) -> dict[str, object]:
    """Whole queries: samples of the three worlds."""
    random = np.random.default_rng(seed)
    tallies = {"gain": Tally(), "swapped": Tally(), "taken off": Tally()}
    truth = float(people.mean())
    for _ in range(samples):
        chosen = random.integers(0, len(people), judged + FURTHER)
        signs = random.choice((-1.0, 1.0), len(chosen))
        y, f = people[chosen], model[chosen]
        for name, (own, there, true) in {
            "gain": (y, f, truth),
            "swapped": (y * signs, f * signs, 0.0),
            "taken off": (y - truth, f, 0.0),
        }.items():
            tallies[name].add(powered_mean(own[:judged], there[:judged], there[judged:]), true)
    return {name: tally.shares(samples) for name, tally in tallies.items()}


def of_documents(
    worths: Floats, people: Floats, model: Floats, judged: int, samples: int, seed: int
) -> dict[str, object]:
    """`judged` documents of those whose rank counts in `POOL` queries, each with the same probability."""
    random = np.random.default_rng(seed)
    tallies = {"gain": Tally(), "swapped": Tally()}
    truth = float((worths * people).sum(axis=1).mean())
    for _ in range(samples):
        chosen = random.integers(0, len(worths), POOL)
        weight, own, there = worths[chosen], people[chosen], model[chosen]
        counts = weight != 0
        probability = judged / counts.sum()
        drawn = counts & (random.random(counts.shape) < probability)
        by_people = (weight * own * drawn).sum(axis=1) / probability
        by_model = (weight * there).sum(axis=1)
        model_drawn = (weight * there * drawn).sum(axis=1) / probability
        signs = random.choice((-1.0, 1.0), POOL)
        number, relevant = drawn.sum(axis=1), (drawn & (own > 0)).sum(axis=1)
        for name, sign, true in (("gain", np.ones(POOL), truth), ("swapped", signs, 0.0)):
            queries = [
                DrawnQuery(*one)
                for one in zip(
                    sign * by_model,
                    sign * by_people,
                    sign * model_drawn,
                    number.tolist(),
                    relevant.tolist(),
                    strict=True,
                )
            ]
            tallies[name].add(drawn_mean(queries), true)
    return {name: tally.shares(samples) for name, tally in tallies.items()}


def main() -> None:
    """Two tables and a JSON line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--population", type=int, default=40_000)
    options = parser.parse_args()
    began, cells = time.process_time(), []
    made = world(options.population)
    print("| whole queries | judge | coverage | false alarms: swapped / taken off | worth |")
    print("|---|---|---|---|---|")
    for measure in MEASURES:
        before, after = (values(measure, made.grades, order) for order in made.orders)
        for judge in JUDGES:
            old, new = (values(measure, made.judged[judge], order) for order in made.orders)
            found = {
                judged: of_queries(after - before, new - old, judged, options.samples, judged)
                for judged in JUDGED
            }
            cells.append({"measure": measure, "judge": judge, "cells": found})
            _print_row(measure, judge, found)
    print("\n| drawn documents | judge | coverage | false alarms: swapped | worth | answered |")
    print("|---|---|---|---|---|---|")
    for measure in SUMS:
        worths = _worths(measure, made)
        people = _gains(measure, made.grades)
        for judge in JUDGES:
            model = _gains(measure, made.judged[judge])
            found = {
                judged: of_documents(worths, people, model, judged, options.samples, judged)
                for judged in JUDGED
            }
            cells.append({"measure": measure, "judge": judge, "drawn": True, "cells": found})
            _print_row(measure, judge, found, answered=True)
    print(
        json.dumps(
            {"samples": options.samples, "cpu_seconds": round(time.process_time() - began), "cells": cells}
        )
    )


def _worths(measure: str, made: World) -> Floats:
    """What each candidate's rank counts in the second order less what it counts in the first."""
    depth = 5 if measure == "P@5" else DEPTH
    rank_worths = np.full(depth, 1 / depth) if measure == "P@5" else DISCOUNTS
    change = np.zeros(made.grades.shape)
    for order, sign in zip(made.orders, (-1.0, 1.0), strict=True):
        held = np.zeros(made.grades.shape)
        np.put_along_axis(held, order[:, :depth], rank_worths, axis=1)
        change += sign * held
    return change


def _gains(measure: str, grades: Grades) -> Floats:
    return (grades > 0).astype(np.float64) if measure == "P@5" else grades.astype(np.float64)


def _print_row(
    measure: str, judge: str, found: Mapping[int, Mapping[str, object]], answered: bool = False
) -> None:
    def shown(world_name: str, key: str, digits: int = 1) -> list[str]:
        return [f"{found[judged][world_name][key]:.{digits}f}" for judged in JUDGED]  # type: ignore[index]

    alarms = [shown(name, "excluded") for name in ("swapped", "taken off") if name in found[JUDGED[0]]]
    said = ", ".join(" / ".join(one) for one in zip(*alarms, strict=True))
    coverage, worth = ", ".join(shown("gain", "coverage")), ", ".join(shown("gain", "worth", 2))
    more = f" {', '.join(shown('gain', 'answered', 0))} |" if answered else ""
    print(f"| {measure} | {judge} | {coverage} | {said} | {worth} |{more}", flush=True)


if __name__ == "__main__":
    main()
