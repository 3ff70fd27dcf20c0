"""One contender after another to its scores: loaded, timed query by query, and let go.

What runs on this machine takes turns, a server here too: never two models in memory beside the one in use, no
time that another one spoils. Servers elsewhere are asked at the same time. Known pairs come from the score
cache, so that whoever was stopped goes on where it was.
"""

import gc
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError, ModelError, StoppedError, WorkbenchError
from core.jobs import ScoreCache, score_with_cache
from core.models import load_scorer, resolve_name, search_local
from core.models.catalogue import EMBEDDED, USE_M3
from core.models.remote.addresses import is_remote, read_address
from core.models.remote.cost import estimate
from core.models.remote.scorer import RemoteScorer
from core.models.remote.servers.server import DOLLARS, Price
from core.records import Scorer, ScoringRequest
from core.retrieval.bm25 import Bm25
from core.settings import Settings
from core.workflows.compare.contenders import (
    BM25,
    FEWEST_TIMES,
    OWN_TITLES,
    Contender,
    licence_of,
    refused,
)
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.scores import usable_instruction

# Where the cache knew everything, so long at most is spent on times.
TIMING_SECONDS = 20.0
SERVERS_AT_A_TIME = 8
# Weights in memory, and what a pass needs, per byte on disk (bf16 there, fp32 at worst here).
MEMORY_PER_BYTE = 2.2

STOPPED = "The comparison was stopped."
STOPPED_HINT = "Start it again: what was scored is kept."
NO_ROOM = "It needs about {needed:.1f} GB of memory, and {free:.1f} GB are free."
NO_ROOM_HINT = "End other programs, or give a smaller model or a server."
FAILED = "It could not be scored: {problem}"

# At most one local model of a comparison is in memory, however many comparisons run.
_one_local_model = threading.Lock()


@dataclass(frozen=True, slots=True)
class Comparing:
    """What a comparison has at hand.

    in_use: the scorer that the process has loaded, if any; it is shared instead of loaded again.
    load: how a model is opened; a test's own may stand here. on_progress(name, done, total): queries.
    """

    settings: Settings
    cache: ScoreCache | None = None
    in_use: Callable[[], Scorer | None] = lambda: None
    load: Callable[[str, Settings], Scorer] | None = None
    on_progress: Callable[[str, int, int], None] = lambda *_: None
    cancelled: Callable[[], bool] = lambda: False


def score_contenders(
    names: Sequence[str],
    data: EvaluationData,
    instruction: str | None,
    at_hand: Comparing,
    on_done: Callable[[Contender], None],
) -> None:
    """Score every model; `on_done` gets each as it comes, in several threads. StoppedError on cancel."""
    remote = [name for name in names if _is_elsewhere(name)]
    local = [name for name in names if name not in remote]

    def one(name: str) -> None:
        on_done(score_contender(name, data, instruction, at_hand))

    def turns() -> None:
        for name in local:
            one(name)

    with ThreadPoolExecutor(SERVERS_AT_A_TIME + 1, thread_name_prefix="compare") as threads:
        work = [threads.submit(turns), *(threads.submit(one, name) for name in remote)]
    for each in work:
        each.result()


def score_contender(
    name: str, data: EvaluationData, instruction: str | None, at_hand: Comparing
) -> Contender:
    """One model's scores and times, or why there are none."""
    try:
        if name == BM25:
            return _score_bm25(data, at_hand)
        if _is_elsewhere(name):
            return _score_remote(name, data, instruction, at_hand)
        with _one_local_model:
            if is_remote(name):
                return _score_remote(name, data, instruction, at_hand)
            return _score_local(name, data, instruction, at_hand)
    except StoppedError:
        raise
    except WorkbenchError as error:
        return refused(name, error, at_hand.settings)
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        # One model's failure, whatever library it comes from, leaves the others their comparison.
        return refused(name, ModelError(FAILED, problem=str(error)[:300]), at_hand.settings)


def _score_bm25(data: EvaluationData, at_hand: Comparing) -> Contender:
    index = Bm25(text for texts in data.texts.values() for text in texts.values())
    scores: dict[str, tuple[float, ...]] = {}
    seconds: list[float] = []
    requests, ids = data.requests(), _scored_ids(data)
    for done, (query, request) in enumerate(zip(ids, requests, strict=True), start=1):
        _heed(at_hand)
        start = time.perf_counter()
        scores[query] = tuple(index.scores(request.query, request.documents))
        seconds.append(time.perf_counter() - start)
        at_hand.on_progress(BM25, done, len(ids))
    return Contender(BM25, OWN_TITLES[BM25], scores=scores, seconds=tuple(seconds), timed_pairs=data.pairs)


