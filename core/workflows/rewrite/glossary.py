"""A glossary from a file: any table the importer reads, in any encoding and with any separator."""

from core.errors import InputError
from core.sheets.reading.sources import read_source
from core.sheets.tables import as_text
from core.text.rewriting.glossary import Glossary, glossary_from_rows

NO_TABLE = "The glossary file holds no table."


def read_glossary(content: bytes, name: str) -> Glossary:
    """The glossary in an uploaded file. InputError says what is wrong with it."""
    source = read_source(content, name)
    for grid in source.grids:
        if grid.kind == "worksheet" and grid.rows:
            rows = [["" if cell is None else as_text(cell) for cell in row] for row in grid.rows]
            return glossary_from_rows(rows, name)
    raise InputError(NO_TABLE, where=name)
