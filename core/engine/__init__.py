"""Qwen3-Reranker itself: prompt, packing, attention, the forward pass, int8, and the scorer."""
