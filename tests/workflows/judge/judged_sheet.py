"""A sheet whose true grades are known, with people's labels for a part of it, for tests of model judges."""

import csv
from pathlib import Path

QUERIES, DOCUMENTS = 16, 5
HEADER = ("query_id", "query", "document_id", "document", "label", "initial_rank")


def text(query: int, place: int) -> str:
    """Lengths differ within a query."""
    return f"answer {place} to question {query}" + " and so on" * (place % 3)


def truth() -> dict[tuple[str, str], int]:
    """(query, document) -> true grade; the best document stands anywhere."""
    return {
        (f"question {query}?", text(query, place)): (place + query) % 4
        for query in range(QUERIES)
        for place in range(DOCUMENTS)
    }


def judged_sheet(path: Path, people: int = 8) -> Path:
    """Write it; people judged the first so many queries wholly and the others not at all."""
    grades = truth()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for query in range(QUERIES):
            for place in range(DOCUMENTS):
                label = grades[f"question {query}?", text(query, place)] if query < people else ""
                writer.writerow(
                    (
                        f"q{query}",
                        f"question {query}?",
                        f"q{query}d{place}",
                        text(query, place),
                        label,
                        place + 1,
                    )
                )
    return path
