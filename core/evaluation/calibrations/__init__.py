"""Logits as probabilities that mean something: fitted on labels, and held against them."""
