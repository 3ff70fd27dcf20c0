"""Two measurements side by side: every system in both, over the questions that both asked.

Questions are matched by their text, because another corpus may hold the same answers under other ids; each
measurement is judged by its own labels. What else differed than the result is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.matched import names_by_text, renamed
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import Comparison, compare_many
from core.jobs import Job, JobStore
from core.sentences import Sentence, sentence
from core.workflows.batch.comparison import DEFAULT_INSTRUCTION, OTHER_INSTRUCTION, OTHER_MODEL
from core.workflows.retrieve.jobs import CORPUS, kept_pipeline
from core.workflows.retrieve.measuring import DEFAULT_MEASURES, TWO_STAGES, Pipeline, System

NONE_IN_COMMON = "The measurements {first} and {second} have no question in common."
NONE_IN_COMMON_HINT = "Compare two measurements of the same questions."
OTHER_CORPUS = "They differ in the corpus: {first} and {second}."
OTHER_DEPTH = "They differ in the candidates of each search: {first} and {second}."
OTHER_LABELS = "Questions with other labels in one measurement than in the other: {count}."
ONLY_COMMON = "Questions that only one of them asked, left out: {count}."


@dataclass(frozen=True, slots=True)
class ComparedSystem:
    """One system in both. first, second: means of the deciding measure; pairs: scored a question."""

    name: str
    first: float
    second: float
    first_pairs: float
    second_pairs: float

    @property
    def difference(self) -> float:
        """Second minus first."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class ComparedMeasurements:
    """questions: asked by both and answered by a passage. verdict: on the two stages, second against first.

    warnings: what else differed.
    """

    measure: Measure
    questions: int
    systems: tuple[ComparedSystem, ...]
    verdict: Comparison
    warnings: tuple[Sentence, ...]


def compare_measurements(
    store: JobStore, first: Job, second: Job, measures: str = DEFAULT_MEASURES
) -> ComparedMeasurements:
    """Compare two finished measurements by the first measure. InputError when they share no question."""
    pipelines = [kept_pipeline(store, job, measures)[0] for job in (first, second)]
    names = [_by_text(pipeline) for pipeline in pipelines]
    common = set(names[0].values()) & set(names[1].values())
    if not common:
        raise InputError(NONE_IN_COMMON, hint=NONE_IN_COMMON_HINT, first=first.name, second=second.name)
    measure = pipelines[0].measures[0]
    found = [
        {one.run.name: (one, renamed(one.evaluation, own, common)) for one in pipeline.systems}
        for pipeline, own in zip(pipelines, names, strict=True)
    ]
    systems = tuple(_system(name, old, found[1][name], measure) for name, old in found[0].items())
    two_stages = [by_name[TWO_STAGES][1] for by_name in found]
    verdict = compare_many(two_stages[0], two_stages[1:])[0]
    warnings = (*_settings(first, second), *_questions(pipelines, names, common, first, second))
    return ComparedMeasurements(measure, len(common), systems, verdict, warnings)


def _by_text(pipeline: Pipeline) -> dict[str, str]:
    return names_by_text({query: judged.query for query, judged in pipeline.retrieved.answerable.items()})


def _system(
    name: str, old: tuple[System, Evaluation], new: tuple[System, Evaluation], measure: Measure
) -> ComparedSystem:
    first, second = old[1].mean(measure), new[1].mean(measure)
    assert first is not None and second is not None  # there are common questions
    return ComparedSystem(name, first, second, old[0].pairs, new[0].pairs)


def _settings(first: Job, second: Job) -> Iterator[Sentence]:
    for (template, one), (_, other) in zip(_told(first), _told(second), strict=True):
        if one != other:
            yield sentence(template, first=one, second=other)


def _told(job: Job) -> list[tuple[str, object]]:
    """What the sentence about each setting says of this run."""
    return [
        (OTHER_CORPUS, job.settings[CORPUS]),
        (OTHER_MODEL, job.model.label if job.model else ""),
        (OTHER_INSTRUCTION, job.settings.get("instruction") or DEFAULT_INSTRUCTION),
        (OTHER_DEPTH, job.settings.get("depth")),
    ]


def _questions(
    pipelines: list[Pipeline], names: list[dict[str, str]], common: set[str], first: Job, second: Job
) -> Iterator[Sentence]:
    alone = sum(len(own) for own in names) - 2 * len(common)
    if alone:
        yield sentence(ONLY_COMMON, count=alone)
    if first.settings[CORPUS] != second.settings[CORPUS]:
        return  # other passages, other labels
    labels = [
        {own[query]: judged.labels for query, judged in pipeline.retrieved.answerable.items()}
        for pipeline, own in zip(pipelines, names, strict=True)
    ]
    changed = sum(dict(labels[0][name]) != dict(labels[1][name]) for name in common)
    if changed:
        yield sentence(OTHER_LABELS, count=changed)
