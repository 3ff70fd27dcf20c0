"""What both stores share: batches, ids that are known already, filling with vectors, changes by others.

A store keeps files; this keeps their picture in memory (`nearest`) in step with them. A write reaches the
files first: what a caller has been told is stored is there after a crash.
"""

import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, StorageError
from core.retrieval.nearest import Entry, Nearest, as_stored
from core.retrieval.passages import (
    EVERYWHERE,
    AddReport,
    Embedding,
    Filters,
    Hit,
    IndexInfo,
    Passage,
    StoreKind,
    Vector,
)
from core.retrieval.tokens import TOKENIZER, tokens

# Passages that are committed together: a fraction of a second's work, all of it or nothing after a crash.
BATCH = 5000
# How long a process may not see what another one has written.
LOOK_EVERY_SECONDS = 1.0
# Up to one in so many, vectors are fetched one by one; beyond, all are read.
FEW = 5
# The longest list of names in one statement.
MOST_NAMES = 1000
FORMAT = "2"

T = TypeVar("T")

OTHER_TOKENS = "The corpus was indexed with other tokens ({found}) than this version makes ({expected})."
OTHER_TOKENS_HINT = "Remove the corpus and add its files again."
TOO_OLD = "The corpus was written by an earlier version of this program."
TOO_NEW = "The corpus was written by a newer version of this program."
TOO_NEW_HINT = "Update the program, or use another corpus."
OTHER_EMBEDDING = "The corpus holds vectors of {found}, and {asked} makes others; the two are never mixed."
OTHER_EMBEDDING_HINT = "Use the same embedding model, or have all vectors made again with this one."


