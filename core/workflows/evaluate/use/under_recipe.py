"""Labelled data in the order that a recipe gives it: the same steps as where the recipe is served."""

from collections.abc import Callable

from core.evaluation.judged import Ranking, Run
from core.jobs import ScoreCache, score_with_cache
from core.records import Scorer, ScoringRequest
from core.workflows.evaluate.data import EvaluationData
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.reranking import conclude, prepare


def recipe_run(
    scorer: Scorer,
    data: EvaluationData,
    used: RecipeInUse,
    *,
    cache: ScoreCache | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Every query's documents as the recipe orders them; what it leaves out is not in the run.

    InputError where the recipe's model is another one. on_progress(done, total): pairs.
    """
    asked = {}
    for query, ranking in data.initial.rankings.items():
        if ranking.documents:
            asked[query] = prepare(
                scorer,
                data.judgements[query].query,
                [data.texts[query][document] for document in ranking.documents],
                max_documents=len(ranking.documents),
                recipe=used,
                first_scores=ranking.scores,
            )
    scored = {query: one for query, one in asked.items() if not one.kept_first}
    requests = [ScoringRequest(one.query, tuple(one.texts), one.wording) for one in scored.values()]
    found = score_with_cache(scorer, requests, cache, on_progress=on_progress)
    scores = dict(zip(scored, found.scores, strict=True))
    rankings = {query: Ranking(query, ()) for query in data.initial.rankings}
    for query, one in asked.items():
        documents = data.initial.rankings[query].documents
        ranked = conclude(one, scores.get(query, ()), 0.0).ranked
        rankings[query] = Ranking(query, tuple(documents[place.index] for place in ranked))
    return Run(used.title, rankings)
