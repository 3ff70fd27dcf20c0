"""Grades by hand: each person's opinion beside the grade that counts, and the drawn sample.

The grade that counts is the first one; a later opinion of somebody else changes it only by being settled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.evaluation.judged import Run
from core.evaluation.judgements import Judgement
from core.evaluation.judging import JudgingSettings, ToJudge, judging_order
from core.evaluation.measures import Measure
from core.evaluation.per_query import evaluate_run
from core.judging.agreement import Both, JudgeAgreement, agreement
from core.judging.labels import Label, Source
from core.judging.opinions import SETTLED, opinions_of, person, second_looks, settling
from core.judging.sampling import Drawing, Progress, draw, pool, progress
from core.judging.store import LabelStore
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.judging import JudgementStore, grade
from core.workflows.judge.pairs import shared_words


@dataclass(frozen=True, slots=True)
class Given:
    """One act of judging, so that it can be undone: what was said, and what stood there before.

    counts: this is the grade that counts afterwards. before: the one that counted; earlier: this person's
    own earlier opinion.
    """

    grade: Judgement
    source: Source
    counts: bool
    before: Judgement | None
    earlier: Label | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn sample as it stands. queue: what is to be judged next, in order. judged: of its queries."""

    drawing: Drawing
    judged: int
    queue: tuple[ToJudge, ...]
    progress: Progress

    def probability(self, query: str) -> float:
        """Of the query's inclusion, when one stops behind it."""
        return self.drawing.probabilities(self.drawing.order.index(query) + 1)[query]


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the grades of a file are kept: those that count, and everybody's opinions."""

    judgements: JudgementStore
    labels: LabelStore
    judged_set: str

    def counting(self, pair: tuple[str, str]) -> Judgement | None:
        """The grade that counts."""
        known = self.judgements.grades(self.judged_set)
        return next((one for one in known if (one.query_id, one.document_id) == pair), None)

    def opinions(self, pair: tuple[str, str]) -> list[Label]:
        """What people said of a document."""
        known = self.labels.labels(self.judged_set)
        return [one for one in known if one.source.human and (one.query_id, one.document_id) == pair]


def give(
    stores: Stores,
    item: ToJudge,
    label: int,
    *,
    name: str = "",
    note: str = "",
    probability: float | None = None,
) -> Given:
    """Keep a grade. Where somebody else's counts already, this is one more opinion beside it.

    probability: with which the query was drawn; None where it was chosen. A second look without a note of
    its own keeps the first one's.
    """
    pair = (item.query_id, item.document_id)
    before = stores.counting(pair)
    source = person(name)
    opinions = [one for one in stores.opinions(pair) if one.source.fingerprint != SETTLED]
    earlier = next((one for one in opinions if one.source == source), None)
    first = min(opinions, key=lambda one: one.written, default=None)
    counts = before is None or first is None or first.source == source
    given = grade(*pair, label, note or (before.note if before and counts else ""))
    if counts:
        stores.judgements.save(stores.judged_set, [given])
    # The one who spoke first stays the first, also after a second thought.
    written = earlier.written if earlier else 0.0
    opinion = Label(*pair, label, source, written, probability=probability, note=given.note)
    stores.labels.save(stores.judged_set, [opinion])
    return Given(given, source, counts, before, earlier)


def settle(stores: Stores, pair: tuple[str, str], label: int, name: str) -> Given:
    """Decide what counts where people differ."""
    before = stores.counting(pair)
    given = grade(*pair, label, before.note if before else "")
    stores.judgements.save(stores.judged_set, [given])
    stores.labels.save(stores.judged_set, [Label(*pair, label, settling(name))])
    return Given(given, settling(name), True, before, None)


def take_back(stores: Stores, given: Given) -> None:
    """Undo one act of judging."""
    pair = (given.grade.query_id, given.grade.document_id)
    if given.counts:
        if given.before is not None:
            stores.judgements.save(stores.judged_set, [given.before])
        else:
            stores.judgements.forget(stores.judged_set, *pair)
    stores.labels.forget(stores.judged_set, given.source, *pair)
    if given.earlier is not None:
        stores.labels.save(stores.judged_set, [given.earlier])


def second_queue(labels: Sequence[Label], name: str) -> tuple[ToJudge, ...]:
    """What others judged, for one more opinion; nothing tells what they said."""
    return tuple(ToJudge(query, document, "judged") for query, document in second_looks(labels, name))


def sample(
    data: EvaluationData, orders: Sequence[Run], measure: Measure, depth: int, labels: Sequence[Label]
) -> Sample:
    """The drawn sample for the first two orders. data: with people's labels only; labels: of the store.

    A query counts once all of its pool is judged, and only after those before it: stopping anywhere leaves
    known inclusion probabilities.
    """
    before, after = orders[0], orders[1]
    drawn = {label.query_id for label in labels if label.source.human and label.probability is not None}
    passed = [query for query, judged in data.judgements.items() if judged.labels and query not in drawn]
    drawing = draw(before, after, depth, passed)
    judged = next(
        (at for at, query in enumerate(drawing.order) if _open(data, before, after, depth, query)),
        len(drawing.order),
    )
    both = [
        evaluate_run(data.judgements, run, [measure], keep_without_relevant=True).values[measure]
        for run in (before, after)
    ]
    differences = {query: both[1][query] - both[0][query] for query in both[0] if query in both[1]}
    certain = {query: differences[query] for query in passed if query in differences}
    queue = [
        item
        for query in drawing.order[judged:]
        if (waiting := _open(data, before, after, depth, query))
        for item in _shuffled(query, waiting, before, after)
    ]
    found = progress(drawing, differences, certain, judged)
    return Sample(drawing, judged, tuple(queue), found)


def weigh(store: LabelStore, judged_set: str, drawn: Sample) -> None:
    """Write the inclusion probabilities that hold now onto the sample's labels."""
    now = drawn.drawing.probabilities(min(drawn.judged + 1, len(drawn.drawing.order)))
    changed = [
        replace(label, probability=now[label.query_id])
        for label in store.labels(judged_set)
        if label.source.human
        and label.probability is not None
        and label.query_id in now
        and label.probability != now[label.query_id]
    ]
    store.save(judged_set, changed)


def agreement_between(
    data: EvaluationData, labels: Sequence[Label], first: str, second: str
) -> JudgeAgreement | None:
    """How two people agree on what both judged; the second is held against the first."""
    reference = {(one.query_id, one.document_id): one.grade for one in opinions_of(labels, first)}
    both = []
    for label in opinions_of(labels, second):
        known = reference.get((label.query_id, label.document_id))
        query = data.judgements.get(label.query_id)
        if known is None or query is None:
            continue
        text = data.texts.get(label.query_id, {}).get(label.document_id, "")
        words = shared_words(query.query, text)
        both.append(Both(label.query_id, known, label.grade, float(len(text)), words))
    return agreement(both, second, first)


def _open(data: EvaluationData, before: Run, after: Run, depth: int, query: str) -> list[str]:
    labels = data.judgements[query].labels
    wanted = pool(before.rankings[query], after.rankings[query], depth)
    return [document for document in wanted if document not in labels]


def _shuffled(query: str, waiting: Sequence[str], before: Run, after: Run) -> list[ToJudge]:
    """In an order that tells neither rank nor score, as everywhere in judging."""
    wanted = set(waiting)
    only = [Run(run.name, {query: run.rankings[query]}) for run in (before, after)]
    return [
        replace(item, reason="unjudged")
        for item in judging_order({}, only, JudgingSettings())
        if item.document_id in wanted
    ]
