"""The instructions that are compared: the default, and up to seven fields beside it, filled from the library.

The same fields serve one query and whole files.
"""

import streamlit as st

from core.engine.prompt import DEFAULT_INSTRUCTION
from core.errors import InputError
from core.records import ScorerInfo
from core.workflows.sandbox.side_by_side import LETTERS, MOST, OWN, TriedInstruction, variants_of
from pages.parts.asked.instruction_choice import KnownInstruction, draw_advice, known_instructions
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.words import say
from pages.parts.sandbox.session import SandboxSession, add_slot, remove_slot, text_key

ADD_KEY = "sandbox.add"
# No saved instruction can have this name: a name has no control characters.
OWN_WORDS = "\0own"
# What stands there at first, so that a sample can be run at once.
FIRST = ("general-qa", "customer-service")
FIELD_HEIGHT = 80


def draw_instructions(
    session: SandboxSession, scorer: ScorerInfo, queries: tuple[str, ...] = ()
) -> tuple[TriedInstruction, ...] | None:
    """Draw the fields; what is to be compared, or None after saying why it cannot be."""
    known = known_instructions()
    if not session.next_slot:
        for name in FIRST:
            add_slot(session, known[name].instruction)
    st.markdown(t("Instructions"))
    if not scorer.uses_instruction:
        st.info(
            t(
                "{model} takes no instruction. Here they are tried as words in front of the query, which "
                "says little of Qwen3-Reranker.",
                model=scorer.label,
            ),
            icon=":material/info:",
        )
    st.caption(f"**A** · {plain(default_words(scorer))}")
    by_text = {one.instruction: one for one in known.values()}
    texts = [_draw_slot(session, at, slot, by_text, queries) for at, slot in enumerate(session.slots)]
    _draw_add(session, known)
    try:
        names = {text: one.name for text, one in by_text.items()}
        return variants_of(texts, names, scorer.uses_instruction)
    except InputError as error:
        show_error(error)
        return None


def default_words(scorer: ScorerInfo) -> str:
    """What the first instruction is."""
    if not scorer.uses_instruction:
        return t("default ({what})", what=t("the query alone"))
    return t("default ({what})", what=DEFAULT_INSTRUCTION)


def variant_title(variant: TriedInstruction) -> str:
    """How an instruction is called on the page: its letter, and its name in the library."""
    if variant.instruction is None:
        return f"{variant.letter} · {t('default')}"
    if variant.title == OWN:
        return f"{variant.letter} · " + t("own words")
    known = known_instructions().get(variant.title)
    return f"{variant.letter} · {known.title if known and not known.saved else variant.title}"


def _draw_slot(
    session: SandboxSession,
    at: int,
    slot: int,
    by_text: dict[str, KnownInstruction],
    queries: tuple[str, ...],
) -> str:
    key = text_key(slot)
    one = by_text.get(str(st.session_state.get(key, "")).strip())
    letter = LETTERS[at + 1] if at + 1 < len(LETTERS) else "?"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"**{letter}** · {plain(one.title) if one else t('own words')}")
        st.button(
            "",
            icon=":material/close:",
            key=f"sandbox.remove_{slot}",
            help=t("Remove this instruction"),
            on_click=remove_slot,
            args=(session, slot),
            type="tertiary",
        )
    text = st.text_area(
        t("Instruction {letter}", letter=letter),
        key=key,
        height=FIELD_HEIGHT,
        label_visibility="collapsed",
        persist_state="session",
    )
    draw_advice(text or "", queries)
    for sentence in one.evidence if one else ():
        st.caption(plain(say(sentence)))
    return text or ""


def _draw_add(session: SandboxSession, known: dict[str, KnownInstruction]) -> None:
    if len(session.slots) + 1 >= MOST:
        st.caption(t("At most {count} are compared at once.", count=MOST))
        return
    st.selectbox(
        t("Add an instruction"),
        [OWN_WORDS, *known],
        index=None,
        format_func=lambda name: known[name].title if name in known else t("Own words"),
        key=ADD_KEY,
        placeholder=t("Add an instruction"),
        label_visibility="collapsed",
        on_change=_add,
        args=(session, {name: one.instruction for name, one in known.items()}),
    )


def _add(session: SandboxSession, texts: dict[str, str]) -> None:
    chosen = st.session_state.get(ADD_KEY)
    if chosen is not None:
        add_slot(session, texts.get(chosen, ""))
        st.session_state[ADD_KEY] = None
