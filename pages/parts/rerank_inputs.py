"""The Rerank page's input column: query and documents, then the instruction."""

from core.records import ScorerInfo
from pages.parts.instruction_choice import draw_instruction
from pages.parts.query_documents import draw_query_documents
from pages.parts.session import RerankInputs, rerank_session


def draw_inputs(scorer: ScorerInfo | None) -> RerankInputs:
    """Draw the fields and return what they hold now."""
    query, documents = draw_query_documents("rerank", rerank_session().upload)
    return RerankInputs(query, documents, draw_instruction("rerank", scorer))
