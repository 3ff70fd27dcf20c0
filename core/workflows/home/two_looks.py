"""Two looks, for whoever asks for them: the scorer that looks twice, and what its sample of queries says.

How documents are read in two steps is the engine's matter (`core.engine.looks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.records import LooksTwice, OnChecked, Scorer
from core.sentences import Sentence, sentence

NOT_HERE = "{model} cannot look twice: only Qwen3-Reranker on this machine reads documents in two steps."
WITH_CHUNKS = "Two looks do not go with chunks: a document in chunks is read whole."
NOT_CHECKED = "Too few queries to check what two looks changed."
CHECKED = (
    "Two looks: of {checked} queries that were read whole to check, {changed} would have had another top "
    "{top} ({share}, 95 % interval {low} to {high})."
)


def looking_twice(
    scorer: Scorer, top: int, *, in_chunks: bool = False, on_checked: OnChecked | None = None
) -> Scorer:
    """The scorer itself for 0 places, else one of its model that looks twice.

    in_chunks: documents are cut into chunks before. InputError where the two do not go together, or the model
    cannot look twice.
    """
    if not top:
        return scorer
    if in_chunks:
        raise InputError(WITH_CHUNKS, where="two_looks", hint="Turn one of the two off.")
    if not isinstance(scorer, LooksTwice):
        raise InputError(NOT_HERE, where="two_looks", hint="Turn two looks off.", model=scorer.info.label)
    return scorer.two_looks(top, on_checked)


@dataclass(frozen=True, slots=True)
class TopsChecked:
    """What the sample of a run said. checked: queries that were read whole; changed: of another top."""

    top: int
    checked: int
    changed: int

    @classmethod
    def of(cls, top: int, missed: Mapping[int, int]) -> "TopsChecked":
        """missed: by query, how many of the first places two looks would have given to others."""
        return cls(top, len(missed), sum(1 for count in missed.values() if count))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share of queries whose top changes: Clopper & Pearson (1934)."""
        from scipy import stats  # type: ignore[import-untyped]

        n, k = self.checked, self.changed
        low = 0.0 if k == 0 else float(stats.beta.ppf(0.025, k, n - k + 1))
        high = 1.0 if k == n else float(stats.beta.ppf(0.975, k + 1, n - k))
        return low, high

    @property
    def sentence(self) -> Sentence:
        """For a reader."""
        if not self.checked:
            return Sentence(NOT_CHECKED)
        low, high = self.interval
        return sentence(
            CHECKED,
            checked=self.checked,
            changed=self.changed,
            top=self.top,
            share=f"{self.changed / self.checked:.0%}",
            low=f"{low:.0%}",
            high=f"{high:.0%}",
        )

    def record(self) -> dict[str, object]:
        """For machines."""
        ends = [round(end, 4) for end in self.interval] if self.checked else None
        return {"top": self.top, "checked": self.checked, "changed": self.changed, "interval": ends}
