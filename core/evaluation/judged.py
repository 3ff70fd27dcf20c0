"""What an evaluation starts from: judged queries, and runs that order documents for them.

A judged query knows the label of every judged document, whether a run returned it or not, so recall
and the ideal order keep the documents that retrieval missed. A run knows only orders. A document
that a run returned and nobody judged simply has no label.
This module computes no measure and reads no file.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.errors import InputError
from core.sentences import Sentence, sentence

TieRule = Literal["input", "trec_eval"]

# Shown beside the measures: two tools that break ties differently report different numbers.
TIE_RULES: Mapping[TieRule, str] = {
    "input": "Documents are ordered by score; equal scores keep the order of the input.",
    "trec_eval": "As trec_eval: scores are read as 32-bit numbers; equal scores are ordered by document id, "
    "descending.",
}

# trec_eval counts documents per grade in an array, so a label typed as 20240131 would cost gigabytes.
LARGEST_LABEL = 1000

LABEL_TOO_LARGE = "The label {label} is outside -{largest} to {largest}."
LABEL_HINT = "Labels are small whole numbers, for example 0 to 3. Is another column meant?"
DUPLICATE_DOCUMENT = "Document {document} is ranked twice."
SCORE_COUNT = "{documents} documents but {scores} scores."
SCORE_NOT_A_NUMBER = "The score of document {document} is not a number."
DUPLICATE_ROW = "Query {query_id} lists document {document} more than once; the first row counts."
LABELLED_LATER = (
    "Query {query_id} lists document {document} more than once; its label {label} is that of a later row."
)
CONFLICTING_ROW = (
    "Query {query_id} labels document {document} {first} and later {label}; the first label counts."
)
PARTLY_RANKED = (
    "Documents of query {query_id} without a rank or score of before: {count}. They follow the others."
)


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query and what is known about its documents.

    labels: document id -> grade; above 0 is relevant, a document that is not listed is unjudged.
    group: the slice it belongs to («long queries», a language), when the sheet has one.
    """

    query_id: str
    labels: Mapping[str, int]
    query: str = ""
    group: str | None = None

    def __post_init__(self) -> None:
        for label in self.labels.values():
            if not -LARGEST_LABEL <= label <= LARGEST_LABEL:
                raise InputError(
                    LABEL_TOO_LARGE,
                    where=f"query {self.query_id}",
                    hint=LABEL_HINT,
                    label=label,
                    largest=LARGEST_LABEL,
                )

    @property
    def has_relevant(self) -> bool:
        """Some document is graded above 0, so a measure can tell a good order from a bad one."""
        return any(label > 0 for label in self.labels.values())


Judgements: TypeAlias = Mapping[str, JudgedQuery]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One query's documents, best first. `scores` stands beside them when the system gave any."""

    query_id: str
    documents: tuple[str, ...]
    scores: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        where = f"query {self.query_id}"
        seen: set[str] = set()
        for document in self.documents:
            if document in seen:
                raise InputError(DUPLICATE_DOCUMENT, where=where, document=document)
            seen.add(document)
        if self.scores is not None and len(self.scores) != len(self.documents):
            raise InputError(SCORE_COUNT, where=where, documents=len(self.documents), scores=len(self.scores))

    def ranks(self) -> dict[str, int]:
        """Document id -> rank, counted from 1."""
        return {document: rank for rank, document in enumerate(self.documents, start=1)}


