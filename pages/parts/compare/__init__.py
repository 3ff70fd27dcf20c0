"""Comparing models: choosing them, watching them score, and the table of quality beside cost."""
