"""The models the workbench knows by name, with the facts that pages and checks show.

Nothing here looks at the disk or the network: `local` finds folders, `hub` downloads them. A model that is
not listed is used by giving the path of its folder, which `local` accepts wherever a name is accepted.

Shapes, parameter counts and sizes of Qwen's models are those of the published bf16 weights (Apache-2.0).
"""

from dataclasses import dataclass

from core.engine.architecture import Shape
from core.errors import InputError
from core.records import ScorerKind

EMBEDDED = "embedded"
# The embedded model's understudy, for comparisons; it is loaded by this name and not offered otherwise.
USE_M3 = "use-m3"
DEFAULT_QWEN = "Qwen/Qwen3-Reranker-0.6B"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model the workbench knows.

    name: what users and machine outputs call it; also the hubs' identifier, but for the embedded model.
    download_bytes: approximate bytes to fetch, tokenizer included; 0 when it ships with a package.
    modelscope_id, huggingface_id: empty when no hub is needed.
    aliases: shorter spellings, lower case.
    """

    name: str
    title: str
    kind: ScorerKind
    parameters: int
    download_bytes: int
    modelscope_id: str
    huggingface_id: str
    licence: str
    shape: Shape | None
    aliases: tuple[str, ...]


def _qwen(size: str, parameters: int, shape: Shape) -> CatalogueEntry:
    name = f"Qwen/Qwen3-Reranker-{size}"
    return CatalogueEntry(
        name=name,
        title=f"Qwen3-Reranker-{size}",
        kind="qwen3",
        parameters=parameters,
        download_bytes=2 * parameters + 16_000_000,  # two bytes a parameter, 16 MB of tokenizer files
        modelscope_id=name,
        huggingface_id=name,
        licence="Apache-2.0",
        shape=shape,
        aliases=(f"qwen3-reranker-{size.lower()}", size.lower()),
    )


def _other(name: str, parameters: int, bytes_each: int, licence: str) -> CatalogueEntry:
    """A cross-encoder, asked for under the same name on both hubs; its shape is in its folder."""
    title = name.rpartition("/")[2]
    return CatalogueEntry(
        name=name,
        title=title,
        kind="cross-encoder",
        parameters=parameters,
        download_bytes=bytes_each * parameters + 17_000_000,  # with tokenizer files
        modelscope_id=name,
        huggingface_id=name,
        licence=licence,
        shape=None,
        aliases=(title.lower(),),
    )


_ENTRIES = (
    CatalogueEntry(
        name=EMBEDDED,
        title="multilingual-e5-small (embedded)",
        kind="embedded",
        parameters=117_505_920,
        download_bytes=0,
        modelscope_id="",
        huggingface_id="",
        licence="MIT",
        shape=None,
        aliases=(),
    ),
    _qwen("0.6B", 595_776_512, Shape(28, 1024, 3072, 16, 8, 128, tied=True)),
    _qwen("4B", 4_021_784_576, Shape(36, 2560, 9728, 32, 8, 128, tied=True)),
    _qwen("8B", 8_188_548_096, Shape(36, 4096, 12288, 32, 8, 128, tied=False)),
    # XLM-R's counts follow from its shape, a test counts them; the others' are their cards'.
    _other("BAAI/bge-reranker-base", 278_044_417, 4, "MIT"),
    _other("BAAI/bge-reranker-large", 559_891_457, 4, "MIT"),
    _other("BAAI/bge-reranker-v2-m3", 567_755_777, 4, "Apache-2.0"),
    _other("Alibaba-NLP/gte-multilingual-reranker-base", 306_000_000, 2, "Apache-2.0"),
    _other("mixedbread-ai/mxbai-rerank-base-v2", 494_000_000, 2, "Apache-2.0"),
    _other("mixedbread-ai/mxbai-rerank-large-v2", 1_540_000_000, 2, "Apache-2.0"),
)


def catalogue() -> tuple[CatalogueEntry, ...]:
    """Every known model, the embedded one first, then by size."""
    return _ENTRIES


def lookup(name: str) -> CatalogueEntry | None:
    """The entry a name or alias means, or None. Case and ModelScope's `___` for dots do not matter."""
    wanted = name.strip().casefold().replace("___", ".")
    for candidate in _ENTRIES:
        if wanted == candidate.name.casefold() or wanted in candidate.aliases:
            return candidate
    return None


def entry(name: str) -> CatalogueEntry:
    """The entry a name or alias means; InputError listing the names when there is none."""
    found = lookup(name)
    if found is None:
        raise unknown_model(name)
    return found


def unknown_model(name: str) -> InputError:
    """The error for a name that means no model."""
    return InputError(
        'No model is called "{name}".',
        where="model",
        hint="Known models: {names}. The path of a model folder works too.",
        name=name,
        names=", ".join(known.name for known in _ENTRIES),
    )
