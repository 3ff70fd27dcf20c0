"""Do the interval and the test of `core.evaluation.inference` keep their promises?

Simulated search: each query has a few relevant documents among 30 candidates, two systems score them
with correlated noise, and the difference of a measure per query is recorded. 60,000 such queries are
the population whose mean difference is the truth; samples of 20 to 200 queries are drawn from it.
Like real comparisons, the differences are skewed and many are exactly 0.

    python -m benchmarks.interval_coverage RECORD [--samples 1000] [--test-samples 2500] [--seconds 240]
                                           [--processes 2]

RECORD is a JSON file that is made or added to; the program stops after --seconds, and goes on when run again.
When nothing is left it prints, per measure and number of queries, how often each interval covered the truth
(nominal 95 %), and how often the randomisation test cried wolf at 0.05 when there was no difference. The last
line is JSON. statistics.md holds the result.
"""

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from core.evaluation.inference import bootstrap_interval, randomisation_test

Floats = NDArray[np.float64]
Kind = Literal["nDCG@10", "RR@10", "Success@1"]

CANDIDATES = 30
POPULATION = 60_000
SIZES = (20, 30, 50, 100, 200)
RESAMPLES = 1_000
KINDS: tuple[Kind, ...] = ("nDCG@10", "RR@10", "Success@1")
METHODS = ("chosen", "percentile", "BCa", "bootstrap-t", "symmetric t*", "Student t")


@dataclass(frozen=True, slots=True)
class Scenario:
    """shift: what the second system gains on relevant documents; noise: how differently it orders."""

    name: str
    shift: float
    noise: float


SCENARIOS = (
    Scenario("nearly the same system", 0.05, 0.25),
    Scenario("small gain", 0.3, 0.6),
    Scenario("different system", 0.8, 1.2),
    Scenario("strong gain, skewed", 2.0, 0.5),
)
EQUAL = (
    Scenario("equal, alike", 0.0, 0.3),
    Scenario("equal, different", 0.0, 1.0),
    Scenario("equal mean, skewed", 2.0, 0.5),
)


@cache
def population(kind: Kind, scenario: Scenario, size: int = POPULATION, seed: int = 1) -> Floats:
    """Per-query differences of a measure, second system minus first."""
    generator = np.random.default_rng(seed)
    relevant_count = np.minimum(generator.geometric(0.6, size), 6)
    relevant = np.arange(CANDIDATES) < relevant_count[:, None]
    clarity = generator.normal(1.5, 1.2, size)[:, None]
    latent = relevant * clarity
    # Both systems err by the same amount; `noise` is the part of the error they do not share.
    shared = generator.normal(size=(size, CANDIDATES))
    first = latent + shared + scenario.noise * generator.normal(size=(size, CANDIDATES))
    second = (
        latent
        + relevant * scenario.shift
        + shared
        + scenario.noise * generator.normal(size=(size, CANDIDATES))
    )
    return _values(kind, second, relevant, relevant_count) - _values(kind, first, relevant, relevant_count)


def without_difference(differences: Floats) -> Floats:
    """The population with a mean of exactly 0.

    Systems that are equally good swap roles, which keeps the zeros; from a clear gain the mean is taken
    off, which leaves small losses on many queries and large gains on a few.
    """
    if abs(differences.mean()) < 0.01:
        return np.concatenate((differences, -differences))
    return differences - differences.mean()


def _values(kind: Kind, scores: Floats, relevant: NDArray[np.bool_], count: NDArray[np.int64]) -> Floats:
    hits = np.take_along_axis(relevant, np.argsort(-scores, axis=1), axis=1)[:, :10]
    if kind == "Success@1":
        return hits[:, 0].astype(np.float64)
    if kind == "RR@10":
        return np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0)
    discount = 1 / np.log2(np.arange(2, 12))
    return (hits @ discount) / np.cumsum(discount)[count - 1]


