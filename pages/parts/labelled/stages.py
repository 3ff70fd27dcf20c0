"""What the systems of a measured pipeline are called, by the names that runs keep."""

SYSTEM_TITLES = {
    "bm25": "Words (BM25)",
    "embedding": "Meaning (embedding)",
    "union": "Union of both",
    "rrf": "Rank fusion (RRF)",
    "bm25 + reranker": "Words + reranker",
    "embedding + reranker": "Meaning + reranker",
    "union + reranker": "Union + reranker (two stages)",
}
