"""Haystack: a ranker component, for pipelines that wait and pipelines that await.

    from core.integrations.haystack import RerankRanker
    pipeline.add_component("ranker", RerankRanker(url="http://localhost:8080", top_k=5))
    pipeline.connect("retriever.documents", "ranker.documents")

Needs `haystack-ai`. Documents come as copies; a document's score is from 0 to 1 (a probability, or of the
embedded model a similarity, of which only the order counts), and its metadata get `relevance_score` and
`logit`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.errors import InputError
from core.integrations.packages import asked_for
from core.integrations.ranking import SECONDS, URL, Placed, Ranking, source_of
from core.records import Scorer

with asked_for("haystack-ai"):
    from haystack import Document, component, default_from_dict, default_to_dict
    from haystack.utils import Secret


@component
class RerankRanker:
    """See `run`. A pipeline with a url can be written to a file; Haystack reads it back with
    `Pipeline.load(…, allowed_modules=["core.integrations.haystack"])`.
    """

    def __init__(
        self,
        url: str = URL,
        *,
        scorer: Scorer | None = None,
        top_k: int | None = None,
        instruction: str | None = None,
        recipe: str = "",
        api_key: Secret | None = None,
        fallback: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        """url: the server; scorer: one of this process (`core.models.load_scorer`) in its place.

        top_k: how many documents come back, None for all. fallback: when scoring fails, log it and return the
        first order with its scores. recipe: a saved one of the server, which decides the order and how many
        come back.
        """
        self.url, self.scorer, self.top_k, self.instruction = url, scorer, top_k, instruction
        self.api_key, self.fallback, self.seconds = api_key, fallback, seconds
        self.recipe = recipe

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
    def run(self, query: str, documents: list[Document], top_k: int | None = None) -> dict[str, Any]:
        """`documents`: the best, best first."""
        placed = self._ranking(top_k).order(query, _texts(documents))
        return {"documents": _copies(documents, placed)}

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
    async def run_async(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, Any]:
        """The same, awaited."""
        placed = await self._ranking(top_k).order_later(query, _texts(documents))
        return {"documents": _copies(documents, placed)}

    def to_dict(self) -> dict[str, Any]:
        """As Haystack writes pipelines to files."""
        if self.scorer is not None:
            raise InputError(
                "A ranker with a scorer of this process cannot be written to a file.",
                where="scorer",
                hint="Use the url of a running server.",
            )
        written: dict[str, Any] = default_to_dict(
            self,
            url=self.url,
            top_k=self.top_k,
            instruction=self.instruction,
            recipe=self.recipe,
            api_key=self.api_key.to_dict() if self.api_key else None,
            fallback=self.fallback,
            seconds=self.seconds,
        )
        return written

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "RerankRanker":
        """The other way."""
        given = dict(data["init_parameters"])
        if given.get("api_key"):
            given["api_key"] = Secret.from_dict(given["api_key"])
        made: RerankRanker = default_from_dict(cls, {**data, "init_parameters": given})
        return made

    def _ranking(self, top_k: int | None) -> Ranking:
        key = (self.api_key.resolve_value() if self.api_key else "") or ""
        source = source_of(self.scorer, self.url, key, self.seconds, self.recipe)
        return Ranking(source, self.instruction, top_k or self.top_k, self.fallback)


def _texts(documents: Sequence[Document]) -> list[str]:
    return [document.content or "" for document in documents]


def _copies(documents: Sequence[Document], placed: Sequence[Placed]) -> list[Document]:
    return [_copy(documents[one.index], one) for one in placed]


def _copy(before: Document, placed: Placed) -> Document:
    if placed.logit is None:
        return replace(before)
    return replace(before, score=placed.probability, meta={**before.meta, **placed.metadata()})
