"""What takes part in a comparison, and what each came to: scores, times, or why it could not be had.

Scoring is left to `scoring`, what the scores are worth to `outcome`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import ModelError, WorkbenchError
from core.evaluation.judged import Run, rank_by_score
from core.models import catalogue, resolve_name
from core.models.catalogue import USE_M3, lookup
from core.models.cross_encoder.folder import check_cross_encoder, is_cross_encoder
from core.models.remote.addresses import is_remote
from core.records import ScorerInfo
from core.sentences import NOTHING, Sentence
from core.settings import Settings
from core.workflows.evaluate.data import EvaluationData
from core.workflows.home.inventory import inventory

BM25 = "bm25"
# Yardsticks that stand in no catalogue.
OWN_TITLES = {BM25: "BM25", USE_M3: "USE-m3"}
# What the 95th percentile of fewer times says is chance.
FEWEST_TIMES = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be chosen without typing. usable: whether it is on this machine."""

    name: str
    title: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Contender:
    """One model of a comparison.

    name: as it was asked for. title: distinct, for people. model: None where none was loaded, as for BM25.
    scores: query id → a score per candidate, in the order before. seconds: of each query that was timed.
    timed_pairs: pairs in those. dollars: what its maker charges for all pairs once, None where unknown.
    problem, advice: why it could not be had.
    """

    name: str
    title: str
    licence: str = ""
    model: ScorerInfo | None = None
    instruction: str | None = None
    scores: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    seconds: tuple[float, ...] = ()
    timed_pairs: int = 0
    dollars: float | None = None
    problem: Sentence = NOTHING
    advice: Sentence = NOTHING

    @property
    def had(self) -> bool:
        """Whether it scored."""
        return not self.problem.template

    @property
    def pairs_per_second(self) -> float | None:
        """Over the timed queries, one after the other."""
        total = sum(self.seconds)
        return self.timed_pairs / total if total > 0 else None

    @property
    def seconds_per_query(self) -> float | None:
        """The mean of the timed queries."""
        return sum(self.seconds) / len(self.seconds) if self.seconds else None

    @property
    def slow_seconds(self) -> float | None:
        """Within which 95 % of the timed queries were answered; None below FEWEST_TIMES."""
        if len(self.seconds) < FEWEST_TIMES:
            return None
        return sorted(self.seconds)[-(-95 * len(self.seconds) // 100) - 1]

    def run(self, data: EvaluationData) -> Run:
        """Its order of the candidates."""
        rankings = data.initial.rankings
        return Run(
            self.title,
            {query: rank_by_score(query, rankings[query].documents, s) for query, s in self.scores.items()},
        )

    def stored(self) -> dict[str, Any]:
        """As JSON values; `from_stored` reads them back."""
        kept = asdict(self)
        return kept | {"problem": self.problem.stored(), "advice": self.advice.stored()}


def from_stored(kept: Mapping[str, Any]) -> Contender:
    """The value that `Contender.stored` gave."""
    model = kept["model"]
    return Contender(
        **{
            **kept,
            "model": ScorerInfo(**{**model, "notes": tuple(model["notes"])}) if model else None,
            "scores": {query: tuple(scores) for query, scores in kept["scores"].items()},
            "seconds": tuple(kept["seconds"]),
            "problem": Sentence(**kept["problem"]),
            "advice": Sentence(**kept["advice"]),
        }
    )


def refused(name: str, error: WorkbenchError, settings: Settings) -> Contender:
    """A contender that could not be had."""
    licence = licence_of(name, settings)
    return Contender(name, short_title(name), licence, problem=error.sentence, advice=error.advice)


def offers(settings: Settings) -> list[Offer]:
    """What can be chosen by name, those on this machine first."""
    rows = inventory(settings)
    known = [Offer(row.name, row.title, row.usable) for row in rows]
    own = [Offer(name, title, True) for name, title in OWN_TITLES.items()]
    found = [*known[:1], *own, *known[1:]]
    return sorted(found, key=lambda offer: not offer.usable)


def licence_of(name: str, settings: Settings) -> str:
    """The licence of a model's weights as far as it is known here; "" otherwise."""
    if name == BM25 or is_remote(name):
        return ""
    if name == USE_M3:
        return "Apache-2.0"
    known = lookup(resolve_name(name, settings))
    if known is not None:
        return known.licence
    folder = Path(name).expanduser()
    try:
        return check_cross_encoder(folder).recipe.licence if is_cross_encoder(folder) else ""
    except (ModelError, OSError):
        return ""


def short_title(name: str) -> str:
    """A model's name before it was loaded: the catalogue's title, a folder's last part, an address whole."""
    if name in OWN_TITLES:
        return OWN_TITLES[name]
    known = next((entry for entry in catalogue() if entry.name == name), None)
    if known is not None:
        return known.title
    return name if is_remote(name) else Path(name).name or name


def with_distinct_titles(contenders: Sequence[Contender]) -> tuple[Contender, ...]:
    """The same, each title once: a second one of the same name is numbered."""
    titles: list[str] = []
    for contender in contenders:
        title, number = contender.title, 1
        while title in titles:
            number += 1
            title = f"{contender.title} ({number})"
        titles.append(title)
    return tuple(replace(one, title=title) for one, title in zip(contenders, titles, strict=True))


def distinct_names(names: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The models asked for, aliases resolved, each once."""
    stripped = [name.strip() for name in names if name.strip()]
    return tuple(dict.fromkeys(BM25 if n.lower() == BM25 else resolve_name(n, settings) for n in stripped))
