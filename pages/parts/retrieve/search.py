"""One query, stage by stage: who found each passage at which rank, and where reranking moved it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.retrieval.first_stages import Stage
from core.retrieval.passages import EVERYWHERE, Filters
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.export import search_excel
from core.workflows.retrieve.searching import FoundPassage, SearchAsked, SearchResult, search, searches_of
from core.workflows.retrieve.service import RetrieveService
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.tables import draw_clickable, draw_whole_text
from pages.parts.labelled.words import speaker
from pages.parts.ranking.movement import moved
from pages.parts.retrieve.answer import draw_answers
from pages.parts.retrieve.session import RetrieveSession

STAGE_TITLES: Mapping[Stage, str] = {
    "union": "Union of both",
    "bm25": "Words (BM25)",
    "embedding": "Meaning (embedding)",
    "interleaved": "Both, one in turn",
    "rrf": "Rank fusion (RRF)",
}
FIRST_MODEL_SECONDS = 60.0
PREVIEW = 160
# What has more different values than this is no choice for a list.
MOST_VALUES = 200


def draw_search(
    bench: Workbench, service: RetrieveService, jobs: JobService, session: RetrieveSession, name: str
) -> None:
    """Fields on the left, the result on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        take_from_address("retrieve.query", "query", str)
        query = st.text_input(t("Query"), key="retrieve.query", persist_state="session")
        keep_in_address("retrieve.query", "query", query)
        titles = {one: t(title) for one, title in STAGE_TITLES.items()}
        take_from_address("retrieve.stage", "stage", lambda word: word if word in titles else None)
        stage = draw_choice(t("First stage"), titles, "retrieve.stage")
        keep_in_address("retrieve.stage", "stage", stage, next(iter(titles)))
        k = st.slider(
            t("Candidates of each search (k)"), 1, 200, 20, key="retrieve.k", persist_state="session"
        )
        within = _draw_filters(service, name)
        reranks = st.toggle(t("Rerank"), value=True, key="retrieve.rerank", persist_state="session")
        instruction = draw_instruction("retrieve", bench.status().active) if reranks else None
        asked = SearchAsked(stage, k, within, (instruction or "").strip() or None)
        clicked = st.button(
            t("Search"), type="primary", key="retrieve.search", shortcut="Ctrl+Enter", width="stretch"
        )
    active = bench.status().active
    key = (name, query, asked, reranks, active.fingerprint if active else "")
    with right:
        if clicked:
            _search(bench, service, jobs, session, name, query, asked, reranks)
            session.asked = key
        if session.error is not None:
            show_error(session.error)
        if session.result is None:
            st.caption(t("What each stage finds, and where reranking moves it, appears here."))
            return
        if session.asked != key:
            st.caption(t("The fields have changed since this result; press Ctrl+Enter to search again."))
        if session.by_words:
            st.info(
                t("By words only: no passage has a vector yet. Search again when the vectors are made."),
                icon=":material/info:",
            )
        if session.result.without_vector:
            st.info(
                t(
                    "{count} passages have no vector yet, so the search by meaning missed them.",
                    count=f"{session.result.without_vector:,}",
                ),
                icon=":material/info:",
            )
        draw_result(session.result)
        if session.result.found:
            with st.expander(t("Answer from the passages"), key="retrieve.answers"):
                draw_answers(bench.settings, session, session.result)


def _draw_filters(service: RetrieveService, name: str) -> Filters:
    """Sources and metadata to keep to; nothing where there is nothing to choose."""
    corpus = service.corpora.open(name)
    sources = list(corpus.info.sources)[:MOST_VALUES]
    metadata = {one: list(values) for one, values in corpus.metadata().items() if len(values) <= MOST_VALUES}
    if len(sources) < 2 and not metadata:
        return EVERYWHERE
    with st.popover(t("Filters"), key=f"retrieve.filters_{name}", width="stretch"):
        chosen = st.multiselect(
            t("Sources"), sources, key=f"retrieve.sources_{name}", persist_state="session"
        )
        pairs = []
        for field, values in metadata.items():
            key = f"retrieve.filter_{name}_{field}"
            pairs += [
                (field, one) for one in st.multiselect(plain(field), values, key=key, persist_state="session")
            ]
    if chosen or pairs:
        st.caption(plain(" · ".join([*chosen, *(f"{field}: {value}" for field, value in pairs)])))
    return Filters(tuple(chosen), tuple(pairs))


