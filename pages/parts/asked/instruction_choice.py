"""Choosing an instruction: a built-in or saved one, or one's own words. For every page that scores."""

import logging
from dataclasses import dataclass

import streamlit as st

from core.errors import WorkbenchError
from core.records import ScorerInfo
from core.sentences import Sentence
from core.workflows.instructions.check import check_instruction
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.instructions.library import PREFIX, InstructionLibrary, instruction_library
from core.workflows.instructions.presets import PRESETS
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain
from pages.parts.frame.workbench import the_workbench
from pages.parts.labelled.words import say

log = logging.getLogger(__name__)

# No saved instruction can have this name: a name has no control characters.
CUSTOM = "\0custom"


@dataclass(frozen=True, slots=True)
class KnownInstruction:
    """One entry of the choice. saved: it is the user's own; evidence: what a trial found of it."""

    name: str
    title: str
    instruction: str
    saved: bool = False
    note: str = ""
    evidence: tuple[Sentence, ...] = ()


def known_instructions() -> dict[str, KnownInstruction]:
    """Built-in instructions, then the user's own, by name. Without a readable library, the built-in ones."""
    known = {one.name: KnownInstruction(one.name, t(one.title), one.instruction) for one in PRESETS}
    try:
        saved = library().all()
    except WorkbenchError as error:
        log.warning("The saved instructions cannot be read: %s", error)
        return known
    for one in saved:
        latest = one.latest
        evidence = evidence_sentences(latest.evidence) if latest.evidence else ()
        title = t("{name} · version {number}", name=one.name, number=latest.number)
        known[one.name] = KnownInstruction(one.name, title, latest.instruction, True, latest.note, evidence)
    return known


def library() -> InstructionLibrary:
    """The user's instructions."""
    return instruction_library(the_workbench().settings.home)


def draw_instruction(page: str, scorer: ScorerInfo | None) -> str | None:
    """The chosen instruction; None where the model takes none or the own one is blank. page: key prefix."""
    if scorer is not None and not scorer.uses_instruction:
        st.caption(t("{model} ignores instructions; Qwen3-Reranker follows them.", model=plain(scorer.label)))
        return None
    known = known_instructions()
    chosen = draw_choice(
        t("Instruction"),
        {name: one.title for name, one in known.items()} | {CUSTOM: t("Own instruction")},
        f"{page}.preset",
        help=t("What makes a document relevant. English works best, also for Chinese data."),
    )
    if chosen != CUSTOM:
        draw_known(known[chosen])
        return known[chosen].instruction
    own = st.text_area(
        t("Own instruction"),
        key=f"{page}.own_instruction",
        height=80,
        label_visibility="collapsed",
        persist_state="session",
    )
    draw_advice(own or "")
    return (own or "").strip() or None


def fill_instruction(page: str, instruction: str | None) -> None:
    """Put an instruction, or one that is named as `preset:NAME`, into the choice; for a button's callback."""
    known, wording = known_instructions(), (instruction or "").strip()
    names = [one.name for one in known.values() if wording in ("", one.instruction, f"{PREFIX}{one.name}")]
    st.session_state[f"{page}.preset"] = names[0] if names else CUSTOM
    if not names:
        st.session_state[f"{page}.own_instruction"] = wording


def draw_known(one: KnownInstruction) -> None:
    """The wording, and for a saved one what is known of it."""
    st.caption(plain(one.instruction))
    for line in (one.note, *map(say, one.evidence)):
        if line:
            st.caption(plain(line))


def draw_advice(instruction: str, queries: tuple[str, ...] = ()) -> None:
    """What could be better about the wording, if anything."""
    for advice in check_instruction(instruction, queries):
        st.caption(":material/lightbulb: " + plain(spoken(advice)))
