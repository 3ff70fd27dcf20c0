"""How a model's scores lie, and how often the hints on scores are right: on the sample, and on labelled sets.

    python -m benchmarks.hints [--lists RECORD]

Scores the candidates of the sample that ships (64 queries, ten documents each) with both embedded models.
RECORD adds further lists of multilingual-e5-small: a JSON list of {"set", "logits", "labels"}, documents in
any order. Prints the spread to be shipped, the rates, and ends with one JSON line.
"""

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from core.evaluation.distributions import ScoreSpread, read_all, spread_of
from core.evaluation.hints import hint_rates
from core.evaluation.judged import JudgedQuery, Ranking
from core.models.embedded.loading import load_e5, load_use_m3
from core.records import Scorer, ScoringRequest
from core.workflows.home.sample_table import TABLE


@dataclass(frozen=True, slots=True)
class ScoredList:
    """One query's candidates: a logit and a label each, in the same order."""

    name: str
    logits: tuple[float, ...]
    labels: tuple[int, ...]


def sample_lists(scorer: Scorer) -> list[ScoredList]:
    """The sample's queries, scored."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    by_query: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_query.setdefault(row["query_id"], []).append(row)
    requests = [
        ScoringRequest(own[0]["query"], tuple(row["document"] for row in own)) for own in by_query.values()
    ]
    return [
        ScoredList(
            "sample",
            tuple(score.logit for score in scores),
            tuple(int(row["label"] or 0) for row in own),
        )
        for scores, own in zip(scorer.score_many(requests), by_query.values(), strict=True)
    ]


def recorded_lists(path: Path) -> list[ScoredList]:
    """Lists that were scored elsewhere."""
    return [
        ScoredList(one["set"], tuple(one["logits"]), tuple(one["labels"]))
        for one in json.loads(path.read_text("utf-8"))
    ]


def report(name: str, lists: Sequence[ScoredList]) -> dict[str, object]:
    """Print the spread and the rates of one model, and return them."""
    readings, judgements, rankings = [], {}, {}
    for number, one in enumerate(lists):
        query = str(number)
        order = sorted(range(len(one.logits)), key=lambda at, one=one: -one.logits[at])
        documents = tuple(str(at) for at in order)
        readings += read_all({query: one.logits})
        judgements[query] = JudgedQuery(query, {str(at): label for at, label in enumerate(one.labels)})
        rankings[query] = Ranking(query, documents)
    spread = spread_of(readings)
    assert spread is not None  # more lists than the fewest
    print(f"\n{name}: {len(lists)} lists, {sum(not any(one.labels) for one in lists)} without a relevant one")
    print(f"    {spread}")
    print(f"near ties (gap {spread.tie_gap:.3f}): {tied_share(lists, spread):.1%} of documents")
    print("\n| hint | given | right | wrong |\n|---|---|---|---|")
    rates = hint_rates(readings, spread, judgements, rankings)
    for kind, rate in rates.items():
        print(f"| {kind} | {rate.right + rate.wrong} | {rate.right} | {rate.wrong} |")
    return {"spread": asdict(spread), "rates": {kind: asdict(rate) for kind, rate in rates.items()}}


def tied_share(lists: Sequence[ScoredList], spread: ScoreSpread) -> float:
    """Share of documents closer to a neighbour than the spread's gap."""
    tied = documents = 0
    for one in lists:
        ordered = sorted(one.logits)
        close = [after - before < spread.tie_gap for before, after in zip(ordered, ordered[1:], strict=False)]
        documents += len(ordered)
        tied += sum(
            (at > 0 and close[at - 1]) or (at < len(close) and close[at]) for at in range(len(ordered))
        )
    return tied / max(1, documents)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lists", type=Path)
    options = parser.parse_args()
    lists = sample_lists(load_e5())
    if options.lists:
        lists += recorded_lists(options.lists)
    summary = {
        "multilingual-e5-small": report("multilingual-e5-small", lists),
        "USE-m3": report("USE-m3", sample_lists(load_use_m3())),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
