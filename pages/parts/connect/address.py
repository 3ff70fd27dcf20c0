"""The Connect page's left side: address, key, and what to type into which program."""

from urllib.parse import urlsplit

import streamlit as st

from core.api.door.keys import access_key
from core.settings import Settings, is_loopback
from core.workflows.serving.guides import GUIDES, Guide, guide
from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.language import t

# What stands for a key where none is needed, and where it is not to be seen.
ANY_KEY, HIDDEN_KEY = "any-key", "YOUR-KEY"
# The name under which Docker shows its containers the machine that they run on.
FROM_CONTAINERS = "host.docker.internal"


def draw_connect(settings: Settings) -> None:
    """Address and key first, then one program at a time."""
    base = _address(settings)
    st.caption(t("Address"))
    st.code(base, language=None)
    key = _draw_key(settings)
    names = [one.name for one in GUIDES]
    take_from_address("connect.program", "program", lambda word: word if word in names else None)
    name = st.selectbox(t("Program"), names, key="connect.program", persist_state="session")
    keep_in_address("connect.program", "program", name, names[0])
    in_container = st.toggle(
        t("It runs in a Docker container on this machine"), key="connect.container", persist_state="session"
    )
    if in_container:
        base = _draw_container(base, settings)
        key = HIDDEN_KEY if key == ANY_KEY else key
    _draw_guide(guide(name), base, key)
    st.caption(
        t("Any model name is accepted. Each form with an example: [{address}]({address})", address="/docs")
    )


def _address(settings: Settings) -> str:
    """The server as the browser reached it."""
    seen = urlsplit(st.context.url or "")
    if seen.scheme and seen.netloc:
        return f"{seen.scheme}://{seen.netloc}"
    return f"http://localhost:{settings.port}"


def _draw_key(settings: Settings) -> str:
    if not settings.key_required:
        st.caption(t("No key is needed; a program that insists on one takes any word."))
        return ANY_KEY
    shown = st.toggle(t("Show the key in the settings"), key="connect.show_key")
    return access_key(settings) if shown else HIDDEN_KEY


def _draw_container(base: str, settings: Settings) -> str:
    port = urlsplit(base).port or settings.port
    if not _open_to_containers(settings):
        st.caption(
            t(
                "Inside a container, localhost is the container itself. Start the workbench like this, so "
                "that containers may come in. They then need a key: open the link that the start prints, "
                "and come back to this page, which shows it."
            )
        )
        start = f"HOST=0.0.0.0 RERANK_ALLOWED_HOSTS={FROM_CONTAINERS} PORT={port} bash build/start.sh"
        st.code(start, language="bash", wrap_lines=True)
    st.caption(t("On Linux, start the container with --add-host={name}:host-gateway.", name=FROM_CONTAINERS))
    return f"http://{FROM_CONTAINERS}:{port}"


def _open_to_containers(settings: Settings) -> bool:
    return not is_loopback(settings.host) and FROM_CONTAINERS in settings.allowed_hosts


def _draw_guide(one: Guide, base: str, key: str) -> None:
    if one.where:
        st.markdown(t(one.where))
    for field in one.form(base, key):
        label, value = st.columns([1, 3], vertical_alignment="center")
        label.markdown(t(field.label))
        value.code(field.value, language=None)
    if one.then:
        st.markdown(t(one.then))
        st.caption(t("When it gets through, its requests appear under «Last requests»."))
    if one.snippet:
        st.code(one.code(base, key), language=one.language, wrap_lines=True)
    st.caption(f":material/timer: {t(one.patience)}")
