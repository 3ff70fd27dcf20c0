"""Checks on what a user wants reranked, before any model sees it.

It repairs nothing silently: what would give no useful score is refused with its place, what is merely odd
comes back as notices beside the scores.
"""

from collections.abc import Sequence

from core.errors import InputError, TooLargeError
from core.records import Notice
from core.sentences import sentence

# Above this many characters no Qwen3 context (40,960 tokens of at most ~6 characters) holds the text.
LONG_TEXT_CHARACTERS = 250_000
SHOWN_PLACES = 5

NO_DOCUMENTS = "There are no documents."


def check_candidates(query: str, documents: Sequence[str], *, max_documents: int) -> tuple[Notice, ...]:
    """Refuse an unusable request, and return what is odd about a usable one.

    Raises InputError for a blank query or no documents, TooLargeError above `max_documents`.
    """
    if not query.strip():
        raise InputError("The query is empty.", where="query", hint="Type what you are searching for.")
    if not documents:
        raise InputError(NO_DOCUMENTS, where="documents", hint="Give at least one document.")
    if len(documents) > max_documents:
        raise TooLargeError(
            "{count} documents are more than the {limit} that are reranked at once.",
            where="documents",
            hint="Send fewer at a time, or rerank a whole file with the batch command.",
            count=len(documents),
            limit=max_documents,
        )
    if len(query) > LONG_TEXT_CHARACTERS:
        raise TooLargeError(
            "The query has {count} characters; the model cannot read that much.",
            where="query",
            hint="Shorten the query; long text belongs into the documents.",
            count=len(query),
        )
    return tuple(_notices(query, documents))


def _notices(query: str, documents: Sequence[str]) -> list[Notice]:
    notices: list[Notice] = []
    blank = [i for i, text in enumerate(documents) if not text.strip()]
    if blank:
        notices.append(Notice(sentence("Blank text; its score means nothing."), places(blank)))
    control = [i for i, text in enumerate(documents) if "\0" in text]
    if control:
        notices.append(Notice(sentence("Contains NUL characters."), places(control)))
    broken = [i for i, text in enumerate(documents) if has_lone_surrogate(text)]
    if broken:
        notices.append(Notice(sentence("Contains broken characters, which are read as «�»."), places(broken)))
    if has_lone_surrogate(query):
        notices.append(Notice(sentence("Contains broken characters, which are read as «�»."), "query"))
    if "\0" in query:
        notices.append(Notice(sentence("Contains NUL characters."), "query"))
    repeated = _repeats(documents)
    if repeated:
        notices.append(
            Notice(sentence("Repeats an earlier document; equal texts get equal scores."), places(repeated))
        )
    return notices


def has_lone_surrogate(text: str) -> bool:
    """Whether the text holds half of a UTF-16 pair, which no encoding can express."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def places(indexes: Sequence[int]) -> str:
    """«document 3, 7, 12, 15, 20 … (31)»: the first few, counted from 1, and how many there are."""
    shown = ", ".join(str(i + 1) for i in indexes[:SHOWN_PLACES])
    return f"document {shown}" + (f" … ({len(indexes)})" if len(indexes) > SHOWN_PLACES else "")


def _repeats(documents: Sequence[str]) -> list[int]:
    seen: set[str] = set()
    repeated = []
    for i, text in enumerate(documents):
        if text in seen:
            repeated.append(i)
        seen.add(text)
    return repeated
