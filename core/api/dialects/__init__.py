"""The wire formats of rerank requests, one short module each; a new one is a module and a name here."""

from collections.abc import Mapping
from typing import Any

from core.api.dialects.dashscope import DASHSCOPE
from core.api.dialects.dialect import Dialect
from core.api.dialects.mixedbread import MIXEDBREAD
from core.api.dialects.nvidia import NVIDIA
from core.api.dialects.superset import SUPERSET
from core.api.dialects.tei import TEI

# In the order in which a body is held against them; the last one takes what no other recognises.
DIALECTS: tuple[Dialect, ...] = (TEI, NVIDIA, DASHSCOPE, MIXEDBREAD, SUPERSET)


def dialect_of(fields: Mapping[str, Any]) -> Dialect:
    """The format that a body is written in; the body decides, never the path."""
    return next(dialect for dialect in DIALECTS if dialect.recognises(fields))
