"""Is one order better than another, by few labels of people and many of a model.

Joins measures, both kinds of label and the intervals of `means` and `drawn` into a verdict in sentences.
Whose labels they are, and how people's were chosen, is told; nothing here mixes them: a model's label never
stands for a person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.evaluation.judged import JudgedQuery, Judgements, Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import evaluate_run
from core.evaluation.significance import ComparisonSettings
from core.judging.inference.drawn import DrawnGain, DrawnQuery, drawn_mean, drawn_query, relevant_drawn
from core.judging.inference.means import PoweredMean, powered_mean
from core.judging.inference.sums import as_sum, gain_of, largest_of, worths_of
from core.judging.inference.verdict import PoweredComparison, said_of
from core.judging.labels import HIGHEST_GRADE, GradesByQuery
from core.sentences import Sentence, sentence

# query id -> document id -> with which probability it was drawn to be judged by a person.
Draw = Mapping[str, Mapping[str, float]]

BY_CHANCE = (
    "This holds where the queries that people judged were chosen by chance, not for being easy or hard. "
    "Queries without a relevant document count as 0."
)
BY_DRAW = (
    "People's labels are of documents drawn by chance, each weighed by its probability of being drawn. "
    "Queries without a relevant document count as 0."
)
INSTEAD = (
    "{used} instead of {measure}: labels of single documents estimate sums over documents, not the ideal "
    "order that {measure} needs."
)
NO_SUM = "{measure} cannot be estimated from labels of drawn documents; nDCG, DCG and P can."
PARTLY = "Queries of which people judged only a part of what {measure} looks at, left out: {count}."
UNMATCHED = "Queries that people judged and the model did not, left out: {count}."


@dataclass(frozen=True, slots=True)
class _Estimate:
    """used: the measure. before, after: the mean of either order at the trust of the difference.

    relevant: drawn documents that people found relevant.
    """

    used: Measure
    difference: PoweredMean | None
    before: float | None
    after: float | None
    notes: tuple[Sentence, ...]
    relevant: int = 0


def powered_comparison(
    people: Judgements,
    model: GradesByQuery,
    before: Run,
    after: Run,
    measure: Measure,
    *,
    draw: Draw | None = None,
    settings: ComparisonSettings | None = None,
) -> PoweredComparison:
    """draw: of people's labels, where documents were drawn; what is not in it was judged for certain."""
    settings = settings or ComparisonSettings()
    drawn = any(one < 1 for of_query in (draw or {}).values() for one in of_query.values())
    orders = (before, after)
    if drawn:
        used = as_sum(measure)
        if used is None:
            none = (sentence(NO_SUM, measure=str(measure)),)
            return PoweredComparison(measure, after.name, "too_few", None, None, None, True, none, ())
        found = _of_draw(people, model, orders, used, draw or {}, settings)
    else:
        found = _of_queries(people, model, orders, measure, settings)
    verdict, said = said_of(found.used, found.difference, settings, drawn=drawn, relevant=found.relevant)
    if verdict == "too_few":
        return PoweredComparison(found.used, after.name, verdict, None, None, None, drawn, said, found.notes)
    notes = [sentence(BY_DRAW if drawn else BY_CHANCE), *found.notes]
    if found.used != measure:
        notes.append(sentence(INSTEAD, used=str(found.used), measure=str(measure)))
    return PoweredComparison(
        found.used,
        after.name,
        verdict,
        found.before,
        found.after,
        found.difference,
        drawn,
        said,
        tuple(notes),
    )


