"""The Rerank page's parts."""
