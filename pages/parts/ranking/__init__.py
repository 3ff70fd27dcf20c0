"""One reranked list as every page shows it: its charts, its table with whole texts, «why this score»."""
