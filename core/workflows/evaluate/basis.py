"""What an evaluation rests on beside people's judgements: a model's grades, questions that a model wrote.

Whatever is measured so says it in front of its verdict, in every output. A figure that rests on people's
labels alone says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.errors import InputError
from core.judging.labels import HIGHEST_GRADE, Label, onto_scale
from core.sentences import Sentence, sentence
from core.workflows.evaluate.data import EvaluationData, MachineGrades

MACHINE = "By a model's grades («{judge}», {machine} of {labels} labels): {said}"
SYNTHETIC = "On questions that a model wrote ({synthetic} of {queries}): {said}"
OTHER_SCALE = (
    "The labels of this file go up to {highest}, a model's grades to {most}: they cannot stand side by side."
)
OTHER_SCALE_HINT = "Map the file's labels to 0 to 3 when it is read, or judge with people's labels left out."


@dataclass(frozen=True, slots=True)
class Basis:
    """Counts of labels by whose they are, and of synthetic questions among the queries."""

    people: int
    machine: int
    judge: str
    fingerprint: str
    synthetic: int
    queries: int

    @property
    def headings(self) -> tuple[Sentence, ...]:
        """What stands before a verdict; each lacks the fact `said`."""
        found = []
        if self.machine:
            labels = self.people + self.machine
            found.append(sentence(MACHINE, judge=self.judge, machine=self.machine, labels=labels))
        if self.synthetic:
            found.append(sentence(SYNTHETIC, synthetic=self.synthetic, queries=self.queries))
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """For machine outputs; always there, so that nobody has to guess."""
        return {
            "people": self.people,
            "model": self.machine,
            "judge": self.judge or None,
            "fingerprint": self.fingerprint or None,
            "synthetic_questions": self.synthetic,
        }


def basis_of(data: EvaluationData) -> Basis:
    """What the data's labels are."""
    machine = data.machine
    count = machine.count if machine else 0
    return Basis(
        data.labels - count,
        count,
        machine.judge if machine else "",
        machine.fingerprint if machine else "",
        len(data.synthetic),
        len(data.judgements),
    )


def under(headings: Iterable[Sentence], said: Sentence) -> Sentence:
    """A sentence behind what it rests on."""
    for heading in headings:
        said = heading.knowing(said=said)
    return said


def with_machine_grades(data: EvaluationData, labels: Sequence[Label]) -> EvaluationData:
    """The same with one model's grades where people gave none; on the scale of people's labels.

    labels: of one source. InputError where the file's labels go beyond a model's grades.
    """
    known = [label for query in data.judgements.values() for label in query.labels.values()]
    highest = max(known, default=HIGHEST_GRADE) or HIGHEST_GRADE
    if highest > HIGHEST_GRADE:
        raise InputError(
            OTHER_SCALE, where="label", hint=OTHER_SCALE_HINT, highest=highest, most=HIGHEST_GRADE
        )
    added: dict[str, dict[str, int]] = {}
    for label in labels:
        judged = data.judgements.get(label.query_id)
        if judged is None or label.document_id in judged.labels:
            continue
        if label.document_id in data.texts.get(label.query_id, {}):
            added.setdefault(label.query_id, {})[label.document_id] = onto_scale(label.grade, highest)
    if not added:
        return data
    source = labels[0].source
    judgements = {
        query: replace(judged, labels={**judged.labels, **added[query]}) if query in added else judged
        for query, judged in data.judgements.items()
    }
    count = sum(map(len, added.values()))
    return replace(data, judgements=judgements, machine=MachineGrades(source.name, source.fingerprint, count))
