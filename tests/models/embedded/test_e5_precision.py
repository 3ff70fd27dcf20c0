"""int8 in the embedded model: judged before it is used, and never taken for fp32."""

import numpy as np
import pytest
import torch

from core.engine.guard import GuardReport
from core.engine.int8 import exact_range
from core.engine.linear import onednn_is_chosen
from core.models.embedded import e5_loading
from core.models.embedded.centring import sample_texts
from core.models.embedded.e5 import E5BiEncoder, E5Vectors
from core.models.embedded.e5_encoder import RANGES_FILE
from core.models.embedded.e5_loading import load_e5_encoder
from core.models.embedded.loading import load_e5
from core.models.embedded.scorer import BiEncoderScorer
from core.models.embedding.embedded import load_embedded_embedder

needs_int8 = pytest.mark.skipif(not exact_range(), reason="there is no exact int8 product here")
TEXTS = (
    "机场快线的末班车几点发车？",
    "The last train to the airport leaves at half past eleven.",
    "SELECT id FROM trains WHERE line = 'airport' ORDER BY departs DESC LIMIT 1;",
    "windows " * 200,
)


@needs_int8
def test_int8_passes_the_guard_and_is_near_fp32(e5: E5BiEncoder) -> None:
    loaded = load_e5_encoder("int8")
    assert loaded.precision == "int8" and loaded.guard is not None and loaded.guard.passed
    windows = [e5.read(text, "passage").windows[0] for text in TEXTS]
    exact, quick = (torch.from_numpy(one.pooled(windows)) for one in (e5, loaded.encoder))
    assert ((exact * quick).sum(dim=1) > 0.99).all()
    assert not torch.equal(exact, quick)
    assert loaded.encoder.memory_bytes < e5.memory_bytes - 50_000_000


@needs_int8
def test_int8_and_fp32_are_never_taken_for_one_another(e5_scorer: BiEncoderScorer[E5Vectors]) -> None:
    exact = load_e5(precision="fp32")
    quick = load_e5(precision="int8")
    assert (exact.info.precision, quick.info.precision) == ("fp32", "int8")
    assert exact.info.fingerprint != quick.info.fingerprint
    assert e5_scorer.info.fingerprint in (exact.info.fingerprint, quick.info.fingerprint)
    embedders = [load_embedded_embedder(precision=precision) for precision in ("fp32", "int8")]
    assert embedders[0].info.fingerprint != embedders[1].info.fingerprint


@needs_int8
def test_int8_that_ranks_otherwise_gives_way_to_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = GuardReport(passed=False, agreement=0.8, largest_shift=0.9, spread=4.0, pairs=16)
    monkeypatch.setattr(e5_loading, "judge", lambda exact, quick: refusal)
    scorer = load_e5(precision="int8")
    assert scorer.info.precision == "fp32" and scorer.guard == refusal
    assert scorer.info.fingerprint == load_e5(precision="fp32").info.fingerprint


def test_where_products_are_not_exact_fp32_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_loading, "exact_range", lambda: 0)
    loaded = load_e5_encoder("int8")
    assert (loaded.precision, loaded.guard, loaded.identity) == ("fp32", None, ())


def test_stored_ranges_are_those_of_the_sample_texts(e5: E5BiEncoder) -> None:
    samples = [
        (text, role) for role, texts in sample_texts().items() for one in texts.values() for text in one
    ]
    stored = np.load(RANGES_FILE)
    assert np.allclose(e5.ranges(samples), stored, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("precision", ["fp32", pytest.param("int8", marks=needs_int8)])
def test_bits_depend_neither_on_the_batch_nor_on_threads(precision: str) -> None:
    if precision == "fp32" and not onednn_is_chosen():
        pytest.skip("torch's own product is chosen here, which chooses its kernels by the number of rows")
    encoder = load_e5_encoder(precision).encoder
    windows = [encoder.read(text, "passage").windows[0] for text in TEXTS]
    threads = torch.get_num_threads()
    together = encoder.states(windows)
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            for window, states in zip(windows, together, strict=True):
                assert torch.equal(encoder.states([window])[0], states)
            assert all(map(torch.equal, encoder.states(windows[::-1]), together[::-1]))
    finally:
        torch.set_num_threads(threads)
