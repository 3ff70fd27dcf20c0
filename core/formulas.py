"""Text that a spreadsheet or a terminal would obey, written into CSV so that it stays text, and read back.

CSV cannot say what a cell is: Excel runs whatever begins like a formula, and a terminal that shows the file
runs its escape codes. Workbooks, JSON and Parquet say it themselves and need none of this.
"""

import re

# A spreadsheet runs text that begins so (OWASP, «CSV Injection»); the full-width forms count in East Asia.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
# These begin so too, but a spreadsheet reads them as a number or a word: «-3.25», «+8613800138000», «-».
_HARMLESS = re.compile(r"[-+]([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?%?|[-+]")
# NUL ends the text in many readers; the others, of which U+0085 is only a line's end, command a terminal.
_COMMANDS = re.compile("[\x00\x1b\x80-\x84\x86-\x9f]")


def defused(text: str) -> str:
    """The text with an apostrophe before what would run; U+FFFD shows where a command character was."""
    text = _COMMANDS.sub("\ufffd", text)
    return "'" + text if text[:1] in FORMULA_STARTS and not _HARMLESS.fullmatch(text) else text


def restored(text: str) -> str:
    """The text without the apostrophe that `defused` put there; any other text as it is."""
    plain = text[1:]
    return plain if text[:1] == "'" and defused(plain) == text else text
