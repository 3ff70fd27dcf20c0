"""The sidebar's lines about the model: which one scores, what is loading or arriving, the offer to switch."""

import streamlit as st

from core.models.downloads import DownloadSnapshot
from core.workflows.home.workbench import Status, Workbench
from pages.parts.frame.language import error_sentence, t
from pages.parts.frame.messages import plain
from pages.parts.frame.model_choice import choose_model, draw_failed_choice, draw_failed_start

_SEEN = "app.model_seen"
# Where a model is chosen here.
PLACE = "app.switch"


def draw_model_status(workbench: Workbench) -> None:
    """Watches once a second while something goes on, else stands still."""
    status = workbench.status()
    live = status.loading is not None or (status.download is not None and status.download.running)
    st.session_state[_SEEN] = _moment(status)
    st.fragment(_watch, run_every=1.0 if live else None)(workbench)


def _watch(workbench: Workbench) -> None:
    status = workbench.status()
    if st.session_state.get(_SEEN) != _moment(status):
        st.rerun()  # a model became ready or a download ended: the whole page should know
    st.caption(t("Model"))
    if status.active is not None:
        st.markdown(f"**{plain(status.active.label)}**")
        st.caption(f"{status.active.device} · {status.active.precision}")
    if status.loading:
        st.caption(t("Loading {name} …", name=plain(status.loading)))
    if status.download is not None:
        draw_download(status.download)
    draw_failed_start(workbench)
    draw_failed_choice(workbench, PLACE)
    if status.offered:
        offer_switch(workbench, status.offered)


def draw_download(download: DownloadSnapshot) -> None:
    """A progress bar while it runs, one line once it ended."""
    if download.state in ("downloading", "verifying"):
        label = t(
            "{model}: {done} of {total} MB",
            model=download.model.rpartition("/")[2],
            done=f"{download.bytes_done / 1e6:,.0f}",
            total=f"{download.bytes_total / 1e6:,.0f}",
        )
        if download.speed:
            label += f" · {download.speed / 1e6:.1f} MB/s"
        st.progress(min(download.fraction, 1.0), text=label)
    elif download.state == "checking":
        st.caption(t("Looking for a model hub …"))
    elif download.state == "offline":
        st.caption(t("Offline: no model hub answers. The embedded model needs none."))
    elif download.state == "failed" and download.error is not None:
        st.warning(plain(error_sentence(download.error)))
    elif download.state == "cancelled":
        st.caption(t("The download was stopped; it can be resumed on the Model page."))


def offer_switch(workbench: Workbench, name: str) -> None:
    """«It has arrived: switch to it?»"""
    st.success(t("{name} is ready.", name=plain(name.rpartition("/")[2])))
    if st.button(t("Switch to it"), key="app.switch", type="primary"):
        choose_model(workbench, name, PLACE)
        st.rerun()


def _moment(status: Status) -> tuple[object, ...]:
    """What must redraw the page when it changes."""
    return (
        status.active.fingerprint if status.active else None,
        status.loading,
        status.offered,
        status.download.running if status.download else None,
    )
