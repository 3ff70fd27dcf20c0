"""A part's queries as a recipe asks for them: the same steps as where one list is reranked.

What a recipe leaves out keeps its place in the lists of a row, without a rank.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from core.errors import ModelError, NoNumberError
from core.records import Scorer, ScoringRequest
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.reranking import Reranking, conclude, prepare
from core.workflows.scale.folding import Candidates

NO_NUMBER = "The model gave no number for a document of the query {query}."


def follow_recipe(
    queries: Sequence[Candidates], scorer: Scorer, recipe: RecipeInUse
) -> Iterator[tuple[Candidates, Reranking]]:
    """Each query with its answer, whose indexes count in the file's order.

    InputError where the model is another one, or the recipe needs first-stage scores that are not there.
    """
    asked = []
    # What has nothing to rank is no question.
    some = [one for one in queries if one.documents]
    for one in some:
        order = first_order(one)
        asked.append(
            prepare(
                scorer,
                one.query,
                [one.documents[at] for at in order],
                max_documents=len(one.documents),
                recipe=recipe,
                first_scores=[one.scores[at] for at in order] if one.scores else None,
            )
        )
    scored_ones = [(at, one) for at, one in enumerate(asked) if not one.kept_first]
    requests = [ScoringRequest(one.query, tuple(one.texts), one.wording) for _, one in scored_ones]
    try:
        found = scorer.score_many(requests) if requests else []
    except NoNumberError as error:
        raise ModelError(NO_NUMBER, query=some[scored_ones[error.query][0]].id) from error
    scores = {at: row for (at, _), row in zip(scored_ones, found, strict=True)}
    for at, (one, prepared) in enumerate(zip(some, asked, strict=True)):
        yield one, conclude(prepared, scores.get(at, ()), 0.0)


def first_order(one: Candidates) -> list[int]:
    """Places of the documents in the file, the first stage's best first."""
    places = range(len(one.documents))
    return sorted(places, key=lambda at: one.ranks[at]) if one.ranks else [*places]


def placed_row(one: Candidates, answer: Reranking | None) -> dict[str, Any]:
    """One query's lists in the order of the file; empty ones where it has no documents."""
    order = first_order(one)
    row: dict[str, Any] = {"request_id": one.id, "document_ids": list(one.document_ids)}
    names = ("ranks", "logits", "probabilities", "tokens", "truncated", "blends", "calibrated_scores")
    row |= {name: [None] * len(order) for name in names}
    if answer is None:
        return row
    for at, score in zip(order, answer.scores, strict=False):
        row["logits"][at], row["probabilities"][at] = score.logit, score.probability
        row["tokens"][at], row["truncated"][at] = score.tokens, score.truncated
    for ranked in answer.ranked:
        at = order[ranked.index]
        row["ranks"][at], row["blends"][at] = ranked.new_rank, ranked.blend
        row["calibrated_scores"][at] = ranked.calibrated
    return row
