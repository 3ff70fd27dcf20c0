"""One query through the pipeline: first stages, their pool, and the reranked order, with the time of each.

Scores go through the score cache, so that another k or another stage scores only what it has not seen.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import InputError
from core.jobs import ScoreCache, score_with_cache
from core.models.embedding import Embedder
from core.records import Score, Scorer, ScorerInfo, ScoringRequest
from core.retrieval.first_stages import SEARCHES, STAGES, Candidate, Search, Stage, join
from core.retrieval.passages import EVERYWHERE, Corpus, Filters, Passage
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.reranking import Reranking, conclude, prepare
from core.workflows.retrieve.going_first import SEARCHING
from core.workflows.retrieve.vectors import as_embedding

MOST_CANDIDATES = 1000

NO_STAGE = "«{stage}» is not a first stage."
STAGES_HINT = "Stages: {stages}."
BAD_COUNT = "The number of {what} must be from 1 to {most}."
NO_STAGE_SCORES = "The recipe needs first-stage scores, and the stage «{stage}» joins ranks, which have none."
NO_STAGE_SCORES_HINT = "Search with stages bm25 or embedding, or use another recipe."
NO_QUERY = "The query is empty."
NO_QUERY_HINT = "Type what you are searching for."
NO_VECTORS = "No passage of the corpus has a vector yet, so nothing can be found by meaning."
NO_VECTORS_HINT = "Vectors are made after adding; wait, or search by words."
VECTORS_COMING = "{done} of {total} passages have a vector; the others would be missed."
VECTORS_COMING_HINT = "Wait until all have one."
NO_SOURCE = "The corpus has no source «{source}»."
NO_METADATA = "No passage of the corpus has the metadata «{name}» of the value «{value}»."
METADATA_HINT = "There are: {names}."
NO_METADATA_HINT = "Its passages have none; columns of a table that are nothing else become metadata."


@dataclass(frozen=True, slots=True)
class SearchAsked:
    """What to search. k: how many each first stage finds. within: which passages count."""

    stage: Stage = "union"
    k: int = 50
    within: Filters = EVERYWHERE
    instruction: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """One candidate. ranks: in each search that found it. first_rank: in the pool.

    score, new_rank: what the reranker said; None without one.
    """

    passage: Passage
    ranks: Mapping[Search, int]
    first_rank: int
    score: Score | None = None
    new_rank: int | None = None

    @property
    def rank(self) -> int:
        """Where it stands in the end."""
        return self.new_rank or self.first_rank

    @property
    def movement(self) -> int:
        """Places gained by reranking: positive is up."""
        return self.first_rank - self.rank


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Candidates in their final order. seconds: of each stage that ran. scored: pairs the model read anew.

    without_vector: passages that the search by meaning could not find, because their vectors are to come.
    reranking: by a recipe, where one was asked for.
    """

    query: str
    asked: SearchAsked
    found: tuple[FoundPassage, ...]
    seconds: Mapping[str, float]
    scorer: ScorerInfo | None = None
    scored: int = 0
    without_vector: int = 0
    reranking: Reranking | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What each search found for one query, best first, and how long each took. scores: the search's own."""

    ids: Mapping[Search, tuple[str, ...]]
    seconds: Mapping[Search, float] = field(default_factory=dict)
    scores: Mapping[Search, Mapping[str, float]] = field(default_factory=dict)


def search(
    corpus: Corpus,
    query: str,
    asked: SearchAsked,
    *,
    embedder: Embedder | None = None,
    scorer: Scorer | None = None,
    cache: ScoreCache | None = None,
    recipe: RecipeInUse | None = None,
) -> SearchResult:
    """Search, and rerank where a scorer is given. embedder: needed by every stage but `bm25`.

    recipe: decides how the candidates are reranked, and which are kept; the search itself is the asker's.

    Raises InputError for an empty query, counts out of range, a corpus without vectors, or vectors of
    another model.
    """
    check_asked(corpus, query, asked)
    with SEARCHING.search():
        lists = search_lists(corpus, query, searches_of(asked.stage), asked, embedder)
        start = time.perf_counter()
        pool = join(lists.ids, asked.stage, asked.k)
        passages = {one.id: one for one in corpus.passages([one.id for one in pool])}
    found = [
        FoundPassage(passages[one.id], one.ranks, rank)
        for rank, one in enumerate(_present(pool, passages), start=1)
    ]
    seconds: dict[str, float] = dict(lists.seconds.items())
    seconds["passages"] = time.perf_counter() - start
    lacking = _without_vector(corpus) if "embedding" in lists.ids else 0
    if scorer is None:
        return SearchResult(query, asked, tuple(found), seconds, without_vector=lacking)
    start = time.perf_counter()
    texts = tuple(one.passage.read_text for one in found)
    if recipe is not None and texts:
        first = SearchResult(query, asked, tuple(found), seconds, without_vector=lacking)
        scores = next((lists.scores[one] for one in SEARCHES if one == asked.stage), None)
        first_scores = None if scores is None else [scores[one.passage.id] for one in found]
        return _by_recipe(first, recipe, scorer, cache, first_scores)
    scored = score_with_cache(scorer, [ScoringRequest(query, texts, asked.instruction)], cache)
    seconds["rerank"] = time.perf_counter() - start
    ranked = _reranked(found, scored.scores[0])
    return SearchResult(query, asked, tuple(ranked), seconds, scorer.info, scored.scored, lacking)


