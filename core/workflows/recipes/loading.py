"""The model that a recipe was made with, loaded for a command."""

from core.records import Scorer
from core.settings import Settings
from core.workflows.home.inventory import open_scorer
from core.workflows.recipes.use import RecipeInUse


def open_recipe_scorer(used: RecipeInUse, model: str | None, settings: Settings) -> Scorer:
    """The recipe's model in its precision, or the one that was asked for; InputError where its scores are
    others than the recipe's.
    """
    made = used.recipe.model
    if made is not None and model is None:
        precise = settings.model_copy(update={"precision": made.precision})
        scorer = open_scorer(made.name, precise if settings.precision == "auto" else settings)
    else:
        scorer = open_scorer(model, settings)
    used.check_model(scorer.info)
    return scorer
