"""The verdict with a model's labels beside people's, where both kinds are kept for the file."""

import streamlit as st

from core.judging.labels import Source, by_people, grades_of, sources_of
from core.judging.store import label_store
from core.workflows.evaluate.outcome import Outcome, evaluate
from core.workflows.evaluate.use.model_labels import ModelLabels, PoweredVerdict, draw_of, powered_verdicts
from pages.parts.evaluate.session import Opened
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.workbench import the_workbench
from pages.parts.labelled.grades import grades_of as grades_by_hand
from pages.parts.labelled.words import say

JUDGE_KEY = "evaluate.powered_judge"
ICONS = {
    "better": ":material/trending_up:",
    "worse": ":material/trending_down:",
    "cannot_tell": ":material/help:",
    "too_few": ":material/help:",
}


def powered_of(run: Opened, outcome: Outcome) -> tuple[PoweredVerdict, ...]:
    """By every order, with the labels of the model that is chosen; none where no model judged the file."""
    store = label_store(the_workbench().settings.home)
    kept = store.labels(run.judged_set)
    judges = [source for source in sources_of(kept) if source.kind == "model"]
    if not judges:
        return ()
    chosen = int(st.session_state.get(JUDGE_KEY) or 0)
    judge = judges[chosen if chosen < len(judges) else 0]
    grades = grades_of(kept, lambda source: source == judge)
    # Whatever fills gaps elsewhere on the page: here people's labels are people's.
    people = run.data.with_grades(grades_by_hand(run.judged_set))
    alone = evaluate(people, outcome.systems, outcome.settings, outcome.others)
    draw = draw_of(label for label in kept if by_people(label.source))
    return powered_verdicts(alone, ModelLabels(judge.name, grades, draw))


def draw_model_labels(run: Opened, outcome: Outcome, system: int) -> None:
    """Nothing where no model judged the file."""
    verdicts = powered_of(run, outcome)
    if system >= len(verdicts):
        return
    found = verdicts[system].comparison
    with st.container(border=True, key="evaluate.model_labels"):
        first, *others = (plain(say(said)) for said in found.sentences)
        st.markdown(f"**{ICONS[found.verdict]} {first}**")
        for line in others:
            st.markdown(line)
        for note in found.notes:
            st.caption(plain(say(note)))
        _draw_choice(run)


def _draw_choice(run: Opened) -> None:
    """Which model's labels, where several judged."""
    kept = label_store(the_workbench().settings.home).labels(run.judged_set)
    judges: list[Source] = [source for source in sources_of(kept) if source.kind == "model"]
    if len(judges) > 1:
        draw_choice(t("The model's labels"), {at: one.name for at, one in enumerate(judges)}, JUDGE_KEY)
