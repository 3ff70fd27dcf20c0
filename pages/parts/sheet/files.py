"""Which files an uploader offers: those whose endings the importer knows."""

from core.sheets.reading.sources import SUPPORTED_SUFFIXES

# Streamlit takes «text» for a kind of file, with anything that calls itself text, and not for an ending.
_KINDS = {"text"}

TABLE_TYPES = [ending for suffix in SUPPORTED_SUFFIXES if (ending := suffix.removeprefix(".")) not in _KINDS]
