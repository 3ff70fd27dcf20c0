"""Every query that reranking made worse, and the likely causes."""

from core.evaluation.triage.causes import CAUSES, Cause
from core.evaluation.triage.regressions import (
    DEFAULT_DEPTH,
    FoundCause,
    Particulars,
    PlacedDocument,
    Regression,
    find_causes,
    regressions,
    worse_queries,
)

__all__ = [
    "CAUSES",
    "DEFAULT_DEPTH",
    "Cause",
    "FoundCause",
    "Particulars",
    "PlacedDocument",
    "Regression",
    "find_causes",
    "regressions",
    "worse_queries",
]
