"""Every exported column is declared once, says what it holds, and is described in the documentation."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.evaluation.measures import parse_measures
from core.sentences import english
from core.sheets.columns import ExportColumn, place_of, record_table
from core.workflows.batch.export import ADDED, CARE_ADDED, GATE_ADDED, PROBLEM_COLUMNS, RECIPE_ADDED
from core.workflows.batch.sheets import PLACE_COLUMNS
from core.workflows.compare.tables import PAIR_COLUMNS, model_columns, value_columns
from core.workflows.evaluate.export import VERDICT_COLUMNS
from core.workflows.evaluate.tables import CURVE_COLUMNS, REGRESSION_COLUMNS, measure_columns, query_columns
from core.workflows.evaluate.use.model_labels import POWERED_COLUMNS
from core.workflows.home.provenance import COLUMNS as SETTING_COLUMNS
from core.workflows.rerank.tables import RANKED_CARE_COLUMNS, RANKED_COLUMNS, RANKED_RECIPE_COLUMNS
from core.workflows.rewrite.tables import WINNER_COLUMNS, ledger_columns, rule_columns
from core.workflows.rewrite.wordings import WORDING_COLUMNS, placed_columns
from core.workflows.runs.columns import COLUMNS as RUN_COLUMNS
from core.workflows.sandbox.tables import (
    CHANGE_COLUMNS,
    HELD_OUT_COLUMNS,
    MATRIX_COLUMNS,
    measured_query_columns,
    tried_columns,
)
from core.workflows.sandbox.tables import VERDICT_COLUMNS as TRIAL_VERDICT_COLUMNS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "exports.md"

# The page's headings, each with the columns of its table.
TABLES: Mapping[str, Sequence[ExportColumn[Any]]] = {
    "Rerank: Results": (*RANKED_COLUMNS, *RANKED_RECIPE_COLUMNS, *RANKED_CARE_COLUMNS),
    "Batch: Results": (*ADDED, *GATE_ADDED, *RECIPE_ADDED, *CARE_ADDED),
    "Batch: Before-After": PLACE_COLUMNS,
    "Batch: Problems": PROBLEM_COLUMNS,
    "Evaluate: Verdict": VERDICT_COLUMNS,
    "Evaluate: Model labels": POWERED_COLUMNS,
    "Evaluate: Measures": measure_columns(english),
    "Evaluate: Per query": query_columns(parse_measures("nDCG@10")),
    "Evaluate: Regressions": REGRESSION_COLUMNS,
    "Evaluate: Thresholds": CURVE_COLUMNS,
    "Compare: Models": model_columns(parse_measures("nDCG@10"), english),
    "Compare: Pairs": PAIR_COLUMNS,
    "Compare: Per query": value_columns(parse_measures("nDCG@10")),
    "Sandbox: Verdict": TRIAL_VERDICT_COLUMNS,
    "Sandbox: Matrix": MATRIX_COLUMNS,
    "Sandbox: Held-out": HELD_OUT_COLUMNS,
    "Sandbox: Per query": measured_query_columns(["A default"]),
    "Sandbox: Changes": CHANGE_COLUMNS,
    "Sandbox, one query: Results": tried_columns(["A default"]),
    "Rewrite: Rules": rule_columns(english),
    "Rewrite: Ledger": ledger_columns(english),
    "Rewrite: Queries": WINNER_COLUMNS,
    "Rewrite, one query: Documents": placed_columns(1),
    "Rewrite, one query: Wordings": WORDING_COLUMNS,
    "Runs": RUN_COLUMNS,
    "Every workbook: Settings": SETTING_COLUMNS,
}


def described(columns: Sequence[ExportColumn[Any]]) -> Iterator[str]:
    """The lines of the page for these columns."""
    return (f"| `{column.name}` | {column.help} |" for column in columns)


@pytest.mark.parametrize("heading", TABLES)
def test_the_page_describes_every_column_in_order(heading: str) -> None:
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    assert lines == list(described(TABLES[heading]))


@pytest.mark.parametrize("heading", TABLES)
def test_columns_are_named_once_and_say_what_they_hold(heading: str) -> None:
    names = [column.name for column in TABLES[heading]]
    assert len(names) == len(set(names))
    assert all(column.help and not column.help.endswith(".") for column in TABLES[heading])


def test_a_record_gives_its_cells_by_the_declaration() -> None:
    columns: tuple[ExportColumn[int], ...] = (
        ExportColumn("n", "The number", lambda n: n, "integer"),
        ExportColumn("square", "Its square", lambda n: n * n, "number", "0.0"),
    )
    table = record_table("Squares", columns, lambda: range(3))
    assert [tuple(row) for row in table.rows()] == [(0, 0), (1, 1), (2, 4)]
    assert [tuple(row) for row in table.rows()] == [(0, 0), (1, 1), (2, 4)]  # walked afresh
    assert (table.columns[1].name, table.columns[1].number_format) == ("square", "0.0")
    assert place_of("square", columns) == 1
