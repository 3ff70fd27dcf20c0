"""Data and contenders whose measures are known, for tests of comparisons."""

from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.records import ScorerInfo
from core.workflows.compare.contenders import Contender
from core.workflows.evaluate.data import BEFORE, EvaluationData


def small_data(queries: int = 20) -> EvaluationData:
    """Each query has two candidates; the relevant one stands second before reranking."""
    names = [f"q{number}" for number in range(queries)]
    return EvaluationData(
        {name: JudgedQuery(name, {"no": 0, "yes": 1}, f"query {name}") for name in names},
        Run(BEFORE, {name: Ranking(name, ("no", "yes")) for name in names}),
        {name: {"no": f"text of no {name}", "yes": f"text of yes {name}"} for name in names},
        {},
    )


def contender(
    title: str,
    right: int,
    seconds: float,
    *,
    queries: int = 20,
    dollars: float | None = None,
    remote: bool = False,
) -> Contender:
    """One that puts the relevant document first in the first `right` queries."""
    info = ScorerInfo(
        name=title,
        kind="remote" if remote else "qwen3",
        label=title,
        device="cpu",
        precision="fp32",
        fingerprint=title,
        max_tokens=512,
        parameters=1,
        memory_bytes=0 if remote else 2_000_000,
        uses_instruction=False,
    )
    scores = {f"q{number}": (0.0, 1.0 if number < right else -1.0) for number in range(queries)}
    return Contender(
        title,
        title,
        "MIT",
        info,
        None,
        scores,
        (seconds,) * queries,
        2 * queries,
        dollars,
    )
