"""The Model page's parts: the active model, its self-test, the catalogue with downloads, an own folder."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.engine.guard import GuardReport
from core.engine.scorer import ScorerReport
from core.errors import WorkbenchError
from core.models import SelfTestReport
from core.models.cross_encoder.selftest import NOTHING_PUBLISHED, published_scores
from core.models.selftest import PUBLISHED_PAIRS
from core.workflows.home.inventory import InventoryRow, broken_folder
from core.workflows.home.workbench import Workbench
from pages.parts.frame.glossary import explained
from pages.parts.frame.language import error_sentence, language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.model_choice import choose_model, draw_failed_choice
from pages.parts.frame.scored_by import draw_notes

INT8_USED = (
    "int8 was compared with fp32 on {pairs} texts and passed: {agreement} of the clear orders kept, "
    "largest logit difference {shift}."
)
INT8_REPAIRED = (
    "int8 was compared with fp32 on {pairs} texts and passed once the largest channels and {exact} of "
    "{matrices} matrices stayed in fp32: {agreement} of the clear orders kept, largest logit difference "
    "{shift}."
)
INT8_REFUSED = (
    "int8 was compared with fp32 on {pairs} texts and refused: {agreement} of the clear orders kept, "
    "largest logit difference {shift}. fp32 is used."
)
VERDICTS = {
    "passed": "Passed",
    "failed": "Failed: do not trust these scores",
    "template not applied": "Template not applied: do not trust these scores",
    "not run: no weights": "Not run: no weights",
}


def draw_active(bench: Workbench) -> None:
    """The model that scores now, and how it runs."""
    status = bench.status()
    if status.active is None:
        st.info(t("Loading {name} …", name=plain(status.loading or "")))
        return
    info = status.active
    with st.container(border=True):
        st.markdown(f"**{plain(info.label)}**")
        draw_notes(info)
        facts = (
            ("Device", info.device),
            ("Numeric precision", info.precision),
            ("Memory", f"{info.memory_bytes / 1e6:,.0f} MB"),
            ("Parameters", f"{info.parameters / 1e6:,.0f} M"),
            ("Maximum input", t("{count} tokens", count=f"{info.max_tokens:,}")),
            ("Fingerprint", info.fingerprint[:12]),
        )
        for column, (name, value) in zip(st.columns(len(facts)), facts, strict=True):
            column.caption(t(name), help=explained(f"{name} {value}", language()))
            column.markdown(value)
        if status.engine is not None:
            _draw_engine(status.engine)
        if status.guard is not None:
            _draw_guard(status.guard)


def _draw_engine(engine: ScorerReport) -> None:
    st.caption(
        t(
            "Attention: {kernel} · {threads} threads · up to {budget} tokens a pass, {background} for jobs",
            kernel=engine.attention,
            threads=engine.threads,
            budget=f"{engine.token_budget:,}",
            background=f"{engine.background_budget:,}",
        )
    )


def _draw_guard(guard: GuardReport) -> None:
    found = INT8_REFUSED if not guard.passed else INT8_REPAIRED if guard.recipe else INT8_USED
    st.caption(
        t(
            found,
            pairs=guard.pairs,
            exact=len(guard.exact),
            matrices=guard.matrices,
            agreement=f"{guard.agreement:.0%}",
            shift=f"{guard.largest_shift:.3f}",
        )
    )


def draw_selftest(bench: Workbench) -> None:
    """Published scores against this machine's, on demand."""
    status = bench.status()
    if status.active is None:
        return
    st.subheader(t("Self-test"))
    published = published_scores(status.active.name) if status.active.kind == "cross-encoder" else None
    if status.active.kind == "cross-encoder" and published is None:
        st.caption(t(NOTHING_PUBLISHED))
        return
    if status.active.kind not in ("qwen3", "cross-encoder"):
        st.caption(t("Not run: no weights. The published values are Qwen3-Reranker's."))
        return
    if st.button(t("Run the self-test"), key="model.selftest"):
        with st.spinner(t("Scoring …")):
            bench.selftest()
        st.rerun()
    if status.selftest is None:
        count = sum(len(one.documents) for one in published[0]) if published else PUBLISHED_PAIRS
        st.caption(t("Scores {count} published pairs and compares; it takes seconds.", count=count))
    else:
        _draw_report(status.selftest)


def _draw_report(report: SelfTestReport) -> None:
    good = report.verdict in ("passed", "not run: no weights")
    (st.success if good else st.error)(f"{t(VERDICTS[report.verdict])}. {t(report.explanation)}")
    rows = [
        {
            t("Set"): vector.name,
            t("Document"): document,
            t("Published logit"): expected,
            t("Logit here"): actual,
            t("Difference"): actual - expected,
        }
        for vector in report.vectors
        for document, expected, actual in zip(vector.documents, vector.expected, vector.actual, strict=True)
    ]
    st.dataframe(rows, hide_index=True)


def draw_inventory(bench: Workbench, rows: Sequence[InventoryRow]) -> None:
    """One line a model: where it is, and the one thing to do with it; other makers' folded away."""
    _draw_rows(bench, [row for row in rows if row.kind != "cross-encoder"])
    others = [row for row in rows if row.kind == "cross-encoder"]
    with st.expander(t("Other rerankers"), expanded=any(row.usable for row in others)):
        _draw_rows(bench, others)


def _draw_rows(bench: Workbench, rows: Sequence[InventoryRow]) -> None:
    status = bench.status()
    active = status.active.name if status.active else ""
    busy = status.loading is not None
    download = status.download if status.download and status.download.running else None
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container():
                st.markdown(f"**{plain(row.title)}** · {row.parameters / 1e9:.2f} B")
                st.caption(plain(_place(bench, row)))
            if row.name == active:
                st.badge(t("in use"), color="blue")
            elif row.usable:
                place = f"model.use_{row.name}"
                draw_action(t("Use"), place, partial(choose_model, bench, row.name, place), busy)
            elif download is not None and download.model == row.name:
                draw_action(t("Stop"), f"model.stop_{row.name}", bench.cancel_download, False)
            else:
                label = t("Download {size} GB", size=f"{row.download_bytes / 1e9:.1f}")
                key = f"model.fetch_{row.name}"
                draw_action(label, key, partial(bench.download, row.name), download is not None)
        draw_failed_choice(bench, f"model.use_{row.name}")


def draw_action(label: str, key: str, act: Callable[[], None], disabled: bool) -> None:
    """A button that acts, says what went wrong, and draws the page anew."""
    if st.button(label, key=key, disabled=disabled):
        try:
            act()
        except WorkbenchError as error:
            show_error(error)
        else:
            st.rerun()


def _place(bench: Workbench, row: InventoryRow) -> str:
    broken = broken_folder(row.name, bench.settings) if row.problem else None
    if broken is not None:
        return f"{broken.path}{t(': ')}{error_sentence(broken.error)}"
    if row.place == "built in":
        return t("Comes with the workbench")
    return f"{row.place} ({row.source})" if row.place else t("Not on this machine")
