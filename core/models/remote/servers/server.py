"""What a kind of rerank server declares of itself, and the two answer shapes that most of them share."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from core.models.remote.transport import RemoteError

# «logit» and «probability»: what the server is asked for. «told by its scores»: recognised on connecting.
Scale = Literal["logit", "probability", "told by its scores"]

DOLLARS = "US$"

MALFORMED = "The answer of the server is not what {title} answers: {problem}."


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a query, some of its documents, and what the scorer settled on connecting."""

    model: str
    query: str
    documents: Sequence[str]
    instruction: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """What the maker charges by its list, and when that was looked up; nothing is known of discounts.

    currency: as a sign that stands before the number.
    """

    per_million_tokens: float
    looked_up: str
    currency: str = DOLLARS


@dataclass(frozen=True, slots=True)
class Server:
    """One kind of server.

    kind: the word before «+» in an address. path: asked when the address has none. hosts: of its maker.
    body: the request as JSON values. scores: the answer as numbers in the order of the documents; it may
    raise LookupError, TypeError or ValueError on anything unexpected.
    instruction: whether it takes one. most_documents, most_bytes: of one request.
    key_variable: the environment variable of its maker. needs_model: an address must name one.
    prices: by model, those that are known.
    """

    kind: str
    title: str
    path: str
    body: Callable[[Asked], dict[str, object]]
    scores: Callable[[Any, int], list[float]]
    scale: Scale
    instruction: bool
    most_documents: int
    most_bytes: int = 2_000_000
    hosts: tuple[str, ...] = ()
    key_variable: str = ""
    needs_model: bool = False
    prices: Mapping[str, Price] = field(default_factory=dict)

    def read(self, answer: object, count: int) -> list[float]:
        """A finite score per document in the caller's order; RemoteError for any other answer."""
        try:
            return self.scores(answer, count)
        except (LookupError, TypeError, ValueError) as error:
            problem = str(error) or type(error).__name__
            raise RemoteError(MALFORMED, title=self.title, problem=problem) from error


def indexed(entries: object, count: int, name: str) -> list[float]:
    """Scores of entries that name their document by `index`, whatever their order."""
    if not isinstance(entries, list):
        raise TypeError("no list of results")
    found: dict[int, float] = {}
    for entry in entries:
        place, value = entry["index"], entry[name]
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < count:
            raise ValueError(f"index {place!r} of {count} documents")
        if place in found:
            raise ValueError(f"index {place} twice")
        found[place] = number(value)
    if len(found) != count:
        raise ValueError(f"{len(found)} scores for {count} documents")
    return [found[place] for place in range(count)]


def number(value: object) -> float:
    """A finite number; ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"a score is {value!r}")
    return float(value)


def cohere_body(asked: Asked, **more: object) -> dict[str, object]:
    """The form that Cohere began and most servers read: no limit on results, no texts sent back."""
    body: dict[str, object] = {"query": asked.query, "documents": list(asked.documents)}
    if asked.model:
        body["model"] = asked.model
    return body | more


def results(answer: Mapping[str, Any], count: int) -> list[float]:
    """The answer to that form."""
    return indexed(answer["results"], count, "relevance_score")
