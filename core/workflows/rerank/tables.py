"""Results as tables with documented columns, for pages and exports alike. Column names are English."""

import unicodedata
from typing import TYPE_CHECKING

from core.sheets.tables import clean_text
from core.workflows.care.cells import CARE_COLUMNS, care_cells
from core.workflows.rerank.reranking import Reranking

if TYPE_CHECKING:
    import pandas as pd

PREVIEW_CHARACTERS = 50


def reranking_table(result: Reranking) -> "pd.DataFrame":
    """One row per document, best first.

    Columns: new_rank, original_rank (from 1), movement (positive is up), probability (0…1), logit, tokens,
    truncated, near_tie, preview (first 50 characters on one line), document (whole text, as it was given).
    Where documents were cared for, the columns of `care_cells` follow. Lone surrogates, which neither pandas
    nor any file holds, are U+FFFD.
    """
    import pandas as pd

    frame = pd.DataFrame(
        {
            "new_rank": [r.new_rank for r in result.ranked],
            "original_rank": [r.original_rank for r in result.ranked],
            "movement": [r.movement for r in result.ranked],
            "probability": [r.score.probability for r in result.ranked],
            "logit": [r.score.logit for r in result.ranked],
            "tokens": [r.score.tokens for r in result.ranked],
            "truncated": [r.score.truncated for r in result.ranked],
            "near_tie": [r.near_tie for r in result.ranked],
            "preview": [preview(clean_text(r.document)) for r in result.ranked],
            "document": [clean_text(r.document) for r in result.ranked],
        }
    )
    if result.care is None:
        return frame
    cells = [care_cells(r.care) for r in result.ranked]
    for name in CARE_COLUMNS:
        values = [cell[name] for cell in cells]
        frame[name] = [clean_text(value) if isinstance(value, str) else value for value in values]
    return frame


def preview(text: str) -> str:
    """The first 50 characters on one line."""
    # Ten times the length is enough to fill the preview even when most of it is white space.
    line = " ".join(text[: PREVIEW_CHARACTERS * 10].split())
    return line if len(line) <= PREVIEW_CHARACTERS else line[:PREVIEW_CHARACTERS] + "…"


def shortened(line: str, columns: int) -> str:
    """The line cut to a width in columns, of which Chinese, Japanese and Korean characters take two."""
    width = 0
    for position, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > columns:
            return line[:position] + "…"
    return line
