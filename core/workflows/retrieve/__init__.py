"""Corpora: filling them, searching them in two stages, and measuring what each stage adds."""
