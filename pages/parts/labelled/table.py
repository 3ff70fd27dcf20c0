"""What a labelled table can hold, for every page that takes one."""

from core.sheets.meaning.vocabulary import Role

ROLES: tuple[Role, ...] = (
    "query",
    "document",
    "label",
    "query_id",
    "document_id",
    "initial_rank",
    "initial_score",
    "group",
    "instruction",
)
