"""One tiny model for all engine tests that do not change it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from core.engine.scorer import Qwen3Scorer
from tests.qwen_fixture import tiny_qwen_folder


@pytest.fixture(scope="session", autouse=True)
def _two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(min(2, before))
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_qwen_folder(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="session")
def plain_model(folder: Path) -> PreTrainedModel:
    """transformers' own model on the same weights, in fp32."""
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return model.eval()


@pytest.fixture
def scorer(folder: Path) -> Qwen3Scorer:
    return Qwen3Scorer.load(folder, name="tiny", device="cpu", precision="fp32", max_tokens=512)
