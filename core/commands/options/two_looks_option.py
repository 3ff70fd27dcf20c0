"""`--two-looks N`, which commands that rerank share."""

import argparse

from core.errors import InputError


def add_two_looks_argument(parser: argparse.ArgumentParser) -> None:
    """The option, as `options.two_looks`."""
    parser.add_argument(
        "--two-looks",
        type=int,
        metavar="N",
        help="faster for long documents: read the beginning of each, then the rest of those that could still "
        "reach the first N places; a document whose beginning misleads may be missed",
    )


def two_looks_of(options: argparse.Namespace) -> int:
    """The places at the top; 0 where everything is to be read."""
    if options.two_looks is None:
        return 0
    if options.two_looks < 1:
        raise InputError("--two-looks must be at least 1.", where="--two-looks")
    return int(options.two_looks)
