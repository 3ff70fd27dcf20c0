"""Candidate lists with judgements to measure ranking on: labelled files, mixed languages, parallel texts.

A labelled file has query_id, query, doc_id, document, label, initial_rank. Rows beyond rank 30 were appended
because they are relevant, so they are no candidates, but they count in the denominators. Nothing here scores.
"""

import csv
import json
import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from core.evaluation.judged import JudgedQuery, JudgedRow, Judgements, Ranking, Run, from_rows

CANDIDATES = 30
SETS = ("xquadr_zh", "scifact_en", "cosqa_code")
PARALLEL = Path(__file__).resolve().parent.parent / "tests/models/embedded/parallel_zh_en.json"
INITIAL = "BM25"


@dataclass(frozen=True, slots=True)
class LabelledLists:
    """Queries, their candidates in the initial order, and judgements. Document ids are unique over all lists.

    has_order: the initial order is BM25's; otherwise it means nothing.
    """

    name: str
    queries: dict[str, str]
    documents: dict[str, str]
    initial: Run
    judgements: Judgements
    has_order: bool = True

    def only(self, queries: Collection[str]) -> "LabelledLists":
        """The lists of some of the queries."""
        return replace(
            self,
            queries={query: text for query, text in self.queries.items() if query in queries},
            judgements={query: judged for query, judged in self.judgements.items() if query in queries},
        )

    def candidates(self, query: str) -> tuple[str, ...]:
        """Document ids in the initial order."""
        return self.initial.rankings[query].documents


def labelled_lists(path: Path, sample: int = 0, seed: int = 0) -> LabelledLists:
    """One labelled file; `sample` takes that many of its queries at random, 0 all."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    queries = {row["query_id"]: row["query"] for row in rows}
    if sample:
        queries = {query: queries[query] for query in random.Random(seed).sample(sorted(queries), sample)}
    rows = [row for row in rows if row["query_id"] in queries]
    sheet = from_rows(
        [
            JudgedRow(
                row["query_id"],
                row["doc_id"],
                int(row["label"]),
                row["query"],
                initial_rank=float(row["initial_rank"]),
                candidate=int(row["initial_rank"]) <= CANDIDATES,
            )
            for row in rows
        ],
        name=INITIAL,
    )
    documents = {row["doc_id"]: row["document"] for row in rows if int(row["initial_rank"]) <= CANDIDATES}
    return LabelledLists(path.stem, queries, documents, sheet.initial, sheet.judgements)


def with_foreign_documents(lists: LabelledLists, other: LabelledLists) -> LabelledLists:
    """The same queries; behind each one's own candidates stand those of one query of the other lists.

    BM25 would order them so, because texts of different languages share hardly a word.
    """
    foreign = [ranking.documents for ranking in other.initial.rankings.values()]
    rankings = {
        query: Ranking(query, (*lists.candidates(query), *foreign[number % len(foreign)]))
        for number, query in enumerate(lists.queries)
    }
    return LabelledLists(
        f"{lists.name} + {other.name} documents",
        lists.queries,
        lists.documents | other.documents,
        Run(INITIAL, rankings),
        lists.judgements,
    )


def parallel_lists(query_language: str, answer_language: str) -> LabelledLists:
    """Own parallel texts: the answer in one language only, every other topic's passage in both."""
    items = json.loads(PARALLEL.read_text("utf-8"))
    queries: dict[str, str] = {}
    rankings: dict[str, Ranking] = {}
    judgements: dict[str, JudgedQuery] = {}
    for number, item in enumerate(items):
        query = f"parallel-{query_language}-{number}"
        queries[query] = item[f"query_{query_language}"]
        judgements[query] = JudgedQuery(query, {f"parallel-{answer_language}-{number}": 1}, queries[query])
        candidates = [
            f"parallel-{language}-{other}"
            for other in range(len(items))
            for language in ("zh", "en")
            if other != number or language == answer_language
        ]
        rankings[query] = Ranking(query, tuple(candidates))
    documents = {
        f"parallel-{language}-{number}": item[f"passage_{language}"]
        for number, item in enumerate(items)
        for language in ("zh", "en")
    }
    name = f"parallel texts, {query_language} query, {answer_language} answer"
    return LabelledLists(name, queries, documents, Run("", rankings), judgements, has_order=False)


def all_lists(folder: Path) -> list[LabelledLists]:
    """The labelled files, Chinese and English with each other's documents, and the parallel texts."""
    labelled = [labelled_lists(folder / f"{name}.csv") for name in SETS]
    chinese, english, _ = labelled
    return [
        *labelled,
        with_foreign_documents(chinese, english),
        with_foreign_documents(english, chinese),
        *(parallel_lists(query, answer) for query in ("zh", "en") for answer in ("zh", "en")),
    ]