def _by_recipe(
    pool: SearchResult,
    recipe: RecipeInUse,
    scorer: Scorer,
    cache: ScoreCache | None,
    first_scores: Sequence[float] | None,
) -> SearchResult:
    """The pool's passages as the recipe orders them; what it leaves out is no result.

    first_scores: of a stage that is one search; others join ranks and have none.
    """
    blend = recipe.recipe.blend
    if first_scores is None and blend is not None and blend.needs_scores:
        raise InputError(NO_STAGE_SCORES, where="stages", hint=NO_STAGE_SCORES_HINT, stage=pool.asked.stage)
    start = time.perf_counter()
    texts = [one.passage.read_text for one in pool.found]
    asked = prepare(
        scorer, pool.query, texts, max_documents=len(texts), recipe=recipe, first_scores=first_scores
    )
    requests = [] if asked.kept_first else [ScoringRequest(asked.query, tuple(asked.texts), asked.wording)]
    scored = score_with_cache(scorer, requests, cache)
    seconds = time.perf_counter() - start
    reranking = conclude(asked, scored.scores[0] if scored.scores else (), seconds)
    found = tuple(
        replace(pool.found[one.index], score=one.scored, new_rank=one.new_rank) for one in reranking.ranked
    )
    return replace(
        pool,
        found=found,
        seconds={**pool.seconds, "rerank": seconds},
        scorer=scorer.info,
        scored=scored.scored,
        reranking=reranking,
    )


def search_lists(
    corpus: Corpus,
    query: str,
    searches: Sequence[Search],
    asked: SearchAsked,
    embedder: Embedder | None,
) -> Lists:
    """Each search's own first k."""
    ids: dict[Search, tuple[str, ...]] = {}
    seconds: dict[Search, float] = {}
    scores: dict[Search, dict[str, float]] = {}
    if "bm25" in searches:
        start = time.perf_counter()
        hits = corpus.words(query, asked.k, asked.within)
        ids["bm25"], scores["bm25"] = tuple(hit.id for hit in hits), {hit.id: hit.score for hit in hits}
        seconds["bm25"] = time.perf_counter() - start
    if "embedding" in searches:
        assert embedder is not None  # whoever asks for this search gives the model
        require_vectors(corpus, embedder)
        start = time.perf_counter()
        vector = embedder.query(query)
        hits = corpus.nearest(vector, asked.k, asked.within)
        ids["embedding"] = tuple(hit.id for hit in hits)
        scores["embedding"] = {hit.id: hit.score for hit in hits}
        seconds["embedding"] = time.perf_counter() - start
    return Lists(ids, seconds, scores)


def searches_of(stage: Stage) -> tuple[Search, ...]:
    """The searches that a stage joins."""
    return tuple(one for one in SEARCHES if stage == one) or SEARCHES


def checked_stage(name: str) -> Stage:
    """The stage of a name; InputError listing them."""
    found = next((stage for stage in STAGES if stage == name), None)
    if found is None:
        raise InputError(NO_STAGE, where="stage", hint=STAGES_HINT, stage=name, stages=", ".join(STAGES))
    return found


def check_count(count: int, what: str) -> int:
    """The count; InputError when it is out of range."""
    if not 1 <= count <= MOST_CANDIDATES:
        raise InputError(BAD_COUNT, where=what, what=what, most=MOST_CANDIDATES)
    return count


def check_asked(corpus: Corpus, query: str, asked: SearchAsked) -> None:
    """InputError for what cannot be searched."""
    if not query.strip():
        raise InputError(NO_QUERY, where="query", hint=NO_QUERY_HINT)
    check_count(asked.k, "candidates")
    check_filters(corpus, asked.within)


def filters(sources: Sequence[str], metadata: Sequence[tuple[str, str]]) -> Filters:
    """Of any of these sources; of each name of the metadata any of its values."""
    return Filters(tuple(sources), tuple(metadata))


def check_filters(corpus: Corpus, within: Filters) -> None:
    """InputError for a source or a piece of metadata that no passage has."""
    sources = corpus.info.sources if within.sources else {}
    for source in within.sources:
        if source not in sources:
            raise InputError(NO_SOURCE, where="sources", source=source)
    known = corpus.metadata() if within.metadata else {}
    for name, value in within.metadata:
        if value not in known.get(name, {}):
            raise InputError(
                NO_METADATA,
                where="filters",
                hint=METADATA_HINT if known else NO_METADATA_HINT,
                name=name,
                value=value,
                names=", ".join(known),
            )


def require_vectors(corpus: Corpus, embedder: Embedder) -> None:
    """InputError when the corpus has no vectors, or those of another model."""
    info = corpus.info
    if not info.vectors:
        raise InputError(NO_VECTORS, where="corpus", hint=NO_VECTORS_HINT)
    if info.embedding != as_embedding(embedder.info):
        corpus.use_embedding(as_embedding(embedder.info))


def require_all_vectors(corpus: Corpus, hint: str = VECTORS_COMING_HINT) -> None:
    """InputError while some passages have no vector: what is measured then is not the search by meaning."""
    info = corpus.info
    if info.vectors < info.passages:
        raise InputError(
            VECTORS_COMING,
            where="corpus",
            hint=hint,
            done=f"{info.vectors:,}",
            total=f"{info.passages:,}",
        )


def _without_vector(corpus: Corpus) -> int:
    info = corpus.info
    return info.passages - info.vectors


def _present(pool: Sequence[Candidate], passages: Mapping[str, Passage]) -> list[Candidate]:
    """A passage that was removed between search and reading is no candidate."""
    return [one for one in pool if one.id in passages]


def _reranked(found: Sequence[FoundPassage], scores: Sequence[Score]) -> list[FoundPassage]:
    """By logit; equal ones in the order before."""
    order = sorted(range(len(found)), key=lambda at: -scores[at].logit)
    return [
        FoundPassage(found[at].passage, found[at].ranks, found[at].first_rank, scores[at], new_rank)
        for new_rank, at in enumerate(order, start=1)
    ]
