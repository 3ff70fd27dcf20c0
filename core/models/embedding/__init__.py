"""Embedding models: texts to unit vectors, for the first stage of retrieval.

embedder    what every one offers          embedded   the model that ships with the tool
qwen3       Qwen3-Embedding on the engine  endpoint   any server with /v1/embeddings
catalogue   those known by name            loading    from a name to an embedder
selftest    similarities against published ones
"""

from core.models.embedding.embedder import Embedder, EmbedderInfo
from core.models.embedding.loading import load_embedder

__all__ = ["Embedder", "EmbedderInfo", "load_embedder"]
