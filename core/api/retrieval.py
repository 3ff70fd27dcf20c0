"""`/search`, `/v1/embeddings` and `/embed`: what their bodies mean and what they answer."""

import base64
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.api.dialects.fields import count_of, flag_of, instruction_of, model_of, recipe_of, text_of
from core.api.stoppable import Stop
from core.errors import InputError, StorageError, TooLargeError
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import resolved_instruction
from core.workflows.recipes.use import RecipeInUse, named_recipe, recipe_called
from core.workflows.recipes.watch import note_kept, note_served
from core.workflows.rerank.reranking import Reranking
from core.workflows.retrieve.machine_records import search_record
from core.workflows.retrieve.searching import (
    MOST_CANDIDATES,
    SearchAsked,
    check_count,
    checked_stage,
    filters,
    search,
    searches_of,
)
from core.workflows.retrieve.service import RetrieveService

log = logging.getLogger(__name__)

DEFAULT_K, DEFAULT_N = 50, 10
# What clients send with a query, as against a passage: Jina, NVIDIA, Voyage and Cohere each have a word.
QUERY_WORDS = ("query", "search_query", "retrieval.query")
Format = Literal["float", "base64"]

NOT_TEXTS = "«{field}» must be a text or a list of texts."
TOO_MANY = "{count} texts are more than the {limit} that are embedded at once."
NOT_SOURCES = "«sources» must be a list of texts."
NOT_FILTERS = "«filters» must be an object of names, each with a text or a list of texts."
BAD_STAGES = "«stages» must be a first stage's name, or a list of bm25 and embedding."


@dataclass(frozen=True, slots=True)
class SearchCall:
    """A parsed body of `/search`."""

    corpus: str
    query: str
    asked: SearchAsked
    n: int
    rerank: bool
    recipe: str = ""
    model: str = ""
    k_given: bool = False


@dataclass(frozen=True, slots=True)
class EmbeddingCall:
    """A parsed body of an embedding route. is_query: worded as the model wants queries."""

    texts: tuple[str, ...]
    is_query: bool
    format: Format = "float"


def read_search(fields: Mapping[str, Any]) -> SearchCall:
    """`{"corpus", "query", "top_k", "top_n", "stages", "rerank", "instruction", "recipe", "sources",
    "filters"}`; without `top_k` the recipe's own number of candidates counts."""
    sources = fields.get("sources") or []
    if not isinstance(sources, list) or not all(isinstance(one, str) for one in sources):
        raise InputError(NOT_SOURCES, where="sources")
    k, n = count_of(fields, "top_k") or DEFAULT_K, count_of(fields, "top_n") or DEFAULT_N
    return SearchCall(
        text_of(fields, "corpus"),
        text_of(fields, "query"),
        SearchAsked(
            checked_stage(_stage(fields.get("stages", "union"))),
            check_count(k, "top_k"),
            filters(sources, _metadata(fields.get("filters") or {})),
            instruction_of(fields),
        ),
        check_count(n, "top_n"),
        flag_of(fields, "rerank", default=True),
        recipe_of(fields),
        model_of(fields),
        count_of(fields, "top_k") is not None,
    )


def searched(bench: Workbench, service: RetrieveService, call: SearchCall, stop: Stop) -> dict[str, object]:
    """The answer of `/search`: as `corpus search --json`, and who scored."""
    corpus = service.corpora.open(call.corpus)
    stop.check()
    scorer = bench.scorer() if call.rerank else None
    instruction = resolved_instruction(call.asked.instruction, bench.settings.home)
    home = bench.settings.home
    recipe = named_recipe(call.recipe, home) if call.recipe else recipe_called(call.model, home)
    recipe = recipe if call.rerank else None
    k = call.asked.k
    if recipe is not None and recipe.recipe.candidates is not None and not call.k_given:
        # Of two searches, each finds half of them.
        each = math.ceil(recipe.recipe.candidates / len(searches_of(call.asked.stage)))
        k = min(each, MOST_CANDIDATES)
    asked = SearchAsked(call.asked.stage, k, call.asked.within, instruction)
    embedder = service.embedder() if "embedding" in searches_of(asked.stage) else None
    result = search(corpus, call.query, asked, embedder=embedder, scorer=scorer, recipe=recipe)
    if result.reranking is not None and result.reranking.recipe is not None:
        _note(home, result.reranking.recipe, result.reranking)
    record = {**search_record(result, call.n), "model": result.scorer.name if result.scorer else None}
    kept = result.reranking is not None and result.reranking.kept_first
    record |= {"recipe": recipe.title} if recipe else {}
    return record | ({"reranked": False} if kept else {})


