"""Answers to requests from outside: named instructions, scores that are known already, and the shared passes.

One `AnswerService` a process stands between the HTTP routes and the model that the workbench holds. Beginning
and ending a request take time and belong on a worker thread; in between nobody waits on a thread at all.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from core.errors import NoNumberError, StorageError
from core.jobs.cache import CacheStatistics, ScoreCache, pair_keys
from core.records import ChunkedScore, PlansPasses, Score, Scorer, ScoringRequest
from core.storage.per_home import PerHome
from core.workflows.home.workbench import Workbench, workbench
from core.workflows.instructions.library import resolved_instruction
from core.workflows.recipes.use import RecipeInUse, named_recipe, recipe_called
from core.workflows.recipes.watch import Watched, note_kept, note_served, watched
from core.workflows.rerank.cutting import Cutting
from core.workflows.rerank.reranking import Prepared, Reranking, conclude, prepare
from core.workflows.serving.batcher import Batcher, PassReport, Scored, Waiting
from core.workflows.serving.recent import RecentRequests

log = logging.getLogger(__name__)

# A scorer without passes of its own, such as a server elsewhere, takes as many requests at a time.
LANES_ELSEWHERE = 8
LANES = 2
# Scores that wait to be kept; beyond it they are not kept, so that a slow disk costs no memory.
MOST_UNKEPT = 100


@dataclass(frozen=True, slots=True)
class Question:
    """One query as it came in. instruction may name a preset. deadline: on the clock of `time.monotonic`.

    recipe: the name of one; model: the client's word, which may name one. first_scores: of the first stage.
    """

    query: str
    documents: tuple[str, ...]
    instruction: str | None = None
    caller: str = ""
    cutting: Cutting | None = None
    deadline: float | None = None
    recipe: str = ""
    model: str = ""
    first_scores: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """A reranking, and where its seconds went. from_cache: documents whose scores were known."""

    reranking: Reranking
    queue: float
    tokenise: float
    model: float
    from_cache: int


class Pending:
    """A question that has begun: wait for `future`, then `finish` on a worker thread; or `cancel`."""

    def __init__(self, asked: Prepared, known: dict[str, Score], missing: tuple[str, ...]) -> None:
        self._asked, self._known, self._missing = asked, known, missing
        self._began = time.perf_counter()
        self.future: Future[Scored] = Future()
        self.waiting: Waiting | None = None
        self.keep: Callable[[ScoringRequest, Sequence[Score]], None] | None = None
        self.watch: Callable[[Reranking], None] | None = None

    def cancel(self) -> None:
        """Nobody waits for the answer any longer."""
        if self.waiting is not None:
            self.waiting.cancel()

    def finish(self) -> Served:
        """Order the documents. Raises what the scoring raised."""
        asked = self._asked
        try:
            scored = self.future.result()
        except NoNumberError as error:
            at = asked.texts.index(self._missing[error.document])
            placed = NoNumberError.of(0, at, queries=1, text=asked.texts[at])
            raise asked.named(placed) from error
        found = dict(zip(self._missing, scored.scores, strict=True))
        if self.keep is not None and found:
            request = ScoringRequest(asked.query, self._missing, asked.wording)
            self.keep(request, scored.scores)
        scores = [self._known.get(text) or found[text] for text in asked.texts]
        reranking = conclude(asked, scores, time.perf_counter() - self._began)
        if self.watch is not None and reranking.recipe is not None:
            self.watch(reranking)
        return Served(
            reranking,
            scored.queue,
            scored.tokenise,
            scored.model,
            sum(text in self._known for text in asked.texts),
        )


class AnswerService:
    """Answers with the workbench's model. `open_workbench` is called per request, so that nothing loads
    early.
    """

    def __init__(self, open_workbench: Callable[[], Workbench]) -> None:
        self._open_workbench = open_workbench
        self._lock = threading.Lock()
        self._batcher: Batcher | None = None
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="score-keeper")
        self._unkept = 0
        self.on_pass: Callable[[PassReport], None] | None = None
        self._recent: RecentRequests | None = None
        self._uses_cache: bool | None = None

    @property
    def bench(self) -> Workbench:
        """The workbench whose model answers."""
        return self._open_workbench()

    @property
    def recent(self) -> RecentRequests:
        """The last requests."""
        with self._lock:
            if self._recent is None:
                self._recent = RecentRequests(self.bench.settings.keep_texts)
            return self._recent

    @property
    def waiting(self) -> int:
        """How many requests wait for a pass."""
        batcher = self._batcher
        return batcher.waiting if batcher is not None else 0

    def begin(self, question: Question) -> Pending:
        """Check a question, look up what is known, and queue the rest.

        Raises what `prepare` and `Batcher.submit` raise, and NotReadyError while there is no model.
        """
        bench = self.bench
        scorer = bench.scorer()
        asked = prepare(
            scorer,
            question.query,
            question.documents,
            resolved_instruction(question.instruction, bench.settings.home),
            max_documents=bench.settings.max_documents,
            cutting=question.cutting,
            recipe=_recipe(question, bench.settings.home),
            first_scores=question.first_scores,
        )
        distinct = tuple(dict.fromkeys(asked.texts))
        cache = self._cache()
        keys = pair_keys(scorer.info.fingerprint, [ScoringRequest(asked.query, distinct, asked.wording)])
        by_key = _look_up(cache, keys)
        known = {text: by_key[key] for text, key in zip(distinct, keys, strict=True) if key in by_key}
        missing = tuple(text for text in distinct if text not in known)
        pending = Pending(asked, known, missing)
        pending.watch = self._watch
        if not missing:
            pending.future.set_result(Scored(()))
            return pending
        request = ScoringRequest(asked.query, missing, asked.wording)
        pending.waiting = self._batcher_for(scorer).submit(request, question.caller, question.deadline)
        pending.future = pending.waiting.future
        if cache is not None:
            pending.keep = lambda request, scores: self._keep(cache, scorer, request, scores)
        return pending

    @property
    def uses_cache(self) -> bool:
        """Whether known scores are used and new ones kept; the settings say so until `use_cache` does."""
        return self.bench.settings.answer_cache if self._uses_cache is None else self._uses_cache

    def use_cache(self, wanted: bool) -> None:
        """Switch it for this process; what is kept stays."""
        self._uses_cache = wanted

    def cache_statistics(self) -> CacheStatistics | None:
        """How well known scores served; None when they are not used or cannot be read."""
        cache = self._cache()
        try:
            return cache.statistics() if cache is not None else None
        except StorageError as error:
            log.info("the score cache says nothing: %s", error)
            return None

    def _batcher_for(self, scorer: Scorer) -> Batcher:
        with self._lock:
            if self._batcher is None or self._batcher.scorer is not scorer:
                # Another model was loaded; what waits for the old one is still answered by it.
                self._batcher = Batcher(
                    scorer,
                    max_wait_seconds=self.bench.settings.max_wait_seconds,
                    lanes=LANES if isinstance(scorer, PlansPasses) else LANES_ELSEWHERE,
                    on_pass=self._report,
                )
            return self._batcher

    def _report(self, report: PassReport) -> None:
        if self.on_pass is not None:
            self.on_pass(report)

    def _cache(self) -> ScoreCache | None:
        if not self.uses_cache:
            return None
        try:
            return _caches(self.bench.settings.home)
        except StorageError as error:
            log.warning("Answers are given without the score cache: %s", error)
            return None

    def watched(self) -> tuple[Watched, ...]:
        """The recipes that are served, held against their evidence; none where that cannot be read."""
        try:
            return watched(self.bench.settings.home)
        except StorageError as error:
            log.info("what is served under recipes cannot be read: %s", error)
            return ()

    def _watch(self, reranking: Reranking) -> None:
        """Note an answer under a recipe, numbers only, on the thread that keeps scores."""
        if self._unkept >= MOST_UNKEPT or reranking.recipe is None:
            return
        self._unkept += 1
        used, home = reranking.recipe, self.bench.settings.home

        def note() -> None:
            try:
                if reranking.kept_first:
                    note_kept(home, used, len(reranking.given))
                else:
                    note_served(home, used, reranking.query, reranking.scores)
            except StorageError as error:
                log.warning("This answer is not in the watch of %s: %s", used.name, error)
            finally:
                self._unkept -= 1

        self._keeper.submit(note)

    def _keep(
        self, cache: ScoreCache, scorer: Scorer, request: ScoringRequest, scores: Sequence[Score]
    ) -> None:
        """Keep new scores on a thread of its own: whoever asked does not wait for the disk."""
        if self._unkept >= MOST_UNKEPT:
            return
        self._unkept += 1
        keys = pair_keys(scorer.info.fingerprint, [request])
        # The cache holds numbers; which chunk of a document won would be lost with it.
        whole = {k: s for k, s in zip(keys, scores, strict=True) if not isinstance(s, ChunkedScore)}

        def keep() -> None:
            try:
                cache.put_many(whole)
            except StorageError as error:
                log.warning("These scores are not in the score cache: %s", error)
            finally:
                self._unkept -= 1

        self._keeper.submit(keep)


def _recipe(question: Question, home: Path) -> RecipeInUse | None:
    if question.recipe:
        return named_recipe(question.recipe, home)
    return recipe_called(question.model, home)


def _look_up(cache: ScoreCache | None, keys: Sequence[bytes]) -> dict[bytes, Score]:
    if cache is None:
        return {}
    try:
        return cache.get_many(keys)
    except StorageError as error:
        log.warning("This answer is given without the score cache: %s", error)
        return {}


def _open_cache(home: Path) -> ScoreCache:
    return ScoreCache(home)


_caches = PerHome(_open_cache)
_the_service: AnswerService | None = None
_creation = threading.Lock()


def answer_service() -> AnswerService:
    """This process's answers, by the workbench's model."""
    global _the_service
    with _creation:
        if _the_service is None:
            _the_service = AnswerService(workbench)
        return _the_service
