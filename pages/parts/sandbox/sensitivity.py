"""The Sandbox page's third section: does the order hang on the wording, or on the order of the input?"""

from collections.abc import Sequence

import streamlit as st

from core.engine.prompt import DEFAULT_INSTRUCTION
from core.errors import WorkbenchError
from core.records import Scorer
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.paraphrases import paraphrases
from core.workflows.instructions.use import how_used, usable
from core.workflows.rerank.tables import preview
from core.workflows.sandbox.sensitivity import (
    MOST_SHUFFLES,
    Sensitivity,
    SensitivitySettings,
    Stability,
    measure_sensitivity,
)
from core.workflows.sandbox.side_by_side import MOST
from pages.parts.asked.instruction_choice import draw_advice, known_instructions
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.labelled.words import say
from pages.parts.sandbox.instructions import default_words
from pages.parts.sandbox.query import draw_fields, scoring_bar
from pages.parts.sandbox.session import SECTION_KEY, SandboxSession, add_slot

BASE_KEY, WORDINGS_KEY, FROM_KEY = "sandbox.base", "sandbox.wordings", "sandbox.wordings_of"
# No saved instruction can have these names: a name has no control characters.
DEFAULT_NAME, OWN_NAME = "\0default", "\0own"


def draw_sensitivity_section(
    bench: Workbench, service: JobService, session: SandboxSession, scorer: Scorer
) -> None:
    """Fields on the left, what held on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        query, documents = draw_fields(session)
        instruction = _draw_base(scorer)
        wordings = _draw_wordings(instruction, scorer.info.uses_instruction)
        settings = _draw_settings(wordings)
        asked = st.button(
            t("Test"), type="primary", key="sandbox.test", shortcut="Ctrl+Enter", width="stretch"
        )
    key = (query, documents, instruction, settings, scorer.info.fingerprint)
    with right:
        if asked:
            try:
                with scoring_bar() as show:
                    session.sensitivity = measure_sensitivity(
                        scorer,
                        query,
                        documents,
                        usable(instruction, scorer.info.uses_instruction),
                        settings,
                        cache=service.cache,
                        max_documents=bench.settings.max_documents,
                        on_progress=show,
                    )
                session.sensitivity_asked = key
            except WorkbenchError as error:
                show_error(error)
        if session.sensitivity is None:
            st.caption(
                t(
                    "Other wordings of an instruction, and the same documents in another order, should "
                    "change nothing. How much they change is the noise that a better instruction has to "
                    "exceed."
                )
            )
        else:
            if session.sensitivity_asked != key:
                st.caption(t("The fields have changed since this result; press Ctrl+Enter to score them."))
            _draw_result(session, session.sensitivity)


def _draw_base(scorer: Scorer) -> str:
    known = known_instructions()
    titles = {DEFAULT_NAME: t("Default")} | {name: one.title for name, one in known.items()}
    titles[OWN_NAME] = t("Own instruction")
    chosen = draw_choice(t("Instruction"), titles, BASE_KEY)
    if not scorer.info.uses_instruction:
        st.info(plain(say(how_used(scorer.info))), icon=":material/info:")
    if chosen == OWN_NAME:
        own = st.text_area(
            t("Own instruction"),
            key="sandbox.base_own",
            height=80,
            label_visibility="collapsed",
            persist_state="session",
        )
        draw_advice(own or "")
        return (own or "").strip()
    if chosen in known:
        st.caption(plain(known[chosen].instruction))
        return known[chosen].instruction
    st.caption(plain(default_words(scorer.info)))
    return DEFAULT_INSTRUCTION if scorer.info.uses_instruction else ""


def _draw_wordings(instruction: str, uses_instruction: bool) -> tuple[tuple[str, str], ...]:
    """The rules' proposals, one a line, to be edited. Another instruction brings other proposals."""
    proposals = {one.instruction: one.rule for one in paraphrases(instruction)}
    if st.session_state.get(FROM_KEY) != instruction:
        st.session_state[FROM_KEY] = instruction
        st.session_state[WORDINGS_KEY] = "\n".join(proposals)
    text = st.text_area(
        t("Other wordings, one a line"), key=WORDINGS_KEY, height=170, persist_state="session"
    )
    lines = list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))
    if not instruction and not uses_instruction:
        st.caption(t("The query alone has no wording to change; choose an instruction, or only shuffle."))
    return tuple((proposals.get(line, ""), line) for line in lines)


