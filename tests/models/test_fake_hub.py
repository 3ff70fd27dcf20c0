"""The fake hubs speak the real dialects: the hubs' own client libraries can download from them.

The libraries run in a process of their own, because they read their settings when they are imported.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models.fake_hub import Dialect, FakeHub, running
from tests.models.folders import write_small_model

MODEL = "Qwen/Qwen3-Reranker-0.6B"
CLIENTS: dict[Dialect, str] = {
    "modelscope": (
        "from modelscope_hub import HubApi\n"
        "HubApi(endpoint={url!r}).download_repo({model!r}, 'model', local_dir={folder!r})"
    ),
    "huggingface": (
        "from huggingface_hub import HfApi, hf_hub_download\n"
        "info = HfApi(endpoint={url!r}).model_info({model!r}, revision='main', files_metadata=True)\n"
        "for file in info.siblings:\n"
        "    assert (file.lfs.size if file.lfs else file.size) > 0 and len(file.blob_id) == 40\n"
        "    hf_hub_download({model!r}, file.rfilename, revision=info.sha, endpoint={url!r},"
        " local_dir={folder!r})"
    ),
}


@pytest.mark.parametrize("dialect", ["modelscope", "huggingface"])
def test_the_hubs_own_client_downloads_from_the_fake(tmp_path: Path, dialect: Dialect) -> None:
    original = write_small_model(tmp_path / "original")
    files = {path.name: path.read_bytes() for path in original.iterdir()}
    folder = tmp_path / "folder"
    homes = {name: str(tmp_path / "home") for name in ("HOME", "HF_HOME", "MODELSCOPE_HOME")}
    with running(FakeHub(dialect, MODEL, files)) as hub:
        code = CLIENTS[dialect].format(url=hub.url, model=MODEL, folder=str(folder))
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | homes | {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    assert {name: (folder / name).read_bytes() for name in files} == files
