"""Keeping an instruction that was tried: a recipe of the model that it was tried on, with the evidence."""

from dataclasses import replace
from pathlib import Path

from core.recipes.evidence import Evidence
from core.recipes.recipe import Recipe, SavedRecipe, checked_text
from core.recipes.store import RecipeStore
from core.workflows.instructions.library import checked_name
from core.workflows.recipes.evidence import score_shape
from core.workflows.recipes.use import with_model
from core.workflows.sandbox.matrix import Matrix, MatrixRow


def keep_tried(
    home: Path, name: str, note: str, row: MatrixRow, evidence: Evidence | None, matrix: Matrix
) -> SavedRecipe:
    """A new recipe, or a new version; what else a recipe of that name decides stays as it is.

    Words in front of a query are no instruction, so they are bound to no model.
    """
    store, name = RecipeStore(home), checked_name(name)
    there = store.find(name)
    text = checked_text(row.variant.instruction or "")
    recipe = replace(there.latest.recipe if there else Recipe(), instruction=text, evidence=evidence)
    trial = matrix.trial
    if not trial.as_words:
        recipe = with_model(recipe, trial.model)
        system = next(one for one in trial.systems if one.name == row.variant.name)
        queries = {query: judged.query for query, judged in trial.data.judgements.items()}
        if evidence is not None:
            shape = score_shape(queries, system.scores, recipe)
            recipe = replace(recipe, evidence=replace(evidence, scores=shape))
    return store.save(name, recipe, note)
