"""Sheets as office people make them are read right without a mapping, or asked about; none silently wrong."""

import pytest

from benchmarks.office_sheets import outcome
from tests.sheets.office_sheets import OfficeSheet, office_sheets

SHEETS = office_sheets()
# A question above a block of its own rows is not found yet; the importer asks.
ASKED = {"blocks under their question"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_an_office_sheet_is_read_right(sheet: OfficeSheet) -> None:
    result, why = outcome(sheet)
    assert result == ("asked" if sheet.name in ASKED else "right"), why


def test_there_are_enough_sheets() -> None:
    assert len({sheet.name for sheet in SHEETS}) == len(SHEETS) >= 60
