"""Rewriting every query of a sheet: glossary and variants, what a model has to score, and how it is kept.

Measuring what the variants are worth is for `rewrite_ledger`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import InputError
from core.evaluation.judged import Run, rank_by_score
from core.records import Score, ScoringRequest
from core.sentences import Sentence
from core.sheets.meaning.importing import ImportedTable
from core.sheets.reading.sources import read_source
from core.sheets.tables import as_text
from core.text.rewriting.glossary import Glossary, glossary_from_rows
from core.text.rewriting.variants import RewriteSettings, Rewriting, Variant, rewrite
from core.workflows.evaluate.data import EvaluationData

ORIGINAL = "original wording"
NO_VARIANTS = "No rule applies to any query of this file."
NO_VARIANTS_HINT = "Give a glossary, or a context that names what the queries are about."
INCOMPLETE = "Scores are missing: {missing} of {pairs} pairs."
INCOMPLETE_HINT = "Resume the job; it scores only what is missing."
NO_TABLE = "The glossary file holds no table."


@dataclass(frozen=True, slots=True)
class RewrittenData:
    """A sheet with the variants of its queries. rewritings: by query id, only queries with candidates."""

    data: EvaluationData
    rewritings: Mapping[str, Rewriting]

    @property
    def variants(self) -> int:
        """How many variants there are."""
        return sum(len(rewriting.variants) for rewriting in self.rewritings.values())

    @property
    def rewritten(self) -> int:
        """How many queries have a variant."""
        return sum(bool(rewriting.variants) for rewriting in self.rewritings.values())

    def requests(self, instruction: str | None = None) -> list[ScoringRequest]:
        """Per query its own wording, then its variants, over the same candidates."""
        return [
            ScoringRequest(text, documents, self.data.instructions.get(query, instruction))
            for query, documents, texts in self._wordings()
            for text in texts
        ]

    def _wordings(self) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
        for query, rewriting in self.rewritings.items():
            texts = self.data.texts[query]
            documents = tuple(texts[one] for one in self.data.initial.rankings[query].documents)
            yield query, documents, [rewriting.query, *(variant.text for variant in rewriting.variants)]


@dataclass(frozen=True, slots=True)
class ScoredRewriting:
    """The same with scores: query id -> per wording (the query's own first), a score per candidate."""

    rewritten: RewrittenData
    scores: Mapping[str, tuple[tuple[Score, ...], ...]]

    def order(self, query: str, wording: int) -> tuple[str, ...]:
        """The candidates of a query by the scores of one wording, equal ones in the order before."""
        documents = self.rewritten.data.initial.rankings[query].documents
        logits = [score.logit for score in self.scores[query][wording]]
        return rank_by_score(query, documents, logits).documents

    def run(self, name: str, wordings: Mapping[str, int]) -> Run:
        """A run of some queries, each in one wording."""
        return self.merged_run(
            name, {query: [s.logit for s in self.scores[query][at]] for query, at in wordings.items()}
        )

    def merged_run(self, name: str, values: Mapping[str, Sequence[float]]) -> Run:
        """A run of some queries by a value per candidate."""
        documents = self.rewritten.data.initial.rankings
        return Run(
            name,
            {query: rank_by_score(query, documents[query].documents, row) for query, row in values.items()},
        )


def rewrite_data(
    data: EvaluationData, contexts: Mapping[str, str], settings: RewriteSettings
) -> RewrittenData:
    """The variants of every query with candidates. contexts: by query id. InputError when there are none."""
    rewritings = {
        query: rewrite(data.judgements[query].query, contexts.get(query, ""), settings)
        for query, ranking in data.initial.rankings.items()
        if ranking.documents
    }
    found = RewrittenData(data, rewritings)
    if not found.variants:
        raise InputError(NO_VARIANTS, hint=NO_VARIANTS_HINT)
    return found


def contexts_of(table: ImportedTable, column: str | None, shared: str = "") -> dict[str, str]:
    """The context of each query: one text for all, then its own, the first filled cell of a column."""
    ids = table.pairs.query_id
    own: dict[str, str] = {}
    if column:
        cells = table.originals.column(column)
        for query, origin in zip(ids, table.pairs.origin, strict=True):
            cell = cells[origin]
            if cell is not None and as_text(cell).strip():
                own.setdefault(query, as_text(cell).strip())
    parts = {query: (shared.strip(), own.get(query, "")) for query in dict.fromkeys(ids)}
    return {query: "\n".join(part for part in both if part) for query, both in parts.items()}


def scored_rewriting(rewritten: RewrittenData, scores: Sequence[Sequence[Score | None]]) -> ScoredRewriting:
    """Scores in the order of `rewritten.requests()`; InputError when some are missing."""
    missing = sum(score is None for row in scores for score in row)
    if missing:
        pairs = sum(map(len, scores))
        raise InputError(INCOMPLETE, hint=INCOMPLETE_HINT, missing=missing, pairs=pairs)
    rows = iter(scores)
    by_query = {
        query: tuple(
            tuple(score for score in next(rows) if score is not None)
            for _ in range(1 + len(rewriting.variants))
        )
        for query, rewriting in rewritten.rewritings.items()
    }
    return ScoredRewriting(rewritten, by_query)


def rewritings_to_bytes(rewritings: Mapping[str, Rewriting]) -> bytes:
    """Queries and variants as JSON, to be kept with a job."""
    kept = [
        {
            "id": query,
            "query": rewriting.query,
            "variants": [
                {
                    "text": variant.text,
                    "source": variant.source,
                    "rules": variant.rules,
                    "reasons": [reason.stored() for reason in variant.reasons],
                }
                for variant in rewriting.variants
            ],
        }
        for query, rewriting in rewritings.items()
    ]
    return json.dumps(kept).encode()


def rewritings_from_bytes(body: bytes) -> dict[str, Rewriting]:
    """The value that `rewritings_to_bytes` kept."""
    content: list[dict[str, Any]] = json.loads(body)
    return {
        one["id"]: Rewriting(
            one["query"],
            tuple(
                Variant(
                    variant["text"],
                    variant["source"],
                    tuple(variant["rules"]),
                    tuple(Sentence(**reason) for reason in variant["reasons"]),
                )
                for variant in one["variants"]
            ),
        )
        for one in content
    }


def read_glossary(content: bytes, name: str) -> Glossary:
    """The glossary in an uploaded file. InputError says what is wrong with it."""
    source = read_source(content, name)
    for grid in source.grids:
        if grid.kind == "worksheet" and grid.rows:
            rows = [["" if cell is None else as_text(cell) for cell in row] for row in grid.rows]
            return glossary_from_rows(rows, name)
    raise InputError(NO_TABLE, where=name)
