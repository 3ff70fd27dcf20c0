"""What to say of an evaluation, in sentences, the most important first. The page and the report say the same.

The verdicts themselves are made in `core.evaluation`; here they are put in order beside the best possible
order, what retrieval missed, and the threshold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.evaluation.agreement import AgreementSummary
from core.evaluation.oracle import Headroom, RecallCeiling
from core.evaluation.report import SystemReport
from core.sentences import Sentence, sentence
from core.workflows.evaluate.added_rows import BEFORE_ONLY, BOTH_READINGS
from core.workflows.evaluate.outcome import Outcome

Kind = Literal["verdict", "warning", "note", "gap", "regressions", "retrieval", "threshold", "movement"]

GAP_CLOSED = (
    "{closed:.0%} of the possible {measure} gain was achieved: of what the best order of the same candidates "
    "would bring."
)
GAP_WIDENED = (
    "The best order of the same candidates would reach {best:.3f} {measure}; the new order is further "
    "from it than the old one."
)
NO_GAP = "The order before was already the best possible one in {measure}."
CEILING = (
    "Relevant documents among the candidates: {retrieved} of {relevant}. No order can bring recall above "
    "{recall:.3f}; the rest was missed by retrieval, not by ranking."
)
ALL_RETRIEVED = (
    "Every relevant document is among the candidates, so retrieval missed nothing that is labelled."
)
WITHOUT_CANDIDATE = "Queries without any relevant candidate, which no order can help: {count} of {queries}."
REGRESSED = "Queries that got worse in {measure}: {count} of {queries}."
UNMEASURED = "There are no labels, so whether the new order is better is not known; only what changed is."
CORRELATION = (
    "Rank correlation with the order before: Kendall's tau {kendall:.2f}, Spearman's rho {spearman:.2f}."
)
OVERLAP = (
    "Of the first {top}, {overlap:.0%} are the same as before; the first document was kept in {first:.0%} "
    "of the queries."
)
MOVEMENT = "Documents moved by {places:.1f} places on average."


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One sentence and what it is about."""

    kind: Kind
    sentence: Sentence


def verdict_lines(outcome: Outcome, system: int = 0, *, thresholds: bool = True) -> tuple[VerdictLine, ...]:
    """Everything worth saying of one system; each sentence once. thresholds: also where to cut."""
    report = outcome.report
    lines: list[VerdictLine] = []
    if report is None:
        lines.append(VerdictLine("verdict", sentence(UNMEASURED)))
        lines += movement_lines(outcome.movement[system])
    else:
        reported = report.systems[system] if system < len(report.systems) else None
        if reported is not None:
            lines += _system_lines(reported)
        lines += (VerdictLine("warning", said) for said in added_rows_warnings(outcome, system))
        if reported is not None:
            lines += _threshold_lines(reported) if thresholds else ()
        lines += ceiling_lines((reported or report).ceiling)
    return tuple({line.sentence.text: line for line in reversed(lines)}.values())[::-1]


def added_rows_warnings(outcome: Outcome, system: int = 0) -> tuple[Sentence, ...]:
    """That rows look added for their label, and the deciding figure with and without them."""
    given, without = outcome.report, outcome.without_added
    if outcome.added is None or given is None or without is None:
        return ()
    measure = given.deciding
    if measure is None:
        return (outcome.added.warning,)
    if system < len(given.systems):
        before, after = given.systems[system].headline, without.systems[system].headline
        if before is None or after is None:
            return (outcome.added.warning,)
        facts = {"system": given.systems[system].evaluation.run}
        said = sentence(BOTH_READINGS, given=before.sentence, without=after.sentence, **facts)
        return outcome.added.warning, said
    means = given.baseline.mean(measure), without.baseline.mean(measure)
    if None in means:
        return (outcome.added.warning,)
    facts = {"system": given.baseline.run, "measure": str(measure)}
    return outcome.added.warning, sentence(BEFORE_ONLY, given=means[0], without=means[1], **facts)


def movement_lines(movement: AgreementSummary) -> list[VerdictLine]:
    """How far the order changed, which needs no label."""
    lines = []
    if movement.kendall is not None and movement.spearman is not None:
        correlation = sentence(CORRELATION, kendall=movement.kendall, spearman=movement.spearman)
        lines.append(VerdictLine("movement", correlation))
    if movement.overlap is not None and movement.first_kept is not None:
        top = max((query.top for query in movement.queries), default=0)
        kept = sentence(OVERLAP, top=top, overlap=movement.overlap, first=movement.first_kept)
        lines.append(VerdictLine("movement", kept))
    if movement.mean_movement is not None:
        lines.append(VerdictLine("movement", sentence(MOVEMENT, places=movement.mean_movement)))
    return lines


def ceiling_lines(ceiling: RecallCeiling) -> Iterator[VerdictLine]:
    """What retrieval brought and what it missed."""
    if ceiling.mean_recall is None:
        return
    if ceiling.retrieved == ceiling.relevant:
        yield VerdictLine("retrieval", sentence(ALL_RETRIEVED))
        return
    facts = {"retrieved": ceiling.retrieved, "relevant": ceiling.relevant, "recall": ceiling.mean_recall}
    yield VerdictLine("retrieval", sentence(CEILING, **facts))
    if ceiling.without_candidate:
        count = len(ceiling.without_candidate)
        yield VerdictLine("retrieval", sentence(WITHOUT_CANDIDATE, count=count, queries=ceiling.queries))


def _system_lines(system: SystemReport) -> Iterable[VerdictLine]:
    for comparison in system.comparisons:
        yield VerdictLine("verdict", comparison.sentence)
    for comparison in system.comparisons:
        for note in comparison.notes:
            yield VerdictLine("note", note)
    for room in system.headroom[:1]:
        yield VerdictLine("gap", _gap(room))
    if system.headline is not None and system.headline.queries:
        facts = {"measure": str(system.headline.measure), "queries": system.headline.queries}
        yield VerdictLine("regressions", sentence(REGRESSED, count=len(system.worse), **facts))


def _threshold_lines(system: SystemReport) -> Iterable[VerdictLine]:
    advice = system.thresholds
    return () if advice is None else (VerdictLine("threshold", said) for said in advice.sentences)


def _gap(room: Headroom) -> Sentence:
    measure = str(room.measure)
    if room.closed is None:
        return sentence(NO_GAP, measure=measure)
    if room.closed < 0:
        return sentence(GAP_WIDENED, measure=measure, best=room.best)
    return sentence(GAP_CLOSED, measure=measure, closed=room.closed)
