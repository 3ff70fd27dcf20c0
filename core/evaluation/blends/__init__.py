"""First stage and reranker together: one query's order, and which way is worth it on labelled data."""
