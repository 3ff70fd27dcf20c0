"""How fast the loaded model is on this machine, and how far from what the machine could do.

The ceiling is the matrix product alone: the same weights multiplied with rows that are ready, nothing in
between. A pass also attends, normalises and quantises, so its share of the ceiling says how much those cost.
Printing is the command line's business.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from core.engine.packing import distinct_pairs
from core.engine.scorer import Qwen3Scorer
from core.records import ScoringRequest

QUERY = "how long does a refund take to arrive"
ENGLISH = (
    "Refunds are sent back to the original payment method once the returned item has been checked. "
    "The bank needs one to three working days to show the amount; credit cards may take a little longer. "
)
CHINESE = "退款审核通过后，款项将在一至三个工作日内原路退回您的支付账户，信用卡到账时间以发卡银行为准。"


@dataclass(frozen=True, slots=True)
class BenchReport:
    """One measurement. Rates are medians over `runs`.

    tokens_per_second: of the packed sequence, as computed. pair_tokens_per_second: of the pairs as read, a
    query's prefix counted for each; comparable with engines that do not share it. ceiling_tokens_per_second:
    if only the layers' matrix products took time. peak_memory_bytes: of the process since its start.
    """

    model: str
    device: str
    precision: str
    threads: int
    documents: int
    tokens_per_pair: float
    runs: int
    seconds: float
    pairs_per_second: float
    tokens_per_second: float
    pair_tokens_per_second: float
    ceiling_tokens_per_second: float
    share_of_ceiling: float
    peak_memory_bytes: int

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def documents_of(count: int, words: int) -> list[str]:
    """Different English and Chinese texts in turn, about `words` words or Han characters long."""
    english = (ENGLISH * (words // 16 + 1)).split()
    chinese = CHINESE * (words // 20 + 1)
    return [
        f"{n} {' '.join(english[: words + n % 7])}" if n % 2 == 0 else f"{n}、{chinese[: words + n % 7]}"
        for n in range(count)
    ]


def run_bench(scorer: Qwen3Scorer, quick: bool = True) -> BenchReport:
    """Score one query's documents a few times. quick: 10 documents of 60 words, else 50 of 80."""
    documents = documents_of(10, 60) if quick else documents_of(50, 80)
    runs = 3 if quick else 5
    scorer.score(QUERY, documents[:2])  # warm-up: buffers, code paths, first touches of the weights
    seconds = statistics.median(_seconds(lambda: scorer.score(QUERY, documents)) for _ in range(runs))
    scores = scorer.score(QUERY, documents)
    packed = packed_tokens(scorer, [ScoringRequest(QUERY, tuple(documents))])
    read = sum(score.tokens for score in scores)
    # As many rows as a pass has: a GPU multiplies few rows at a fraction of its speed.
    ceiling = ceiling_tokens_per_second(scorer, min(packed, scorer.pass_tokens))
    report = scorer.report
    return BenchReport(
        model=scorer.info.name,
        device=scorer.info.device,
        precision=scorer.info.precision,
        threads=report.threads,
        documents=len(documents),
        tokens_per_pair=read / len(scores),
        runs=runs,
        seconds=seconds,
        pairs_per_second=len(scores) / seconds,
        tokens_per_second=packed / seconds,
        pair_tokens_per_second=read / seconds,
        ceiling_tokens_per_second=ceiling,
        share_of_ceiling=packed / seconds / ceiling,
        peak_memory_bytes=peak_memory(scorer),
    )


def packed_tokens(scorer: Qwen3Scorer, requests: list[ScoringRequest]) -> int:
    """Tokens of all packs that these requests become in interactive turns."""
    return sum(pack.tokens for pack in scorer.plan_of(list(distinct_pairs(requests))))


def ceiling_tokens_per_second(scorer: Qwen3Scorer, rows: int) -> float:
    """Tokens a second if only the layers' own matrix products ran; the best of three passes over all."""
    best = min(_seconds(lambda: scorer.multiply_only(rows)) for _ in range(3))
    return rows / best


def peak_memory(scorer: Qwen3Scorer) -> int:
    """Peak bytes on the model's device (CUDA), else of the whole process."""
    import torch

    if scorer.info.device.startswith("cuda"):
        return int(torch.cuda.max_memory_allocated(scorer.info.device))
    return peak_of_process()


def peak_of_process() -> int:
    """The largest resident size of this process so far, in bytes."""
    if sys.platform == "win32":
        import psutil  # type: ignore[import-untyped]

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
