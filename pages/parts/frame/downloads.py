"""The one button that hands out a file, for every page.

What is in the file is built by `core`, when it is asked for and not at every run of the page.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

# By the ending of the file's name; `.run` and `.txt` are what TREC's tools read.
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "run": "text/plain",
    "txt": "text/plain",
}


def draw_export(
    label: str,
    build: Callable[[], str | bytes],
    file_name: str,
    key: str,
    *,
    type: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """A button for one file. build: makes it outside a script run, where no language is known any more."""
    st.download_button(
        label,
        data=build,
        file_name=file_name,
        mime=KINDS[file_name.rpartition(".")[2]],
        key=key,
        on_click="ignore",
        icon=":material/download:",
        type=type,
    )
