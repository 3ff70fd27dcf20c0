"""A worksheet whose rows are written as ready XML, in order, straight to its temporary file.

XlsxWriter 3.3 lets some texts through wrongly: overlapping escapes («_x005F_x0041_») read back changed,
and a text «<r>…</r>» becomes markup and breaks the file. Writing the row here escapes both, and takes a
third of the time.
"""

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.sheets.tables import clean_text


class LiteralSheet(Worksheet):  # type: ignore[misc]
    """The rows' XML is the caller's; everything else about the sheet is XlsxWriter's."""

    def append_row(self, number: int, cells: str, *, height: float = 0) -> None:
        """Write the cells of one row; `number` counts from 1 and only grows. height: in points."""
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        xml = f'<row r="{number}"{tall}>{cells}</row>'
        try:
            self.fh.write(xml)
        except UnicodeEncodeError:
            self.fh.write(clean_text(xml))

    def finish(self, rows: int, columns: int) -> None:
        """Tell the base class what was written, for the sheet's dimension."""
        self.dim_rowmin, self.dim_rowmax = 0, rows - 1
        self.dim_colmin, self.dim_colmax = 0, columns - 1
        self.previous_row = rows
