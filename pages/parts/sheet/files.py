"""Which files an uploader offers: those whose endings the importer knows."""

from core.sheets.reading.sources import SUPPORTED_SUFFIXES

TABLE_TYPES = [suffix.removeprefix(".") for suffix in SUPPORTED_SUFFIXES]
