"""Measures the rewriting rules on the labelled queries: how many variants help, how many harm.

    python -m benchmarks.rewriting [--half development|blind] [--list]

`--list` prints every variant that is not useful and every query that was to be rewritten and was not, of the
development half only: the blind one is read in sums. Labels and criterion are in tests/text/rewriting.
Prints tables in Markdown and ends with one JSON line.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.text.rewriting.variants import Rewriting, Variant
from tests.text.rewriting.labelled_queries import (
    Judgement,
    LabelledQuery,
    judged,
    labelled_queries,
    rewritten,
    sample_glossary,
)

_JUDGEMENTS: tuple[Judgement, ...] = ("useful", "useless", "harmful")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query with what the rules made of it."""

    query: LabelledQuery
    rewriting: Rewriting
    judgements: tuple[tuple[Variant, Judgement], ...]

    @property
    def found(self) -> bool:
        """Whether a variant helps."""
        return any(judgement == "useful" for _, judgement in self.judgements)


def outcomes() -> list[Outcome]:
    """Every labelled query, rewritten and judged."""
    glossary = sample_glossary()
    results = []
    for query in labelled_queries():
        rewriting = rewritten(query, glossary)
        own = tuple((variant, judged(query, variant)) for variant in rewriting.variants)
        results.append(Outcome(query, rewriting, own))
    return results


def rates(results: Sequence[Outcome]) -> dict[str, float]:
    """Shares of the variants by judgement, and of the queries that were to be rewritten or pointed out."""
    counted = Counter(judgement for result in results for _, judgement in result.judgements)
    variants = max(1, counted.total())
    wanted = [result for result in results if result.query.label == "rewrite"]
    unclear = [result for result in results if result.query.label == "notice"]
    clear = [result for result in results if result.query.label != "notice"]
    return {
        "queries": len(results),
        "variants": counted.total(),
        **{judgement: counted[judgement] / variants for judgement in _JUDGEMENTS},
        "found": _share([result.found for result in wanted]),
        "noticed": _share([bool(result.rewriting.notices) for result in unclear]),
        "false_notices": _share([bool(result.rewriting.notices) for result in clear]),
    }


def _share(values: Sequence[bool]) -> float:
    return sum(values) / max(1, len(values))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("development", "blind"))
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    results = [one for one in outcomes() if arguments.half in (None, one.query.half)]
    if arguments.list:
        _list([one for one in results if one.query.half == "development"])
        return
    summary: dict[str, dict[str, float]] = {}
    print("| half | queries | variants | useful | useless | harmful | found | noticed | false notices |")
    print("|---|---|---|---|---|---|---|---|---|")
    for half in ("development", "blind"):
        for language in ("zh", "en", "both"):
            own = [
                one for one in results if one.query.half == half and language in (one.query.language, "both")
            ]
            if own:
                summary[f"{half} {language}"] = shares = rates(own)
                cells = [f"{shares[name]:.1%}" for name in list(shares)[2:]]
                counts = f"{shares['queries']} | {shares['variants']}"
                print(f"| {half}, {language} | {counts} | " + " | ".join(cells) + " |")
    print("\n| rule | half | variants | useful | useless | harmful |\n|---|---|---|---|---|---|")
    _print_rules(results)
    print(json.dumps(summary))


def _print_rules(results: Sequence[Outcome]) -> None:
    counted = Counter(
        (variant.source, result.query.half, judgement)
        for result in results
        for variant, judgement in result.judgements
    )
    for source, half in sorted({(source, half) for source, half, _ in counted}):
        own = [counted[source, half, judgement] for judgement in _JUDGEMENTS]
        print(f"| {source} | {half} | {sum(own)} | " + " | ".join(map(str, own)) + " |")


def _list(results: Sequence[Outcome]) -> None:
    for result in results:
        query = result.query
        about = f"{query.language} {query.number} {query.query} [{query.context}] {query.label}"
        for variant, judgement in result.judgements:
            if judgement != "useful":
                print(f"{judgement:8} {about}\n         → {variant.source}: {variant.text}")
        if query.label == "rewrite" and not result.found:
            print(f"missed   {about}\n         wanted: {' / '.join(query.acceptable)}")
        if bool(result.rewriting.notices) != (query.label == "notice"):
            print(f"notice   {about}\n         {[notice.text for notice in result.rewriting.notices]}")


if __name__ == "__main__":
    main()
