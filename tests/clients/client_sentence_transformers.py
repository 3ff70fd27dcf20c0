"""Scores equal sentence-transformers' `CrossEncoder`, for every architecture and for Qwen3's form."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.base.modules import Transformer
from sentence_transformers.cross_encoder.modules import LogitScore
from transformers import PreTrainedTokenizerFast

from core.engine.scorer import Qwen3Scorer
from core.models import load_scorer
from core.models.cross_encoder.recipes import PUBLISHED, QWEN3_PROMPT
from core.settings import Settings
from tests.models.cross_encoder.models import DECODERS, ENCODERS, PROMPT, write_model, write_recipe
from tests.models.cross_encoder.qwen3_forms import write_causal, write_classifier
from tests.qwen_fixture import tiny_qwen_folder

TEMPLATE = Path(__file__).parents[2] / "deploy" / "qwen3_reranker.jinja"
QUERY = "how long does a refund take ?"
DOCUMENTS = (
    "three days",
    "reset your password",
    "the planet mars is red . how long does a refund take",
    "退款审核通过后，款项将在1至3个工作日内原路退回。",
)
INSTRUCTION = "Find the passage that says when"
YES, NO, CAPITAL_YES = 9693, 2152, 9454


def ours(folder: Path, instruction: str | None = None, on_engine: bool = False) -> list[float]:
    settings = Settings(home=folder.parent, device="cpu")
    scorer = load_scorer(str(folder), precision="fp32", settings=settings)
    assert isinstance(scorer, Qwen3Scorer) == on_engine
    return [score.logit for score in scorer.score(QUERY, DOCUMENTS, instruction)]


def theirs(
    model: CrossEncoder, pairs: Sequence[tuple[str, str]] = (), prompt: str | None = None
) -> list[float]:
    pairs = pairs or [(QUERY, document) for document in DOCUMENTS]
    scores = model.predict(list(pairs), activation_fn=torch.nn.Identity(), prompt=prompt)
    found = [float(score) for score in scores]
    assert max(found) - min(found) > 0.01
    return found


def opened(folder: Path) -> CrossEncoder:
    return CrossEncoder(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
    )


@pytest.mark.parametrize("architecture", ENCODERS)
def test_classifiers(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture)
    assert ours(folder) == pytest.approx(theirs(opened(folder)), abs=1e-5)


@pytest.mark.parametrize("architecture", DECODERS)
def test_decoders_with_a_head_and_their_callers_prompt(architecture: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", architecture)
    write_recipe(folder, prompt=PROMPT)
    before, after = PROMPT.split("{document}")
    filled = [(before.replace("{query}", QUERY) + document + after, "") for document in DOCUMENTS]
    model = opened(folder)
    # AutoTokenizer would build Qwen2's around the vocabulary; and a pair would be joined by signs of its own.
    model[0].processor = PreTrainedTokenizerFast.from_pretrained(folder)
    model.tokenizer.backend_tokenizer.post_processor = None
    assert ours(folder) == pytest.approx(theirs(model, filled), abs=1e-5)


def test_a_conversion_whose_caller_applies_the_template(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path / "Qwen3-Reranker-0.6B-seq-cls")
    asked, rest = QWEN3_PROMPT.replace("{query}", QUERY).split("<Document>")
    for instruction in (None, INSTRUCTION):
        told = instruction or PUBLISHED[folder.name].default_instruction
        pairs = [
            (asked.replace("{instruction}", told), "<Document>" + rest.replace("{document}", document))
            for document in DOCUMENTS
        ]
        assert ours(folder, instruction, on_engine=True) == pytest.approx(
            theirs(opened(folder), pairs), abs=1e-5
        )


def saved(folder: Path, target: Path, template: str, true: int, false: int | None) -> CrossEncoder:
    """A causal model with its words and its template, as sentence-transformers writes them."""
    method = {"method": "forward", "method_output_name": "logits"}
    transformer = Transformer(
        str(folder),
        transformer_task="text-generation",
        model_kwargs={"dtype": torch.float32, "local_files_only": True},
        modality_config={"text": method, "message": {**method, "format": "flat"}},
        module_output_name="causal_logits",
    )
    transformer.tokenizer.chat_template = template
    model = CrossEncoder(modules=[transformer, LogitScore(true, false)], device="cpu")
    model.save_pretrained(str(target))
    return opened(target)


@pytest.mark.parametrize("instruction", [None, INSTRUCTION])
def test_qwen3_reranker_as_they_save_it(instruction: str | None, tmp_path: Path) -> None:
    folder = tiny_qwen_folder(tmp_path)
    model = saved(folder, tmp_path / "saved", TEMPLATE.read_text(), YES, NO)
    found = theirs(model, prompt=instruction)
    assert ours(tmp_path / "saved", instruction, on_engine=True) == pytest.approx(found, abs=1e-5)
    assert ours(folder, instruction, on_engine=True) == pytest.approx(found, abs=1e-5)


def test_zerank(tmp_path: Path) -> None:
    folder = write_causal(tmp_path / "zerank-2")
    said = "~ (messages | selectattr('role', 'eq', '{}') | map(attribute='content') | first) ~"
    template = (
        f"{{{{ '<|im_start|>system\\n' {said.format('query')} '<|im_end|>\\n<|im_start|>user\\n' "
        f"{said.format('document')} '<|im_end|>\\n<|im_start|>assistant\\n' }}}}"
    )
    model = saved(folder, tmp_path / "saved", template, CAPITAL_YES, None)
    assert ours(folder, on_engine=True) == pytest.approx(theirs(model), abs=1e-5)
    assert ours(tmp_path / "saved", on_engine=True) == pytest.approx(theirs(model), abs=1e-5)
