"""A select box whose words may change from one run to the next: with the language, or with what they name."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

T = TypeVar("T", bound=Hashable)


@dataclass(slots=True)
class Words(Generic[T]):
    """What a box has shown. last: the word of each option when it was drawn last; ever: all words so far."""

    last: dict[T, str] = field(default_factory=dict)
    ever: dict[str, T] = field(default_factory=dict)


def draw_choice(
    label: str, titles: Mapping[T, str], key: str, *, first: T | None = None, help: str | None = None
) -> T:
    """The chosen one of at least one option; it is kept over page switches and under other words.

    titles: option -> its word now. key: of the box; an option that is gone gives way to the first one.
    first: what is chosen before anybody chose; None for the first option.
    """
    if f"{key}.words" not in st.session_state:
        st.session_state[f"{key}.words"] = Words()
    words: Words[T] = st.session_state[f"{key}.words"]
    _restate(key, titles, words)
    words.last = dict(titles)
    words.ever |= {title: option for option, title in titles.items()}
    options = list(titles)
    return st.selectbox(
        label,
        options,
        index=0 if first is None or first not in titles else options.index(first),
        format_func=lambda option: titles[option],
        key=key,
        persist_state="session",
        help=help,
    )


def _restate(key: str, titles: Mapping[T, str], words: Words[T]) -> None:
    """Tell the browser what is chosen when that has another word now.

    The browser keeps the word it shows and sends it with the next click, whatever that is on. An old word
    matches no option, and Streamlit would choose the first one instead.
    """
    if key not in st.session_state:
        return
    kept = st.session_state[key]
    chosen = kept if kept in titles else words.ever.get(kept)
    if chosen is None or chosen not in titles:
        chosen = next(iter(titles))  # it has been removed since
    if chosen != kept or words.last.get(chosen, titles[chosen]) != titles[chosen]:
        st.session_state[key] = chosen