def _score_remote(name: str, data: EvaluationData, instruction: str | None, at_hand: Comparing) -> Contender:
    scorer = _load(name, at_hand)
    try:
        return _scored(name, scorer, data, instruction, at_hand)
    finally:
        if isinstance(scorer, RemoteScorer):
            scorer.close()


def _score_local(name: str, data: EvaluationData, instruction: str | None, at_hand: Comparing) -> Contender:
    scorer = at_hand.in_use()
    if scorer is None or scorer.info.name != resolve_name(name, at_hand.settings):
        _check_room(name, at_hand.settings)
        scorer = _load(name, at_hand)
    try:
        return _scored(name, scorer, data, instruction, at_hand)
    finally:
        del scorer
        gc.collect()  # the next model needs the room


def _scored(
    name: str, scorer: Scorer, data: EvaluationData, instruction: str | None, at_hand: Comparing
) -> Contender:
    wording = usable_instruction(scorer.info, instruction)
    requests, ids = data.requests(wording), _scored_ids(data)
    if not is_remote(name) and requests:
        # The first pass sets up threads and memory, which is no query's cost.
        scorer.score(requests[0].query, requests[0].documents[:1], requests[0].instruction)
    scores: dict[str, tuple[float, ...]] = {}
    times: list[tuple[int, float]] = []
    for done, (query, request) in enumerate(zip(ids, requests, strict=True), start=1):
        start = time.perf_counter()
        found = score_with_cache(scorer, [request], at_hand.cache, cancelled=at_hand.cancelled)
        seconds = time.perf_counter() - start
        scores[query] = tuple(score.logit for score in found.scores[0])
        if found.scored == len(set(request.documents)):
            times.append((found.scored, seconds))
        at_hand.on_progress(name, done, len(ids))
    times += _timed_afresh(scorer, requests, len(times), at_hand)
    price = scorer.price if isinstance(scorer, RemoteScorer) else None
    return Contender(
        name,
        scorer.info.label,
        licence_of(name, at_hand.settings),
        scorer.info,
        wording,
        scores,
        tuple(seconds for _, seconds in times),
        sum(pairs for pairs, _ in times),
        _dollars(requests, price),
    )


def _dollars(requests: Sequence[ScoringRequest], price: Price | None) -> float | None:
    """For all pairs once; a price in another currency is none that could be compared."""
    return None if price is None or price.currency != DOLLARS else estimate(requests, price).amount


def _timed_afresh(
    scorer: Scorer, requests: Sequence[ScoringRequest], timed: int, at_hand: Comparing
) -> list[tuple[int, float]]:
    """Times of a few queries that the cache knew, so that every model has some."""
    times: list[tuple[int, float]] = []
    for request in requests[: max(0, FEWEST_TIMES - timed)]:
        if sum(seconds for _, seconds in times) > TIMING_SECONDS:
            break
        _heed(at_hand)
        documents = tuple(dict.fromkeys(request.documents))
        start = time.perf_counter()
        scorer.score_many([ScoringRequest(request.query, documents, request.instruction)])
        times.append((len(documents), time.perf_counter() - start))
    return times


def _is_elsewhere(name: str) -> bool:
    """Whether another machine does the work; an address that is none is refused in its turn."""
    with suppress(InputError):
        return is_remote(name) and not read_address(name).is_this_machine
    return False


def _scored_ids(data: EvaluationData) -> list[str]:
    """The queries that have candidates, in the order of `data.requests`."""
    return [query for query, ranking in data.initial.rankings.items() if ranking.documents]


def _load(name: str, at_hand: Comparing) -> Scorer:
    _heed(at_hand)
    settings = at_hand.settings
    if at_hand.load is not None:
        return at_hand.load(name, settings)
    return load_scorer(name, settings.device, settings.precision, settings=settings)


def _check_room(name: str, settings: Settings) -> None:
    """ModelError where the weights of a folder would not fit beside what runs; GPUs say so themselves."""
    if name in (EMBEDDED, USE_M3) or settings.device.startswith(("cuda", "mps")):
        return
    folder: Path | None = None
    with suppress(WorkbenchError):  # a model that is not there is refused by the loader, with its advice
        found = search_local(resolve_name(name, settings), settings).found
        folder = found.path if found else None
    if folder is None:
        return
    import psutil  # type: ignore[import-untyped]

    needed = MEMORY_PER_BYTE * sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    free = psutil.virtual_memory().available
    if needed > free:
        raise ModelError(NO_ROOM, hint=NO_ROOM_HINT, needed=needed / 1e9, free=free / 1e9)


def _heed(at_hand: Comparing) -> None:
    if at_hand.cancelled():
        raise StoppedError(STOPPED, hint=STOPPED_HINT)
