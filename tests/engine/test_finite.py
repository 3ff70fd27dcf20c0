"""A score that is no finite number is refused by the name of its document; all others are handed over."""

from pathlib import Path

import pytest
import torch

from core.engine.scorer import Qwen3Scorer
from core.errors import NoNumberError
from core.records import ScoredPair, Scorer, ScoringRequest
from tests.engine.test_scorer import rewrite
from tests.qwen_fixture import qwen_tokenizer

BAD = "The word elephant breaks this one."
GOOD = ["refunds arrive within three days", "退款三天到账", "nothing else"]


@pytest.fixture(scope="module")
def broken(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers NaN as soon as a text has the token « elephant»."""
    target = tmp_path_factory.mktemp("broken")
    (token,) = qwen_tokenizer().encode(" elephant")

    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        tensors["model.embed_tokens.weight"][token] = torch.nan

    rewrite(folder, target, spoil)
    return target


def load(folder: Path, long_documents: str = "truncate") -> Qwen3Scorer:
    return Qwen3Scorer.load(
        folder, name="any", device="cpu", precision="fp32", max_tokens=512, long_documents=long_documents
    )  # type: ignore[arg-type]


def test_the_document_is_named_by_its_number_and_its_beginning(broken: Path) -> None:
    with pytest.raises(NoNumberError, match="document 3, which begins: The word elephant") as raised:
        load(broken).score("refund", [*GOOD[:2], BAD, GOOD[2], BAD])
    assert raised.value.where == "document 3"
    assert (raised.value.query, raised.value.document) == (0, 2)


def test_the_others_of_its_pass_are_handed_over_with_unchanged_scores(
    broken: Path, scorer: Qwen3Scorer
) -> None:
    requests = [ScoringRequest("refund", tuple(GOOD)), ScoringRequest("退款", (GOOD[0], BAD))]
    kept: list[ScoredPair] = []
    with pytest.raises(NoNumberError, match="document 2 of query 2") as raised:
        load(broken).score_many(requests, on_scored=kept.extend)
    assert raised.value.where == "query 2, document 2"
    whole = scorer.score_many(requests)
    assert sorted((one.request, one.document) for one in kept) == [(0, 0), (0, 1), (0, 2), (1, 0)]
    for one in kept:
        assert one.score.logit == pytest.approx(whole[one.request][one.document].logit, abs=1e-5)


def test_one_chunk_without_a_number_leaves_the_document_without_one(broken: Path) -> None:
    """The best of the other chunks is not the best of all."""
    for text in ("word " * 900 + BAD, BAD + " word" * 900):
        with pytest.raises(NoNumberError, match="document 2"):
            load(broken, "max").score("refund", [GOOD[0], text])


def test_every_model_keeps_the_protocol(scorer: Qwen3Scorer) -> None:
    kept: Scorer = scorer
    seen: list[tuple[int, int]] = []
    scores = kept.score("refund", GOOD, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 3)]
    assert scores == kept.score("refund", GOOD)
