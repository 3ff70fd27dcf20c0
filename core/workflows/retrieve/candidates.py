"""The candidates of many questions, labelled or not, as a table and as a *Batch* run over it."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from core.jobs import InputFile, NewJob
from core.models.embedding import Embedder
from core.records import Scorer
from core.retrieval.first_stages import join
from core.retrieval.passages import Corpus
from core.sheets.meaning.importing import ImportChoices, import_source
from core.sheets.reading.sources import read_source
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job, without_queries
from core.workflows.home.plan import unreadable_queries
from core.workflows.retrieve.searching import SearchAsked, check_count, search_lists, searches_of

COLUMNS = (
    "query_id",
    "query",
    "document_id",
    "document",
    "initial_rank",
    "bm25_rank",
    "embedding_rank",
    "title",
    "source",
)
ROLES = {name: name for name in ("query_id", "query", "document_id", "document", "initial_rank")}


def candidates_csv(
    corpus: Corpus,
    queries: Mapping[str, str],
    asked: SearchAsked,
    embedder: Embedder | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """A row a candidate of each query, by its rank in the first stage. on_progress(done, total): queries."""
    check_count(asked.k, "candidates")
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for done, (query_id, query) in enumerate(queries.items(), start=1):
        lists = search_lists(corpus, query, searches_of(asked.stage), asked, embedder)
        pool = {one.id: one for one in join(lists.ids, asked.stage, asked.k)}
        for rank, passage in enumerate(corpus.passages(list(pool)), start=1):
            ranks = pool[passage.id].ranks
            own = (rank, ranks.get("bm25"), ranks.get("embedding"))
            rows.writerow(
                (query_id, query, passage.id, passage.read_text, *own, passage.title, passage.source)
            )
        if on_progress is not None:
            on_progress(done, len(queries))
    return written.getvalue().encode()


def candidates_job(name: str, file: InputFile, scorer: Scorer, instruction: str | None) -> NewJob:
    """A batch over a kept file of `candidates_csv`."""
    table = import_source(read_source(Path(file.path), file.name), ImportChoices(mapping=dict(ROLES)))
    batch = batch_input(table, instruction, uses_instruction=scorer.info.uses_instruction)
    batch = without_queries(batch, unreadable_queries(batch.requests, scorer))
    settings = batch_settings(batch, scorer.info.name, instruction=instruction, top=None)
    return new_batch_job(name, batch, settings, (file,))
