"""A row of shipped samples to begin with, for every page that has some."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from pages.parts.frame.language import language, t


class TitledSample(Protocol):
    """What the row shows of a sample. language: of its texts."""

    @property
    def language(self) -> str: ...

    @property
    def title(self) -> str: ...


S = TypeVar("S", bound=TitledSample)


def draw_samples(page: str, samples: Sequence[S], load: Callable[[S], None]) -> None:
    """A button each, the interface language's own first. page: prefix of the keys. load: fills the fields."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Try a sample:"), width="content")
        for sample in sorted(samples, key=lambda one: one.language != language()):
            st.button(
                sample.title,
                key=f"{page}.sample_{sample.language}",
                on_click=load,
                args=(sample,),
                type="tertiary",
            )
