"""What a monitoring system reads at /metrics: requests, their times, what passes took, the cache, the model.

One registry an app, not the library's global one, so that two apps in a process do not meet. What is counted
where is `observed`'s and the batcher's affair.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from core import __version__
from core.workflows.home.workbench import Status
from core.workflows.serving.answers import AnswerService
from core.workflows.serving.batcher import PassReport

if TYPE_CHECKING:
    from core.api.observed import Observed

# From a cached answer to a thousand long documents on two cores.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """The counters of one app."""

    def __init__(self, service: AnswerService, status: Callable[[], Status]) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "rerank_requests",
            "Requests by route, format and status.",
            ["route", "dialect", "status"],
            registry=registry,
        )
        self._seconds = {
            name: Histogram(f"rerank_{name}_seconds", text, buckets=SECONDS, registry=registry)
            for name, text in (
                ("queue", "Time that requests waited for their first pass."),
                ("tokenise", "Time that passes of a request spent before the model."),
                ("model", "Time that passes of a request spent in the model."),
                ("total", "Time from a request's arrival to its answer."),
            )
        }
        self._pairs = Counter("rerank_pairs", "Pairs that were answered.", registry=registry)
        self._cached = Counter("rerank_cached_pairs", "Pairs answered from the cache.", registry=registry)
        self._tokens = Counter("rerank_tokens", "Tokens that the model read for requests.", registry=registry)
        self._pass_pairs = Histogram(
            "rerank_pass_pairs", "Pairs of a shared pass.", buckets=SIZES, registry=registry
        )
        self._pass_requests = Histogram(
            "rerank_pass_requests", "Requests that shared a pass.", buckets=SIZES, registry=registry
        )
        registry.register(_Now(service, status))
        service.on_pass = self.passed

    def answered(self, noted: "Observed", status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(noted.route, noted.dialect, str(status)).inc()
        if not noted.pairs:
            return
        for name, value in (
            ("queue", noted.queue),
            ("tokenise", noted.tokenise),
            ("model", noted.model),
            ("total", seconds),
        ):
            self._seconds[name].observe(value)
        self._pairs.inc(noted.pairs)
        self._cached.inc(noted.from_cache)

    def passed(self, report: PassReport) -> None:
        """Count a pass."""
        self._tokens.inc(report.tokens)
        self._pass_pairs.observe(report.pairs)
        self._pass_requests.observe(report.requests)

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class _Now:
    """What is read when it is asked for."""

    def __init__(self, service: AnswerService, status: Callable[[], Status]) -> None:
        self._service, self._status = service, status

    def collect(self) -> Iterator[Metric]:
        """The queue, the cache, the model."""
        yield GaugeMetricFamily(
            "rerank_waiting_requests", "Requests waiting for a pass.", value=self._service.waiting
        )
        statistics = self._service.cache_statistics()
        if statistics is not None:
            yield CounterMetricFamily(
                "rerank_cache_hits", "Scores found in the cache.", value=statistics.hits
            )
            yield CounterMetricFamily(
                "rerank_cache_misses", "Scores not found in the cache.", value=statistics.misses
            )
            yield GaugeMetricFamily("rerank_cache_entries", "Scores in the cache.", value=statistics.entries)
        yield from self._recipes()
        info = GaugeMetricFamily(
            "rerank_model_info",
            "The model that scores; always 1.",
            labels=["model", "device", "precision", "fingerprint", "version"],
        )
        active = self._status().active
        if active is not None:
            info.add_metric(
                [active.name, active.device, active.precision, active.fingerprint, __version__], 1
            )
        yield info

    def _recipes(self) -> Iterator[Metric]:
        """What is served under recipes beside their evidence."""
        served = GaugeMetricFamily(
            "rerank_recipe_served_queries", "The last queries served under a recipe.", labels=["recipe"]
        )
        truncated = GaugeMetricFamily(
            "rerank_recipe_truncated_share", "Share of their documents that were cut.", labels=["recipe"]
        )
        p_value = GaugeMetricFamily(
            "rerank_recipe_drift_p",
            "p of «scored as in the evidence»; small where what is served is another.",
            labels=["recipe"],
        )
        drifted = GaugeMetricFamily(
            "rerank_recipe_drifted", "1 where that test shows a drift.", labels=["recipe"]
        )
        kept = GaugeMetricFamily(
            "rerank_recipe_kept_queries", "Queries that its gate left to the first stage.", labels=["recipe"]
        )
        saved = GaugeMetricFamily(
            "rerank_recipe_saved_pairs", "Pairs of these queries, which were not scored.", labels=["recipe"]
        )
        for one in self._service.watched():
            kept.add_metric([one.name], one.kept.queries)
            saved.add_metric([one.name], one.kept.pairs)
            served.add_metric([one.name], one.served.queries)
            truncated.add_metric([one.name], one.served.truncated)
            if one.drift is not None and one.drift.p_value is not None:
                p_value.add_metric([one.name], one.drift.p_value)
                drifted.add_metric([one.name], float(one.drift.drifted))
        yield from (served, truncated, p_value, drifted, kept, saved)

    def describe(self) -> list[Metric]:
        """Nothing is asked for while the registry is made."""
        return []
