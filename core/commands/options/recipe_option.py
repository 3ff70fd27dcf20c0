"""`--recipe NAME`, which several commands share: it decides what else their options would."""

import argparse

from core.errors import InputError
from core.settings import Settings
from core.workflows.recipes.use import RecipeInUse, named_recipe

DECIDED = "The recipe decides this; leave {options} out, or save another recipe."
# What a recipe holds itself. `--model` may stand beside it, and is held against the recipe's.
_OPTIONS = ("instruction", "preset", "clean", "clean_rules", "chunk", "chunk_top", "two_looks")


def add_recipe_argument(parser: argparse.ArgumentParser) -> None:
    """The option, as `options.recipe`."""
    parser.add_argument(
        "--recipe", metavar="NAME", help="a saved recipe: model, instruction, care, blend, threshold and all"
    )


def recipe_of(options: argparse.Namespace, settings: Settings) -> RecipeInUse | None:
    """The recipe that was asked for; InputError where other options say what it decides."""
    if not options.recipe:
        return None
    given = [name for name in _OPTIONS if getattr(options, name, None)]
    if given:
        names = ", ".join("--" + name.replace("_", "-") for name in given)
        raise InputError(DECIDED, where="--recipe", options=names)
    return named_recipe(options.recipe, settings.home)
