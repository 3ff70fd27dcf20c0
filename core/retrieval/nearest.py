"""Exact search over vectors held in memory, beside what a store must know of each passage to filter them.

One matrix product answers a query: 20 ms for 100,000 vectors of 384 dimensions, 0.2 s for a million, so no
approximate index is kept. Stores read this from their files and tell it of every change.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.retrieval.passages import EVERYWHERE, Filters, Hit, Metadata, Vector

FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a stored passage without its text. key, content: as of `Passage`."""

    id: str
    key: int
    content: int
    source: str
    metadata: Metadata = ()


class Nearest:
    """Passages and vectors of one corpus. Safe to use from several threads.

    A passage is either searchable (its text's vector is known) or waiting for one. Searchable ones stand in
    arrays that only grow, so that a search goes on undisturbed while others are added; dropping builds anew.
    """

    def __init__(self, entries: Iterable[Entry] = (), before: "Nearest | None" = None) -> None:
        """before: whose vectors are taken over; it is not changed."""
        self._lock = threading.RLock()
        self._entries: dict[str, Entry] = {}
        self._vectors: dict[int, int] = {}  # key → row of the matrix
        self._matrix: NDArray[np.float32] = np.empty((0, 0), np.float32)
        if before is not None:
            with before._lock:
                self._vectors, self._matrix = dict(before._vectors), before._matrix.copy()
        # Passages of the same source and metadata are of one kind, which is what filters choose.
        self._kinds: dict[tuple[str, Metadata], int] = {}
        self._sources: Counter[str] = Counter()
        self._metadata: Counter[tuple[str, str]] = Counter()
        self._begin()
        self.put(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, passage_id: str) -> Entry | None:
        """What is known of one passage."""
        return self._entries.get(passage_id)

    def ids(self, sources: Sequence[str] = ()) -> list[str]:
        """In the order in which they were added."""
        with self._lock:
            return [entry.id for entry in self._entries.values() if not sources or entry.source in sources]

    def source_counts(self) -> dict[str, int]:
        """How many passages each source has, in the order in which they came."""
        with self._lock:
            return dict(+self._sources)

    def metadata_counts(self) -> dict[str, dict[str, int]]:
        """How many passages have each value of each name, in the order in which they came."""
        with self._lock:
            counts: dict[str, dict[str, int]] = {}
            for (name, value), count in (+self._metadata).items():
                counts.setdefault(name, {})[value] = count
            return counts

    def with_vector(self) -> int:
        """How many passages have a vector."""
        return len(self._found_ids)

    def without_vector(self, most: int) -> list[str]:
        """The first ids whose texts have none; of equal texts one."""
        with self._lock:
            return [ids[0] for ids in islice(self._waiting.values(), most)]

    def unknown_keys(self) -> list[int]:
        """The keys of the texts that have no vector."""
        with self._lock:
            return list(self._waiting)

    def put(self, entries: Iterable[Entry]) -> None:
        """Add passages, or replace those of the same ids."""
        with self._lock:
            replaced = False
            for entry in entries:
                before = self._entries.get(entry.id)
                if before is not None:
                    replaced = True
                    self._uncount([before])
                self._sources[entry.source] += 1
                self._metadata.update(entry.metadata)
                self._entries[entry.id] = entry
                if not replaced:
                    self._place([entry])
            if replaced:
                self._begin()
                self._place(self._entries.values())

    def drop(self, ids: Iterable[str]) -> list[int]:
        """Forget passages; the keys that no passage has any more."""
        with self._lock:
            dropped = [entry for i in ids if (entry := self._entries.pop(i, None)) is not None]
            self._uncount(dropped)
            gone = {entry.key for entry in dropped}
            if not gone:
                return []
            self._begin()
            self._place(self._entries.values())
            return list(gone.difference(entry.key for entry in self._entries.values()))

    def put_vectors(self, keys: Sequence[int], vectors: NDArray[np.floating]) -> None:
        """Add vectors [n, dimensions] by key; keys that are known keep theirs."""
        with self._lock:
            new = {key: at for at, key in enumerate(keys) if key not in self._vectors}
            if not new:
                return
            count = len(self._vectors)
            if count + len(new) > len(self._matrix):
                self._matrix = _with_room(self._matrix, count, len(new), vectors.shape[1])
            self._matrix[count : count + len(new)] = vectors[list(new.values())]
            self._vectors.update((key, count + i) for i, key in enumerate(new))
            for key in new:
                self._place([self._entries[i] for i in self._waiting.pop(key, ())])

    def vectors(self, keys: Sequence[int]) -> dict[int, Vector]:
        """The vectors of these keys that there are."""
        with self._lock:
            return {key: self._matrix[self._vectors[key]].copy() for key in keys if key in self._vectors}

    def forget_vectors(self) -> None:
        """Drop all vectors."""
        with self._lock:
            self._vectors, self._matrix = {}, np.empty((0, 0), np.float32)
            self._begin()
            self._place(self._entries.values())

    def search(self, vector: Vector, k: int, within: Filters = EVERYWHERE) -> list[Hit]:
        """The best k by dot product; equal scores in the order in which the passages became searchable."""
        with self._lock:
            ids, count = self._found_ids, len(self._found_ids)
            rows, kinds = self._found[:count, 0], self._found[:count, 1]
            matrix = self._matrix[: len(self._vectors)]
            wanted = (
                [number for kind, number in self._kinds.items() if within.admits(*kind)] if within else []
            )
        if not count or k < 1 or (within and not wanted):
            return []
        scores = (matrix @ np.asarray(vector, np.float32))[rows]
        if within:
            scores = np.where(np.isin(kinds, wanted), scores, -np.inf)
        best = np.argpartition(-scores, k - 1)[:k] if k < count else np.arange(count)
        best = best[np.lexsort((best, -scores[best]))]
        return [Hit(ids[at], float(scores[at])) for at in best if scores[at] > -np.inf]

    def _uncount(self, entries: Sequence[Entry]) -> None:
        self._sources.subtract(entry.source for entry in entries)
        self._metadata.subtract(pair for entry in entries for pair in entry.metadata)

    def _begin(self) -> None:
        """Nothing is searchable yet. New objects: a search that runs keeps the old ones."""
        self._found_ids: list[str] = []
        self._found: NDArray[np.int64] = np.empty((0, 2), np.int64)  # matrix row, number of the kind
        self._waiting: dict[int, list[str]] = {}

    def _place(self, entries: Iterable[Entry]) -> None:
        """Put passages where they belong."""
        for entry in entries:
            row = self._vectors.get(entry.key)
            if row is None:
                self._waiting.setdefault(entry.key, []).append(entry.id)
                continue
            at = len(self._found_ids)
            if at == len(self._found):
                self._found = _with_room(self._found, at, 1, 2)
            kind = self._kinds.setdefault((entry.source, entry.metadata), len(self._kinds))
            self._found[at] = row, kind
            self._found_ids.append(entry.id)


def _with_room(array: NDArray[Any], count: int, more: int, width: int) -> NDArray[Any]:
    """A larger array [count + more at least, width] that begins with the first `count` rows of this one."""
    larger = np.zeros((max(FIRST_ROOM, count + more, 2 * len(array)), width), array.dtype)
    if count:
        larger[:count] = array[:count]
    return larger


def as_stored(vectors: Mapping[int, Vector]) -> tuple[list[int], NDArray[np.float16]]:
    """Keys and vectors [n, dimensions] as files hold them: half precision, a difference of 0.0005 a cosine.

    What is found is the same before and after a restart, because memory gets these rounded values too.
    """
    rows = np.stack([np.asarray(vector, np.float32) for vector in vectors.values()])
    return list(vectors), rows.astype(np.float16)
