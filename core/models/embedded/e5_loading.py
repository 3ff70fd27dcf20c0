"""multilingual-e5-small in the precision that is right on this machine, for scoring and for search alike.

int8 is taken where the processor is much faster with it and adds it exactly, and where its scores keep the
order of fp32's on texts that its ranges were not taken from.
"""

import hashlib
import logging
from dataclasses import dataclass

from core.engine.device import has_int8_instructions
from core.engine.encoder.probes import JUDGED
from core.engine.guard import GuardReport, compare
from core.engine.int8 import exact_range
from core.models.embedded.centring import stored_means
from core.models.embedded.e5 import CALIBRATION, E5BiEncoder
from core.models.embedded.e5_encoder import RANGES_FILE
from core.models.embedded.e5_file import read_model_file
from core.models.embedded.packages import PackageFinder, find_package

logger = logging.getLogger(__name__)

# Raise it when int8 would give other numbers from the same ranges.
INT8_METHOD = "encoder-int8/1"


@dataclass(frozen=True, slots=True)
class LoadedE5:
    """The model and how it runs.

    identity: what its numbers depend on beside weights and method; nothing in fp32. guard: how int8 compared
    with fp32, where it was tried.
    """

    encoder: E5BiEncoder
    precision: str
    identity: tuple[object, ...]
    guard: GuardReport | None = None


def load_e5_encoder(precision: str = "auto", find: PackageFinder = find_package) -> LoadedE5:
    """Read the packaged model. precision: `fp32` is kept to; any other takes int8 where it is right.

    Raises ModelMissingError or ModelRejectedError, as `read_model_file` does.
    """
    file = read_model_file(find)
    means = stored_means()
    exact = E5BiEncoder(file, means)
    wanted = precision == "int8" or (precision == "auto" and has_int8_instructions())
    if not wanted or not exact_range():
        return LoadedE5(exact, "fp32", ())
    quick = E5BiEncoder(file, means, exact_range())
    report = judge(exact, quick)
    if not report.passed:
        logger.warning("int8 differs too much from fp32, so fp32 is used: %s", report)
        return LoadedE5(exact, "fp32", (), report)
    ranges = hashlib.sha256(RANGES_FILE.read_bytes()).hexdigest()
    return LoadedE5(quick, "int8", (INT8_METHOD, exact_range(), ranges), report)


def judge(exact: E5BiEncoder, quick: E5BiEncoder) -> GuardReport:
    """Compare the logits of both on the probe texts."""
    queries: list[list[int]] = []
    for _, documents in JUDGED:
        start = queries[-1][-1] + 1 if queries else 0
        queries.append(list(range(start, start + len(documents))))
    return compare(_logits(exact), _logits(quick), queries)


def _logits(encoder: E5BiEncoder) -> list[float]:
    asked = [encoder.read(query, "query").windows[0] for query, _ in JUDGED]
    told = [encoder.read(text, "passage").windows[0] for _, texts in JUDGED for text in texts]
    queries, documents = encoder.encode(asked), iter(encoder.encode(told))
    return [
        CALIBRATION.slope * encoder.similarity(query, next(documents)) + CALIBRATION.intercept
        for query, (_, texts) in zip(queries, JUDGED, strict=True)
        for _ in texts
    ]
