"""What a file that is taken away is called: after its source, what it is, and the day."""

import re
from datetime import date

# What no system takes in a name, or a shell or a spreadsheet would act on.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
# Names are cut here; with kind, day and ending they stay below what every system takes.
LONGEST_SOURCE = 60
# Endings of what is uploaded; «Node.js» in a query is none.
_ENDING = re.compile(r"\.(xls[xmb]?|ods|csv|tsv|txt|jsonl?|parquet|run|trec|qrels|res)$", re.IGNORECASE)


def file_name(source: str, kind: str, ending: str, day: date | None = None) -> str:
    """«labels-evaluation-2026-01-31.xlsx». source: a file's name, or what was asked; kind: a word, or ""."""
    stem = _FORBIDDEN.sub("_", _ENDING.sub("", source.strip()))
    stem = "_".join(stem.split())[:LONGEST_SOURCE].strip("._-=+@ ")
    parts = [part for part in (stem, kind, (day or date.today()).isoformat()) if part]
    return f"{'-'.join(parts)}.{ending}"
