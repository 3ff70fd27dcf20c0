"""What retrieval works on, and what every store of passages offers. Nothing here stores or searches."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float32]"  # [dimensions], unit length
StoreKind = Literal["lancedb", "sqlite"]
Metadata: TypeAlias = tuple[tuple[str, str], ...]  # (name, value), each name once; a name has no «=»


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can be found. id: unique in its corpus.

    source: the file, page or collection it is from. position: its place there, counted from 0. metadata: what
    else is known of it, for filters only.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    position: int = 0
    metadata: Metadata = ()

    @property
    def read_text(self) -> str:
        """What is searched, embedded and reranked: the title above the text, unless that begins with it."""
        if not self.title or self.text.startswith(self.title):
            return self.text
        return f"{self.title}\n{self.text}"

    @property
    def key(self) -> int:
        """Equal for equal read texts, whatever their ids: a vector belongs to a text."""
        return _digest(self.read_text)

    @property
    def content(self) -> int:
        """Equal when nothing has to be stored again."""
        parts = (self.id, self.text, self.title, self.source, str(self.position), *labels(self.metadata))
        return _digest("\0".join(parts))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages count; all where nothing is named.

    sources: any of these. metadata: (name, value); of each name that occurs any of its values.
    """

    sources: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sources or self.metadata)

    def admits(self, source: str, metadata: Metadata) -> bool:
        """Whether a passage of this source and metadata counts."""
        if self.sources and source not in self.sources:
            return False
        has = set(metadata)
        return all(has.intersection(wanted) for wanted in self.by_name())

    def by_name(self) -> list[list[tuple[str, str]]]:
        """The pairs of each name together."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for pair in self.metadata:
            groups.setdefault(pair[0], []).append(pair)
        return list(groups.values())


EVERYWHERE = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. score: the search's own, higher is better."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding did: new ids, ids whose content is another now, ids that were there just so."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0

    def __add__(self, other: "AddReport") -> "AddReport":
        return AddReport(
            self.added + other.added, self.replaced + other.replaced, self.unchanged + other.unchanged
        )


@dataclass(frozen=True, slots=True)
class Embedding:
    """Whose vectors a corpus holds. fingerprint: equal fingerprints give comparable vectors."""

    fingerprint: str
    name: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What a store holds now.

    passages, vectors: how many; a passage without a vector is found by words only. tokenizer: version of the
    tokens. embedding: None before the first vector. sources: how many passages each has.
    """

    store: StoreKind
    passages: int
    vectors: int
    tokenizer: str
    embedding: Embedding | None
    sources: Mapping[str, int]


class PassageIndex(Protocol):
    """A corpus. Safe to use from several threads; several processes may read while one writes."""

    def add(self, passages: Iterable[Passage]) -> AddReport:
        """Store passages by id, in batches that are kept whole or not at all. The last of an id counts."""
        ...

    def remove(self, ids: Iterable[str]) -> int:
        """Forget passages; how many there were."""
        ...

    def words(self, query: str, k: int, within: Filters = EVERYWHERE) -> list[Hit]:
        """The best k by BM25 over our own tokens."""
        ...

    def nearest(self, vector: Vector, k: int, within: Filters = EVERYWHERE) -> list[Hit]:
        """The best k by cosine among the passages that have a vector; exact."""
        ...

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids in their order; unknown ids are left out."""
        ...

    @property
    def info(self) -> IndexInfo:
        """What is in it."""
        ...


class TakesVectors(Protocol):
    """The side of a store that is filled in the background, after the words."""

    def use_embedding(self, embedding: Embedding) -> None:
        """Say whose vectors are coming; InputError when those of another model are there."""
        ...

    def forget_vectors(self) -> None:
        """Drop all vectors, so that another model can be used."""
        ...

    def without_vector(self, most: int) -> list[Passage]:
        """Some passages that have no vector yet, in the order in which they were added."""
        ...

    def put_vectors(self, vectors: Mapping[int, Vector]) -> None:
        """Keep vectors by `Passage.key`, all of them or none; found from now on."""
        ...


class Corpus(PassageIndex, TakesVectors, Protocol):
    """A whole store."""

    def ids(self, sources: Sequence[str] = ()) -> list[str]:
        """All ids, or those of some sources, in the order in which they were added."""
        ...

    def vectors(self, keys: Sequence[int]) -> dict[int, Vector]:
        """Vectors by `Passage.key`, of those that have one."""
        ...

    def metadata(self) -> dict[str, dict[str, int]]:
        """Every name of the metadata, with its values and how many passages have each."""
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...


def labels(metadata: Metadata) -> list[str]:
    """As stores keep it: «name=value»."""
    return [f"{name}={value}" for name, value in metadata]


def metadata_of(stored: Iterable[str]) -> Metadata:
    """What `labels` wrote."""
    split = (label.partition("=") for label in stored)
    return tuple((name, value) for name, _, value in split)


def _digest(text: str) -> int:
    """63 bits: at a million texts two different ones collide with a chance of one in ten million."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
