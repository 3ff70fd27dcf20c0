"""The menu: the product's name, its pages in the order of an analyst's work, and what each page is for."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.parts.frame.language import t

NAME = "Rerank workbench"
LINE = "Puts search results in a better order, and shows whether it helped."


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the menu. `file` is its script in pages/; its address is the file's name.

    purpose: what one does there, in a sentence.
    """

    file: str
    title: str
    icon: str
    purpose: str


ENTRIES = (
    PageEntry(
        "rerank.py",
        "Rerank",
        ":material/swap_vert:",
        "Put the documents of one query in a better order, and see why.",
    ),
    PageEntry(
        "batch.py",
        "Batch",
        ":material/table_rows:",
        "Rerank a whole table: Excel or CSV in, Excel out.",
    ),
    PageEntry(
        "retrieve.py",
        "Retrieve",
        ":material/travel_explore:",
        "Search your own texts, rerank what is found, and measure every stage.",
    ),
    PageEntry(
        "sandbox.py",
        "Sandbox",
        ":material/science:",
        "Try instructions side by side, on one query or on a whole table.",
    ),
    PageEntry(
        "rewrite.py",
        "Rewrite",
        ":material/edit_note:",
        "Try other wordings of a query, and see what each gains and loses.",
    ),
    PageEntry(
        "evaluate.py",
        "Evaluate",
        ":material/fact_check:",
        "See from labels whether reranking helped, and whether that is more than chance.",
    ),
    PageEntry(
        "recipes.py",
        "Recipes",
        ":material/bookmarks:",
        "Keep settings that proved themselves, and use them everywhere by name.",
    ),
    PageEntry(
        "runs.py",
        "Runs",
        ":material/history:",
        "All runs beside one another: how each came out, and which is best.",
    ),
    PageEntry(
        "model.py",
        "Model",
        ":material/memory:",
        "Which model scores, how it runs, and which others can be used.",
    ),
    PageEntry(
        "connect.py",
        "Connect",
        ":material/api:",
        "Every rerank client can use this server; the form of a request decides, not its path.",
    ),
)


def draw_title(page: str, *, opened: bool = False) -> None:
    """The heading of a page, by the name of its script, and what the page is for.

    opened: a result is shown, which says by itself what it is.
    """
    st.header(t(_entry(page).title))
    if not opened:
        draw_purpose(page)


def draw_purpose(page: str) -> None:
    """What the page is for, where its heading stands elsewhere."""
    st.caption(t(_entry(page).purpose))


def _entry(page: str) -> PageEntry:
    return next(one for one in ENTRIES if Path(one.file).stem == page)
