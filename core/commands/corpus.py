"""`corpus`: collections of passages; add files, search in two stages, measure on labelled questions.

`add` returns when words can be searched. Vectors follow: at once where there are few, else in a process of
their own that any later command or the page can take over.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.commands.column_mapping import one_column_each
from core.commands.corpora.output import (
    added_record,
    pairs_so_far,
    read_so_far,
    show_added,
    show_pipeline,
    show_results,
    tell,
)
from core.commands.corpora.vectors import are_few, have_all, make_all, make_few, make_in_background
from core.errors import InputError, StorageError
from core.jobs import ScoreCache
from core.models.embedding import load_embedder
from core.retrieval.passages import Filters
from core.settings import Settings
from core.text.chunking import ChunkSettings
from core.workflows.care.preparing import asked_care
from core.workflows.evaluate.scores import score_data
from core.workflows.home.inventory import open_scorer
from core.workflows.instructions.library import asked_instruction
from core.workflows.retrieve.adding import AddChoices, add_files
from core.workflows.retrieve.corpora import checked_name, corpora
from core.workflows.retrieve.exporting import export_corpus
from core.workflows.retrieve.machine_records import pipeline_record, search_record
from core.workflows.retrieve.measuring import (
    DEFAULT_MEASURES,
    as_evaluation,
    measure,
    retrieve_all,
    scores_of,
)
from core.workflows.retrieve.questions import read_questions
from core.workflows.retrieve.searching import (
    SearchAsked,
    check_count,
    checked_stage,
    search,
    searches_of,
)

HELP = "keep a corpus of passages, search it in two stages, measure each stage"

BAD_WHERE = "«{condition}» is not NAME=VALUE."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One action a subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=help, description=help)
        # Without a default of its own, so that `corpus --json add` is heard too.
        made.add_argument(
            "--json",
            action="store_true",
            default=argparse.SUPPRESS,
            help="machine-readable output, in English",
        )
        made.set_defaults(act=run)
        return made

    add = action("add", "add files; what is there already is not added again", _add)
    add.add_argument("name", metavar="NAME", help="of the corpus; made if there is none")
    add.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="tables (.xlsx, .csv, .jsonl, .parquet; a row a passage), documents (.txt, .md, .html, .pdf, "
        ".docx), folders and zip archives of documents",
    )
    _add_reading(add)
    add.add_argument("--no-clean", action="store_true", help="take documents as they are")
    add.add_argument("--chunk", type=int, metavar="TOKENS", help="cut documents into passages of this length")
    add.add_argument(
        "--vectors",
        choices=("auto", "now", "later"),
        default="auto",
        help="make vectors before the command ends, or leave it to a later one; auto: now where there are "
        "few, else in the background",
    )

    action("list", "the corpora and what they hold", _list)

    found = action("search", "search a corpus", _search)
    found.add_argument("name", metavar="NAME")
    found.add_argument("--query", required=True)
    found.add_argument("--stage", default="union", help="bm25, embedding, union, interleaved or rrf")
    found.add_argument("--top-k", type=int, default=50, metavar="K", help="candidates of each search")
    found.add_argument("--rerank", action="store_true", help="rerank the candidates")
    found.add_argument("--top-n", type=int, default=10, metavar="N", help="how many results")
    found.add_argument("--source", action="append", default=[], help="only from this source; may be repeated")
    found.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="only passages of this metadata; may be repeated",
    )
    _add_model(found)

    evaluated = action("evaluate", "what each stage finds on labelled questions", _evaluate)
    evaluated.add_argument("name", metavar="NAME")
    evaluated.add_argument(
        "labelled", metavar="LABELLED", help="questions with the id or the text of a passage, and a label"
    )
    _add_reading(evaluated)
    evaluated.add_argument("--top-k", type=int, default=50, metavar="K", help="candidates of each search")
    evaluated.add_argument("--measures", default=DEFAULT_MEASURES, metavar="MEASURE,…")
    evaluated.add_argument(
        "--wait",
        action="store_true",
        help="where many vectors are missing, make them first or follow the process that does",
    )
    _add_model(evaluated)

    removed = action("remove", "delete a corpus, or passages of it", _remove)
    removed.add_argument("name", metavar="NAME")
    removed.add_argument("--id", action="append", default=[], help="only this passage; may be repeated")
    removed.add_argument("--source", action="append", default=[], help="only what came from this source")

    made = action("vectors", "make the vectors that are missing", _vectors)
    made.add_argument("name", metavar="NAME")
    made.add_argument("--afresh", action="store_true", help="drop all first: for another embedding model")

    exported = action("export", "write all passages and vectors, for another store", _export)
    exported.add_argument("name", metavar="NAME")
    exported.add_argument("-o", "--output", required=True, metavar="FILE", help=".jsonl or .parquet")


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    code: int = options.act(options)
    return code


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="PART=COLUMN",
        help="document_id, document, title, source; for questions query_id, query, label, group",
    )
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="of a text file; default: found out")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", help="the reranker; default: the best on disk")
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="what makes a passage relevant, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")


def _add(options: argparse.Namespace) -> int:
    settings = Settings()
    place = corpora(settings)
    name = checked_name(options.name)
    choices = AddChoices(one_column_each(options.map), options.sheet, options.encoding)
    if options.no_clean:
        choices = replace(choices, rules=())
    if options.chunk is not None:
        cut = asked_care(None, options.chunk, None).chunks
        choices = replace(choices, chunks=cut or ChunkSettings(options.chunk))
    quiet = options.json or not sys.stderr.isatty()
    corpus = place.open(name, create=True)
    added = add_files(corpus, [Path(one) for one in options.inputs], choices, None if quiet else read_so_far)
    if added.passages > corpus.info.vectors and options.vectors != "later":
        if options.vectors == "now" or are_few(corpus):
            make_all(place, name, load_embedder(settings=settings), quiet=options.json)
        else:
            make_in_background(place, name)
    if options.json:
        _print(added_record(name, added))
    else:
        show_added(name, added, corpus.info.vectors)
    return 0


def _list(options: argparse.Namespace) -> int:
    place = corpora(Settings())
    records = []
    for name in place.names():
        info = place.open(name).info
        records.append(
            {
                "corpus": name,
                "passages": info.passages,
                "vectors": info.vectors,
                "sources": len(info.sources),
                "store": info.store,
                "embedding": info.embedding.name if info.embedding else None,
            }
        )
    if options.json:
        _print({"corpora": records})
        return 0
    for one in records:
        model = f", {one['embedding']}" if one["embedding"] else ""
        print(
            f"{one['corpus']}: {one['passages']:,} passages of {one['sources']:,} sources, "
            f"{one['vectors']:,} with a vector{model}"
        )
    if not records:
        print("There is no corpus yet; make one with: python -m core corpus add NAME FILE")
    return 0


def _search(options: argparse.Namespace) -> int:
    settings = Settings()
    place = corpora(settings)
    corpus = place.open(options.name)
    stage = checked_stage(options.stage)
    check_count(options.top_n, "results")
    instruction = asked_instruction(options.instruction, options.preset, settings.home)
    asked = SearchAsked(stage, options.top_k, _filters(options), instruction)
    embedder = None
    if "embedding" in searches_of(stage):
        embedder = load_embedder(settings=settings)
        make_few(place, options.name, embedder, quiet=options.json)
    scorer = open_scorer(options.model, settings) if options.rerank else None
    cache = _cache(settings) if scorer else None
    try:
        result = search(corpus, options.query, asked, embedder=embedder, scorer=scorer, cache=cache)
    finally:
        if cache is not None:
            cache.close()
    if options.json:
        _print(search_record(result, options.top_n))
    else:
        show_results(result, options.top_n)
    return 0


def _filters(options: argparse.Namespace) -> Filters:
    pairs = []
    for condition in options.where:
        name, equals, value = condition.partition("=")
        if not equals or not name:
            raise InputError(BAD_WHERE, where="--where", condition=condition)
        pairs.append((name, value))
    return Filters(tuple(options.source), tuple(pairs))


def _evaluate(options: argparse.Namespace) -> int:
    settings = Settings()
    place = corpora(settings)
    corpus = place.open(options.name)
    questions = read_questions(
        Path(options.labelled),
        corpus,
        mapping=one_column_each(options.map),
        sheet=options.sheet,
        encoding=options.encoding,
    )
    tell(questions.notices)
    asked = SearchAsked("union", check_count(options.top_k, "candidates"))
    embedder = load_embedder(settings=settings)
    have_all(place, options.name, embedder, wait=options.wait, quiet=options.json)
    retrieved = retrieve_all(corpus, questions, asked, embedder)
    data = as_evaluation(retrieved, corpus)
    scorer = open_scorer(options.model, settings)
    instruction = asked_instruction(options.instruction, options.preset, settings.home)
    cache = _cache(settings)
    try:
        quiet = options.json or not sys.stderr.isatty()
        scored = score_data(
            scorer, data, instruction, cache=cache, on_progress=None if quiet else pairs_so_far
        )
    finally:
        if cache is not None:
            cache.close()
    per_pair = scored.cost.milliseconds_per_pair if scored.cost else None
    pipeline = measure(
        retrieved,
        scores_of(data, scored.scores),
        measures=options.measures,
        seconds_per_pair=None if per_pair is None else per_pair / 1000,
    )
    if options.json:
        _print({"corpus": options.name, "model": scored.model.name, **pipeline_record(pipeline)})
    else:
        show_pipeline(pipeline)
    return 0


def _remove(options: argparse.Namespace) -> int:
    place = corpora(Settings())
    if options.id or options.source:
        corpus = place.open(options.name)
        named = [*options.id, *(corpus.ids(options.source) if options.source else [])]
        removed = corpus.remove(named)
        left = corpus.info.passages
    else:
        removed, left = place.remove(options.name), 0
    if options.json:
        _print({"corpus": options.name, "removed": removed, "passages": left})
    else:
        print(f"{options.name}: {removed:,} passages removed, {left:,} left")
    return 0


def _vectors(options: argparse.Namespace) -> int:
    settings = Settings()
    place = corpora(settings)
    corpus = place.open(options.name)
    if options.afresh:
        corpus.forget_vectors()
    filling = make_all(place, options.name, load_embedder(settings=settings), quiet=options.json)
    if options.json:
        _print({"corpus": options.name, "vectors": filling.done, "passages": filling.total})
    else:
        print(f"{options.name}: {filling.done:,} of {filling.total:,} passages have a vector")
    return 0


def _export(options: argparse.Namespace) -> int:
    corpus = corpora(Settings()).open(options.name)
    written = export_corpus(corpus, Path(options.output))
    if options.json:
        _print({"corpus": options.name, "passages": written, "output": options.output})
    else:
        print(f"{options.name}: {written:,} passages written to {options.output}")
    return 0


def _cache(settings: Settings) -> ScoreCache | None:
    try:
        return ScoreCache(settings.home)
    except StorageError as error:
        print(f"Scoring without the score cache: {error}", file=sys.stderr)
        return None


def _print(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False))
