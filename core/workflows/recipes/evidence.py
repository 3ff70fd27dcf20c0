"""From a measurement to the evidence of a recipe: the verdict with its interval, and how scores lay."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from core.evaluation.significance import Comparison, ComparisonSettings
from core.jobs import Job
from core.recipes.evidence import Evidence, ScoreShape
from core.recipes.recipe import Recipe
from core.records import Score, ScorerInfo
from core.text.scripts import has_han
from core.workflows.recipes.following import passes

# So many best logits say where scores lie; a two-sample test gains nothing from more.
KEPT_SCORES = 500


def measured_evidence(
    comparison: Comparison,
    model: ScorerInfo,
    job: Job,
    *,
    pairs: int,
    labels: int,
    scores: ScoreShape | None,
    tried: int = 0,
) -> Evidence:
    """The evidence of a comparison with the order before. tried: how many were held against it, if more."""
    interval = comparison.interval
    return Evidence(
        file=job.inputs[0].name if job.inputs else job.name,
        sha256=job.inputs[0].sha256 if job.inputs else "",
        measure=str(comparison.measure),
        queries=comparison.queries,
        difference=comparison.difference,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p_adjusted=comparison.p_adjusted,
        tried=tried,
        verdict=comparison.verdict,
        seed=ComparisonSettings().seed,
        model=model.label,
        precision=model.precision,
        as_words=False,
        date=datetime.now(UTC).date().isoformat(),
        job=job.id,
        before=comparison.before,
        after=comparison.after,
        pairs=pairs,
        labels=labels,
        scores=scores,
    )


def score_shape(
    queries: Mapping[str, str], scores: Mapping[str, Sequence[Score]], recipe: Recipe
) -> ScoreShape | None:
    """How scores lay, by query id; None where there are none. recipe: its threshold tells what is under."""
    known = {query: row for query, row in scores.items() if row}
    if not known:
        return None
    every = [score for row in known.values() for score in row]
    best = sorted(max(score.logit for score in row) for row in known.values())
    under = None
    if recipe.threshold is not None:
        under = sum(not passes(recipe, score) for score in every) / len(every)
    return ScoreShape(
        queries=len(known),
        pairs=len(every),
        best=tuple(round(logit, 4) for logit in _thinned(best)),
        under=under,
        truncated=sum(score.truncated for score in every) / len(every),
        chinese=sum(has_han(queries[query]) for query in known) / len(known),
    )


def _thinned(ordered: Sequence[float]) -> list[float]:
    """At most KEPT_SCORES of the sorted values, evenly by rank, the first and the last among them."""
    if len(ordered) <= KEPT_SCORES:
        return list(ordered)
    last = len(ordered) - 1
    return [ordered[round(at * last / (KEPT_SCORES - 1))] for at in range(KEPT_SCORES)]
