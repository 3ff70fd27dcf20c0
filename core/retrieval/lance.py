"""The default store, on LanceDB: texts, word index and vectors in one folder, or on object storage.

Every call of LanceDB is in this module, because its interface moves. It commits by versions of its tables, so
a killed process leaves the last whole version; rows that no index has seen yet are searched all the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from core.errors import StorageError
from core.retrieval.nearest import Entry
from core.retrieval.passages import Filters, Hit, Passage, labels, metadata_of
from core.retrieval.store import Store
from core.retrieval.tokens import tokens

if TYPE_CHECKING:
    from lancedb.table import Table

ABOUT, PASSAGES, VECTORS = "about", "passages", "vectors"
# Rows beyond the word index are read one by one: 2,000 of them cost a query about 10 ms.
UNINDEXED_ROWS = 2000
PORTION = 8192
# Each write is a small file of its own; after so many they are joined.
WRITES_PER_TIDYING = 64
# Old versions that nobody can be reading any more.
KEPT_VERSIONS = timedelta(minutes=10)
# LanceDB's own rule for what a token is, if asked, would be another one in its next version.
AS_GIVEN: dict[str, Any] = {
    "base_tokenizer": "whitespace",
    "max_token_length": None,
    "lower_case": False,
    "stem": False,
    "remove_stop_words": False,
    "ascii_folding": False,
    "with_position": False,
}
PASSAGE_COLUMNS = ["id", "text", "title", "source", "position", "metadata"]
ENTRY_COLUMNS = ["id", "key", "content", "source", "metadata"]

FAILED = "The corpus cannot be used: {problem}"
FAILED_HINT = "Check the disk and its free space, then try again."

_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in ("id", "text", "title", "source")),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("metadata", pa.list_(pa.string()), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("content", pa.int64(), nullable=False),
        pa.field("tokens", pa.string(), nullable=False),
    ]
)
_ABOUT_SCHEMA = pa.schema([("name", pa.string()), ("value", pa.string())])


class LanceStore(Store):
    """A corpus at an address that LanceDB understands: a folder, `s3://…`, `gs://…`."""

    kind = "lancedb"

    def __init__(self, address: str) -> None:
        import lancedb

        with _translated(address):
            self._database = lancedb.connect(address)
            self._notes: Table = self._database.create_table(ABOUT, schema=_ABOUT_SCHEMA, exist_ok=True)
            self._table: Table = self._database.create_table(PASSAGES, schema=_SCHEMA, exist_ok=True)
            self._vectors: Table | None = self._opened_vectors()
            self._writes = 0
            super().__init__(address)

    def close(self) -> None:
        """LanceDB holds no lock and no open file between calls."""
        self._vectors = None

    def _about(self) -> dict[str, str]:
        with _translated(self._where):
            self._notes.checkout_latest()  # type: ignore[no-untyped-call]
            rows = self._notes.search().to_arrow().to_pylist()
            if any(row["name"] == "embedding" and row["value"] for row in rows):
                self._vectors = self._opened_vectors()
        return {row["name"]: row["value"] for row in rows}

    def _note(self, about: Mapping[str, str]) -> None:
        rows = pa.table({"name": list(about), "value": list(about.values())}, schema=_ABOUT_SCHEMA)
        with _translated(self._where):
            merge = self._notes.merge_insert("name").when_matched_update_all().when_not_matched_insert_all()
            merge.execute(rows)

    def _now(self) -> object:
        with _translated(self._where):
            tables = [self._notes, self._table, *([self._vectors] if self._vectors else [])]
            for table in tables:
                table.checkout_latest()  # type: ignore[no-untyped-call]
            return [table.version for table in tables]

    def _entries(self) -> Iterable[Entry]:
        with _translated(self._where):
            rows = self._table.search().select(ENTRY_COLUMNS).to_arrow()
        columns = [rows[name].to_pylist() for name in ENTRY_COLUMNS]
        return (
            Entry(name, key, content, source, metadata_of(kept))
            for name, key, content, source, kept in zip(*columns, strict=True)
        )

    def _count(self) -> int:
        with _translated(self._where):
            return int(self._table.count_rows())

    def _passages_now(self) -> object:
        with _translated(self._where):
            return self._table.version

    def _stored_keys(self) -> NDArray[np.int64]:
        if self._vectors is None:
            return np.empty(0, np.int64)
        with _translated(self._where):
            keys: NDArray[np.int64] = self._vectors.search().select(["key"]).to_arrow()["key"].to_numpy()
        return keys

    def _stored_vectors(
        self, wanted: Sequence[int] | None = None
    ) -> Iterator[tuple[list[int], NDArray[np.float16]]]:
        if self._vectors is None:
            return
        with _translated(self._where):
            search = self._vectors.search().select(["key", "vector"])
            if wanted is not None:
                search = search.where(_among_keys(wanted))
            for batch in search.to_batches(PORTION):
                if batch.num_rows:
                    flat = batch.column("vector").flatten().to_numpy(zero_copy_only=False)
                    yield batch.column("key").to_pylist(), flat.reshape(batch.num_rows, -1)

    def _write(self, new: Sequence[Passage], changed: Sequence[Passage]) -> None:
        with _translated(self._where):
            if changed:
                merge = self._table.merge_insert("id").when_matched_update_all()
                merge.when_not_matched_insert_all().execute(_rows([*changed, *new]))
            else:
                self._table.add(_rows(new))

    def _delete(self, ids: Sequence[str]) -> None:
        with _translated(self._where):
            self._table.delete(_among("id", ids))

    def _read(self, ids: Sequence[str]) -> Iterable[Passage]:
        with _translated(self._where):
            rows = self._table.search().where(_among("id", ids)).select(PASSAGE_COLUMNS).to_arrow()
        columns = [rows[name].to_pylist() for name in PASSAGE_COLUMNS]
        return (
            Passage(name, text, title, source, position, metadata_of(kept))
            for name, text, title, source, position, kept in zip(*columns, strict=True)
        )

    def _find_words(self, wanted: Sequence[str], k: int, within: Filters) -> list[Hit]:
        from lancedb.query import MatchQuery

        with _translated(self._where):
            if "tokens" not in self._indexes():
                self._tend()
            match = MatchQuery(" ".join(wanted), "tokens")  # type: ignore[call-arg]
            search = self._table.search(match).select(["id", "_score"])
            if within:
                search = search.where(_within(within), prefilter=True)
            rows = search.limit(k).to_arrow()
        scores = rows["_score"].to_pylist()
        return [Hit(name, score) for name, score in zip(rows["id"].to_pylist(), scores, strict=True)]

    def _tend(self) -> None:
        from lancedb.index import FTS, BTree

        with _translated(self._where):
            there = self._indexes()
            if "id" not in there:
                self._table.create_index("id", config=BTree(), name="id")
            if "tokens" not in there:
                self._table.create_index("tokens", config=FTS(**AS_GIVEN), name="tokens")
                return
            index = self._table.index_stats("tokens")
            if index is not None and index.num_unindexed_rows > UNINDEXED_ROWS:
                self._table.optimize(cleanup_older_than=KEPT_VERSIONS)

    def _indexes(self) -> set[str]:
        return {index.name for index in self._table.list_indices()}

    def _begin_vectors(self, dimensions: int) -> None:
        schema = pa.schema([("key", pa.int64()), ("vector", pa.list_(pa.float16(), dimensions))])
        with _translated(self._where):
            self._drop_vectors()
            self._vectors = self._database.create_table(VECTORS, schema=schema)

    def _write_vectors(self, keys: Sequence[int], vectors: NDArray[np.float16]) -> None:
        assert self._vectors is not None  # `use_embedding` comes first
        values = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        with _translated(self._where):
            self._vectors.add(pa.table({"key": pa.array(keys, pa.int64()), "vector": values}))
            self._writes += 1
            if self._writes % WRITES_PER_TIDYING == 0:
                self._vectors.optimize(cleanup_older_than=KEPT_VERSIONS)

    def _delete_vectors(self, keys: Sequence[int]) -> None:
        if self._vectors is not None:
            with _translated(self._where):
                self._vectors.delete(_among_keys(keys))

    def _end_vectors(self) -> None:
        with _translated(self._where):
            self._drop_vectors()
            self._vectors = None

    def _drop_vectors(self) -> None:
        if VECTORS in self._database.list_tables().tables:
            self._database.drop_table(VECTORS)

    def _opened_vectors(self) -> "Table | None":
        names = self._database.list_tables().tables
        return self._database.open_table(VECTORS) if VECTORS in names else None


def _rows(passages: Sequence[Passage]) -> pa.Table:
    return pa.table(
        {
            "id": [one.id for one in passages],
            "text": [one.text for one in passages],
            "title": [one.title for one in passages],
            "source": [one.source for one in passages],
            "position": [one.position for one in passages],
            "metadata": [labels(one.metadata) for one in passages],
            "key": [one.key for one in passages],
            "content": [one.content for one in passages],
            "tokens": [" ".join(tokens(one.read_text)) for one in passages],
        },
        schema=_SCHEMA,
    )


def _within(filters: Filters) -> str:
    """A condition in LanceDB's SQL."""
    conditions = [_among("source", filters.sources)] if filters.sources else []
    for pairs in filters.by_name():
        conditions.append(f"array_has_any(metadata, [{_quoted(labels(tuple(pairs)))}])")
    return " AND ".join(conditions)


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({_quoted(values)})"


def _quoted(values: Sequence[str]) -> str:
    """A quotation mark is written twice."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _among_keys(keys: Sequence[int]) -> str:
    return f"key IN ({', '.join(map(str, keys))})"


@contextmanager
def _translated(where: str) -> Iterator[None]:
    """LanceDB raises built-in errors only; its own sentence is kept as the reason."""
    try:
        yield
    except (RuntimeError, OSError, ValueError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StorageError(FAILED, where=where, hint=FAILED_HINT, problem=problem[:300]) from error