@dataclass(frozen=True, slots=True)
class Run:
    """What one system answered: a ranking per query."""

    name: str
    rankings: Mapping[str, Ranking]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row of a labelled sheet. `candidate=False`: judged, but not among what retrieval returned."""

    query_id: str
    document_id: str
    label: int | None = None
    query: str = ""
    group: str | None = None
    initial_rank: float | None = None
    initial_score: float | None = None
    candidate: bool = True


@dataclass(frozen=True, slots=True)
class LabelledSheet:
    """A labelled sheet as an evaluation sees it; `problems` are (row number from 1, sentence)."""

    judgements: Judgements
    initial: Run
    problems: tuple[tuple[int, Sentence], ...] = ()


def rank_by_score(
    query_id: str, documents: Sequence[str], scores: Sequence[float], ties: TieRule = "input"
) -> Ranking:
    """Order documents by score, highest first; `TIE_RULES` says what happens to equal scores."""
    if len(scores) != len(documents):
        raise InputError(SCORE_COUNT, where=f"query {query_id}", documents=len(documents), scores=len(scores))
    for document, score in zip(documents, scores, strict=True):
        if math.isnan(score):
            raise InputError(SCORE_NOT_A_NUMBER, where=f"query {query_id}", document=document)
    positions = list(range(len(documents)))
    if ties == "trec_eval":
        import numpy as np

        single = np.asarray(scores, dtype=np.float32).tolist()
        positions.sort(key=lambda i: (single[i], documents[i]), reverse=True)
    else:
        positions.sort(key=lambda i: -scores[i])
    return Ranking(
        query_id, tuple(documents[i] for i in positions), tuple(float(scores[i]) for i in positions)
    )


def from_rows(rows: Iterable[JudgedRow], name: str = "before") -> LabelledSheet:
    """Judgements and initial order of a labelled sheet.

    The initial order of a query goes by rank where all its candidates have one, else by score where
    all have one; else by the ranks (or scores) that there are, with the other candidates after them; else by
    row. A document listed twice counts once, with the first label that it has, and is reported.
    """
    by_query: dict[str, dict[str, JudgedRow]] = {}
    first_rows: dict[str, int] = {}
    problems: list[tuple[int, Sentence]] = []
    for number, row in enumerate(rows, start=1):
        first_rows.setdefault(row.query_id, number)
        seen = by_query.setdefault(row.query_id, {})
        first = seen.setdefault(row.document_id, row)
        if first is not row:
            problems.append((number, _repeated(first, row)))
            if first.label is None:
                seen[row.document_id] = replace(first, label=row.label)
    judgements = {query_id: _judged(query_id, seen.values()) for query_id, seen in by_query.items()}
    rankings = {}
    for query_id, seen in by_query.items():
        rankings[query_id], unplaced = _initial(query_id, seen.values())
        if unplaced:
            said = sentence(PARTLY_RANKED, query_id=query_id, count=unplaced)
            problems.append((first_rows[query_id], said))
    return LabelledSheet(judgements, Run(name, rankings), tuple(sorted(problems, key=lambda found: found[0])))


def _repeated(first: JudgedRow, row: JudgedRow) -> Sentence:
    facts = {"query_id": row.query_id, "document": row.document_id}
    if row.label is None or row.label == first.label:
        return sentence(DUPLICATE_ROW, **facts)
    if first.label is None:
        return sentence(LABELLED_LATER, label=row.label, **facts)
    return sentence(CONFLICTING_ROW, first=first.label, label=row.label, **facts)


def _judged(query_id: str, rows: Iterable[JudgedRow]) -> JudgedQuery:
    rows = tuple(rows)
    return JudgedQuery(
        query_id,
        {row.document_id: row.label for row in rows if row.label is not None},
        query=next((row.query for row in rows if row.query), ""),
        group=next((row.group for row in rows if row.group), None),
    )


def _initial(query_id: str, rows: Iterable[JudgedRow]) -> tuple[Ranking, int]:
    """The order before, and how many candidates have no place in it of their own."""
    candidates = [row for row in rows if row.candidate]
    ranks = [_number(row.initial_rank) for row in candidates]
    scores = [_number(row.initial_score) for row in candidates]
    falling = [None if score is None else -score for score in scores]
    # The first that every candidate has; else the one that most have.
    keys = max((ranks, falling), key=lambda given: sum(key is not None for key in given))
    unplaced = sum(key is None for key in keys)
    order = sorted(range(len(candidates)), key=lambda i: math.inf if (key := keys[i]) is None else key)
    kept = [score for i in order if (score := scores[i]) is not None]
    ranking = Ranking(
        query_id,
        tuple(candidates[i].document_id for i in order),
        tuple(kept) if len(kept) == len(candidates) else None,
    )
    return ranking, unplaced if unplaced < len(candidates) else 0


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
