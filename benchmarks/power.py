"""Does «about N more judged queries» keep its promise of an 80 % chance?

Samples of 15, 30 and 60 queries of a simulated population (`interval_coverage`) that cannot tell are taken as
pilots. What is promised holds if further queries are like those of the pilot; so samples of the promised size
are drawn from the pilot and get the verdict that the program gives.

    python -m benchmarks.power [--pilots 8] [--samples 300]

Prints the mean power at the number promised and at the textbook's (paired t-test), by measure and by share
of the queries that changed. The last line is JSON. statistics.md holds the result.
"""

import argparse
import json
from collections import defaultdict

import numpy as np

from benchmarks.interval_coverage import KINDS, SCENARIOS, Floats, population
from core.evaluation.inference import mean_interval, queries_for_power, queries_needed, randomisation_test

PILOTS = (15, 30, 60)
# Larger promises are the textbook's, and drawing them takes long.
MOST_QUERIES = 400


def decides(values: Floats, seed: int) -> bool:
    """Whether the program would call these differences better or worse, as the whole pilot leans."""
    drawn = values.tolist()
    p_value = randomisation_test(drawn, resamples=999, seed=seed).p_value
    interval = mean_interval(drawn, p_value, resamples=500, seed=seed)
    return interval is not None and p_value <= 0.05 and (interval.low > 0 or interval.high < 0)


def power(pilot: Floats, queries: int, samples: int, seed: int) -> float:
    """The share of samples of so many queries like the pilot's that decide."""
    generator = np.random.default_rng(seed)
    return float(np.mean([decides(generator.choice(pilot, queries), n) for n in range(samples)]))


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pilots", type=int, default=8)
    parser.add_argument("--samples", type=int, default=300)
    options = parser.parse_args()
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    generator = np.random.default_rng(4)
    for kind in KINDS:
        for scenario in SCENARIOS:
            everything = population(kind, scenario, size=20_000)
            for size in PILOTS:
                taken = 0
                for _ in range(20 * options.pilots):
                    pilot = generator.choice(everything, size)
                    if taken == options.pilots:
                        break
                    promised = queries_for_power(pilot.tolist(), seed=1)
                    textbook = queries_needed(float(pilot.mean()), float(pilot.std(ddof=1)))
                    if promised is None or promised > MOST_QUERIES or textbook is None or decides(pilot, 0):
                        continue
                    taken += 1
                    changed = float(np.mean(pilot != 0))
                    group = "below 20 %" if changed < 0.2 else "20 to 50 %" if changed < 0.5 else "above 50 %"
                    found[kind, group].append(
                        (
                            power(pilot, promised, options.samples, 9),
                            power(pilot, max(textbook, 2), options.samples, 9),
                        )
                    )
    print("| measure | queries that change | pilots | promised number | textbook's number |")
    print("|---|---|---|---|---|")
    record = []
    for (kind, group), powers in sorted(found.items()):
        ours, theirs = np.array(powers).T
        print(
            f"| {kind} | {group} | {len(powers)} | {ours.mean():.2f} ({ours.min():.2f}–{ours.max():.2f}) "
            f"| {theirs.mean():.2f} ({theirs.min():.2f}–{theirs.max():.2f}) |"
        )
        record.append(
            {
                "measure": kind,
                "changed": group,
                "pilots": len(powers),
                "power": round(float(ours.mean()), 3),
                "lowest": round(float(ours.min()), 3),
                "textbook": round(float(theirs.mean()), 3),
                "textbook_lowest": round(float(theirs.min()), 3),
            }
        )
    print(json.dumps(record))


if __name__ == "__main__":
    main()
