"""`--clean` and `--chunk`, which several commands share."""

import argparse

from core.text.cleaning.rules import RULE_NAMES
from core.workflows.care.preparing import CareSettings, asked_care


def add_care_arguments(parser: argparse.ArgumentParser) -> None:
    """Cleaning and chunks; without them documents are scored as they are."""
    parser.add_argument(
        "--clean", action="store_true", help="clean documents with all rules before they are scored"
    )
    parser.add_argument(
        "--clean-rules",
        metavar="RULE,…",
        help=f"only these rules: {', '.join(RULE_NAMES)}",
    )
    parser.add_argument(
        "--chunk", type=int, metavar="TOKENS", help="cut longer documents; the best chunk's score counts"
    )
    parser.add_argument("--chunk-top", type=int, metavar="N", help="take the mean of the best N chunks")


def care_of(options: argparse.Namespace) -> CareSettings:
    """What was asked for."""
    rules = options.clean_rules or ("all" if options.clean else None)
    return asked_care(rules, options.chunk, options.chunk_top)
