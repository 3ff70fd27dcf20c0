"""One label with whose it is: a person's, a model's under one rubric, or a synthetic one.

Plain values. How a model is asked, how labels are kept and what they prove is left to others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.errors import InputError

SourceKind = Literal["person", "model", "synthetic"]

# The grades that people and models give; what a spreadsheet labels may have other numbers.
LOWEST_GRADE, HIGHEST_GRADE = 0, 3
# From here on a document answers the query, if only in part.
RELEVANT_GRADE = 2

BAD_GRADE = "A grade is a whole number from {lowest} to {highest}, not {grade}."
BAD_PROBABILITY = "An inclusion probability is above 0 and at most 1, not {probability}."

# query id -> document id -> grade.
GradesByQuery: TypeAlias = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """Who gave a label.

    name: of the person (empty where nobody said it), of the judging model, or of what made a synthetic label.
    fingerprint: of everything that the grades of a model depend on beside its name (rubric, votes, how they
    are joined); empty for people.
    """

    kind: SourceKind
    name: str = ""
    fingerprint: str = ""

    @property
    def human(self) -> bool:
        """Whether a person looked at the document."""
        return self.kind == "person"


@dataclass(frozen=True, slots=True)
class Label:
    """One grade from 0 to 3 given to one document for one query.

    written: when, in seconds since 1970. votes: what single answers said, where there were several.
    probability: with which the pair was drawn to be judged; None where it was not drawn at random. Its
    inverse is the Horvitz–Thompson weight.
    """

    query_id: str
    document_id: str
    grade: int
    source: Source
    written: float = 0.0
    votes: tuple[int, ...] = ()
    probability: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        where = f"query {self.query_id}, document {self.document_id}"
        if not LOWEST_GRADE <= self.grade <= HIGHEST_GRADE:
            raise InputError(
                BAD_GRADE, where=where, lowest=LOWEST_GRADE, highest=HIGHEST_GRADE, grade=self.grade
            )
        if self.probability is not None and not 0 < self.probability <= 1:
            raise InputError(BAD_PROBABILITY, where=where, probability=self.probability)

    @property
    def weight(self) -> float:
        """By which an estimate counts it so that it stays unbiased; 1 where it was not drawn at random."""
        return 1.0 if self.probability is None else 1.0 / self.probability


def grades_of(labels: Iterable[Label], wanted: Callable[[Source], bool]) -> GradesByQuery:
    """The grades of the sources that are wanted; where they gave several for a pair, the latest."""
    found: dict[str, dict[str, Label]] = {}
    for label in labels:
        if wanted(label.source):
            of_query = found.setdefault(label.query_id, {})
            before = of_query.get(label.document_id)
            if before is None or label.written >= before.written:
                of_query[label.document_id] = label
    return {
        query: {document: label.grade for document, label in of_query.items()}
        for query, of_query in found.items()
    }


def by_people(source: Source) -> bool:
    """For `grades_of`: what people judged, and nothing else."""
    return source.human


def sources_of(labels: Iterable[Label]) -> dict[Source, int]:
    """Who gave how many labels, in the order of their first one."""
    counted: dict[Source, int] = {}
    for label in labels:
        counted[label.source] = counted.get(label.source, 0) + 1
    return counted


def onto_scale(grade: int, highest: int) -> int:
    """A grade from 0 to 3 on the scale of labels whose highest is 1, 2 or more.

    Of two grades the upper one means relevant, which is 2 and 3; of three the highest takes in 3.
    """
    if highest == 1:
        return int(grade >= RELEVANT_GRADE)
    return min(grade, highest)
