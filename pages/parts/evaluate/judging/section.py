"""Which way of judging is looked at: one at a time, so that the keys of one do nothing in the other."""

from core.evaluation.judgements import Judgement
from pages.parts.evaluate.judging.by_hand import draw_by_hand
from pages.parts.evaluate.judging.by_model import draw_by_model
from pages.parts.evaluate.session import EvaluateSession, Opened
from pages.parts.frame.sections import draw_sections

WAYS = {"hand": "By hand", "model": "By a model"}
# In the address, and of the control.
WAY, WAY_KEY = "judging", "evaluate.judging"


def draw_judging(session: EvaluateSession, run: Opened, grades: tuple[Judgement, ...], depth: int) -> None:
    """depth: of the measure that decides. A model's grades never count as judged here."""
    data = run.data.with_grades(grades)
    if draw_sections(WAY_KEY, WAY, WAYS) == "model":
        draw_by_model(run, data)
    else:
        draw_by_hand(session, run, data, grades, depth)
