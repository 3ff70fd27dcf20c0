"""How many sheets of office people are read right without a mapping, asked about, or misread silently.

    python -m benchmarks.office_sheets

Right: exactly the pairs a person reads, with the labels, ranks and scores that are there. Asked: the import
stops and names what is uncertain. Silently wrong: anything else.
"""

import json
from collections import Counter

from core.errors import InputError
from core.sheets.meaning.importing import ImportedTable, import_source
from core.sheets.reading.sources import read_source
from tests.sheets.office_sheets import ENGLISH, QUESTIONS, OfficeSheet, document, label, office_sheets, score


def outcome(sheet: OfficeSheet) -> tuple[str, str]:
    """«right», «asked» or «wrong», and why."""
    try:
        table = import_source(read_source(sheet.content, sheet.file))
    except InputError as error:
        return "asked", error.message
    problem = difference(sheet, table)
    return ("wrong", problem) if problem else ("right", "")


def difference(sheet: OfficeSheet, table: ImportedTable) -> str:
    """What differs from what a person reads; "" for nothing."""
    pairs = table.pairs
    questions = ENGLISH if sheet.english else QUESTIONS
    expected = [(questions[q], document(q, d, sheet.english)) for q in range(4) for d in range(3)]
    found = list(zip(pairs.query, pairs.document, strict=True))
    if found != expected:
        return f"{len(found)} pairs, first {found[:1]}"
    places = [(q, d) for q in range(4) for d in range(3)]
    labelled = all(value is not None for value in pairs.label)
    if ("label" in sheet.has) != labelled:
        return f"labels {set(pairs.label)}"
    if labelled and [bool(value) for value in pairs.label] != [bool(label(q, d)) for q, d in places]:
        return f"labels {pairs.label}"
    if "rank" in sheet.has and [int(value or 0) for value in pairs.initial_rank] != [
        d + 1 for _, d in places
    ]:
        return f"ranks {pairs.initial_rank}"
    if "rank" not in sheet.has and table.roles.get("initial_rank"):
        return f"ranks from {table.roles['initial_rank']}"
    if ("score" in sheet.has) != all(value is not None for value in pairs.initial_score):
        return f"scores {pairs.initial_score[:3]}"
    sign = -1 if table.score_direction == "asc" else 1
    heights = [sign * value for value in pairs.initial_score if value is not None]
    wanted = [score(q, d) for q, d in places]
    if heights and sorted(range(12), key=heights.__getitem__) != sorted(range(12), key=wanted.__getitem__):
        return f"scores {pairs.initial_score}"
    return ""


def main() -> None:
    """Print every sheet that is not right, and the counts as JSON."""
    counts: Counter[str] = Counter()
    for sheet in office_sheets():
        result, why = outcome(sheet)
        counts[result] += 1
        if result != "right":
            print(f"{result:<6} {sheet.name}: {why}")  # noqa: T201
    print(json.dumps({"sheets": sum(counts.values()), **counts}))  # noqa: T201


if __name__ == "__main__":
    main()