class Store(ABC):
    """Implements `core.retrieval.passages.Corpus` over what a kind of store can do."""

    kind: StoreKind

    def __init__(self, where: str) -> None:
        """Subclasses open their files first, then call this."""
        self._where = where
        self._writing = threading.RLock()
        about = self._about()
        if not about:
            self._note({"format": FORMAT, "tokenizer": TOKENIZER})
        _check(about, where)
        self._embedding = _embedding(about)
        self._stamp, self._passages_stamp = self._now(), self._passages_now()
        self._looked = time.monotonic()
        self._near = Nearest(self._entries())
        self._take_vectors(self._near)

    def add(self, passages: Iterable[Passage]) -> AddReport:
        """Store passages by id; see `PassageIndex.add`."""
        report = AddReport()
        waiting = iter(passages)
        with self._writing:
            self._look(at_once=True)
            while batch := {passage.id: passage for passage in islice(waiting, BATCH)}:
                report += self._add_batch(batch)
            self._tend()
        return report

    def remove(self, ids: Iterable[str]) -> int:
        """Forget passages; how many there were."""
        with self._writing:
            self._look(at_once=True)
            known = [name for name in dict.fromkeys(ids) if self._near.entry(name) is not None]
            if not known:
                return 0
            for part in parts(known):
                self._delete(part)
            dead = self._near.drop(known)
            if self._embedding is not None:
                for keys in parts(dead):
                    self._delete_vectors(keys)
            self._settle()
            return len(known)

    def words(self, query: str, k: int, within: Filters = EVERYWHERE) -> list[Hit]:
        """The best k by BM25; equal scores by id, so that the order is the same every time."""
        wanted = list(dict.fromkeys(tokens(query)))
        if not wanted or k < 1:
            return []
        self._look()
        return sorted(self._find_words(wanted, k, within), key=lambda hit: (-hit.score, hit.id))

    def nearest(self, vector: Vector, k: int, within: Filters = EVERYWHERE) -> list[Hit]:
        """The best k by cosine among the passages that have a vector."""
        self._look()
        return self._near.search(vector, k, within)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids in their order."""
        self._look()
        found: dict[str, Passage] = {}
        for part in parts(list(dict.fromkeys(ids))):
            found.update((passage.id, passage) for passage in self._read(part))
        return [found[name] for name in ids if name in found]

    def ids(self, sources: Sequence[str] = ()) -> list[str]:
        """All ids, or those of some sources, in the order in which they were added."""
        self._look()
        return self._near.ids(sources)

    def vectors(self, keys: Sequence[int]) -> dict[int, Vector]:
        """Vectors by key, as stored: in half precision."""
        self._look()
        return self._near.vectors(keys)

    def metadata(self) -> dict[str, dict[str, int]]:
        """How many passages have each value of each name."""
        self._look()
        return self._near.metadata_counts()

    @property
    def info(self) -> IndexInfo:
        """What is in it."""
        self._look()
        return IndexInfo(
            self.kind,
            len(self._near),
            self._near.with_vector(),
            TOKENIZER,
            self._embedding,
            self._near.source_counts(),
        )

    def use_embedding(self, embedding: Embedding) -> None:
        """Say whose vectors are coming; see `TakesVectors`."""
        with self._writing:
            self._look(at_once=True)
            if self._embedding is None:
                self._begin_vectors(embedding.dimensions)
                self._note({"embedding": json.dumps(_record(embedding))})
                self._embedding = embedding
                self._settle()
            elif self._embedding.fingerprint != embedding.fingerprint:
                raise InputError(
                    OTHER_EMBEDDING,
                    where=self._where,
                    hint=OTHER_EMBEDDING_HINT,
                    found=self._embedding.name,
                    asked=embedding.name,
                )

    def forget_vectors(self) -> None:
        """Drop all vectors, so that another model can be used."""
        with self._writing:
            if self._embedding is not None:
                self._note({"embedding": ""})
                self._end_vectors()
                self._embedding = None
            self._near.forget_vectors()
            self._settle()

    def without_vector(self, most: int) -> list[Passage]:
        """Some passages that have no vector yet."""
        self._look()
        return self.passages(self._near.without_vector(most))

    def put_vectors(self, vectors: Mapping[int, Vector]) -> None:
        """Keep vectors by `Passage.key`."""
        if not vectors:
            return
        keys, stored = as_stored(vectors)
        with self._writing:
            self._look(at_once=True)
            self._write_vectors(keys, stored)
            self._near.put_vectors(keys, stored)
            self._settle()

    def _add_batch(self, batch: Mapping[str, Passage]) -> AddReport:
        known = {name: self._near.entry(name) for name in batch}
        contents = {name: passage.content for name, passage in batch.items()}
        new = [passage for name, passage in batch.items() if known[name] is None]
        changed = [
            passage
            for name, passage in batch.items()
            if (entry := known[name]) is not None and entry.content != contents[name]
        ]
        if new or changed:
            self._write(new, changed)
            self._near.put(
                Entry(one.id, one.key, contents[one.id], one.source, one.metadata) for one in (*changed, *new)
            )
            self._settle()
        return AddReport(len(new), len(changed), len(batch) - len(new) - len(changed))

    def _look(self, *, at_once: bool = False) -> None:
        """Take over what other processes have written since the last look."""
        if not at_once and time.monotonic() - self._looked < LOOK_EVERY_SECONDS:
            return
        # Who searches waits neither for another thread that looks nor for one that writes.
        if not self._writing.acquire(blocking=at_once):
            return
        try:
            self._looked = time.monotonic()
            found = self._now()
            if found == self._stamp:
                return
            before, self._embedding = self._embedding, _embedding(self._about())
            passages = self._passages_now()
            if self._embedding == before and passages is not None and passages == self._passages_stamp:
                self._take_vectors(self._near)
            else:
                near = Nearest(self._entries(), self._near if self._embedding == before else None)
                self._take_vectors(near)
                self._near = near
            self._stamp, self._passages_stamp = found, passages
        finally:
            self._writing.release()

    def _settle(self) -> None:
        """Own writes are no news, unless somebody else has added or removed meanwhile."""
        now = self._now()
        if self._count() == len(self._near):
            self._stamp, self._passages_stamp = now, self._passages_now()

    def _take_vectors(self, near: Nearest) -> None:
        if self._embedding is None:
            return
        stored = self._stored_keys()
        wanted: list[int] = np.intersect1d(stored, np.array(near.unknown_keys(), np.int64)).tolist()
        if len(wanted) * FEW > len(stored):
            for keys, vectors in self._stored_vectors():
                near.put_vectors(keys, vectors)
            return
        for part in parts(wanted):
            for keys, vectors in self._stored_vectors(part):
                near.put_vectors(keys, vectors)

    # What a kind of store does.

    @abstractmethod
    def close(self) -> None:
        """Let go of files and memory."""

    @abstractmethod
    def _about(self) -> dict[str, str]:
        """The notes about the corpus; empty for a new one."""

    @abstractmethod
    def _note(self, about: Mapping[str, str]) -> None:
        """Keep notes, each in place of the one of its name."""

    @abstractmethod
    def _now(self) -> object:
        """Another value after every write, by whichever process."""

    @abstractmethod
    def _entries(self) -> Iterable[Entry]:
        """All passages without their texts, in the order in which they were added."""

    @abstractmethod
    def _count(self) -> int:
        """How many passages there are."""

    def _passages_now(self) -> object:
        """Another value after every write of passages, as of the last `_now`; None where none is known."""
        return None

    @abstractmethod
    def _stored_keys(self) -> NDArray[np.int64]:
        """The keys of all vectors."""

    @abstractmethod
    def _stored_vectors(
        self, wanted: Sequence[int] | None = None
    ) -> Iterator[tuple[list[int], NDArray[np.float16]]]:
        """Vectors [n, dimensions] with their keys, in portions; all where none are named."""

    @abstractmethod
    def _write(self, new: Sequence[Passage], changed: Sequence[Passage]) -> None:
        """Commit passages, all or none."""

    @abstractmethod
    def _delete(self, ids: Sequence[str]) -> None:
        """Commit that these are gone."""

    @abstractmethod
    def _read(self, ids: Sequence[str]) -> Iterable[Passage]:
        """Passages in any order."""

    @abstractmethod
    def _find_words(self, wanted: Sequence[str], k: int, within: Filters) -> list[Hit]:
        """The best k that hold any of these tokens."""

    @abstractmethod
    def _begin_vectors(self, dimensions: int) -> None:
        """Make room for vectors of this length."""

    @abstractmethod
    def _write_vectors(self, keys: Sequence[int], vectors: NDArray[np.float16]) -> None:
        """Commit vectors, all or none."""

    @abstractmethod
    def _delete_vectors(self, keys: Sequence[int]) -> None:
        """Commit that these are gone."""

    @abstractmethod
    def _end_vectors(self) -> None:
        """Commit that there are none any more."""

    @abstractmethod
    def _tend(self) -> None:
        """Bring indexes up to date after adding."""


def parts(names: Sequence[T]) -> Iterator[list[T]]:
    """The names in lists short enough for one statement."""
    for start in range(0, len(names), MOST_NAMES):
        yield list(names[start : start + MOST_NAMES])


def _check(about: Mapping[str, str], where: str) -> None:
    found = about.get("format", FORMAT)
    if found != FORMAT:
        if found < FORMAT:
            raise StorageError(TOO_OLD, where=where, hint=OTHER_TOKENS_HINT)
        raise StorageError(TOO_NEW, where=where, hint=TOO_NEW_HINT)
    if about.get("tokenizer", TOKENIZER) != TOKENIZER:
        raise StorageError(
            OTHER_TOKENS,
            where=where,
            hint=OTHER_TOKENS_HINT,
            found=about["tokenizer"],
            expected=TOKENIZER,
        )


def _embedding(about: Mapping[str, str]) -> Embedding | None:
    return Embedding(**json.loads(about["embedding"])) if about.get("embedding") else None


def _record(embedding: Embedding) -> dict[str, object]:
    return {
        "fingerprint": embedding.fingerprint,
        "name": embedding.name,
        "dimensions": embedding.dimensions,
    }
