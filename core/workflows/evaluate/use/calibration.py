"""An evaluation's labelled candidates as a calibration of the model that scored them."""

import math

from core.evaluation.calibrations.curve import Calibration
from core.evaluation.calibrations.reliability import CalibrationReport, LabelledPair, calibrate
from core.workflows.evaluate.outcome import Outcome


def labelled_pairs(outcome: Outcome, number: int) -> list[LabelledPair]:
    """Every judged candidate of one of the models that scored; who was not judged says nothing."""
    data, system = outcome.data, outcome.systems[number]
    pairs = []
    for query, scores in system.scores.items():
        labels = data.judgements[query].labels
        for document, score in zip(data.initial.rankings[query].documents, scores, strict=True):
            if document in labels:
                relevant = labels[document] >= outcome.settings.rel
                pairs.append(LabelledPair(query, score.logit, relevant))
    return pairs


def calibrated(outcome: Outcome, number: int) -> CalibrationReport:
    """Fitted and tried on held-out queries; InputError when there are too few labels."""
    return calibrate(labelled_pairs(outcome, number), outcome.systems[number].model.fingerprint)


def calibrated_threshold(calibration: Calibration, threshold: float) -> float:
    """Where a cut at the model's own probability lies among the calibrated ones: the same documents stay.

    Never rounded up, which would drop the documents at the cut.
    """
    if not 0 < threshold < 1:
        return threshold
    reached = calibration.probability(math.log(threshold / (1 - threshold)))
    return math.floor(reached * 1e6) / 1e6
