"""Unfolds nested JSON of search and RAG tools into flat rows, by structure and not by the tool's name.

A record is a list of results when somewhere in it stands a list of objects with texts: hit lists of search
engines, retrieval tests, chains' outputs. Parallel lists (ids, documents, distances) and lists of positive
and negative texts are the other two shapes. What is nested and none of these is refused with the paths found.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError

Record = Mapping[str, object]
Row = dict[str, object]

UNKNOWN = "The JSON is nested, and no list of texts was found in it; paths: {paths}."
SEVERAL = "The JSON holds several lists of texts: {paths}."
NO_ORDER = (
    "The texts come as relevant and not relevant ones, in no order of their own. They stand in an order made "
    "from their letters, so the order before means nothing."
)
NO_QUERIES = "The JSON holds {count} lists of results but not the queries they answer."
HINT = (
    'Give one object per pair, such as {{"query": "…", "document": "…"}}, or one list of results per query.'
)

_QUERY = (
    "query question user_input userinput query_text querytext user_query search_query q keyword 问题 查询"
)
_TEXT = (
    "page_content content text document passage chunk chunk_content body snippet output content_with_weight"
)
_ID = "chunk_id segment_id id _id doc_id docid document_id documentid passage_id uuid"
_SCORE = "score _score similarity relevance_score search_score"
_DISTANCE = "distance _distance l2_distance cosine_distance"
_LABEL = "label relevance rating grade relevant is_relevant judgement judgment"
_HOLDERS = "segment _source fields node payload doc document chunk entity item properties"
_INPUTS = "inputs input request params query data result"
_LISTS = (
    "hits records chunks documents docs outputlist results nodes source_nodes matches candidates passages"
)
_POSITIVE, _NEGATIVE = "positive pos positives positive_passages", "negative neg negatives negative_passages"
# Of a flat record, the fields that make a nested list beside them no list of candidates.
_OWN_TEXT = ("document", "passage", "text", "content", "doc", "文档", "内容")
_DEEPEST = 8


def is_nested(record: Record) -> bool:
    """Whether a value holds an object, or a list of objects or lists."""
    return any(
        isinstance(value, dict)
        or (isinstance(value, list) and any(isinstance(entry, (dict, list)) for entry in value))
        for value in record.values()
    ) or bool(_strings(record, _POSITIVE) and _strings(record, _NEGATIVE))


def unfold(records: Sequence[tuple[int, Record]]) -> list[tuple[int, Row]]:
    """Flat rows of (line, record); InputError with the paths where nested records hold no list of texts."""
    rows: list[tuple[int, Row]] = []
    unknown: Record | None = None
    lists = without_query = 0
    for number, record in records:
        if not is_nested(record) or _has_own_text(record):
            rows.append((number, _flat(record)))
            continue
        found = list(_result_lists(record, None))
        for result in found:
            lists += 1
            without_query += result.query is None
            rows += ((number, row) for row in result.rows)
        if not found:
            if not any(isinstance(value, str) for value in record.values()):
                unknown = unknown or record
            elif any(_objects(value) for value in record.values()):
                unknown = unknown or record
            rows.append((number, _flat(record)))
    if unknown is not None and not lists:
        raise InputError(UNKNOWN, hint=HINT, paths=", ".join(_paths(unknown)))
    if without_query and lists > 1:
        raise InputError(NO_QUERIES, hint=HINT, count=lists)
    return rows


def lacks_order(records: Sequence[tuple[int, Record]]) -> bool:
    """Whether texts come as positive and negative ones, so that no list has an order of its own."""
    return any(_strings(record, _POSITIVE) and _strings(record, _NEGATIVE) for _, record in records)


@dataclass(frozen=True, slots=True)
class _ResultList:
    query: str | None
    rows: tuple[Row, ...]


def _result_lists(record: Record, outer: str | None, depth: int = 0) -> Iterator[_ResultList]:
    """The lists of results in a record, each with its query."""
    if depth > _DEEPEST:
        return
    query = _query(record) or outer
    shape = _labelled_lists(record, query) or _parallel_lists(record, query)
    if shape:
        yield from shape
        return
    found = [(path, entries) for path, entries in _object_lists(record) if any(map(_text, entries))]
    if len(found) > 1:
        named = [(path, entries) for path, entries in found if path.split(".")[-1].lower() in _LISTS.split()]
        found = named or found
    if len(found) > 1:
        raise InputError(SEVERAL, hint=HINT, paths=", ".join(path for path, _ in found))
    for _, entries in found:
        yield _ResultList(query, tuple(_hits(record, query, entries)))
    if not found:
        for _, entries in _object_lists(record):
            for entry in entries:
                yield from _result_lists(entry, query, depth + 1)


def _hits(record: Record, query: str | None, entries: Sequence[Record]) -> Iterator[Row]:
    labels = next((v for k, v in record.items() if k.lower() in ("labels", "relevances", "ratings")), None)
    shared = labels if isinstance(labels, list) and len(labels) == len(entries) else None
    query_id = next((record[k] for k in ("query_id", "qid", "question_id") if _plain(record.get(k))), None)
    for place, entry in enumerate(entries):
        text = _text(entry)
        if text is None:
            continue
        label = shared[place] if shared is not None else _value(entry, _LABEL)
        values: Row = {
            "query_id": query_id,
            "query": query,
            "document_id": _value(entry, _ID),
            "document": text,
            "label": label,
            "initial_rank": place + 1,
            "initial_score": _value(entry, _SCORE),
            "distance": None if _value(entry, _SCORE) is not None else _value(entry, _DISTANCE),
            "title": _value(entry, "title name document_name doc_name"),
        }
        yield {name: value for name, value in values.items() if value is not None}


def _labelled_lists(record: Record, query: str | None) -> list[_ResultList]:
    """Positive and negative texts; the file has no order of its own, so a hash of the text gives one."""
    positive, negative = _strings(record, _POSITIVE), _strings(record, _NEGATIVE)
    if not positive or not negative or query is None:
        return []
    texts = [(text, 1) for text in positive] + [(text, 0) for text in negative]
    texts.sort(key=lambda pair: hashlib.sha256(pair[0].encode("utf-8", "replace")).digest())
    rows = tuple({"query": query, "document": text, "label": label} for text, label in texts)
    return [_ResultList(query, rows)]


def _parallel_lists(record: Record, query: str | None) -> list[_ResultList]:
    """«ids», «documents», «distances»: a list per query in each, or one list."""
    named = {name.lower(): value for name, value in record.items()}
    documents = named.get("documents")
    if not isinstance(documents, list) or not isinstance(named.get("ids"), list):
        return []
    if documents and all(isinstance(entry, str) for entry in documents):
        named = {name: [value] for name, value in named.items()}
        documents = [documents]
    if not documents or not all(isinstance(entry, list) for entry in documents):
        return []
    queries = next((named[n] for n in ("query_texts", "queries", "query") if n in named), None)
    asked = queries if isinstance(queries, list) and len(queries) == len(documents) else [query]
    lists = []
    for place, texts in enumerate(documents):
        own = asked[place] if place < len(asked) and isinstance(asked[place], str) else None
        rows = []
        for at, text in enumerate(texts):
            row: Row = {"query": own, "document_id": _at(named.get("ids"), place, at), "document": text}
            row |= {"initial_rank": at + 1, "distance": _at(named.get("distances"), place, at)}
            row["initial_score"] = _at(named.get("scores"), place, at)
            rows.append({name: value for name, value in row.items() if value is not None})
        lists.append(_ResultList(own, tuple(row for row in rows if isinstance(row.get("document"), str))))
    return lists


def _at(lists: object, place: int, at: int) -> object:
    inner = lists[place] if isinstance(lists, list) and place < len(lists) else None
    return inner[at] if isinstance(inner, list) and at < len(inner) else None


def _query(record: Record) -> str | None:
    """The query's text: a field of its name, or one inside the object that holds the inputs."""
    for name, value in record.items():
        if name.lower() in _QUERY.split() and isinstance(value, str) and value.strip():
            return value
    for name, value in record.items():
        if isinstance(value, dict) and name.lower() in _INPUTS.split():
            inner = _query(value)
            if inner is None and name.lower() in ("query", "input"):
                inner = next((value[n] for n in ("content", "text") if isinstance(value.get(n), str)), None)
            if inner:
                return inner
    return None