def _draw_settings(wordings: tuple[tuple[str, str], ...]) -> SensitivitySettings:
    left, right = st.columns(2)
    with left:
        shuffles = st.number_input(
            t("Other input orders"),
            min_value=0,
            max_value=MOST_SHUFFLES,
            value=3,
            key="sandbox.shuffles",
            persist_state="session",
        )
    with right:
        top = st.number_input(
            t("First places compared"),
            min_value=1,
            max_value=50,
            value=3,
            key="sandbox.stable_top",
            persist_state="session",
        )
    return SensitivitySettings(wordings, int(shuffles), int(top))


def _draw_result(session: SandboxSession, found: Sensitivity) -> None:
    draw_scored_by(found.model)
    instruction = found.instruction or default_words(found.model)
    st.caption(f"{t('Query')}{t(': ')}{plain(preview(found.query))}")
    st.caption(f"{t('Instruction')}{t(': ')}{plain(instruction)}")
    st.caption(plain(say(how_used(found.model))))
    if found.wordings is not None:
        st.subheader(t("Other wordings"))
        _draw_stability(
            found, found.wordings, "wordings", [_rule(one.name) for one in found.wordings.variants]
        )
        texts = [one.instruction or "" for one in found.wordings.variants]
        st.button(
            t("Compare these wordings side by side or on data"),
            key="sandbox.use_wordings",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=_use_wordings,
            args=(session, [found.instruction or "", *texts]),
        )
    if found.shuffles is not None:
        st.subheader(t("Other input orders"))
        names = [t("order {number}", number=one.name) for one in found.shuffles.variants]
        _draw_stability(found, found.shuffles, "shuffles", names)


def _draw_stability(found: Sensitivity, stability: Stability, key: str, names: Sequence[str]) -> None:
    with st.container(border=True, key=f"sandbox.stable_{key}"):
        for sentence in stability.said:
            st.markdown(plain(say(sentence)))
    rows = [
        {
            t("Change"): name,
            t("Wording"): one.instruction or "",
            t("In common"): f"{one.agreement.overlap:.0%}",
            t("First place kept"): t("yes") if one.agreement.first_kept else t("no"),
            "Kendall": one.agreement.kendall,
            t("Largest move"): one.agreement.largest_movement,
            t("Largest change of a logit"): one.shift,
        }
        for name, one in zip(names, stability.variants, strict=True)
    ]
    if key == "shuffles":
        for row in rows:
            del row[t("Wording")]
    st.dataframe(
        rows,
        hide_index=True,
        key=f"sandbox.table_{key}",
        column_config={
            t("Wording"): st.column_config.TextColumn(width=360),
            "Kendall": st.column_config.NumberColumn(format="%.2f"),
            t("Largest change of a logit"): st.column_config.NumberColumn(format="%.3g"),
        },
    )
    count = len(stability.variants) + 1
    for document, times in stability.first_places:
        text = preview(found.documents[document])
        st.caption(
            plain(t("First in {times} of {count}: {document}", times=times, count=count, document=text))
        )


def _rule(name: str) -> str:
    return t(name) if name else t("own words")


def _use_wordings(session: SandboxSession, texts: list[str]) -> None:
    """Put the wordings into the fields; the default stands there anyway."""
    session.slots.clear()
    for text in texts:
        if text and text != DEFAULT_INSTRUCTION and len(session.slots) + 1 < MOST:
            add_slot(session, text)
    st.session_state[SECTION_KEY] = "query"
