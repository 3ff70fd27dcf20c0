import pytest

from core.errors import InputError
from core.models.catalogue import catalogue, entry, lookup
from core.models.cross_encoder.recipes import PUBLISHED


def test_catalogue_names_the_embedded_model_three_sizes_and_other_rerankers() -> None:
    assert [model.name for model in catalogue()] == [
        "embedded",
        "Qwen/Qwen3-Reranker-0.6B",
        "Qwen/Qwen3-Reranker-4B",
        "Qwen/Qwen3-Reranker-8B",
        "BAAI/bge-reranker-base",
        "BAAI/bge-reranker-large",
        "BAAI/bge-reranker-v2-m3",
        "Alibaba-NLP/gte-multilingual-reranker-base",
        "mixedbread-ai/mxbai-rerank-base-v2",
        "mixedbread-ai/mxbai-rerank-large-v2",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen3-Reranker-0.6B",
        "qwen/qwen3-reranker-0.6b",
        "Qwen3-Reranker-0.6B",
        "Qwen3-Reranker-0___6B",
        "0.6B",
        " 0.6b ",
    ],
)
def test_short_spellings_mean_the_same_model(name: str) -> None:
    assert entry(name).name == "Qwen/Qwen3-Reranker-0.6B"


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        entry("qwen4")
    assert 'No model is called "qwen4".' in str(caught.value)
    assert "embedded, Qwen/Qwen3-Reranker-0.6B" in caught.value.hint
    assert lookup("qwen4") is None


@pytest.mark.parametrize("size", ["0.6B", "4B", "8B"])
def test_parameter_counts_follow_from_the_shapes(size: str) -> None:
    """Counted by hand from the layers of a Qwen3 decoder without attention bias, with QK-norm."""
    model = entry(size)
    shape = model.shape
    assert shape is not None
    query, key = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    attention = shape.hidden * (query + 2 * key) + query * shape.hidden + 2 * shape.head_dim
    layer = attention + 3 * shape.hidden * shape.intermediate + 2 * shape.hidden
    embedding = 151_669 * shape.hidden * (1 if shape.tied else 2)
    assert model.parameters == shape.layers * layer + embedding + shape.hidden


def test_download_sizes_are_those_of_bf16() -> None:
    assert entry("0.6B").download_bytes == pytest.approx(1.2e9, rel=0.02)
    assert entry("embedded").download_bytes == 0


@pytest.mark.parametrize(
    ("name", "width", "layers", "positions"),
    [
        ("bge-reranker-base", 768, 12, 514),
        ("bge-reranker-large", 1024, 24, 514),
        ("bge-reranker-v2-m3", 1024, 24, 8194),
    ],
)
def test_parameter_counts_of_xlm_r_follow_from_its_shape(
    name: str, width: int, layers: int, positions: int
) -> None:
    """Counted by hand: embeddings with one segment and norm, layers with biases, two products."""
    embeddings = (250_002 + positions + 1) * width + 2 * width
    layer = 4 * (width * width + width) + 2 * 4 * width * width + 5 * width + 4 * width
    head = width * width + width + width + 1
    assert entry(name).parameters == embeddings + layers * layer + head


def test_every_other_reranker_of_the_catalogue_has_a_recipe() -> None:
    others = [model for model in catalogue() if model.kind == "cross-encoder"]
    for model in others:
        assert PUBLISHED[model.name.rpartition("/")[2]].licence == model.licence
