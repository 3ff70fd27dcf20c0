"""What is evaluated: judged queries with the texts of their candidates, and how they are kept with a job.

The same value comes from a labelled sheet and from a stored job. Which file or columns it was read from,
who scores it and what the measures say is left to others.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import InputError
from core.evaluation.judged import JudgedQuery, JudgedRow, Judgements, Ranking, Run, from_rows
from core.evaluation.judgements import Judgement
from core.records import ScoringRequest
from core.sentences import Sentence, sentence

BEFORE = "before"

BELOW_DEPTH = (
    "Rows beyond the first {depth} of their query: {count}. They are not reranked; their labels still count "
    "in recall and in the ideal order."
)
NO_DEPTH = "The number of candidates must be at least 1."


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One query–document pair of a sheet. number: its row in the file, for messages."""

    judged: JudgedRow
    document: str
    instruction: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class MachineGrades:
    """That some labels are a model's: whose, under which rubric, and how many."""

    judge: str
    fingerprint: str
    count: int


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """Queries, their candidates in the order before reranking, and the labels.

    texts: query id -> document id -> text, of every document, judged only or candidate.
    instructions: query id -> the instruction its rows name; queries without one are not listed.
    notes: what was left out of the candidates. problems: (row in the file, what is odd about it).
    synthetic: ids of queries that a model wrote. machine: what is not people's among the labels.
    """

    judgements: Judgements
    initial: Run
    texts: Mapping[str, Mapping[str, str]]
    instructions: Mapping[str, str]
    notes: tuple[Sentence, ...] = ()
    problems: tuple[tuple[int | None, Sentence], ...] = ()
    synthetic: frozenset[str] = frozenset()
    machine: MachineGrades | None = None

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return sum(len(query.labels) for query in self.judgements.values())

    @property
    def pairs(self) -> int:
        """How many pairs a model has to score."""
        return sum(len(ranking.documents) for ranking in self.initial.rankings.values())

    @property
    def fingerprint(self) -> str:
        """Equal where scores can be compared: the same ids, texts and candidates, whatever the labels."""
        digest = hashlib.sha256()
        for query_id, ranking in self.initial.rankings.items():
            texts = self.texts[query_id]
            line = [query_id, self.judgements[query_id].query]
            line += [part for document in ranking.documents for part in (document, texts[document])]
            digest.update(json.dumps(line).encode())
        return digest.hexdigest()

    def requests(self, instruction: str | None = None) -> list[ScoringRequest]:
        """What a model has to score: one request per query with candidates, in the order of `initial`.

        instruction: for queries whose rows name none.
        """
        return [
            ScoringRequest(
                self.judgements[query].query,
                tuple(self.texts[query][document] for document in ranking.documents),
                self.instructions.get(query, instruction),
            )
            for query, ranking in self.initial.rankings.items()
            if ranking.documents
        ]

    def with_grades(self, grades: Iterable[Judgement]) -> "EvaluationData":
        """The same with labels given by hand, which replace those of the sheet."""
        changed: dict[str, dict[str, int]] = {}
        for grade in grades:
            if grade.document_id in self.texts.get(grade.query_id, {}):
                changed.setdefault(grade.query_id, {})[grade.document_id] = grade.label
        if not changed:
            return self
        judgements = {
            query: replace(judged, labels={**judged.labels, **changed[query]}) if query in changed else judged
            for query, judged in self.judgements.items()
        }
        return replace(self, judgements=judgements)


def from_labelled_rows(
    rows: Sequence[LabelledRow],
    depth: int | None = None,
    *,
    problems: Sequence[tuple[int | None, Sentence]] = (),
) -> EvaluationData:
    """Group rows by query. problems: what is known to be odd already, by row.

    depth: rerank only the first so many of each query. Rows below stay judged, so a sheet to which the
    missing relevant documents were appended does not hand them to the reranker.
    """
    if depth is not None and depth < 1:
        raise InputError(NO_DEPTH, where="candidates")
    sheet = from_rows((row.judged for row in rows), BEFORE)
    found = [(rows[number - 1].number, problem) for number, problem in sheet.problems]
    rankings = {query: _first(ranking, depth) for query, ranking in sheet.initial.rankings.items()}
    below = sum(
        len(ranking.documents) - len(rankings[query].documents)
        for query, ranking in sheet.initial.rankings.items()
    )
    notes = (sentence(BELOW_DEPTH, count=below, depth=depth),) if below else ()
    texts: dict[str, dict[str, str]] = {}
    instructions: dict[str, str] = {}
    for row in rows:
        query = row.judged.query_id
        texts.setdefault(query, {}).setdefault(row.judged.document_id, row.document)
        if row.instruction:
            instructions.setdefault(query, row.instruction)
    return EvaluationData(
        sheet.judgements, Run(BEFORE, rankings), texts, instructions, notes, (*problems, *found)
    )


def to_bytes(data: EvaluationData) -> bytes:
    """Everything as JSON, to be kept with a job."""
    queries = [
        {
            "id": query,
            "query": judged.query,
            "group": judged.group,
            "labels": dict(judged.labels),
            "texts": data.texts.get(query, {}),
            "instruction": data.instructions.get(query),
            "documents": data.initial.rankings[query].documents,
            "scores": data.initial.rankings[query].scores,
            "synthetic": query in data.synthetic,
        }
        for query, judged in data.judgements.items()
    ]
    notes = [note.stored() for note in data.notes]
    problems = [[row, problem.stored()] for row, problem in data.problems]
    return json.dumps({"queries": queries, "notes": notes, "problems": problems}, default=str).encode()


def from_bytes(body: bytes) -> EvaluationData:
    """The value that `to_bytes` kept."""
    content: dict[str, Any] = json.loads(body)
    queries = content["queries"]
    return EvaluationData(
        judgements={q["id"]: JudgedQuery(q["id"], q["labels"], q["query"], q["group"]) for q in queries},
        initial=Run(
            BEFORE,
            {
                q["id"]: Ranking(
                    q["id"], tuple(q["documents"]), None if q["scores"] is None else tuple(q["scores"])
                )
                for q in queries
            },
        ),
        texts={q["id"]: q["texts"] for q in queries},
        instructions={q["id"]: q["instruction"] for q in queries if q["instruction"]},
        notes=tuple(Sentence(**note) for note in content["notes"]),
        problems=tuple((row, Sentence(**problem)) for row, problem in content["problems"]),
        # What was kept by an earlier version does not say; nothing was synthetic then.
        synthetic=frozenset(q["id"] for q in queries if q.get("synthetic")),
    )


def _first(ranking: Ranking, depth: int | None) -> Ranking:
    if depth is None or len(ranking.documents) <= depth:
        return ranking
    scores = None if ranking.scores is None else ranking.scores[:depth]
    return Ranking(ranking.query_id, ranking.documents[:depth], scores)
