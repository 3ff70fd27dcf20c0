"""Keeping an instruction that was tried: into the library, with what the trial found of it."""

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.sandbox.keeping import keep_tried
from core.workflows.sandbox.matrix import Matrix, candidates_to_save, evidence_of
from core.workflows.sandbox.side_by_side import OWN, TriedInstruction
from pages.parts.asked.instruction_choice import draw_advice, known_instructions
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.workbench import the_workbench
from pages.parts.labelled.words import say
from pages.parts.sandbox.instructions import variant_title


def draw_save(matrix: Matrix, job: Job) -> None:
    """Which instruction, under which name, and one button."""
    rows = candidates_to_save(matrix)
    titles = {at: variant_title(row.variant) for at, row in enumerate(rows)}
    with st.container(border=True, key="sandbox.save"):
        st.markdown("**" + t("Keep an instruction") + "**")
        left, middle, right = st.columns(3)
        with left:
            at = draw_choice(t("Instruction"), titles, f"sandbox.save_which_{job.id}")
        row = rows[at]
        evidence = evidence_of(matrix, row, job)
        with middle:
            name = st.text_input(
                t("Name"), value=_proposed(row.variant), key=f"sandbox.save_name_{job.id}_{at}"
            )
        with right:
            note = st.text_input(t("Note"), key=f"sandbox.save_note_{job.id}_{at}")
        st.caption(plain(row.variant.instruction or ""))
        draw_advice(row.variant.instruction or "")
        for found in evidence_sentences(evidence) if evidence else ():
            st.caption(plain(say(found)))
        if evidence is None:
            st.caption(t("Without labels there is no evidence."))
        winner = matrix.held_out.winner if matrix.held_out else None
        label = (
            t("Save the winner with its evidence")
            if row.variant.name == winner
            else t("Save with its evidence")
            if evidence
            else t("Save without evidence")
        )
        if st.button(label, key=f"sandbox.save_button_{job.id}", icon=":material/bookmark_add:"):
            try:
                saved = keep_tried(the_workbench().settings.home, name, note, row, evidence, matrix)
            except WorkbenchError as error:
                show_error(error)
            else:
                st.success(
                    t(
                        "Saved as `{name}`, version {number}. It can be chosen on every page, as "
                        "`preset:{name}` over HTTP, and with `--preset` on the command line.",
                        name=saved.name,
                        number=saved.latest.number,
                    )
                )


def _proposed(variant: TriedInstruction) -> str:
    """The name it has already, or one to change; a built-in name is taken, so a new one is made of it."""
    known = known_instructions().get(variant.title)
    # A saved instruction may be called like words without a name.
    if known is None or (variant.title == OWN and known.instruction != variant.instruction):
        return ""
    return variant.title if known.saved else f"my-{variant.title}"
