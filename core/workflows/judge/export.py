"""A model's labels as a file that says whose they are in every row."""

from collections.abc import Sequence

from core.evaluation.judgements import Judgement, write_judgements
from core.judging.labels import Label
from core.workflows.evaluate.data import EvaluationData


def labels_csv(data: EvaluationData, labels: Sequence[Label]) -> bytes:
    """CSV with the columns of judgements; the note names the model, its fingerprint and the votes."""
    rows = [
        Judgement(
            label.query_id,
            label.document_id,
            label.grade,
            data.judgements[label.query_id].query if label.query_id in data.judgements else "",
            f"model {label.source.name} {label.source.fingerprint}; votes {' '.join(map(str, label.votes))}",
        )
        for label in labels
    ]
    return write_judgements(rows, "csv").encode("utf-8-sig", "replace")
