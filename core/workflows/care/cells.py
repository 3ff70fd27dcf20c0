"""What was done to a document as cells of an export, in English; empty where nothing was done."""

from collections.abc import Mapping
from typing import Any

from core.sheets.tables import TableColumn
from core.text.cleaning.documents import CleanedDocument
from core.text.cleaning.thin_documents import Thinness
from core.workflows.care.preparing import DocumentCare

THIN: dict[Thinness, str] = {"blank": "no text", "short": "very short", "title": "title only"}

CARE_SHEET_COLUMNS = (
    TableColumn("cleaned", width=24),
    TableColumn("repeats", width=14),
    TableColumn("thin", width=12),
    TableColumn("chunks", "integer", width=9),
    TableColumn("winning_chunk", "integer", width=14),
    TableColumn("winning_text", width=60),
)
CARE_COLUMNS = tuple(column.name for column in CARE_SHEET_COLUMNS)


def care_cells(care: DocumentCare | None) -> dict[str, str | int | None]:
    """The columns of `CARE_COLUMNS`.

    cleaned: rules with how often each changed the text. repeats: the former rank of the document that it
    repeats, with the similarity where they differ. chunks, winning_chunk (from 1), winning_text: only where
    the document was cut.
    """
    cells: dict[str, str | int | None] = dict.fromkeys(CARE_COLUMNS)
    if care is None:
        return cells
    cleaned = care.document.cleaned
    cells["cleaned"] = changes_line(cleaned)
    cells["repeats"] = repeats_line(cleaned)
    cells["thin"] = THIN[cleaned.thin] if cleaned.thin else None
    if care.document.cut:
        cells["chunks"] = len(care.document.chunks)
        cells["winning_chunk"] = care.winner + 1
        cells["winning_text"] = care.winning_chunk.text
    return cells


def care_record(care: DocumentCare) -> Mapping[str, Any]:
    """The same for JSON: positions count from 0, and only what there is."""
    cleaned = care.document.cleaned
    record: dict[str, Any] = {}
    if cleaned.changed:
        record["cleaned"] = {change.rule: change.count for change in cleaned.changes}
    if cleaned.duplicate is not None:
        record["repeats"] = {
            "index": cleaned.duplicate.of,
            "similarity": round(cleaned.duplicate.similarity, 4),
        }
    if cleaned.thin is not None:
        record["thin"] = cleaned.thin
    if care.document.cut:
        record["winning_text"] = care.winning_chunk.text
        record["chunk_logits"] = list(care.logits)
    return record


def changes_line(cleaned: CleanedDocument) -> str | None:
    """«html 4, lines 2»."""
    return ", ".join(f"{change.rule} {change.count}" for change in cleaned.changes) or None


def repeats_line(cleaned: CleanedDocument) -> str | None:
    """«3» for an equal text, «3 (0.91)» for a similar one; places count from 1."""
    if cleaned.duplicate is None:
        return None
    place, similarity = cleaned.duplicate.of + 1, cleaned.duplicate.similarity
    return str(place) if similarity == 1 else f"{place} ({similarity:.2f})"
