"""Keeping what an evaluation found as a recipe: the model that is looked at, with the verdict on it."""

from pathlib import Path

import streamlit as st

from core.jobs import Job
from core.recipes.recipe import Recipe
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.use.calibration import calibrated_threshold
from core.workflows.evaluate.use.recipe import evaluated_recipe
from pages.parts.asked.recipe_saving import draw_save_recipe

# What the section of thresholds drew last: a calibration for the recipe, or None.
CALIBRATION_KEY = "evaluate.recipe_calibration"


def draw_save(outcome: Outcome, job: Job, section: str) -> None:
    """The button; nothing for a run of another tool, whose scores nobody here can give again.

    On the section of thresholds the recommended one is part of the recipe, and the calibration where it is
    wanted.
    """
    number = int(st.session_state.get("evaluate.system") or 0)
    if number >= len(outcome.systems):
        return

    def make() -> Recipe:
        threshold = calibration = None
        if section == "threshold":
            threshold, calibration = _recommended(outcome, number), st.session_state.get(CALIBRATION_KEY)
        if threshold is not None and calibration is not None:
            threshold = calibrated_threshold(calibration, threshold)
        recipe = evaluated_recipe(outcome, number, job, threshold=threshold, calibration=calibration)
        assert recipe is not None  # of a model that scored
        return recipe

    draw_save_recipe("evaluate.recipe", Path(job.name).stem, make)


def _recommended(outcome: Outcome, number: int) -> float | None:
    advice = outcome.report.systems[number].thresholds if outcome.report else None
    return advice.best.threshold if advice is not None and advice.recommended else None
