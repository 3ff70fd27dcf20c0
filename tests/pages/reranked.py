"""What the Rerank page's run came to."""

from streamlit.testing.v1 import AppTest

from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.running import RerankingNow, rerank_runs
from pages.parts.frame.workbench import the_workbench

PATIENCE = 60.0


def reranking_run(app: AppTest) -> RerankingNow:
    """The run that the page looks at, at its end; the page is drawn again where it was still running."""
    runs = rerank_runs(the_workbench().settings.home)
    run_id = app.query_params["run"]
    name = run_id if isinstance(run_id, str) else run_id[0]
    ended = runs.wait(name, PATIENCE)
    app.run()
    assert not app.exception
    return ended


def reranked(app: AppTest) -> Reranking:
    """Its result."""
    result = reranking_run(app).result
    assert result is not None
    return result
