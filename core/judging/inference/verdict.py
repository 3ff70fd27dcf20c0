"""A verdict from both kinds of label, in sentences: what is found with the model's, beside people's alone.

Numbers come from `means` and `drawn`; which labels and orders they are of is for `comparison`.
"""

from dataclasses import dataclass

from core.evaluation.inference import decimals
from core.evaluation.measures import Measure
from core.evaluation.significance import FEWEST_QUERIES, ComparisonSettings, Verdict
from core.judging.inference.drawn import FEWEST_RELEVANT
from core.judging.inference.means import PoweredMean
from core.sentences import Sentence, sentence

BETTER = "{basis}: better by {difference} {measure}, {confidence} % interval {low} to {high}."
WORSE = "{basis}: worse by {loss} {measure}, {confidence} % interval of the difference {low} to {high}."
CANNOT_TELL = (
    "{basis}: cannot tell, difference {difference} {measure}, {confidence} % interval {low} to {high}."
)
WITH_BOTH = "With the model's labels"
BY_PEOPLE = "By people's labels alone"
TOO_FEW = (
    "Queries judged by people as {measure} needs it, and by the model: {judged}. From {fewest} on the "
    "model's labels of the others can help."
)
TOO_FEW_DRAWN = (
    "Drawn documents that people judged and found relevant: {relevant}. From {fewest} on {measure} can be "
    "estimated."
)
ALONE = "By people's labels alone, of {judged} queries: {difference}, interval {low} to {high}."
WORTH = (
    "The model's labels of {further} more queries make it as good as {worth:.1f} × as many labels by people."
)
WORTH_DRAWN = "The model's labels make it as good as {worth:.1f} × as many labels by people."
NO_WORTH = (
    "The model's labels add nothing here: they do not go with people's closely enough, or are of too few "
    "further queries."
)


@dataclass(frozen=True, slots=True)
class PoweredComparison:
    """A verdict with both kinds of label. difference: after minus before. measure: the one used.

    before, after: means at the trust of the difference, so that they differ by it; None with too few queries.
    drawn: people judged drawn documents rather than whole queries.
    """

    measure: Measure
    system: str
    verdict: Verdict
    before: float | None
    after: float | None
    difference: PoweredMean | None
    drawn: bool
    sentences: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]

    def as_json(self) -> dict[str, object]:
        """As JSON values, in English."""
        record: dict[str, object] = {
            "measure": str(self.measure),
            "system": self.system,
            "verdict": self.verdict,
            "before": self.before,
            "after": self.after,
            "drawn_documents": self.drawn,
        }
        found = self.difference
        if found is not None:
            record |= {
                "difference": found.mean,
                "interval": [found.interval.low, found.interval.high],
                "people_alone": {
                    "difference": found.alone,
                    "interval": [found.alone_interval.low, found.alone_interval.high],
                },
                "worth": found.worth,
                "trust": found.trust,
                "judged_by_people": found.judged,
                "judged_by_the_model_alone": found.further,
            }
        record["sentences"] = [one.text for one in (*self.sentences, *self.notes)]
        return record


def said_of(
    measure: Measure,
    difference: PoweredMean | None,
    settings: ComparisonSettings,
    *,
    drawn: bool,
    relevant: int = 0,
) -> tuple[Verdict, tuple[Sentence, ...]]:
    """The verdict, and what to say of it: the most important first. relevant: of the drawn documents."""
    if drawn and relevant < FEWEST_RELEVANT:
        few = sentence(TOO_FEW_DRAWN, measure=str(measure), relevant=relevant, fewest=FEWEST_RELEVANT)
        return "too_few", (few,)
    judged = difference.judged if difference else 0
    if difference is None or judged < FEWEST_QUERIES:
        few = sentence(TOO_FEW, measure=str(measure), judged=judged, fewest=FEWEST_QUERIES)
        return "too_few", (few,)
    low, high = difference.interval.low, difference.interval.high
    verdict: Verdict = "better" if low > 0 else "worse" if high < 0 else "cannot_tell"
    template = {"better": BETTER, "worse": WORSE, "cannot_tell": CANNOT_TELL}[verdict]
    sign = "+" if verdict == "cannot_tell" else ""
    alone = difference.alone_interval
    digits = decimals(difference.mean, low, high, alone.low, alone.high)

    def shown(value: float, sign: str = sign) -> str:
        return f"{value:{sign}.{digits}f}"

    helps = difference.trust > 0
    facts: dict[str, object] = {
        "basis": sentence(WITH_BOTH) if helps else sentence(BY_PEOPLE),
        "measure": str(measure),
        "confidence": f"{100 * settings.confidence:g}",
        "low": shown(low),
        "high": shown(high),
        **(
            {"loss": shown(-difference.mean)}
            if verdict == "worse"
            else {"difference": shown(difference.mean)}
        ),
    }
    if not helps:
        return verdict, (Sentence(template, facts), sentence(NO_WORTH))
    by_people = sentence(
        ALONE,
        judged=difference.judged,
        difference=shown(difference.alone, "+"),
        low=shown(alone.low, "+"),
        high=shown(alone.high, "+"),
    )
    worth: dict[str, object] = {"worth": difference.worth}
    if not drawn:
        worth["further"] = difference.further
    return verdict, (
        Sentence(template, facts),
        by_people,
        Sentence(WORTH_DRAWN if drawn else WORTH, worth),
    )
