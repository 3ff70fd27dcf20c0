"""Which models to compare, typed or chosen; texts leave this machine only after a tick that says so."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import WorkbenchError
from core.records import Scorer
from core.workflows.compare.contenders import distinct_names, offers, short_title
from core.workflows.compare.kept import Asked, kept_comparisons
from core.workflows.compare.running import running_comparisons
from core.workflows.evaluate.data import EvaluationData
from core.workflows.home.job_service import JobService
from core.workflows.home.servers import agree, host_without_consent
from core.workflows.home.workbench import Workbench
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error

FEWEST = 2


def draw_model_choice(
    bench: Workbench,
    service: JobService,
    data: EvaluationData,
    title: str,
    instruction: str | None,
    source: Sequence[tuple[str, str]],
    open_comparison: Callable[[str], None],
    key: str,
) -> None:
    """A field for the models and the button that begins. source: rows for the report's Settings sheet."""
    known = {offer.name: offer for offer in offers(bench.settings)}

    def shown(name: str) -> str:
        if name not in known:
            return name
        return known[name].title if known[name].usable else t("{model} (not here)", model=known[name].title)

    chosen = st.multiselect(
        t("Models"),
        list(known),
        format_func=shown,
        key=f"{key}.models",
        placeholder=t("Choose, or type a folder or the address of a rerank server"),
        accept_new_options=True,
        persist_state="session",
    )
    hosts: dict[str, str] = {}
    try:
        names = distinct_names(chosen, bench.settings)
        for name in names:
            host = host_without_consent(name, bench.settings)
            if host is not None:
                hosts[name] = host
    except WorkbenchError as error:
        show_error(error)
        return
    agreed = [_agreed(host, key) for host in dict.fromkeys(hosts.values())]
    ready = len(names) >= FEWEST and all(agreed)
    if st.button(t("Compare the models"), key=f"{key}.start", disabled=not ready):
        try:
            for name in hosts:
                agree(name, bench.settings)
            kept = kept_comparisons(bench.settings.home)
            found = kept.add(title, Asked(names, instruction or None, tuple(source)), data)
            begin(bench, service, found)
        except WorkbenchError as error:
            show_error(error)
        else:
            open_comparison(found)
            st.rerun()


def begin(bench: Workbench, service: JobService, name: str) -> None:
    """Score what a kept comparison lacks, sharing the model in use and the score cache."""

    def in_use() -> Scorer | None:
        try:
            return bench.scorer()
        except WorkbenchError:
            return None

    running_comparisons.start(
        name,
        kept_comparisons(bench.settings.home),
        bench.settings,
        cache=service.cache,
        in_use=in_use,
    )


def titles_of(names: Sequence[str]) -> str:
    """The models asked for, in one line."""
    return ", ".join(short_title(name) for name in names)


def _agreed(host: str, key: str) -> bool:
    return st.checkbox(
        t("Queries and documents may be sent to {host}", host=plain(host)), key=f"{key}.send_to_{host}"
    )
