"""Cleaning documents by rules, each on its own, counted and reversible: what is scored, never what is kept."""
