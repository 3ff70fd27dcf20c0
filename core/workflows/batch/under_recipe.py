"""A batch as a recipe asks for it: the first candidates of each query, in the recipe's wording.

What the recipe does to the scores is read off the run (`results`), as it is for one list.
"""

from dataclasses import replace

from core.errors import InputError
from core.evaluation.blends.order import NO_SCORES, NO_SCORES_HINT
from core.records import ScorerInfo
from core.sentences import sentence
from core.sheets.records import RowProblem
from core.workflows.batch.gate import left_positions
from core.workflows.batch.input import BatchInput, pairs_by_query, with_pairs
from core.workflows.recipes.use import RecipeInUse

BEYOND = "Beyond the first {k} candidates of its query, which the recipe reranks; the row was left out."

ALL_LEFT = "The recipe's gate leaves every query to the first stage: there is nothing to rerank."
ALL_LEFT_HINT = "The file's own order is the result; to rerank more, use a recipe with a higher gate."


def under_recipe(batch: BatchInput, used: RecipeInUse, info: ScorerInfo) -> BatchInput:
    """InputError where the model is another one, or the recipe blends with scores that the file lacks."""
    used.check_model(info)
    blend = used.recipe.blend
    if blend is not None and blend.needs_scores and not _scored_before(batch):
        raise InputError(NO_SCORES, where="recipe", hint=NO_SCORES_HINT)
    kept = _first(batch, used.recipe.candidates)
    instruction = used.instruction(info)
    return replace(
        kept,
        left=_left(kept, used),
        requests=tuple(
            replace(request, query=used.wording(request.query), instruction=instruction)
            for request in kept.requests
        ),
    )


def _left(batch: BatchInput, used: RecipeInUse) -> frozenset[int]:
    """The queries that the recipe's gate leaves to the first stage."""
    sign = -1 if batch.basis == "distance" else 1
    known = [sign * score for score in batch.origin.scores if score is not None]
    if used.recipe.blend is None or used.recipe.blend.gate is None:
        return frozenset()
    left = left_positions(used.recipe, batch.requests, batch.origin.ranks, known)
    if batch.requests and len(left) == len(batch.requests):
        raise InputError(ALL_LEFT, where="recipe", hint=ALL_LEFT_HINT)
    return left


def _scored_before(batch: BatchInput) -> bool:
    scores = batch.origin.scores
    return bool(scores) and all(score is not None for score in scores)


def _first(batch: BatchInput, k: int | None) -> BatchInput:
    """Each query's first k by the order before; the rows of the others become problems."""
    if k is None:
        return batch
    kept: list[int] = []
    requests = []
    problems = list(batch.problems)
    for request, own in zip(batch.requests, pairs_by_query(batch), strict=True):
        inside = [pair for pair in own if batch.origin.ranks[pair] <= k]
        kept += inside
        documents = tuple(request.documents[pair - own.start] for pair in inside)
        requests.append(replace(request, documents=documents))
        problems += [
            RowProblem(
                "beyond_candidates",
                sentence(BEYOND, k=k),
                sheet=batch.sheet,
                row=batch.file_rows[pair],
                skipped=True,
            )
            for pair in own
            if batch.origin.ranks[pair] > k
        ]
    return replace(with_pairs(batch, kept), requests=tuple(requests), problems=tuple(problems))