def _search(
    bench: Workbench,
    service: RetrieveService,
    jobs: JobService,
    session: RetrieveSession,
    name: str,
    query: str,
    asked: SearchAsked,
    reranks: bool,
) -> None:
    try:
        with st.spinner(t("Searching …")):
            corpus = service.corpora.open(name)
            session.by_words = len(searches_of(asked.stage)) > 1 and not corpus.info.vectors
            if session.by_words:
                asked = replace(asked, stage="bm25")
            embedder = service.embedder() if "embedding" in searches_of(asked.stage) else None
            scorer = bench.scorer(wait=FIRST_MODEL_SECONDS) if reranks else None
            if scorer is not None and not scorer.info.uses_instruction:
                asked = SearchAsked(asked.stage, asked.k, asked.within)
            session.result = search(
                corpus,
                query,
                asked,
                embedder=embedder,
                scorer=scorer,
                cache=jobs.cache,
            )
        session.error, session.answers = None, {}
    except WorkbenchError as error:
        session.error = error


def draw_result(result: SearchResult) -> None:
    """The stages' times, then one table of everything found."""
    if not result.found:
        st.info(t("Nothing was found."), icon=":material/info:")
        return
    n = st.slider(
        t("Results (n)"), 1, max(2, len(result.found)), min(10, len(result.found)), key="retrieve.n"
    )
    _draw_times(result)
    first = [one.passage.read_text for one in sorted(result.found, key=lambda one: one.first_rank)]
    draw_hand_over("retrieve", result.query, first, result.asked.instruction)
    rows = [_row(one, n, result) for one in result.found]
    names = _names()
    clicked = draw_clickable(
        [{names[field]: value for field, value in row.items()} for row in rows],
        len(rows),
        "retrieve.table",
        {
            names["text"]: st.column_config.TextColumn(width=420),
            names["logit"]: st.column_config.NumberColumn(format="%+.3f", width=70),
            names["mark"]: st.column_config.TextColumn(
                width=80,
                help=t("rescued: among the first n only after reranking; pushed out: only before"),
            ),
        },
    )
    chosen = result.found[clicked or 0]
    with st.container(border=True, key="retrieve.text"):
        st.caption(
            plain(" · ".join(filter(None, (chosen.passage.id, chosen.passage.title, chosen.passage.source))))
        )
        draw_whole_text(chosen.passage.text)
    build = partial(search_excel, result, say=speaker(language()))
    name = file_name(result.query, t("search"), "xlsx")
    draw_export("Excel", build, name, "retrieve.download_search")


def _draw_times(result: SearchResult) -> None:
    parts = [
        t("{stage}: {time} ms", stage=t(STAGE_NAMES[name]), time=f"{1000 * taken:.0f}")
        for name, taken in result.seconds.items()
        if name in STAGE_NAMES
    ]
    parts.append(t("candidates: {count}", count=len(result.found)))
    if result.scorer is not None:
        parts.append(t("scored now: {count}", count=result.scored))
        parts.append(plain(result.scorer.label))
    st.caption(" · ".join(parts))


STAGE_NAMES = {"bm25": "words", "embedding": "meaning", "rerank": "reranking"}


def _names() -> dict[str, str]:
    return {
        "rank": t("Rank"),
        "moved": t("Moved"),
        "mark": t("First n"),
        "first": t("Before"),
        "bm25": t("Words"),
        "embedding": t("Meaning"),
        "logit": t("Logit"),
        "text": t("Passage"),
    }


def _row(one: FoundPassage, n: int, result: SearchResult) -> dict[str, object]:
    rescued = result.scorer is not None and one.rank <= n < one.first_rank
    lost = result.scorer is not None and one.first_rank <= n < one.rank
    return {
        "rank": one.rank,
        "moved": moved(one.movement) if result.scorer is not None else "",
        "mark": t("rescued") if rescued else t("pushed out") if lost else "",
        "first": one.first_rank,
        "bm25": one.ranks.get("bm25"),
        "embedding": one.ranks.get("embedding"),
        "logit": one.score.logit if one.score else None,
        "text": " ".join(one.passage.read_text.split())[:PREVIEW],
    }
