"""LlamaIndex: a node postprocessor that reranks.

    from core.integrations.llama_index import RerankPostprocessor
    index.as_query_engine(node_postprocessors=[RerankPostprocessor(url="http://localhost:8080", top_n=5)])

Needs `llama-index-core`. Nodes come as copies; what is scored is a node's text as embeddings see it, as with
LlamaIndex's own rerankers.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr

from core.errors import InputError
from core.integrations.packages import asked_for
from core.integrations.ranking import SECONDS, URL, Placed, Ranking, source_of

with asked_for("llama-index-core"):
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle


class RerankPostprocessor(BaseNodePostprocessor):  # type: ignore[misc]
    """url: the server; scorer: one of this process (`core.models.load_scorer`) in its place.

    top_n: how many nodes come back, None for all. fallback: when scoring fails, log it and return the first
    order with its scores. A node's score is from 0 to 1 (a probability, or of the embedded model a
    similarity, of which only the order counts); its metadata get `relevance_score`, `logit` and the score
    before (`retrieval_score`), none of which a language model or an embedding gets to see.
    """

    url: str = URL
    scorer: Any = None
    top_n: int | None = None
    instruction: str | None = None
    recipe: str = ""
    api_key: SecretStr | None = None
    fallback: bool = False
    seconds: float = SECONDS

    @classmethod
    def class_name(cls) -> str:
        """As LlamaIndex names it."""
        return "RerankPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return _copies(nodes, self._ranking().order(_query(query_bundle), _texts(nodes)))

    async def _apostprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return _copies(nodes, await self._ranking().order_later(_query(query_bundle), _texts(nodes)))

    def _ranking(self) -> Ranking:
        key = self.api_key.get_secret_value() if self.api_key else ""
        source = source_of(self.scorer, self.url, key, self.seconds, self.recipe)
        return Ranking(source, self.instruction, self.top_n, self.fallback)


def _query(bundle: QueryBundle | None) -> str:
    if bundle is None:
        raise InputError("Reranking needs a query.", where="query_str")
    text: str = bundle.query_str
    return text


def _texts(nodes: Sequence[NodeWithScore]) -> list[str]:
    return [one.node.get_content(metadata_mode=MetadataMode.EMBED) for one in nodes]


def _copies(nodes: Sequence[NodeWithScore], placed: Sequence[Placed]) -> list[NodeWithScore]:
    return [_copy(nodes[one.index], one) for one in placed]


def _copy(before: NodeWithScore, placed: Placed) -> NodeWithScore:
    scores: dict[str, float] = placed.metadata()
    if not scores:
        return before.model_copy()
    if before.score is not None:
        scores["retrieval_score"] = before.score
    node = before.node
    changed = node.model_copy(
        update={
            "metadata": {**node.metadata, **scores},
            "excluded_embed_metadata_keys": [*node.excluded_embed_metadata_keys, *scores],
            "excluded_llm_metadata_keys": [*node.excluded_llm_metadata_keys, *scores],
        }
    )
    return NodeWithScore(node=changed, score=placed.probability)
