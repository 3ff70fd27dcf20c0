"""Which way of judging is looked at: one at a time, so that the keys of one do nothing in the other."""

from core.evaluation.judgements import Judgement
from core.evaluation.measures import Measure
from core.evaluation.triage import DEFAULT_DEPTH
from core.judging.opinions import people_of
from pages.parts.evaluate.judging.by_hand import draw_by_hand
from pages.parts.evaluate.judging.by_model import draw_by_model
from pages.parts.evaluate.judging.desk import Desk, stores_of
from pages.parts.evaluate.judging.differences import draw_differences
from pages.parts.evaluate.session import EvaluateSession, Opened
from pages.parts.frame.sections import draw_sections

WAYS = {"hand": "By hand", "model": "By a model", "differences": "Two opinions"}
# In the address, and of the control.
WAY, WAY_KEY = "judging", "evaluate.judging"


def draw_judging(
    session: EvaluateSession, run: Opened, grades: tuple[Judgement, ...], measure: Measure | None
) -> None:
    """measure: the one that decides, if there is one. A model's grades never count as judged here."""
    data = run.data.with_grades(grades)
    stores = stores_of(run)
    labels = stores.labels.labels(run.judged_set)
    offered = {
        way: title for way, title in WAYS.items() if way != "differences" or len(people_of(labels)) > 1
    }
    match draw_sections(WAY_KEY, WAY, offered):
        case "model":
            draw_by_model(run, data)
        case "differences":
            depth = (measure.cutoff if measure else None) or DEFAULT_DEPTH
            history = session.given.setdefault(run.judged_set, [])
            draw_differences(Desk(run, stores, history, depth), data, labels)
        case _:
            draw_by_hand(session, run, data, grades, measure)
