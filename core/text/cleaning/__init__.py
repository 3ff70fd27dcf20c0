"""Cleaning documents by rules, each counted on its own: what is scored, never what is kept."""
