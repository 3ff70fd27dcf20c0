"""Noting what is served under recipes, and holding it against their evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.recipes.drift import Drift, drift
from core.recipes.evidence import ScoreShape
from core.recipes.store import RecipeStore
from core.recipes.watched import KeptQueries, ServedQuery, watch_store
from core.records import Score
from core.text.scripts import has_han
from core.workflows.recipes.following import passes
from core.workflows.recipes.use import RecipeInUse


@dataclass(frozen=True, slots=True)
class Watched:
    """A recipe that is served. drift: None where it has no evidence with scores. kept: by its gate."""

    name: str
    version: int
    served: ScoreShape
    drift: Drift | None
    kept: KeptQueries = KeptQueries()


def served_query(used: RecipeInUse, query: str, scores: Sequence[Score]) -> ServedQuery | None:
    """An answer as numbers; None where nothing was scored."""
    if not scores:
        return None
    return ServedQuery(
        max(score.logit for score in scores),
        len(scores),
        sum(not passes(used.recipe, score) for score in scores),
        sum(score.truncated for score in scores),
        has_han(query),
    )


def note_kept(home: Path, used: RecipeInUse, pairs: int) -> None:
    """Count a query that the recipe's gate left to the first stage. StorageError where it cannot be kept."""
    watch_store(home).add_kept(used.name, used.number, pairs)


def note_served(home: Path, used: RecipeInUse, query: str, scores: Sequence[Score]) -> None:
    """Keep an answer's numbers. StorageError where they cannot be kept."""
    served = served_query(used, query, scores)
    if served is not None:
        watch_store(home).add(used.name, used.number, [served])


def watched(home: Path) -> tuple[Watched, ...]:
    """Every recipe of which the present version was served."""
    found = []
    for saved in RecipeStore(home).all():
        served = watch_store(home).shape(saved.name, saved.latest.number)
        if served is not None:
            evidence = saved.latest.recipe.evidence
            proven = evidence.scores if evidence else None
            held = drift(proven, served) if proven else None
            kept = watch_store(home).kept(saved.name, saved.latest.number)
            found.append(Watched(saved.name, saved.latest.number, served, held, kept))
    return tuple(found)
