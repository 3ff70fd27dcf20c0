"""A scorer that hears the instruction, and a labelled sheet on which one instruction helps."""

from core.evaluation.judged import JudgedRow
from core.records import ScoringRequest
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows
from tests.workflows.evaluate.labelled_sheet import TableScorer

HELPS = "Given a question, retrieve the passage that answers it"
SAME = "Given a question, retrieve any passage"


class ListeningScorer(TableScorer):
    """Puts the answer first when it hears `HELPS`, in its slot or before the query; else keeps the order.

    asked: every request that reached the model, in order.
    """

    def __init__(self, *, uses_instruction: bool = True) -> None:
        super().__init__({}, name="listening", label="Listening", uses_instruction=uses_instruction)

    def _logit(self, request: ScoringRequest, text: str) -> float:
        heard = HELPS in (request.instruction or "") or request.query.startswith(HELPS)
        return 5.0 if heard and text.startswith("answer") else -float(text[-1])


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
