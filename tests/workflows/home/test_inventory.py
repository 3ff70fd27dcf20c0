"""Embedding models are found and fetched like rerankers."""

from pathlib import Path

from core.models.embedding.catalogue import lookup_embedding
from core.models.local import own_folder
from core.settings import Settings
from core.workflows.home.inventory import download_now, embedding_inventory
from tests.models.fake_hub import FakeHub, refusing_url, running
from tests.models.folders import write_small_model

NAME = "Qwen/Qwen3-Embedding-0.6B"


def test_a_qwen3_embedding_arrives_by_its_name(tmp_path: Path) -> None:
    folder = write_small_model(tmp_path / "original")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with running(FakeHub("modelscope", NAME, files)) as hub:
        settings = Settings(home=tmp_path / "home", modelscope_endpoint=hub.url, hf_endpoint=refusing_url())
        before = embedding_inventory(settings)
        assert [row.name for row in before] == [
            f"Qwen/Qwen3-Embedding-{size}" for size in ("0.6B", "4B", "8B")
        ]
        assert not before[0].usable and before[0].download_bytes > 1_000_000_000
        arrived = download_now("qwen3-embedding-0.6b", settings)
    known = lookup_embedding(NAME)
    assert known is not None and arrived == own_folder(known, settings)
    assert {path.name for path in arrived.iterdir()} >= files.keys()
    (first, *_) = embedding_inventory(settings)
    assert first.usable and Path(first.place) == arrived
