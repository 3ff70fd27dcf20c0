"""The first page of an evaluation's workbook: one headline, the figures behind it, and what to do next.

Of several systems the one with the largest gain has the headline, in the measure that decides; p-values are
corrected for how many there are. The verdicts themselves are made in `core.evaluation`.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from core.evaluation.report import EvaluationReport, SystemReport
from core.evaluation.significance import FEWEST_QUERIES
from core.sentences import Sentence, sentence
from core.sheets.columns import place_of
from core.sheets.tables import ColumnKind, TableColumn
from core.sheets.writing.charts import ChartSeries, ChartSpec, Words
from core.sheets.writing.cover import Cover, CoverTable
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.tables import people_columns, query_columns
from core.workflows.evaluate.verdict import verdict_lines

NAME = "Overview"
BLUE = "#2A63B8"
MEAN, CHANGE = "0.000", "+0.000;-0.000;0.000"

SEVERAL = "Of {count} compared, «{system}» gained most. {said}"
NEW_ORDER = "Use the new order: it is better by more than chance explains."
OLD_ORDER = "Keep the order before: the new one is worse by more than chance explains."
NO_REASON = (
    "Neither order is better on these queries; try another instruction (Sandbox) or another model before "
    "reranking is paid for."
)
MORE = "Judge about {count} more queries: then these figures would probably decide."
TOO_CLOSE = "Do not judge more queries for this: a difference so small would take thousands to tell."
FEW = "Judge at least {fewest} queries before anything is decided."
LOOK = "Look at the queries that got worse, on the sheet «{sheet}»: {count} of {queries}, with likely causes."
RETRIEVE = (
    "Improve what is searched or how many candidates it brings: in {count} queries no relevant document is "
    "among them."
)
CUT = "Where to cut the list by score is on the sheet «{sheet}»."
LEAK = "Settle the added rows first: {said}"
LABELS = "Label some queries, on the page Evaluate under Judge: at least {fewest} are needed for a verdict."


def front_page(outcome: Outcome, source: str) -> Cover:
    """source: the file's name."""
    report = outcome.report
    best = _best(report) if report is not None else None
    facts: list[tuple[Words, Words]] = [(Sentence("File"), source)] if source else []
    facts.append((Sentence("Date"), date.today().isoformat()))
    models = ", ".join(system.model.label for system in outcome.systems) or ", ".join(outcome.names)
    facts += [(Sentence("Model"), models)] if models else []
    if report is not None:
        facts.append((Sentence("Judged queries"), str(report.queries)))
    return Cover(
        name=NAME,
        title=Sentence("Did reranking help?"),
        facts=tuple(facts),
        headline=_headline(outcome, report, best),
        tables=tuple(_tables(outcome, report)),
        charts=tuple(_charts(report, best)),
        next_steps=tuple(_next_steps(outcome, report, best)),
        next_title=Sentence("What to do next"),
    )


def _best(report: EvaluationReport) -> SystemReport | None:
    """The system of the headline: the largest gain in the deciding measure."""
    compared = [system for system in report.systems if system.headline is not None]
    return max(compared, key=lambda system: _gain(system), default=None)


def _gain(system: SystemReport) -> float:
    return system.headline.difference if system.headline is not None else 0.0


def _headline(outcome: Outcome, report: EvaluationReport | None, best: SystemReport | None) -> Sentence:
    if report is None or best is None or best.headline is None:
        return verdict_lines(outcome, thresholds=False)[0].sentence
    if len(report.systems) == 1:
        return best.headline.sentence
    facts = {"count": len(report.systems), "system": best.evaluation.run}
    return sentence(SEVERAL, said=best.headline.sentence, **facts)


def _tables(outcome: Outcome, report: EvaluationReport | None) -> Iterator[CoverTable]:
    """Before, after, best: a row per system in the deciding measure, or per measure of the only system."""
    if report is None:
        return
    if not report.systems:
        means = [(str(measure), mean) for measure, mean in report.baseline.means().items()]
        mean = _column("Mean", "number", MEAN)
        yield CoverTable((_column("Measure", "text"), mean), tuple(means))
        return
    several = len(report.systems) > 1
    rows: list[Sequence[object]] = []
    for system in report.systems:
        rooms = {room.measure: room for room in system.headroom}
        for comparison in system.comparisons[:1] if several else system.comparisons:
            room = rooms.get(comparison.measure)
            rows.append(
                (
                    system.evaluation.run if several else str(comparison.measure),
                    comparison.before,
                    comparison.after,
                    room.best if room else None,
                    comparison.difference,
                    comparison.wins,
                    comparison.losses,
                )
            )
    deciding = str(report.deciding) if report.deciding else ""
    first = TableColumn(
        "Measure",
        "text",
        title=sentence("Measure: {name}", name=deciding) if several else Sentence("Measure"),
    )
    columns = (
        first,
        _column("Before", "number", MEAN),
        _column("After", "number", MEAN),
        _column("Best possible order", "number", MEAN),
        _column("Change", "number", CHANGE),
        _column("Queries better", "integer", "0"),
        _column("Queries worse", "integer", "0"),
    )
    yield CoverTable(columns, tuple(rows))


def _column(name: str, kind: ColumnKind, code: str = "") -> TableColumn:
    """A column of a small table, named by a word of the interface."""
    return TableColumn(name, kind, code, title=Sentence(name))


def _charts(report: EvaluationReport | None, best: SystemReport | None) -> Iterator[ChartSpec]:
    """Each query's change, sorted: of the system that has the headline."""
    if report is None or best is None or not report.queries or report.deciding is None:
        return
    columns = people_columns(query_columns(tuple(report.baseline.values)), report)
    first = 1 + report.systems.index(best) * report.queries
    last = first + report.queries - 1
    measure = str(report.deciding)
    change = ChartSeries(Sentence("Change"), place_of("difference", columns), first, last, BLUE)
    yield ChartSpec(
        "histogram",
        sentence("Change in {measure} of every query, sorted", measure=measure),
        "Per query",
        place_of("query_id", columns),
        (change,),
        y_title=measure,
        labels=False,
    )


def _next_steps(
    outcome: Outcome, report: EvaluationReport | None, best: SystemReport | None
) -> Iterator[Sentence]:
    """What the verdict asks for, the most important first."""
    if report is None:
        yield sentence(LABELS, fewest=FEWEST_QUERIES)
        return
    if outcome.added is not None:
        yield sentence(LEAK, said=outcome.added.warning)
    if best is not None and best.headline is not None:
        yield from _of_verdict(best)
    ceiling = (best or report).ceiling
    if ceiling.without_candidate:
        yield sentence(RETRIEVE, count=len(ceiling.without_candidate))
    if best is not None and best.thresholds is not None and best.thresholds.recommended:
        yield sentence(CUT, sheet=Sentence("Thresholds"))


def _of_verdict(system: SystemReport) -> Iterator[Sentence]:
    comparison = system.headline
    assert comparison is not None  # asked of the system that has the headline
    match comparison.verdict:
        case "better":
            yield sentence(NEW_ORDER)
        case "worse":
            yield sentence(OLD_ORDER)
        case "no_difference":
            yield sentence(NO_REASON)
        case "too_few":
            yield sentence(FEW, fewest=FEWEST_QUERIES)
        case "cannot_tell":
            if comparison.more_queries is None:
                yield sentence(TOO_CLOSE)
            else:
                yield sentence(MORE, count=comparison.more_queries)
    if system.worse:
        facts = {"count": len(system.worse), "queries": comparison.queries}
        yield sentence(LOOK, sheet=Sentence("Regressions"), **facts)
