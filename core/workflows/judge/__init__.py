"""Judging with models: what is to be judged, where it is sent, what it costs, and what came of it."""
