"""What programs get of a search and of an evaluation: plain values under English names."""

from core.records import LOGIT_DECIMALS
from core.workflows.retrieve.measuring import TWO_STAGES, Pipeline
from core.workflows.retrieve.searching import SearchResult


def search_record(result: SearchResult, n: int) -> dict[str, object]:
    """The machine output of a search: the first n results and the seconds of each stage.

    `without_vector` is there only while some passages have none: how many were searched by words only.
    """
    results = []
    for one in result.found[:n]:
        record: dict[str, object] = {"id": one.passage.id, "rank": one.rank, "stages": dict(one.ranks)}
        if one.score is not None:
            record["logit"] = round(one.score.logit, LOGIT_DECIMALS)
        record["text"] = one.passage.text
        results.append(record)
    found: dict[str, object] = {
        "results": results,
        "seconds": {name: round(taken, 6) for name, taken in result.seconds.items()},
    }
    return {**found, "without_vector": result.without_vector} if result.without_vector else found


def pipeline_record(pipeline: Pipeline) -> dict[str, object]:
    """The machine output of an evaluation: per system the measures as `evaluate --json` has them."""
    systems: dict[str, object] = {}
    against = {name: report.as_json() for name, report in pipeline.reports.items()}
    for system in pipeline.systems:
        name = system.run.name
        measures: dict[str, object] = {
            str(one): {"mean": mean} for one, mean in system.evaluation.means().items()
        }
        compared = {}
        for base, report in pipeline.reports.items():
            found = next((one for one in report.systems if one.evaluation.run == name), None)
            if found is not None:
                compared[base] = {
                    str(one.measure): {
                        "difference": one.difference,
                        "interval": [one.interval.low, one.interval.high] if one.interval else None,
                        "p_adjusted": one.p_adjusted,
                        "verdict": one.verdict,
                    }
                    for one in found.comparisons
                }
        systems[name] = {
            "measures": measures,
            "recall_ceiling": system.recall,
            "pairs_per_query": system.pairs,
            "seconds_per_query": system.seconds,
            "compared_with": compared,
        }
    first = next(iter(against.values()))
    return {
        "run": TWO_STAGES,
        "queries": first["queries"],
        "left_out": len(pipeline.retrieved.questions.queries) - len(pipeline.retrieved.answerable),
        "measures": {
            str(one): {"mean": mean}
            for system in pipeline.systems
            if system.run.name == TWO_STAGES
            for one, mean in system.evaluation.means().items()
        },
        "systems": systems,
        "curve": [
            {
                "k": one.k,
                "quality": one.quality,
                "pairs_per_query": one.pairs,
                "seconds_per_query": one.seconds,
            }
            for one in pipeline.curve
        ],
        "advice": pipeline.advice.text if pipeline.advice else None,
        "notes": first["notes"],
    }
