"""Grades given by hand. They belong to the file that was judged, so every page on it knows them."""

from core.evaluation.judgements import Judgement
from core.workflows.evaluate.judging import JudgementStore, judgement_store
from pages.parts.frame.workbench import the_workbench


def grade_store() -> JudgementStore:
    """The grades of the workbench's home folder."""
    return judgement_store(the_workbench().settings.home)


def grades_of(judged_set: str) -> tuple[Judgement, ...]:
    """The grades given by hand for a file."""
    return grade_store().grades(judged_set)