def _of_queries(
    people: Judgements,
    model: GradesByQuery,
    orders: tuple[Run, Run],
    measure: Measure,
    settings: ComparisonSettings,
) -> _Estimate:
    """From queries that people judged whole."""
    needed = _needed(orders, measure)
    some = [q for q in needed if q in people and not needed[q].isdisjoint(people[q].labels)]
    whole = [q for q in some if needed[q] <= people[q].labels.keys()]
    modelled = [q for q in needed if needed[q] <= model.get(q, {}).keys()]
    both = [q for q in whole if q in set(modelled)]
    further = [q for q in modelled if q not in set(some)]
    by_people = _values({q: people[q] for q in both}, orders, measure)
    by_model = _values({q: JudgedQuery(q, model[q]) for q in (*both, *further)}, orders, measure)

    def changes(
        values: tuple[Mapping[str, float], Mapping[str, float]], chosen: Sequence[str]
    ) -> list[float]:
        return [values[1][query] - values[0][query] for query in chosen]

    difference = powered_mean(
        changes(by_people, both),
        changes(by_model, both),
        changes(by_model, further),
        confidence=settings.confidence,
        largest=max((1.0, *by_people[0].values(), *by_people[1].values())),
    )
    notes = []
    if len(some) > len(whole):
        notes.append(sentence(PARTLY, measure=str(measure), count=len(some) - len(whole)))
    if len(whole) > len(both):
        notes.append(sentence(UNMATCHED, count=len(whole) - len(both)))
    means: list[float | None] = [None, None]
    if difference is not None:
        for place in (0, 1):
            own = [by_people[place][query] for query in both]
            there = [by_model[place][query] for query in both]
            elsewhere = [by_model[place][query] for query in further]
            means[place] = _mean(own) - difference.trust * (
                _mean(there) - (_mean(elsewhere) if elsewhere else _mean(there))
            )
    return _Estimate(measure, difference, means[0], means[1], tuple(notes))


def _of_draw(
    people: Judgements,
    model: GradesByQuery,
    orders: tuple[Run, Run],
    measure: Measure,
    draw: Draw,
    settings: ComparisonSettings,
) -> _Estimate:
    """From documents that were drawn, of every query whose documents the model judged."""
    needed = _needed(orders, measure)
    queries = [q for q in needed if needed[q] <= model.get(q, {}).keys()]
    sums: tuple[list[DrawnQuery], list[DrawnQuery], list[DrawnQuery]] = ([], [], [])
    for query in queries:
        old, new = (worths_of(measure, run.rankings[query].documents) for run in orders)
        change = {document: new.get(document, 0.0) - old.get(document, 0.0) for document in needed[query]}
        labels = people[query].labels if query in people else {}
        gains = {
            document: DrawnGain(gain_of(measure, labels[document]), draw.get(query, {}).get(document, 1.0))
            for document in needed[query]
            if document in labels
        }
        modelled = {document: gain_of(measure, model[query][document]) for document in needed[query]}
        for place, worths in enumerate((old, new, change)):
            sums[place].append(drawn_query(worths, gains, modelled))
    difference = drawn_mean(
        sums[2], confidence=settings.confidence, largest=largest_of(measure, HIGHEST_GRADE)
    )
    lacking = sum(
        query not in set(queries) and not needed[query].isdisjoint(people[query].labels)
        for query in needed
        if query in people
    )
    notes = (sentence(UNMATCHED, count=lacking),) if lacking else ()
    means: list[float | None] = [None, None]
    if difference is not None:
        for place in (0, 1):
            means[place] = _mean(
                [one.people + difference.trust * (one.model - one.model_drawn) for one in sums[place]]
            )
    return _Estimate(measure, difference, means[0], means[1], notes, relevant_drawn(sums[2]))


def _needed(orders: tuple[Run, Run], measure: Measure) -> dict[str, set[str]]:
    """What the measure looks at: the documents above its depth in either order, of queries that have both."""
    first, second = (run.rankings for run in orders)
    depth = measure.cutoff
    return {
        query: {*ranking.documents[:depth], *second[query].documents[:depth]}
        for query, ranking in first.items()
        if query in second and ranking.documents and second[query].documents
    }


def _values(
    judged: Judgements, orders: tuple[Run, Run], measure: Measure
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    old, new = (
        evaluate_run(judged, run, [measure], keep_without_relevant=True).values[measure] for run in orders
    )
    return old, new


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
