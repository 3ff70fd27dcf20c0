"""Results as tables with declared columns, for pages and exports alike. Column names are English."""

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from core.sheets.columns import ExportColumn
from core.sheets.tables import clean_text
from core.workflows.care.cells import care_columns
from core.workflows.home.score_columns import for_people, score_columns, truncated_column
from core.workflows.recipes.columns import chosen_columns, recipe_columns
from core.workflows.rerank.reranking import RankedDocument, Reranking

if TYPE_CHECKING:
    import pandas as pd

PREVIEW_CHARACTERS = 50
# Characters of a line in a workbook: so all columns are read on a printed page.
QUERY_WIDTH, DOCUMENT_WIDTH = 28, 64

RANKED_COLUMNS: tuple[ExportColumn[RankedDocument], ...] = (
    ExportColumn("new_rank", "Rank after reranking, from 1", lambda r: r.new_rank, "integer", width=10),
    ExportColumn(
        "original_rank", "Rank in the list as it was given", lambda r: r.original_rank, "integer", width=13
    ),
    ExportColumn(
        "movement",
        "Places gained (positive) or lost (negative)",
        lambda r: r.movement,
        "integer",
        "+0;-0;0",
        11,
    ),
    *score_columns(lambda r: r.scored),
    ExportColumn(
        "tokens", "Tokens the model read", lambda r: r.scored.tokens if r.scored else None, "integer", width=9
    ),
    truncated_column(lambda r: r.scored),
    ExportColumn(
        "near_tie",
        "Its score can hardly be told from that of a neighbour",
        lambda r: r.near_tie,
        "boolean",
        width=10,
    ),
    ExportColumn("document", "The document as it was given", lambda r: r.document, width=90),
)
RANKED_RECIPE_COLUMNS: tuple[ExportColumn[RankedDocument], ...] = recipe_columns(
    lambda r: r.blend, lambda r: r.calibrated
)
RANKED_CARE_COLUMNS: tuple[ExportColumn[RankedDocument], ...] = care_columns(lambda r: r.care)


def ranked_columns(result: Reranking) -> tuple[ExportColumn[RankedDocument], ...]:
    """The columns of a result: with what a recipe adds, and with what was done to its documents."""
    added = chosen_columns(RANKED_RECIPE_COLUMNS, result.recipe)
    return (*RANKED_COLUMNS, *added, *(RANKED_CARE_COLUMNS if result.care else ()))


def people_columns(result: Reranking) -> tuple[ExportColumn[RankedDocument], ...]:
    """The same for a workbook: what was asked and what was found before the figures."""
    query: ExportColumn[RankedDocument] = ExportColumn(
        "query", "The query", lambda r: result.query, width=QUERY_WIDTH
    )
    columns = {column.name: column for column in for_people(ranked_columns(result), result.scorer)}
    document = replace(columns.pop("document"), width=DOCUMENT_WIDTH)
    return (query, document, *columns.values())


def reranking_table(result: Reranking) -> "pd.DataFrame":
    """One row per document, best first, for a person to look at.

    The columns of `ranked_columns`, and before the document its preview, the first characters on one line.
    Lone surrogates, which neither pandas nor any file holds, are U+FFFD.
    """
    import pandas as pd

    frame = {
        column.name: [_shown(column.value(ranked)) for ranked in result.ranked]
        for column in ranked_columns(result)
    }
    names = list(frame)
    names.insert(names.index("document"), "preview")
    frame["preview"] = [preview(text) for text in map(str, frame["document"])]
    return pd.DataFrame(frame, columns=names)


def _shown(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def preview(text: str) -> str:
    """The first 50 characters on one line."""
    # Ten times the length is enough to fill the preview even when most of it is white space.
    line = " ".join(text[: PREVIEW_CHARACTERS * 10].split())
    return line if len(line) <= PREVIEW_CHARACTERS else line[:PREVIEW_CHARACTERS] + "…"


def wrapped(line: str, columns: int, lines: int) -> str:
    """The text over so many lines of a width in columns, for a table that breaks Chinese nowhere itself."""
    parts: list[str] = []
    while len(parts) < lines - 1 and (cut := shortened(line, columns)) != line:
        part = cut.removesuffix("…")
        blank = part.rfind(" ")
        # A word stays whole where the line does not lose half of its length by it.
        end = blank + 1 if blank > len(part) // 2 and line[len(part)] != " " else len(part)
        parts.append(line[:end].rstrip())
        line = line[end:].lstrip()
    return "\n".join([*parts, shortened(line, columns)])


def shortened(line: str, columns: int) -> str:
    """The line cut to a width in columns, of which Chinese, Japanese and Korean characters take two."""
    width = 0
    for position, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > columns:
            return line[:position] + "…"
    return line
