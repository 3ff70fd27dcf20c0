"""`inspect`: what the importer sees in a file, before anything is scored."""

import argparse
import json
from pathlib import Path

from core.sheets.meaning.reports import FileReport, SheetReport, inspect_file, report_record
from core.sheets.records import RowProblem

HELP = "show how a spreadsheet would be read"
PROBLEMS_SHOWN = 20
SAMPLE_WIDTH = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and what may be chosen about reading it."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--sheet", help="the sheet to read; default: the one that looks like queries")
    parser.add_argument("--encoding", help="of a text file; default: found out")


def run(options: argparse.Namespace) -> int:
    """Print format, encoding, sheets, header, columns with guessed roles, row count and problems."""
    report = inspect_file(Path(options.file), sheet=options.sheet, encoding=options.encoding)
    if options.json:
        print(json.dumps(report_record(report), ensure_ascii=False))
        return 0
    print(f"{report.name}: {report.format}, {report.size:,} bytes{_text_facts(report)}")
    for sheet in report.sheets:
        _print_sheet(sheet, report)
    if report.layout is None:
        print("No column looks like a document; name the columns with --map.")
    else:
        sure = "certain enough to import" if report.certain else "to be confirmed with --map"
        print(f"Layout: {report.layout}, {sure}.")
    for problem in report.problems[:PROBLEMS_SHOWN]:
        print(f"  {problem_line(problem)}")
    if len(report.problems) > PROBLEMS_SHOWN:
        print(f"  … and {len(report.problems) - PROBLEMS_SHOWN} more (--json has all)")
    return 0


def problem_line(problem: RowProblem) -> str:
    """«Sheet1, row 7, query: the sentence»."""
    row = f"row {problem.row}" if problem.row is not None else ""
    place = ", ".join(part for part in (problem.sheet, row, problem.column) if part)
    return f"{place}: {problem.message}" if place else problem.message


def _text_facts(report: FileReport) -> str:
    facts = []
    if report.encoding:
        facts.append(report.encoding + ("" if report.encoding_certain else " (check it)"))
    if report.separator:
        facts.append("separated by " + {"\t": "tabs", " ": "spaces"}.get(report.separator, report.separator))
    return "".join(f", {fact}" for fact in facts)


def _print_sheet(sheet: SheetReport, report: FileReport) -> None:
    mark = "→" if sheet.name in (report.sheet, report.pool_sheet) else " "
    kind = "" if sheet.kind == "worksheet" else f", {sheet.kind} sheet"
    hidden = "" if sheet.visibility == "visible" else f", {sheet.visibility}"
    header = f", header in row {sheet.header_row}" if sheet.header_row is not None else ""
    name = f"{sheet.name}: " if sheet.name else ""
    print(f"{mark} {name}{sheet.rows:,} rows{header}{kind}{hidden}")
    for column in sheet.columns:
        role = f"{column.role} ({column.confidence:.0%}, {column.because})" if column.role else "–"
        sample = " ".join(column.samples[0].split()) if column.samples else ""
        print(f"    {column.name:<24} {role}  {sample[:SAMPLE_WIDTH]}")
