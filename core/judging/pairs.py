"""A query with one of its documents, as somebody is to judge it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids for the label, texts for whoever reads them."""

    query_id: str
    document_id: str
    query: str
    document: str
