"""int8 in cross-encoders: judged before it is used, given up where it ranks otherwise."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.engine.encoder.probes import Probes
from core.engine.guard import GuardReport, compare
from core.engine.int8 import exact_range
from core.models.cross_encoder import encoder_network, networks, scorer
from core.models.cross_encoder.encoder_network import EncoderNetwork
from core.models.cross_encoder.networks import TransformersNetwork
from core.models.cross_encoder.scorer import CrossEncoderScorer
from tests.models.cross_encoder.models import WORDS, write_model

QUERY = "how long does a refund take ?"
DOCUMENTS = ("three days", "reset your password", "the planet mars is red . " * 9, "退款 多 久", "", "yes")

needs_int8 = pytest.mark.skipif(not exact_range(), reason="there is no exact int8 product here")


def load(folder: Path, precision: str) -> CrossEncoderScorer:
    return CrossEncoderScorer.load(folder, name="m", device="cpu", precision=precision)


def logits(scorer: CrossEncoderScorer) -> list[float]:
    return [score.logit for score in scorer.score(QUERY, DOCUMENTS)]


def probes(chance: random.Random, count: int) -> Probes:
    """Queries with four documents each."""

    def text(longest: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.choice((0, 1, 2, longest // 2, longest))))

    return tuple((text(12), tuple(text(40) for _ in range(4))) for _ in range(count))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[GuardReport]:
    """What the guard finds on words that the tokenizer knows; it lets pass what random weights give."""
    reports: list[GuardReport] = []

    def lenient(
        exact: Sequence[float], quick: Sequence[float], queries: Sequence[Sequence[int]]
    ) -> GuardReport:
        found = compare(exact, quick, queries)
        reports.append(GuardReport(True, found.agreement, found.largest_shift, found.spread, found.pairs))
        return reports[-1]

    monkeypatch.setattr(encoder_network, "compare", lenient)
    for name, count in (("CALIBRATED", 12), ("JUDGED", 4)):
        monkeypatch.setattr(scorer, name, probes(random.Random(count), count))
    return reports


@needs_int8
@pytest.mark.parametrize("architecture", ["bert", "xlm-roberta"])
def test_int8_is_near_fp32_and_told_apart(
    architecture: str, tmp_path: Path, judged: list[GuardReport]
) -> None:
    folder = write_model(tmp_path / "m", architecture)
    exact, quick = load(folder, "fp32"), load(folder, "int8")
    assert (exact.info.precision, quick.info.precision) == ("fp32", "int8")
    assert exact.info.fingerprint != quick.info.fingerprint
    assert quick.guard is judged[0] and judged[0].pairs == 16 and exact.guard is None
    assert 0 < judged[0].largest_shift < 0.2 * judged[0].spread
    expected = logits(exact)
    assert logits(quick) == pytest.approx(expected, abs=0.2 * (max(expected) - min(expected)))
    assert logits(quick) != expected
    assert quick.info.memory_bytes < exact.info.memory_bytes


@needs_int8
def test_int8_that_ranks_otherwise_gives_way_to_fp32(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = GuardReport(passed=False, agreement=0.7, largest_shift=0.9, spread=3.0, pairs=16)
    monkeypatch.setattr(encoder_network, "compare", lambda *_: refusal)
    folder = write_model(tmp_path / "m", "xlm-roberta")
    refused, exact = load(folder, "int8"), load(folder, "fp32")
    assert refused.info.precision == "fp32" and refused.guard == refusal
    assert refused.info.fingerprint == exact.info.fingerprint
    assert logits(refused) == logits(exact)


def test_a_network_that_the_engine_gets_wrong_stays_with_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "m", "bert")
    expected = logits(load(folder, "fp32"))
    forward = EncoderNetwork.logits
    monkeypatch.setattr(EncoderNetwork, "logits", lambda *given: [x + 0.01 for x in forward(*given)])
    found = load(folder, "fp32")
    assert isinstance(found._network, TransformersNetwork)
    assert logits(found) == pytest.approx(expected, abs=1e-5)


def test_other_architectures_stay_with_transformers(tmp_path: Path) -> None:
    found = load(write_model(tmp_path / "m", "modernbert"), "auto")
    assert isinstance(found._network, TransformersNetwork) and found.guard is None


def test_small_networks_are_not_tried_in_int8_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "int8_network", lambda *_: pytest.fail("tried"))
    found = load(write_model(tmp_path / "m", "bert"), "auto")
    assert isinstance(found._network, EncoderNetwork) and found.info.precision == "fp32"
