"""The embedded default model: reranks on any machine without a download, and always says what it is."""

from core.models.embedded.loading import available_backends, load_embedded, load_use_m3

__all__ = ["available_backends", "load_embedded", "load_use_m3"]
