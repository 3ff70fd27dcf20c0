"""The embedding models known by name. They are found and downloaded like the rerankers."""

from core.engine.architecture import Shape
from core.models.catalogue import CatalogueEntry

# Qwen's published bf16 weights, Apache-2.0. These uploads hold no output head.
_SHAPES = {
    "0.6B": (595_776_512, Shape(28, 1024, 3072, 16, 8, 128, tied=True)),
    "4B": (4_021_774_336, Shape(36, 2560, 9728, 32, 8, 128, tied=True)),
    "8B": (7_567_295_488, Shape(36, 4096, 12288, 32, 8, 128, tied=False)),
}
DEFAULT_QWEN_EMBEDDING = "Qwen/Qwen3-Embedding-0.6B"


def embedding_catalogue() -> tuple[CatalogueEntry, ...]:
    """Every known embedding model that would have to be downloaded, by size."""
    return tuple(
        CatalogueEntry(
            name=f"Qwen/Qwen3-Embedding-{size}",
            title=f"Qwen3-Embedding-{size}",
            kind="qwen3",
            parameters=parameters,
            download_bytes=2 * parameters + 16_000_000,
            modelscope_id=f"Qwen/Qwen3-Embedding-{size}",
            huggingface_id=f"Qwen/Qwen3-Embedding-{size}",
            licence="Apache-2.0",
            shape=shape,
            aliases=(f"qwen3-embedding-{size.lower()}",),
        )
        for size, (parameters, shape) in _SHAPES.items()
    )


def lookup_embedding(name: str) -> CatalogueEntry | None:
    """The entry that a name or alias means."""
    wanted = name.strip().casefold().replace("___", ".")
    for known in embedding_catalogue():
        if wanted == known.name.casefold() or wanted in known.aliases:
            return known
    return None
