"""What a recipe does to one query's list, step by step: before scoring, and to the scores.

Both a single list and a batch follow it, so that the same recipe gives the same order everywhere.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.blends.order import (
    NO_SCORES,
    NO_SCORES_HINT,
    FirstStage,
    blended,
    keeps_first,
    margin,
)
from core.recipes.recipe import Recipe
from core.records import Notice, Score, ScorerInfo
from core.sentences import sentence
from core.workflows.recipes.use import RecipeInUse

BEYOND = "The recipe reranks the first {k} candidates; {count} more were left out."
REWRITTEN = "The recipe asked: {query}"
BELOW_THRESHOLD = "Below the recipe's threshold of {threshold}: {count} documents."
LEFT = (
    "The first stage is sure of this query (margin {margin}, the recipe's gate is {gate}): its order is "
    "kept, and nothing was scored."
)
WRONG_COUNT = "There are {documents} documents and {scores} first-stage scores."


@dataclass(frozen=True, slots=True)
class Followed:
    """What is scored: the query as it is asked, and the first candidates.

    kept: the recipe's gate leaves the query to the first stage, so that nothing is scored.
    """

    query: str
    documents: Sequence[str]
    first_scores: Sequence[float] | None
    notices: tuple[Notice, ...]
    kept: bool = False


def follow(
    used: RecipeInUse,
    query: str,
    documents: Sequence[str],
    first_scores: Sequence[float] | None,
    info: ScorerInfo,
) -> Followed:
    """The steps before scoring. documents: in the first stage's order.

    InputError where the model is another one, or first-stage scores are needed and missing.
    """
    used.check_model(info)
    recipe = used.recipe
    if first_scores is not None and len(first_scores) != len(documents):
        raise InputError(
            WRONG_COUNT, where="first_scores", documents=len(documents), scores=len(first_scores)
        )
    if recipe.blend is not None and recipe.blend.needs_scores and first_scores is None:
        raise InputError(NO_SCORES, where="recipe", hint=NO_SCORES_HINT)
    notices = []
    asked, k = used.wording(query), recipe.candidates
    if asked != query:
        notices.append(Notice(sentence(REWRITTEN, query=asked)))
    if k is not None and len(documents) > k:
        notices.append(Notice(sentence(BEYOND, k=k, count=len(documents) - k)))
    scores = first_scores[:k] if first_scores is not None else None
    kept = left_to_first(recipe, scores)
    if kept:
        assert recipe.blend is not None and scores is not None  # the gate is the blend's
        sure = margin(scores)
        shown = "∞" if math.isinf(sure) else f"{sure:.2f}"
        notices.append(Notice(sentence(LEFT, margin=shown, gate=f"{recipe.blend.gate:g}")))
    return Followed(asked, documents[:k], scores, tuple(notices), kept)


def left_to_first(recipe: Recipe, first_scores: Sequence[float] | None) -> bool:
    """Whether a gate keeps the first stage's order of these candidates."""
    if recipe.blend is None or first_scores is None:
        return False
    return keeps_first(recipe.blend, FirstStage(range(1, len(first_scores) + 1), first_scores))


def recipe_values(
    recipe: Recipe, logits: Sequence[float], first_scores: Sequence[float] | None
) -> list[float] | None:
    """What the order goes by, per candidate in the first stage's order; None where it is the logit."""
    if recipe.blend is None:
        return None
    return blended(recipe.blend, FirstStage(range(1, len(logits) + 1), first_scores), logits)


def passes(recipe: Recipe, score: Score) -> bool:
    """Whether a document reaches the threshold: with its calibrated probability where there is one."""
    if recipe.threshold is None:
        return True
    calibration = recipe.calibration
    reached = score.probability if calibration is None else calibration.probability(score.logit)
    return reached >= recipe.threshold
