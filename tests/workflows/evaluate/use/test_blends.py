"""A blend of an evaluation: chosen by its labels, and the recipe of it gives the order that was measured."""

from typing import cast

import pytest

from core.evaluation.blends.choice import RERANKER
from core.evaluation.blends.order import FirstStage, blended
from core.jobs import Job, ScoreCache
from core.records import Score, Scorer
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.use.blends import blend_choice, blended_recipe
from core.workflows.evaluate.use.calibration import calibrated, calibrated_threshold
from core.workflows.evaluate.use.under_recipe import recipe_run
from core.workflows.home.sample_table import TABLE
from core.workflows.recipes.use import RecipeInUse


@pytest.fixture(scope="module")
def outcome(embedded: Scorer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The shipped sample, scored by the embedded model."""
    data = read_labelled(TABLE)
    cache = ScoreCache(tmp_path_factory.mktemp("cache"))
    system = score_data(embedded, data, cache=cache)
    cache.close()
    return evaluate(data, [system], EvaluateSettings("nDCG@10"))


class Finished:
    """What a recipe needs of a job."""

    id, name, inputs = "job", "sample.csv", ()
    kind = "evaluate"
    settings = {"model": "embedded", "data": "x"}  # noqa: RUF012


def test_the_sample_gets_a_verdict_from_held_out_queries(outcome: Outcome) -> None:
    choice = blend_choice(outcome, 0)
    assert choice is not None and choice.blend is not None
    assert {row.way for row in choice.ways} == {"first", "reranker", "rrf", "ranks"}
    if choice.confirmation is not None:
        assert outcome.report is not None
        assert choice.confirmation.queries == outcome.report.queries // 2


def test_the_recipe_of_a_blend_gives_the_order_that_was_measured(outcome: Outcome, embedded: Scorer) -> None:
    choice = blend_choice(outcome, 0)
    assert choice is not None
    recipe = blended_recipe(outcome, 0, cast(Job, Finished()), choice)
    assert recipe is not None and recipe.model is not None
    run = recipe_run(embedded, outcome.data, RecipeInUse("blend", 1, recipe))
    measured = choice.blend if recipe.blend is not None else RERANKER
    for query, ranking in outcome.data.initial.rankings.items():
        logits = [score.logit for score in outcome.systems[0].scores[query]]
        values = blended(measured or RERANKER, FirstStage(range(1, len(logits) + 1)), logits)
        order = sorted(range(len(logits)), key=lambda at, v=values, x=logits: (-v[at], -x[at], at))
        assert run.rankings[query].documents == tuple(ranking.documents[at] for at in order)


def test_the_samples_probabilities_are_calibrated_on_held_out_queries(outcome: Outcome) -> None:
    report = calibrated(outcome, 0)
    assert report.best.log_loss <= report.own.log_loss
    calibration = report.calibration
    assert calibration.fingerprint == outcome.systems[0].model.fingerprint
    every = [score for row in outcome.systems[0].scores.values() for score in row]
    for threshold in (0.2, 0.5, 0.8):
        moved = calibrated_threshold(calibration, threshold)
        assert _kept(every, threshold) <= {
            at for at, score in enumerate(every) if calibration.probability(score.logit) >= moved
        }


def _kept(scores: list[Score], threshold: float) -> set[int]:
    return {at for at, score in enumerate(scores) if score.probability >= threshold}
