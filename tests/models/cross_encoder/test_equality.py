"""Scores equal plain transformers', for every architecture, alone and in batches."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast

from core.models.cross_encoder.scorer import CrossEncoderScorer
from tests.models.cross_encoder.models import DECODERS, ENCODERS, PROMPT, write_model, write_recipe

QUERY = "how long does a refund take ?"
DOCUMENTS = (
    "three days",
    "reset your password",
    "the planet mars is red . the planet mars is red . how long does a refund take",
    "退款",
    "",
    "three days to process the refund .",
)


def scores(folder: Path, documents: tuple[str, ...] = DOCUMENTS) -> list[float]:
    scorer = CrossEncoderScorer.load(folder, name="m", device="cpu")
    return [score.logit for score in scorer.score(QUERY, documents)]


def plain_pair(folder: Path, document: str) -> torch.Tensor:
    """The labels' logits as transformers gives them for one pair."""
    tokenizer = _tokenizer(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    # As a list: transformers takes a bare empty text for none.
    told = tokenizer([QUERY], [document], return_tensors="pt")
    with torch.inference_mode():
        return model(**told).logits[0]


@pytest.mark.parametrize("architecture", ENCODERS)
def test_a_classifier_scores_as_transformers_does(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture)
    expected = [float(plain_pair(folder, document)[0]) for document in DOCUMENTS]
    assert scores(folder) == pytest.approx(expected, abs=1e-5)
    assert max(expected) - min(expected) > 0.01


@pytest.mark.parametrize("architecture", ENCODERS)
def test_two_labels_score_as_their_difference(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture, labels=2)
    pairs = [plain_pair(folder, document) for document in DOCUMENTS]
    assert scores(folder) == pytest.approx([float(pair[1] - pair[0]) for pair in pairs], abs=1e-5)


def prompted(folder: Path, document: str) -> torch.Tensor:
    """The ids of a filled prompt, encoded as a whole."""
    text = PROMPT.replace("{query}", QUERY).replace("{document}", document)
    return torch.tensor([_tokenizer(folder)(text, add_special_tokens=False).input_ids])


@pytest.mark.parametrize("architecture", DECODERS)
def test_words_after_a_prompt_score_as_transformers_does(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture, causal=True)
    write_recipe(folder, prompt=PROMPT, true_token="yes", false_token="no", scale=2)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    vocabulary = _tokenizer(folder).get_vocab()
    expected = []
    for document in DOCUMENTS:
        with torch.inference_mode():
            last = model(input_ids=prompted(folder, document)).logits[0, -1]
        expected.append(float(last[vocabulary["yes"]] - last[vocabulary["no"]]) / 2)
    assert scores(folder) == pytest.approx(expected, abs=1e-5)
    write_recipe(folder, prompt=PROMPT, true_token="Yes")
    with torch.inference_mode():
        last = model(input_ids=prompted(folder, DOCUMENTS[0])).logits[0, -1]
    assert scores(folder)[0] == pytest.approx(float(last[vocabulary["Yes"]]), abs=1e-5)


@pytest.mark.parametrize("architecture", DECODERS)
def test_a_decoder_with_a_head_scores_as_transformers_does(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture)
    write_recipe(folder, prompt=PROMPT)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    expected = []
    for document in DOCUMENTS:
        with torch.inference_mode():
            expected.append(float(model(input_ids=prompted(folder, document)).logits[0, 0]))
    assert scores(folder) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("architecture", [*ENCODERS, *DECODERS])
def test_one_at_a_time_equals_all_at_once(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture)
    if architecture in DECODERS:
        write_recipe(folder, prompt=PROMPT)
    alone = [scores(folder, (document,))[0] for document in DOCUMENTS]
    assert scores(folder) == pytest.approx(alone, abs=1e-5)


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The folder's own; AutoTokenizer would build Qwen2's around its vocabulary."""
    return PreTrainedTokenizerFast.from_pretrained(folder)
