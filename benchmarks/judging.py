"""What one grade costs: the Evaluate page's Judge section, run as Streamlit runs it, on made-up judgements.

    python -m benchmarks.judging [--queries 500] [--documents 50] [--grades 5]

Prints CPU seconds of one page run per grade and per section, and ends with one JSON line. Scores are drawn
from a seeded generator, so no model is measured.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

import core.workflows.home.job_service as service_module
import core.workflows.home.workbench as workbench_module
from core.evaluation.judged import JudgedRow
from core.jobs import InputFile
from core.settings import Settings
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows
from core.workflows.evaluate.jobs import EvaluateJob, new_evaluation
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from tests.workflows.evaluate.labelled_sheet import TableScorer

ENTRY = str(Path(__file__).resolve().parents[1] / "streamlit_app.py")
SEED = 7
UNJUDGED, RELEVANT = 0.3, 0.08


def made_up(queries: int, documents: int) -> tuple[EvaluationData, TableScorer]:
    """Judgements of which a third is missing, and a scorer that agrees with them more often than not."""
    draw = random.Random(SEED)
    rows: list[LabelledRow] = []
    logits: dict[str, float] = {}
    for query in range(queries):
        for document in range(documents):
            relevant = draw.random() < RELEVANT
            label = None if draw.random() < UNJUDGED else draw.choice((1, 2, 3)) if relevant else 0
            text = f"Document {document} of query {query}. " + "It says what such documents say. " * 4
            logits[text] = draw.gauss(-2.0 + 1.5 * (label or 0), 2.0)
            judged = JudgedRow(f"q{query}", f"q{query}d{document}", label, query=f"query number {query}")
            rows.append(LabelledRow(judged, text))
    return from_labelled_rows(rows), TableScorer(logits)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--grades", type=int, default=5)
    asked = parser.parse_args()
    data, scorer = made_up(asked.queries, asked.documents)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        service = JobService(home, lambda _: scorer, JOB_KINDS)
        service.runner.start()
        bench = Workbench(Settings(model="embedded", home=home, download="never"))
        bench.start()
        bench.scorer(wait=120)
        workbench_module._the_workbench = bench
        service_module._the_service = service
        file = InputFile("made-up.csv", str(home / "made-up.csv"), "0" * 64, 0)
        job = service.runner.submit(
            new_evaluation("made up", data, EvaluateJob(scorer.info.name, data.fingerprint), file)
        )
        done = service.runner.wait(job.id)
        if done.state != "done":
            sys.exit(f"The job is {done.state}: {done.notice}")
        found = _measure(job.id, asked.grades)
        service.close()
    for name, seconds in found.items():
        print(f"{name:12} {seconds:.2f} CPU s")
    print(json.dumps({"queries": asked.queries, "documents": asked.documents, **found}))


def _measure(job_id: str, grades: int) -> dict[str, float]:
    """CPU seconds by section on its first view, and of the cheapest grade: other work only adds to it."""
    app = AppTest.from_file(ENTRY, default_timeout=300)
    app.session_state["app.language"] = "en"
    app.run()
    app.switch_page("pages/evaluate.py")
    app.query_params["job"] = job_id
    app.session_state["evaluate.section"] = "judge"
    found: dict[str, float] = {"judge": _timed(app)}
    costs = []
    for _ in range(grades):
        app.button(key="evaluate.grade_2").click()
        costs.append(_timed(app))
    found["one grade"] = min(costs)
    for section in ("queries", "regressions", "threshold", "movement", "compare", "verdict"):
        app.session_state["evaluate.section"] = section
        found[f"section {section}"] = _timed(app)
    return found


def _timed(app: AppTest) -> float:
    start = time.process_time()
    app.run()
    if app.exception:
        sys.exit(str(app.exception[0].value))
    return round(time.process_time() - start, 3)


if __name__ == "__main__":
    main()
