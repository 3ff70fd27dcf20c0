"""Every name and word that a workbook says in the reader's language without a call that speaks.

Columns are read from their declarations; names of sheets and of settings from the source.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core.sheets.tables import TableColumn
from core.workflows.home.provenance import SAID
from core.workflows.retrieve import export as retrieve
from pages.parts.evaluate.files import WRITTEN_AS
from tests.workflows.test_export_columns import TABLES

WORKFLOWS = Path(__file__).resolve().parents[2] / "core" / "workflows"
# They hold the name of a measure or an instruction, which is the reader's own.
DATA = re.compile(r"nDCG@10|A default.*")
# Modules that make rows of a Settings sheet, and pairs in them that are none.
MAKE_SETTINGS = {"export.py", "provenance.py", "sheets.py", "jobs.py", "preparing.py", "wordings.py"}
OTHER_PAIRS = re.compile(r"\W.*|\d.*||duplicate_pair|wide|bm25")
WORDS = (
    *("none", "TRUE", "FALSE", "yes", "… [cut]", "same", "cannot_tell", "no_difference", "too_few"),
    *(
        "warning",
        "note",
        "gap",
        "model labels",
        "retrieval",
        "regressions",
        "Best possible order",
        "accepted",
        "rejected",
        "accept",
        "reject",
    ),
    *("choosing", "confirming", "how", "held-out", "all queries"),
    *("label", "initial_rank", "initial_score", "document_id", "{name}: {of}"),
    *("Overview", "Chart data", "Queries better", "Queries worse", "recall_ceiling"),
    *("documents before", "former rank of the new first document"),
    *SAID,
    *WRITTEN_AS.values(),
)


def columns() -> list[str]:
    """Names of columns that are the program's."""
    found = [
        column.title.template if column.title else column.name
        for table in TABLES.values()
        for column in table
    ]
    for given in vars(retrieve).values():
        if isinstance(given, tuple):
            found += [one.name for one in given if isinstance(one, TableColumn)]
    return [name for name in dict.fromkeys(found) if not DATA.fullmatch(name)]


def sheets() -> list[str]:
    """Names of tables and of first pages."""
    return list(dict.fromkeys(_sheets()))


def _sheets() -> Iterator[str]:
    for path in WORKFLOWS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            named = ast.unparse(node.func) in ("record_table", "SheetTable", "SheetTable.of")
            first = node.args[0]
            if named and isinstance(first, ast.Constant):
                yield str(first.value)


def settings() -> list[str]:
    """Names of settings: the first of two in a row of the Settings sheet."""
    found = []
    for path in WORKFLOWS.rglob("*.py"):
        if path.name not in MAKE_SETTINGS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
                name = node.elts[0].value
                if isinstance(name, str) and not OTHER_PAIRS.fullmatch(name):
                    found.append(name)
    return list(dict.fromkeys(found))