def _note(home: Path, used: RecipeInUse, reranking: Reranking) -> None:
    try:
        if reranking.kept_first:
            note_kept(home, used, len(reranking.given))
        else:
            note_served(home, used, reranking.query, reranking.scores)
    except StorageError as error:
        log.warning("This answer is not in the watch of %s: %s", used.name, error)


def read_openai_embeddings(fields: Mapping[str, Any]) -> EmbeddingCall:
    """OpenAI's `{"input", "model", "encoding_format"}`, with other makers' `input_type` or `task`."""
    wanted = str(fields.get("input_type") or fields.get("task") or "")
    as_base64 = fields.get("encoding_format") == "base64"
    return EmbeddingCall(_texts(fields, "input"), wanted in QUERY_WORDS, "base64" if as_base64 else "float")


def read_tei_embeddings(fields: Mapping[str, Any]) -> EmbeddingCall:
    """text-embeddings-inference's `{"inputs", "prompt_name"}`."""
    return EmbeddingCall(_texts(fields, "inputs"), str(fields.get("prompt_name") or "") in QUERY_WORDS)


def embedded(service: RetrieveService, call: EmbeddingCall, limit: int, stop: Stop) -> list[list[float]]:
    """A unit vector for each text, in their order."""
    if len(call.texts) > limit:
        raise TooLargeError(TOO_MANY, where="input", count=len(call.texts), limit=limit)
    embedder = service.embedder()
    vectors = np.zeros((len(call.texts), embedder.info.dimensions), np.float32)
    if call.is_query:
        for at, text in enumerate(call.texts):
            stop.check()
            vectors[at] = embedder.query(text)
    else:
        for part in embedder.passages(call.texts):
            stop.check()
            vectors[part.positions] = part.vectors
    rows: list[list[float]] = vectors.tolist()
    return rows


def openai_answer(
    service: RetrieveService, call: EmbeddingCall, rows: list[list[float]]
) -> dict[str, object]:
    """OpenAI's shape; base64 holds little-endian fp32, as its clients ask for by default."""

    def written(row: list[float]) -> object:
        return base64.b64encode(np.array(row, "<f4").tobytes()).decode() if call.format == "base64" else row

    loaded = service.embedder.loaded
    return {
        "object": "list",
        "model": loaded.info.name if loaded else "",
        "data": [
            {"object": "embedding", "index": at, "embedding": written(row)} for at, row in enumerate(rows)
        ],
        # Clients expect the field; nothing is billed, so nothing is counted.
        "usage": {"prompt_tokens": 0, "total_tokens": 0},
    }


def _texts(fields: Mapping[str, Any], field: str) -> tuple[str, ...]:
    given = fields.get(field)
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        raise InputError(NOT_TEXTS, where=field, field=field)
    return tuple(texts)


def _metadata(given: object) -> tuple[tuple[str, str], ...]:
    """`{"language": "zh", "year": ["2024", "2025"]}`."""
    if not isinstance(given, dict):
        raise InputError(NOT_FILTERS, where="filters")
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(one, str) for one in values):
            raise InputError(NOT_FILTERS, where="filters")
        pairs += [(str(name), one) for one in values]
    return tuple(pairs)


def _stage(given: object) -> str:
    """A name, or the searches that are wanted: one by itself, both as their union."""
    if isinstance(given, str):
        return given
    if isinstance(given, list) and given and set(map(str, given)) <= {"bm25", "embedding"}:
        return str(given[0]) if len(set(given)) == 1 else "union"
    raise InputError(BAD_STAGES, where="stages")
