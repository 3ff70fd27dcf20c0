"""What the tests of downloads share: the model, its files, quick patience, and settings with fake hubs."""

from pathlib import Path

from core.models.catalogue import entry
from core.models.transfer import Patience
from core.settings import Settings
from tests.models.fake_hub import refusing_url

MODEL = entry("0.6B")
WEIGHTS = "model.safetensors"
QUICK = Patience(
    connect_seconds=2.0,
    answer_seconds=5.0,
    stall_seconds=5.0,
    attempts=3,
    pause_seconds=0.0,
    free=lambda folder: 10**12,
)
UNNEEDED = {"README.md": b"# A model", "onnx/model.safetensors": b"x", "pytorch_model.bin": b"pickle"}


def settings_for(tmp_path: Path, *, modelscope: str = "", huggingface: str = "") -> Settings:
    return Settings(
        home=tmp_path / "home",
        modelscope_endpoint=modelscope or refusing_url(),
        hf_endpoint=huggingface or refusing_url(),
    )


def assert_whole(folder: Path, files: dict[str, bytes]) -> None:
    wanted = {name: content for name, content in files.items() if name not in UNNEEDED}
    found = {path.name for path in folder.iterdir()} - {".lock", "download.json"}
    assert found == set(wanted)
    for name, content in wanted.items():
        assert (folder / name).read_bytes() == content
