"""What the Rerank page remembers in a browser session."""

from dataclasses import dataclass, field

from core.errors import WorkbenchError
from core.workflows.care.preparing import CareSettings
from core.workflows.rerank.reranking import Reranking
from pages.parts.asked.query_documents import KeptFile
from pages.parts.frame.session import session_of


@dataclass(frozen=True, slots=True)
class RerankInputs:
    """What was in the fields when a result was asked for; compared to say that a result is out of date."""

    query: str
    documents: tuple[str, ...]
    instruction: str | None
    care: CareSettings = CareSettings()


@dataclass(slots=True)
class RerankSession:
    """The Rerank page: the last result, the inputs it belongs to, and the last failure."""

    inputs: RerankInputs | None = None
    result: Reranking | None = None
    error: WorkbenchError | None = None
    upload: KeptFile = field(default_factory=KeptFile)


def rerank_session() -> RerankSession:
    """This browser session's Rerank state."""
    return session_of(RerankSession, "rerank.session")
