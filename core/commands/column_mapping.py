"""`--map ROLE=COLUMN`: which column means what, for every command that reads a spreadsheet.

Whether roles and columns exist is checked by the import.
"""

import argparse
from collections.abc import Sequence

from core.errors import InputError
from core.sheets.meaning.vocabulary import ROLES


def add_mapping_argument(parser: argparse.ArgumentParser) -> None:
    """The option, as `options.map`."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=COLUMN",
        help=f"which column has which role ({', '.join(ROLES)}); may be given several times; "
        "initial_score=COLUMN:asc where low scores are better, as of a distance",
    )


def column_mapping(given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`ROLE=COLUMN` arguments as a mapping; a role given twice has several columns, `ROLE=` has none."""
    mapping: dict[str, tuple[str, ...]] = {}
    for argument in given:
        role, equals, column = (part.strip() for part in argument.partition("="))
        if not equals:
            raise InputError(
                "«{argument}» is not ROLE=COLUMN.",
                where="--map",
                hint="Roles: {roles}.",
                argument=argument,
                roles=", ".join(ROLES),
            )
        mapping[role] = (*mapping.get(role, ()), *([column] if column else []))
    return mapping


def one_column_each(given: Sequence[str]) -> dict[str, str]:
    """The same where a role has one column; InputError for a role that is given twice."""
    mapping = column_mapping(given)
    for role, columns in mapping.items():
        if len(columns) > 1:
            raise InputError(
                "{role} takes one column; given: {columns}.",
                where="--map",
                role=role,
                columns=", ".join(columns),
            )
    return {role: "".join(columns) for role, columns in mapping.items()}