def _text(entry: Record) -> str | None:
    if isinstance(entry.get("role"), str):  # a turn of a conversation
        return None
    value = _value(entry, _TEXT)
    return value if isinstance(value, str) and value.strip() else None


def _value(entry: Record, names: str) -> object:
    """The first plain value under one of the names, in the entry or in an object that it holds."""
    lowered = {name.lower(): value for name, value in entry.items()}
    for holder in (lowered, *(_lowered(lowered.get(name)) for name in _HOLDERS.split())):
        for name in names.split():
            value = holder.get(name)
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
            if _plain(value):
                return value
    return None


def _lowered(value: object) -> Mapping[str, object]:
    return {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else {}


def _plain(value: object) -> bool:
    return isinstance(value, (str, int, float, bool)) and value != ""


def _strings(record: Record, names: str) -> list[str]:
    for name, value in record.items():
        if name.lower() in names.split() and isinstance(value, list) and value:
            texts = [v if isinstance(v, str) else _text(v) if isinstance(v, dict) else None for v in value]
            if all(texts):
                return [text for text in texts if text]
    return []


def _objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _object_lists(record: Record, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Record]]]:
    """Lists of objects in a record, and in the objects it holds, but not in other lists."""
    for name, value in record.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, list) and _objects(value):
            yield here, value
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from _object_lists(value, here, depth + 1)


def _has_own_text(record: Record) -> bool:
    lowered = _lowered(record)
    return any(isinstance(lowered.get(name), str) for name in _OWN_TEXT)


def _flat(record: Record, path: str = "", depth: int = 0) -> Row:
    """Objects as columns with dotted names; empty ones vanish."""
    row: Row = {}
    for name, value in record.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict) and depth < _DEEPEST:
            row |= _flat(value, here, depth + 1)
        else:
            row[here] = value
    return row


def _paths(record: Record, most: int = 20) -> list[str]:
    found: list[str] = []

    def walk(value: object, path: str, depth: int) -> None:
        if len(found) >= most or depth > _DEEPEST:
            return
        if isinstance(value, dict) and value:
            for name, inner in value.items():
                walk(inner, f"{path}.{name}" if path else str(name), depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            walk(value[0], f"{path}[]", depth + 1)
        else:
            found.append(path)

    walk(record, "", 0)
    return found
