"""Which reranker should run: several models on the same candidates, quality beside cost."""
