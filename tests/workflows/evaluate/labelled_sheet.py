"""A small labelled sheet and a scorer whose scores are known, for tests of evaluations."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

HEADER = ("查询编号", "查询", "文档编号", "文档", "标签", "初始排名", "分组")


def sheet_rows(queries: int = 12) -> list[tuple[object, ...]]:
    """Each query has four documents; the relevant one (grade 2) stands third. Two groups, even and odd.

    In every fourth query nothing is relevant; document 4 of each query is unjudged.
    """
    rows: list[tuple[object, ...]] = []
    for q in range(queries):
        for d in range(1, 5):
            grade: object = 2 if d == 3 and q % 4 != 3 else 0
            label = "" if d == 4 else grade
            rows.append(
                (
                    f"q{q}",
                    f"如何退款 {q}",
                    f"q{q}d{d}",
                    f"文档 {q}-{d}",
                    label,
                    d,
                    "双" if q % 2 == 0 else "单",
                )
            )
    return rows


def write_sheet(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def score_of(logit: float, truncated: bool = False) -> Score:
    return Score(logit, 20, truncated)


class TableScorer:
    """Scores by a table of document texts; what is not listed gets -3 minus the digit at the text's end."""

    def __init__(
        self,
        logits: Mapping[str, float],
        *,
        name: str = "table",
        label: str | None = None,
        uses_instruction: bool = True,
    ) -> None:
        self.logits = logits
        self.asked: list[ScoringRequest] = []
        self.info = ScorerInfo(
            name=name,
            kind="qwen3",
            label=label or f"Table {name}",
            device="cpu",
            precision="fp32",
            fingerprint=f"table-{name}",
            max_tokens=512,
            parameters=1,
            memory_bytes=1000,
            uses_instruction=uses_instruction,
            notes=("Made for tests.",),
        )

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        request = ScoringRequest(query, tuple(documents), instruction)
        return self.score_many([request], on_progress=on_progress)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        self.asked += requests
        result = [[score_of(self._logit(r, text)) for text in r.documents] for r in requests]
        if on_scored is not None:
            on_scored([ScoredPair(q, d, s) for q, row in enumerate(result) for d, s in enumerate(row)])
        return result

    def _logit(self, request: ScoringRequest, text: str) -> float:
        return self.logits.get(text, -3.0 - int(text[-1]) if text[-1:].isdigit() else -3.0)
