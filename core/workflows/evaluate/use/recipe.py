"""What an evaluation found, as a recipe: the model and the instruction that it measured, with evidence."""

from dataclasses import replace

from core.jobs import Job
from core.recipes.evidence import Evidence
from core.recipes.recipe import Recipe
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.jobs import EvaluateJob
from core.workflows.evaluate.outcome import Outcome
from core.workflows.recipes.evidence import measured_evidence, score_shape
from core.workflows.recipes.use import with_model

# In the settings of a measurement of *Retrieve*: the corpus that was searched.
SEARCHED = "corpus"


def evaluated_recipe(outcome: Outcome, number: int, job: Job, **decided: object) -> Recipe | None:
    """Of one of the models that scored; None for a run of another tool.

    decided: further fields, such as the threshold that was read off the same data.
    """
    if number >= len(outcome.systems):
        return None
    system, data = outcome.systems[number], outcome.data
    asked = EvaluateJob.of(job)
    depth = asked.depth
    if depth is not None and job.settings.get(SEARCHED):
        depth *= 2  # the union of two searches, so many of each
    plain = Recipe(instruction=system.instruction, candidates=depth)
    recipe = with_model(replace(plain, **decided), system.model)  # type: ignore[arg-type]
    headline = outcome.report.systems[number].headline if outcome.report else None
    if headline is None:
        return recipe
    queries = {query: judged.query for query, judged in data.judgements.items()}
    evidence = measured_evidence(
        headline,
        system.model,
        job,
        pairs=data.pairs,
        labels=data.labels,
        scores=score_shape(queries, system.scores, recipe),
    )
    return replace(recipe, evidence=with_judge(evidence, data))


def with_judge(evidence: Evidence, data: EvaluationData) -> Evidence:
    """The same, saying how many of the labels are a model's."""
    machine = data.machine
    return replace(evidence, machine_labels=machine.count, judge=machine.judge) if machine else evidence
