"""One query: its fields, and its wordings to choose from, those of a language model only after approval."""

import hashlib
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.chat.endpoint import endpoint
from core.errors import WorkbenchError
from core.records import Notice, ScorerInfo
from core.settings import Settings
from core.text.rewriting.drift import drift
from core.text.rewriting.language_model import propose
from core.text.rewriting.variants import (
    RULE_TITLES,
    RewriteSettings,
    Rewriting,
    Variant,
    rewrite,
    same_wording,
)
from core.workflows.rewrite.samples import REWRITE_SAMPLES, RewriteSample
from pages.parts.asked.hand_over import taken_over
from pages.parts.asked.instruction_choice import draw_instruction, fill_instruction
from pages.parts.asked.query_documents import draw_query_documents, fill_fields
from pages.parts.asked.samples import draw_samples
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error, show_notices
from pages.parts.job.opened import open_job
from pages.parts.rewrite.rules import draw_rules, reason_lines, use_sample_glossary
from pages.parts.rewrite.session import Proposal, RewriteSession

CONTEXT_KEY, MODE_KEY = "rewrite.context", "rewrite.mode"
DOCUMENTS_HEIGHT = 220


@dataclass(frozen=True, slots=True)
class RewriteInputs:
    """What the fields hold now."""

    query: str
    context: str
    documents: tuple[str, ...]
    instruction: str | None
    settings: RewriteSettings


def take_over(session: RewriteSession) -> None:
    """Fill the fields with what another page handed over."""
    handed = taken_over("rewrite")
    if handed is None:
        return
    open_job(session, None)
    st.session_state[MODE_KEY] = "query"
    st.session_state[CONTEXT_KEY] = ""
    fill_fields("rewrite", handed.query, handed.documents)
    fill_instruction("rewrite", handed.instruction)


def draw_inputs(session: RewriteSession, scorer: ScorerInfo | None) -> RewriteInputs:
    """Samples, context, query, documents, rules and instruction."""
    draw_samples("rewrite", REWRITE_SAMPLES, partial(_load_sample, session))
    context = st.text_area(
        t("Context"),
        key=CONTEXT_KEY,
        height=80,
        placeholder=t("What the query is about: earlier questions, the product, the case"),
        help=t("A pronoun of the query is replaced by a name that stands here."),
        persist_state="session",
    )
    query, documents = draw_query_documents("rewrite", DOCUMENTS_HEIGHT, samples=False)
    settings = draw_rules(session)
    return RewriteInputs(query, context or "", documents, draw_instruction("rewrite", scorer), settings)


def draw_wordings(session: RewriteSession, inputs: RewriteInputs, settings: Settings) -> tuple[Variant, ...]:
    """Draw every wording with its reason; returns the variants that are ticked."""
    rewriting = rewrite(inputs.query, inputs.context, inputs.settings)
    st.subheader(t("Wordings"))
    if not inputs.query.strip():
        st.caption(t("Type a query; its wordings appear here."))
        return ()
    st.markdown(t("**{query}** · as typed, always kept", query=plain(inputs.query.strip())))
    chosen = [variant for variant in rewriting.variants if _draw_variant(variant, ticked=True)]
    if not rewriting.variants:
        st.caption(t("No rule applies to this query."))
    show_notices(map(Notice, rewriting.notices))
    if rewriting.entities:
        st.caption(t("The context names: {names}", names=plain(", ".join(rewriting.entities))))
    return (*chosen, *_draw_language_model(session, inputs, rewriting, settings))


def _draw_variant(variant: Variant, *, ticked: bool) -> bool:
    """A tick box with the wording, and below it by which rule and why."""
    name = hashlib.sha256(f"{variant.source}:{variant.text}".encode("utf-8", "replace")).hexdigest()[:12]
    key = f"rewrite.use_{name}"
    reasons = plain(reason_lines(variant.reasons))
    title = t(RULE_TITLES[variant.source])
    with st.container(gap="xxsmall"):
        on = st.checkbox(
            plain(variant.text),
            value=ticked if key not in st.session_state else False,
            key=key,
            persist_state="session",
        )
        st.caption(f"**{title}** · {reasons}" if reasons else title)
    return on


def _draw_language_model(
    session: RewriteSession, inputs: RewriteInputs, rewriting: Rewriting, settings: Settings
) -> list[Variant]:
    key = (inputs.query, inputs.context)
    try:
        where = endpoint(settings)
    except WorkbenchError as error:
        show_error(error)
        return []
    if where is None:
        st.caption(
            t(
                "A language model can propose wordings, too; it is off. RERANK_LLM_URL and RERANK_LLM_MODEL "
                "turn it on."
            )
        )
        return []
    asked = st.button(
        t("Ask {model} for wordings", model=plain(where.model)), key="rewrite.ask", icon=":material/forum:"
    )
    st.caption(
        t(
            "Query, context and the glossary's terms are then sent to {host}; documents never are.",
            host=where.host,
        )
    )
    if asked:
        session.proposals = ()
        try:
            with st.spinner(t("Asking …")):
                texts = propose(
                    where,
                    inputs.query,
                    inputs.context,
                    inputs.settings.glossary.canonical,
                    count=inputs.settings.limit,
                )
        except WorkbenchError as error:
            show_error(error)
        else:
            session.proposals, session.proposals_key = _judged(texts, inputs, rewriting), key
            if not session.proposals:
                st.caption(t("The language model proposed nothing new."))
    return _draw_proposals(session.proposals) if session.proposals_key == key else []


def _judged(texts: tuple[str, ...], inputs: RewriteInputs, rewriting: Rewriting) -> tuple[Proposal, ...]:
    known = {same_wording(inputs.query), *(same_wording(variant.text) for variant in rewriting.variants)}
    return tuple(
        Proposal(text, drift(inputs.query, text, inputs.context, inputs.settings.glossary))
        for text in texts
        if same_wording(text) not in known
    )


def _draw_proposals(proposals: tuple[Proposal, ...]) -> list[Variant]:
    """Usable ones to tick, rejected ones with the reason."""
    chosen = []
    if any(proposal.rejected is None for proposal in proposals):
        st.caption(t("Tick what you approve; nothing else is scored."))
    for proposal in proposals:
        if proposal.rejected is not None:
            st.markdown(f":material/block: ~~{plain(proposal.text)}~~")
            st.caption(t("Rejected: {reason}", reason=plain(spoken(proposal.rejected))))
            continue
        variant = Variant(proposal.text, "model", (), ())
        if _draw_variant(variant, ticked=False):
            chosen.append(variant)
    return chosen


def _load_sample(session: RewriteSession, sample: RewriteSample) -> None:
    fill_fields("rewrite", sample.query, sample.documents)
    st.session_state[CONTEXT_KEY] = sample.context
    if session.glossary is None:
        use_sample_glossary(session)
