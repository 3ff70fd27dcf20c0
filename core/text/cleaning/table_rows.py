"""A row of an HTML table as one line, with a tab before every cell but its first.

What has lines of its own in a cell becomes a blank, so that columns stay columns. Pages and mails also use
tables for their layout: a row of one cell, or one that holds a table, code or a long text, keeps its lines.
"""

from dataclasses import dataclass, field

# Longer cells of several lines are a column of the page.
LONGEST_CELL = 300

HEADING_MARKS = tuple("\n" + "#" * level + " " for level in range(1, 7))


@dataclass(slots=True)
class Row:
    """An open row. around: what its line will go to. cells: the pieces of text of each. layout: no data."""

    around: list[str]
    cells: list[list[str]] = field(default_factory=list)
    layout: bool = False

    def next_cell(self) -> list[str]:
        """Where the next cell's text is collected."""
        self.cells.append([])
        return self.cells[-1]


def row_text(row: Row) -> str:
    """The row's line, or the lines of what is no row of data; "" for a row without text."""
    texts = ["".join(cell).strip() for cell in row.cells]
    if not any(texts):
        return ""
    if len(texts) == 1 or row.layout or any(map(_is_column, row.cells, texts)):
        return "\n".join(text for text in texts if text)
    return "\t".join(" ".join(_words(cell).split()) for cell in row.cells)


def _is_column(cell: list[str], text: str) -> bool:
    return "\n" in text and (len(text) > LONGEST_CELL or _has_heading(cell))


def _has_heading(cell: list[str]) -> bool:
    return any(piece in HEADING_MARKS for piece in cell)


def _words(cell: list[str]) -> str:
    """A heading that is all of a cell is the column's title."""
    return "".join(" " if piece in HEADING_MARKS else piece for piece in cell)
