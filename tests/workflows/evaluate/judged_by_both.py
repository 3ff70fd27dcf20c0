"""The shipped sample as it is with few labels: those of 30 queries by people, and all by a fake judge."""

import csv
import io
import random

from core.judging.labels import HIGHEST_GRADE, Label, Source
from core.workflows.home.sample_table import TABLE

BY_PEOPLE = 30
JUDGE = Source("model", "fake judge", "f1")


def _rows() -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8-sig")))]


def sheet() -> bytes:
    """As CSV; the queries that keep their labels are chosen by chance."""
    rows = _rows()
    kept = set(random.Random(2).sample(sorted({row["query_id"] for row in rows}), BY_PEOPLE))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "label": row["label"] if row["query_id"] in kept else ""} for row in rows)
    return text.getvalue().encode()


def labels() -> list[Label]:
    """Of every pair: one grade too high in one of ten."""
    draw = random.Random(7)
    return [
        Label(
            row["query_id"],
            row["document_id"],
            min(HIGHEST_GRADE, int(row["label"]) + (draw.random() < 0.1)),
            JUDGE,
        )
        for row in _rows()
    ]
