"""`rerank`: one query, documents from a file or stdin, best first."""

import argparse
import json
import sys
from pathlib import Path

from core.commands.options.care_options import add_care_arguments, care_of
from core.commands.options.recipe_option import add_recipe_argument, recipe_of
from core.commands.options.two_looks_option import add_two_looks_argument, two_looks_of
from core.errors import InputError
from core.settings import Settings
from core.sheets.meaning.documents import read_documents
from core.workflows.home.inventory import open_scorer
from core.workflows.instructions.library import asked_instruction
from core.workflows.recipes.loading import open_recipe_scorer
from core.workflows.rerank.export import notice_line, reranking_record
from core.workflows.rerank.reranking import rerank

HELP = "rerank the documents of one query"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The query, where the documents come from, and how to judge them."""
    parser.add_argument("--query", required=True)
    parser.add_argument(
        "--documents", metavar="FILE", help="one document per line, or a .csv/.xlsx; default stdin"
    )
    add_recipe_argument(parser)
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="what makes a document relevant, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")
    add_care_arguments(parser)
    add_two_looks_argument(parser)
    parser.add_argument("--top", type=int, metavar="N", help="show only the best N")
    parser.add_argument(
        "--model", help="embedded, a Qwen3-Reranker name, or a folder; default: the best on disk"
    )


def run(options: argparse.Namespace) -> int:
    """Print the documents best first."""
    if options.top is not None and options.top < 1:
        raise InputError("--top must be at least 1.", where="--top")
    settings = Settings()
    used = recipe_of(options, settings)
    instruction = asked_instruction(options.instruction, options.preset, settings.home)
    care = care_of(options)
    documents = _documents(options.documents)
    result = rerank(
        open_recipe_scorer(used, options.model, settings) if used else open_scorer(options.model, settings),
        options.query,
        documents,
        instruction,
        max_documents=settings.max_documents,
        care=care,
        recipe=used,
        two_looks=two_looks_of(options),
    )
    if options.json:
        print(json.dumps(reranking_record(result, top=options.top), ensure_ascii=False))
        return 0
    # A similarity says less than the logit that it is made of.
    probable = result.scorer.gives_probabilities
    heads = ("probability", "    logit") if probable else ("    logit", " similarity")
    print(f"rank  {heads[0]}  {heads[1]}  (was)  document")
    for ranked in result.ranked[: options.top]:
        text = " ".join(ranked.document.split())
        mark = " ≈" if ranked.near_tie else ""
        score, logit = f"{ranked.score.probability:>11.4f}", f"{ranked.score.logit:>+9.3f}"
        said = f"{score}  {logit}" if probable else f"{logit}  {score}"
        print(f"{ranked.new_rank:>4}  {said}  (was {ranked.original_rank}){mark}  {text[:90]}")
    print(f"scored by {result.scorer.label} in {result.seconds:.2f} s", file=sys.stderr)
    for notice in result.notices:
        print(f"note: {notice_line(notice)}", file=sys.stderr)
    for note in result.scorer.notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


def _documents(path: str | None) -> tuple[str, ...]:
    if path is None or path == "-":
        content, name = sys.stdin.buffer.read(), "stdin.txt"
    else:
        try:
            content, name = Path(path).read_bytes(), Path(path).name
        except OSError as error:
            raise InputError(
                "{path} cannot be read: {problem}.",
                where=path,
                path=path,
                problem=error.strerror or str(error),
            ) from None
    return read_documents(content, name).documents
