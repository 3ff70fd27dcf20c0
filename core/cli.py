"""The command line: which commands there are, and how errors become exit codes.

Exit 0 done; 1 something outside the user's input failed; 2 the user's input is at fault; 3 stopped before the
end and resumable; 4 results are missing or there twice; 5 measured, and not good enough for what was asked
(`evaluate`). With `--json`, errors are
`{"error": {"message", "where", "hint"}}` on stdout.
"""

import argparse
import codecs
import io
import json
import logging
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from core.errors import IncompleteError, InputError, StoppedError, WorkbenchError

# The name under which `codecs` knows how JSON writes a character that an encoding lacks.
JSON_ESCAPE = "core.json"
EXIT_DONE, EXIT_FAILED, EXIT_INPUT, EXIT_STOPPED, EXIT_INCOMPLETE = 0, 1, 2, 3, 4


class _Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that usage errors take the same way out as all others."""

    def error(self, message: str) -> NoReturn:
        raise InputError(
            "{problem}", where="arguments", hint="See {command} --help.", problem=message, command=self.prog
        )


def commands() -> tuple[ModuleType, ...]:
    """The command modules, in the order of the help text."""
    from core.commands import (
        batch,
        bench,
        compare,
        corpus,
        evaluate,
        inspect,
        judge,
        models,
        recipe,
        rerank,
        selftest,
        serve,
    )

    return (serve, rerank, inspect, batch, evaluate, judge, compare, corpus, recipe, models, selftest, bench)


def build_parser() -> argparse.ArgumentParser:
    """The whole parser; each command module contributes its part."""
    parser = _Parser(
        prog="python -m core", description="Rerank with Qwen3-Reranker and learn whether it helped."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for module in commands():
        name = module.__name__.rsplit(".", 1)[1]
        subparser = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        subparser.add_argument("--json", action="store_true", help="machine-readable output, in English")
        module.add_arguments(subparser)
        subparser.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    _print_anything(as_json)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    try:
        options = build_parser().parse_args(given)
        code: int = options.run(options)
        return code
    except WorkbenchError as error:
        _report(error, as_json)
        return _exit_code(error)
    except KeyboardInterrupt:
        _report(StoppedError("Stopped."), as_json)
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is its choice, not a failure.
        sys.stdout = None
        return EXIT_DONE


def _print_anything(as_json: bool) -> None:
    """A character that the output's encoding lacks ends nothing: «?» to people, an escape in JSON."""
    codecs.register_error(JSON_ESCAPE, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=JSON_ESCAPE if as_json else "replace")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _report(error: WorkbenchError, as_json: bool) -> None:
    if as_json:
        body = {"message": error.message, "where": error.where, "hint": error.hint}
        print(json.dumps({"error": body}, ensure_ascii=False))
    else:
        print(f"{error.where}: {error}" if error.where else str(error), file=sys.stderr)


def _exit_code(error: WorkbenchError) -> int:
    if isinstance(error, InputError):
        return EXIT_INPUT
    if isinstance(error, IncompleteError):
        return EXIT_INCOMPLETE
    return EXIT_STOPPED if isinstance(error, StoppedError) else EXIT_FAILED
