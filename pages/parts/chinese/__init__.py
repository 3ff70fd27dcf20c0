"""Chinese for the interface: English template → Chinese template with the same `{fields}`.

One file per part of the program; this one joins them.
"""

from pages.parts.chinese.interface import INTERFACE
from pages.parts.chinese.rerank_messages import RERANK_MESSAGES

CHINESE: dict[str, str] = INTERFACE | RERANK_MESSAGES
