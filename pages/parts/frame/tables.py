"""Tables whose rows can be clicked, and whole texts below them, for every page.

Streamlit has no click on a row: one cell is chosen, wherever it was clicked, and its row counts.
"""

from collections.abc import Mapping, Sequence

import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.language import t

# A table of up to this many rows is shown whole; a longer one scrolls within TABLE_HEIGHT pixels.
ROWS_IN_FULL, TABLE_HEIGHT = 15, 520
# A text of megabytes would freeze the browser.
SHOWN_CHARACTERS = 50_000

# What stands for a value that there is not.
BLANK = "–"

Rows = Sequence[Mapping[str, object]] | Styler


def draw_clickable(
    rows: Rows,
    count: int,
    key: str,
    columns: Mapping[str, ColumnConfig],
    *,
    in_full: int = ROWS_IN_FULL,
    height: int = TABLE_HEIGHT,
    row_height: int | None = None,
) -> int | None:
    """Draw `count` rows; the one that was clicked, None before any was. columns: `st.column_config` by name.

    in_full: up to this many rows the table is as high as they are, beyond it `height` pixels.
    row_height: in pixels, where texts are to be wrapped over several lines.
    """
    event = st.dataframe(
        rows,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        height="content" if count <= in_full else height,
        column_config=dict(columns),
        placeholder=BLANK,
        row_height=row_height,
    )
    cells = event.selection.cells if event is not None else []
    # A click stays where it was when the rows become fewer.
    return int(cells[0][0]) if cells and cells[0][0] < count else None


def draw_page_number(pages: int, key: str) -> int:
    """Which page of a long list, from 1; it stands in the address."""
    numbers = {str(number): number for number in range(1, pages + 1)}
    take_from_address(key, "page", numbers.get)
    page = int(st.number_input(t("Page, of {pages}", pages=pages), 1, pages, key=key, width=160))
    keep_in_address(key, "page", str(page), "1")
    return page


def draw_whole_text(text: str) -> None:
    """A document as it is: `st.text` reads neither Markdown nor HTML."""
    st.text(text[:SHOWN_CHARACTERS])
    draw_shortened(text)


def draw_shortened(text: str) -> None:
    """That a text goes on, where it is too long for a page."""
    if len(text) > SHOWN_CHARACTERS:
        st.caption(
            t(
                "The first {shown} of {count} characters; exports hold the whole text.",
                shown=f"{SHOWN_CHARACTERS:,}",
                count=f"{len(text):,}",
            )
        )
