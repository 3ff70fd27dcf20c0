"""A scorer that hears the instruction, and a labelled sheet on which one instruction helps."""

import math
from collections.abc import Callable, Sequence

from core.evaluation.judged import JudgedRow
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest
from core.workflows.evaluate_data import EvaluationData, LabelledRow, from_labelled_rows

HELPS = "Given a question, retrieve the passage that answers it"
SAME = "Given a question, retrieve any passage"


class ListeningScorer:
    """Puts the answer first when it hears `HELPS`, in its slot or before the query; else keeps the order.

    asked: every request that reached the model, in order.
    """

    def __init__(self, *, uses_instruction: bool = True) -> None:
        self.asked: list[ScoringRequest] = []
        self.info = ScorerInfo(
            name="listening",
            kind="qwen3",
            label="Listening",
            device="cpu",
            precision="fp32",
            fingerprint="listening",
            max_tokens=512,
            parameters=1,
            memory_bytes=1000,
            uses_instruction=uses_instruction,
            notes=("Made for tests.",),
        )

    def score(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[Score]:
        return self.score_many([ScoringRequest(query, tuple(documents), instruction)])[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        self.asked += requests
        result = [[self._score(request, document) for document in request.documents] for request in requests]
        if on_scored is not None:
            on_scored([ScoredPair(q, d, s) for q, row in enumerate(result) for d, s in enumerate(row)])
        return result

    def _score(self, request: ScoringRequest, document: str) -> Score:
        heard = HELPS in (request.instruction or "") or request.query.startswith(HELPS)
        logit = 5.0 if heard and document.startswith("answer") else -float(document[-1])
        return Score(logit, 1 / (1 + math.exp(-logit)), 20, False)


def trial_sheet(queries: int = 40, *, labelled: bool = True) -> EvaluationData:
    """Each query has three documents, of which the answer stands third, but in every fourth query first."""
    rows = []
    for q in range(queries):
        answer = 1 if q % 4 == 0 else 3
        for d in range(1, 4):
            text = f"{'answer' if d == answer else 'other'} {q}-{d}"
            label = int(d == answer) if labelled else None
            judged = JudgedRow(f"q{q}", f"q{q}d{d}", label, f"question {q}", "even" if q % 2 == 0 else "odd")
            rows.append(LabelledRow(judged, text))
    return from_labelled_rows(rows)
