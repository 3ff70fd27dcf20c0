"""What models have judged of a file: who did, whose labels are wanted, how they agree with people."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from core.errors import InputError
from core.judging.agreement import PEOPLE, Both, JudgeAgreement, agreement
from core.judging.labels import HIGHEST_GRADE, Label, Source, onto_scale, sources_of
from core.judging.store import LabelStore
from core.workflows.evaluate.data import EvaluationData
from core.workflows.judge.pairs import shared_words

NOBODY = "No model has judged this file."
NOBODY_HINT = "Have it judged first: python -m core judge FILE --endpoint URL --model MODEL."
UNKNOWN_JUDGE = "«{wanted}» has judged nothing of this file."
AMBIGUOUS = "«{wanted}» has judged this file in more than one way."
NAME_ONE = "Name one of: {known}."


def judged_set_of(path: Path) -> str:
    """The name under which the labels of a file are kept: its content, as for grades given by hand."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {problem}.",
            where=str(path),
            path=str(path),
            problem=error.strerror or str(error),
        ) from None


def judges_of(labels: Sequence[Label]) -> dict[Source, int]:
    """The models that judged, and how many pairs each."""
    return {source: count for source, count in sources_of(labels).items() if source.kind == "model"}


def labels_by(store: LabelStore, judged_set: str, wanted: str) -> tuple[Label, ...]:
    """The labels of one judge, by its name or the beginning of its fingerprint; InputError where unclear."""
    labels = store.labels(judged_set)
    known = list(judges_of(labels))
    if not known:
        raise InputError(NOBODY, where="judge", hint=NOBODY_HINT)
    named = [one for one in known if one.name == wanted or (wanted and one.fingerprint.startswith(wanted))]
    if len(named) != 1:
        listed = ", ".join(f"{one.fingerprint} ({one.name})" for one in known)
        template = AMBIGUOUS if named else UNKNOWN_JUDGE
        raise InputError(template, where="judge", hint=NAME_ONE, wanted=wanted, known=listed)
    return tuple(label for label in labels if label.source == named[0])


def agreement_with_people(
    data: EvaluationData, labels: Sequence[Label], judge: str, people: str = PEOPLE
) -> JudgeAgreement | None:
    """How a judge's labels agree with those that people gave; None where they share no pair.

    data: with people's labels only. On a file whose labels are fewer grades, the judge's are taken down to
    them; labels beyond 3 cannot be compared.
    """
    known = [grade for query in data.judgements.values() for grade in query.labels.values()]
    highest = max(known, default=HIGHEST_GRADE) or HIGHEST_GRADE
    if highest > HIGHEST_GRADE:
        return None
    both = []
    for label in labels:
        query = data.judgements.get(label.query_id)
        if query is None or label.document_id not in query.labels:
            continue
        text = data.texts.get(label.query_id, {}).get(label.document_id, "")
        both.append(
            Both(
                label.query_id,
                max(0, query.labels[label.document_id]),
                onto_scale(label.grade, highest),
                float(len(text)),
                shared_words(query.query, text),
            )
        )
    return agreement(both, judge, people)
