"""How every sheet comes out of a printer: landscape, as wide as the page, its header on each page."""

import re
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.sheets.tables import clean_text

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
A4 = 9
# Excel takes no longer header; a file's name may be.
LONGEST_SOURCE = 80
# Centimetres would be as good; Excel counts in inches.
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.7, "bottom": 0.6}


@dataclass(frozen=True, slots=True)
class Printing:
    """source: what the workbook is about, printed at the top of each page. day: when it was written."""

    source: str
    day: date

    def set_up(self, sheet: Worksheet, *, title_rows: int = 1, one_page: bool = False) -> None:
        """title_rows: how many rows stand on every page again. one_page: all of it on a single page."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(**MARGINS)
        sheet.fit_to_pages(1, 1 if one_page else 0)
        if title_rows:
            sheet.repeat_rows(0, title_rows - 1)
        # One line without what XML cannot hold. & begins a field of the header; that of a name stands twice.
        line = " ".join(_UNPRINTABLE.sub(" ", clean_text(self.source)).split())
        source = line[:LONGEST_SOURCE].replace("&", "&&")
        sheet.set_header(f"&L{source}&R&A")
        sheet.set_footer(f"&L{self.day.isoformat()}&R&P / &N")
