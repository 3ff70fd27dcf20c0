"""An evaluation's candidates in every blend of the order before with a model's scores; which is worth it."""

from collections.abc import Mapping
from dataclasses import replace

from core.evaluation.blends.choice import BlendChoice, Tried, blends_to_try, choose_blend
from core.evaluation.blends.order import Blend, FirstStage, blended, keeps_first, margin, ranks_of
from core.evaluation.judged import Ranking, Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import evaluate_run
from core.jobs import Job
from core.recipes.recipe import Recipe
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import deciding_measure
from core.workflows.evaluate.use.recipe import evaluated_recipe, with_judge
from core.workflows.recipes.evidence import measured_evidence

# The verdicts that make a recipe another one than the reranker alone.
BLENDED = ("blend", "gate")


def blend_choice(outcome: Outcome, number: int) -> BlendChoice | None:
    """What to do with one of the models that scored; None where nothing can be measured."""
    measure = deciding_measure(outcome)
    if measure is None or number >= len(outcome.systems):
        return None
    data = outcome.data
    scores = outcome.systems[number].scores
    first = {query: _first_stage(data.initial.rankings[query]) for query in scores if scores[query]}
    logits = {query: [score.logit for score in scores[query]] for query in first}
    scored = all(one.scores is not None for one in first.values())
    margins = [margin(one.scores) for one in first.values() if one.scores is not None] if scored else None
    tried = [_tried(blend, outcome, measure, first, logits) for blend in blends_to_try(margins)]
    measured = [*tried[0].values] if tried else []
    pairs = {query: len(logits.get(query, ())) for query in measured}
    groups = {query: data.judgements[query].group for query in measured}
    return choose_blend(measure, tried, pairs, groups)


def blended_recipe(outcome: Outcome, number: int, job: Job, choice: BlendChoice) -> Recipe | None:
    """The recipe of a choice, its evidence the held-out comparison; None for a run of another tool."""
    recipe = evaluated_recipe(outcome, number, job)
    if recipe is None or choice.confirmation is None:
        return recipe
    system, data = outcome.systems[number], outcome.data
    evidence = measured_evidence(
        choice.confirmation,
        system.model,
        job,
        pairs=data.pairs,
        labels=data.labels,
        scores=recipe.evidence.scores if recipe.evidence else None,
    )
    blend = choice.blend if choice.verdict in BLENDED else None
    return replace(recipe, blend=blend, evidence=with_judge(evidence, data))


def _first_stage(ranking: Ranking) -> FirstStage:
    """Ranks, and scores where they fall with the rank: what rises is a distance or was not the order."""
    scores = ranking.scores
    if scores is not None and any(a < b for a, b in zip(scores, scores[1:], strict=False)):
        scores = None
    return FirstStage(range(1, len(ranking.documents) + 1), scores)


def _tried(
    blend: Blend,
    outcome: Outcome,
    measure: Measure,
    first: Mapping[str, FirstStage],
    logits: Mapping[str, list[float]],
) -> Tried:
    data = outcome.data
    rankings = {}
    for query, stage in first.items():
        values = blended(blend, stage, logits[query])
        rankings[query] = _ordered(data, query, values, logits[query])
    run = Run("blend", rankings)
    evaluation = evaluate_run(
        data.judgements, run, [measure], keep_without_relevant=outcome.settings.keep_without_relevant
    )
    kept = frozenset(query for query, stage in first.items() if keeps_first(blend, stage))
    return Tried(blend, evaluation.values[measure], kept)


def _ordered(data: EvaluationData, query: str, values: list[float], logits: list[float]) -> Ranking:
    documents = data.initial.rankings[query].documents
    # Equal values by the logit, as where a recipe is served.
    places = ranks_of(values, ranks_of(logits, range(len(logits))))
    ordered = sorted(range(len(documents)), key=lambda at: places[at])
    return Ranking(query, tuple(documents[at] for at in ordered))
