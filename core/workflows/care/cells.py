"""What was done to a document as columns of an export, in English; blank where nothing was done."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from core.records import LOGIT_DECIMALS
from core.sheets.columns import ExportColumn
from core.text.cleaning.documents import CleanedDocument
from core.text.cleaning.thin_documents import Thinness
from core.workflows.care.preparing import DocumentCare

THIN: dict[Thinness, str] = {"blank": "no text", "short": "very short", "title": "title only"}

Record = TypeVar("Record")


def care_columns(
    care_of: Callable[[Record], DocumentCare | None],
) -> tuple[ExportColumn[Record], ...]:
    """What was done to a record's document, as columns."""

    def cell(value: Callable[[DocumentCare], object]) -> Callable[[Record], object]:
        def of(record: Record) -> object:
            care = care_of(record)
            return None if care is None else value(care)

        return of

    def of_chunks(value: Callable[[DocumentCare], object]) -> Callable[[Record], object]:
        return cell(lambda care: value(care) if care.document.cut else None)

    return (
        ExportColumn(
            "cleaned",
            "Rules that changed the document, with how often each did",
            cell(lambda care: changes_line(care.document.cleaned)),
            width=24,
        ),
        ExportColumn(
            "repeats",
            "The former rank of the document that it repeats, with the similarity where they differ",
            cell(lambda care: repeats_line(care.document.cleaned)),
            width=14,
        ),
        ExportColumn(
            "thin",
            "How little text was left: no text, very short, title only",
            cell(lambda care: THIN[care.document.cleaned.thin] if care.document.cleaned.thin else None),
            width=12,
        ),
        ExportColumn(
            "chunks",
            "How many chunks the document was read in; blank where it was read whole",
            of_chunks(lambda care: len(care.document.chunks)),
            "integer",
            width=9,
        ),
        ExportColumn(
            "winning_chunk",
            "The chunk with the best score, from 1",
            of_chunks(lambda care: care.winner + 1),
            "integer",
            width=14,
        ),
        ExportColumn("winning_text", "Its text", of_chunks(lambda care: care.winning_chunk.text), width=60),
    )


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
        record["chunk_logits"] = [round(logit, LOGIT_DECIMALS) for logit in care.logits]
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