def other_intervals(values: Floats, generator: np.random.Generator) -> dict[str, tuple[float, float]]:
    """The intervals that were not chosen, from one set of resamples."""
    n, mean, deviation = len(values), values.mean(), values.std(ddof=1)
    weights = generator.multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n
    means = weights @ values
    error = deviation / math.sqrt(n)
    spread = np.sqrt(np.maximum(weights @ values**2 - means**2, 0) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.nan_to_num((means - mean) / spread, nan=0.0)
    low_t, high_t = np.quantile(t, (0.975, 0.025), method="inverted_cdf")
    both_t = np.quantile(np.abs(t), 0.95, method="inverted_cdf")
    student = stats.t.ppf(0.975, n - 1)
    bias = stats.norm.ppf(np.clip(((means < mean).mean() + (means <= mean).mean()) / 2, 1e-3, 1 - 1e-3))
    centred = values - mean
    acceleration = (centred**3).sum() / (6 * (centred**2).sum() ** 1.5)
    shifted = bias + stats.norm.ppf((0.025, 0.975))
    bca = stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
    return {
        "percentile": tuple(np.quantile(means, (0.025, 0.975))),
        "BCa": tuple(np.quantile(means, bca)),
        "bootstrap-t": (mean - low_t * error, mean - high_t * error),
        "symmetric t*": (mean - both_t * error, mean + both_t * error),
        "Student t": (mean - student * error, mean + student * error),
    }


def coverage(differences: Floats, n: int, samples: int, seed: int) -> dict[str, float]:
    """Share of samples whose interval holds the population mean, per method."""
    generator = np.random.default_rng(seed)
    truth = float(differences.mean())
    covered = dict.fromkeys(METHODS, 0)
    for number in range(samples):
        values = generator.choice(differences, n)
        if np.ptp(values) == 0:
            bounds = dict.fromkeys(METHODS, (float(values[0]), float(values[0])))
        else:
            chosen = bootstrap_interval(values.tolist(), resamples=RESAMPLES, seed=number)
            assert chosen is not None
            bounds = {"chosen": (chosen.low, chosen.high), **other_intervals(values, generator)}
        for method, (low, high) in bounds.items():
            covered[method] += low <= truth <= high
    return {method: 100 * count / samples for method, count in covered.items()}


def false_alarms(differences: Floats, n: int, samples: int, seed: int) -> tuple[float, float]:
    """Percentage of samples with p <= 0.05 though the true mean is 0: test alone, and with the interval."""
    generator = np.random.default_rng(seed)
    alone = both = 0
    for number in range(samples):
        values = generator.choice(differences, n)
        if randomisation_test(values.tolist(), resamples=RESAMPLES - 1, seed=number).p_value <= 0.05:
            alone += 1
            interval = bootstrap_interval(values.tolist(), resamples=RESAMPLES, seed=number)
            assert interval is not None
            both += not interval.low <= 0 <= interval.high
    return 100 * alone / samples, 100 * both / samples


Cell = dict[str, float]


def cells(samples: int, test_samples: int) -> Iterator[tuple[str, Callable[[], Cell]]]:
    """Everything that is simulated: a name and how to compute it."""
    for kind in KINDS:
        for scenario in SCENARIOS:
            for n in SIZES:
                yield f"{kind}|{scenario.name}|{n}", partial(coverage_cell, kind, scenario, n, samples)
        for scenario in EQUAL:
            for n in SIZES:
                yield f"{kind}|{scenario.name}|{n}", partial(alarm_cell, kind, scenario, n, test_samples)


def coverage_cell(kind: Kind, scenario: Scenario, n: int, samples: int) -> Cell:
    """Coverage per method, and the share of queries without any difference."""
    differences = population(kind, scenario)
    unchanged = 100 * float(np.mean(np.abs(differences) < 1e-9))
    return {"unchanged": unchanged, **coverage(differences, n, samples, seed=n)}


def alarm_cell(kind: Kind, scenario: Scenario, n: int, samples: int) -> Cell:
    """False alarms of the test alone, and of test and interval together, which a verdict needs."""
    alone, both = false_alarms(without_difference(population(kind, scenario)), n, samples, seed=1_000 + n)
    return {"test": alone, "verdict": both}


def print_tables(done: dict[str, Cell]) -> None:
    """Markdown: the chosen interval and the verdict per cell, then the other intervals' extremes."""
    heads = " | ".join(map(str, SIZES))
    print(f"| coverage, % | queries that change | {heads} |\n|---|---|{'---|' * len(SIZES)}")
    for kind in KINDS:
        for scenario in SCENARIOS:
            row = [done[f"{kind}|{scenario.name}|{n}"] for n in SIZES]
            shown = " | ".join(f"{cell['chosen']:.1f}" for cell in row)
            print(f"| {kind}, {scenario.name} | {100 - row[0]['unchanged']:.0f} % | {shown} |")
    print(f"\n| false alarms, %: test / verdict | {heads} |\n|---|{'---|' * len(SIZES)}")
    for kind in KINDS:
        for scenario in EQUAL:
            row = [done[f"{kind}|{scenario.name}|{n}"] for n in SIZES]
            shown = " | ".join(f"{cell['test']:.1f} / {cell['verdict']:.1f}" for cell in row)
            print(f"| {kind}, {scenario.name} | {shown} |")
    print(f"\n| lowest and highest coverage, % | {' | '.join(KINDS)} |\n|---|{'---|' * len(KINDS)}")
    for method in METHODS:
        shown = []
        for kind in KINDS:
            values = [done[f"{kind}|{scenario.name}|{n}"][method] for scenario in SCENARIOS for n in SIZES]
            shown.append(f"{min(values):.1f}–{max(values):.1f}")
        print(f"| {method} | {' | '.join(shown)} |")


def main() -> None:
    """Compute what is missing, until the time is up; then print both tables and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("record", type=Path)
    parser.add_argument("--samples", type=int, default=1_000, help="of each interval cell")
    parser.add_argument("--test-samples", type=int, default=2_500, help="of each test cell")
    parser.add_argument("--seconds", type=float, default=240, help="stop after about so long")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    made_for = {"samples": options.samples, "test_samples": options.test_samples}
    record = json.loads(options.record.read_text()) if options.record.exists() else made_for | {"cells": {}}
    if {name: record[name] for name in made_for} != made_for:
        raise SystemExit(f"{options.record} holds other numbers of samples; choose another file.")
    done: dict[str, Cell] = record["cells"]
    started = time.monotonic()
    with ProcessPoolExecutor(options.processes) as pool:
        running = {
            pool.submit(compute): name
            for name, compute in cells(options.samples, options.test_samples)
            if name not in done
        }
        for finished in as_completed(running):
            done[running[finished]] = finished.result()
            options.record.write_text(json.dumps(record))
            if time.monotonic() - started > options.seconds:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    left = sum(name not in done for name, _ in cells(options.samples, options.test_samples))
    if left:
        print(f"{len(done)} cells done, {left} left: run it again.")
    else:
        print_tables(done)
    print(json.dumps({"left": left, **record}))


if __name__ == "__main__":
    main()
