"""Rerankers of Qwen3's form run on the engine and score as plain transformers do; broken ones are refused."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    Qwen3VLForConditionalGeneration,
)

from core.engine.scorer import Qwen3Scorer
from core.errors import ModelRejectedError
from core.models import load_scorer
from core.models.cross_encoder.recipes import NOT_COMMERCIAL, ONLY_TEXTS, OWN_SCALE, PUBLISHED
from core.records import Scorer
from core.settings import Settings
from core.workflows.compare.contenders import licence_of
from tests.models.cross_encoder.models import write_recipe
from tests.models.cross_encoder.qwen3_forms import (
    write_causal,
    write_classifier,
    write_logit_score,
    write_seeing,
)
from tests.qwen_fixture import qwen_tokenizer, tiny_qwen_folder

QUERY = "退的钱多久能到账?"
DOCUMENTS = (
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "(see also) Refunds arrive within three working days.",
    "\n\n  starts with line breaks and spaces",
    "> quoted: 1/2\r\n",
    "",
    " ",
    "def refund(order):\n\treturn order.total * -1  # cents\n",
)
YES, NO, CAPITAL_YES = 9693, 2152, 9454
TEMPLATE = Path(__file__).parents[3] / "deploy" / "qwen3_reranker.jinja"

Reads = Callable[[torch.Tensor], torch.Tensor]


def loaded(folder: Path, **settings: object) -> Scorer:
    return load_scorer(
        str(folder), precision="fp32", settings=Settings(home=folder.parent, device="cpu", **settings)
    )


def logits(
    scorer: Scorer, documents: Sequence[str] = DOCUMENTS, instruction: str | None = None
) -> list[float]:
    return [score.logit for score in scorer.score(QUERY, documents, instruction)]


def plain(reads: Reads, prompt: str, documents: Sequence[str], instruction: str) -> list[float]:
    """Each prompt as one text through transformers: the score from the model's own output."""
    found = []
    for document in documents:
        text = prompt.replace("{instruction}", instruction).replace("{query}", QUERY)
        ids = qwen_tokenizer()(text.replace("{document}", document), add_special_tokens=False).input_ids
        with torch.inference_mode():
            found.append(float(reads(torch.tensor([ids]))))
    assert max(found) - min(found) > 0.1  # the comparison means something
    return found


def last(model: PreTrainedModel) -> Reads:
    return lambda ids: model(input_ids=ids).logits[0, -1]


def read_by(kind: type, folder: Path) -> Reads:
    return last(kind.from_pretrained(folder, dtype=torch.float32).eval())


@pytest.mark.parametrize("labels", [1, 2])
def test_a_conversion_scores_as_transformers_does(labels: int, tmp_path: Path) -> None:
    folder = write_classifier(tmp_path / "Qwen3-Reranker-0.6B-seq-cls", labels)
    scorer = loaded(folder)
    assert isinstance(scorer, Qwen3Scorer) and (scorer.info.kind, scorer.info.notes) == ("qwen3", ())
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()

    def head(ids: torch.Tensor) -> torch.Tensor:
        row = model(input_ids=ids).logits[0]
        return row[1] - row[0] if labels == 2 else row[0]

    recipe = PUBLISHED["Qwen3-Reranker-0.6B-seq-cls"]
    for instruction in (None, "Find the passage that says when"):
        told = recipe.default_instruction if instruction is None else instruction
        expected = plain(head, recipe.prompt, DOCUMENTS, told)
        assert logits(scorer, instruction=instruction) == pytest.approx(expected, abs=1e-5)


def test_a_conversion_of_qwen3_reranker_scores_as_the_original(tmp_path: Path) -> None:
    original = tiny_qwen_folder(tmp_path)
    weights = load_file(original / "model.safetensors")
    rows = weights["model.embed_tokens.weight"].float()
    converted = Path(shutil.copytree(original, tmp_path / "Qwen3-Reranker-0.6B-seq-cls"))
    weights["score.weight"] = (rows[YES] - rows[NO])[None]
    save_file(weights, converted / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((original / "config.json").read_text())
    changed = {"architectures": ["Qwen3ForSequenceClassification"], "id2label": {"0": "LABEL_0"}}
    (converted / "config.json").write_text(json.dumps(config | changed))
    assert logits(loaded(converted)) == pytest.approx(logits(loaded(original)), abs=1e-5)


def test_zerank_scores_as_transformers_does(tmp_path: Path) -> None:
    folder = write_causal(tmp_path / "zerank-2")
    scorer = loaded(folder)
    assert isinstance(scorer, Qwen3Scorer)
    assert scorer.info.notes == (OWN_SCALE, NOT_COMMERCIAL) and not scorer.info.uses_instruction
    assert licence_of(str(folder), Settings(home=tmp_path)) == "CC-BY-NC-4.0"
    every = read_by(AutoModelForCausalLM, folder)
    expected = plain(lambda ids: every(ids)[CAPITAL_YES], PUBLISHED["zerank-2"].prompt, DOCUMENTS, "")
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)
    assert logits(scorer, instruction="is not read") == logits(scorer)


@pytest.mark.parametrize("tied", [True, False])
def test_the_text_part_of_a_model_that_sees_scores_as_transformers_does(tied: bool, tmp_path: Path) -> None:
    folder = write_seeing(tmp_path / "Qwen3-VL-Reranker-2B", tied)
    scorer = loaded(folder)
    assert isinstance(scorer, Qwen3Scorer) and scorer.info.uses_instruction
    assert scorer.info.notes == (OWN_SCALE, ONLY_TEXTS)
    recipe = PUBLISHED["Qwen3-VL-Reranker-2B"]
    every = read_by(Qwen3VLForConditionalGeneration, folder)

    def difference(ids: torch.Tensor) -> torch.Tensor:
        row = every(ids)
        return row[YES] - row[NO]

    expected = plain(difference, recipe.prompt, DOCUMENTS, recipe.default_instruction)
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)
    assert "<Query>: " not in recipe.prompt and "\n<Query>" not in recipe.prompt
    weights = load_file(folder / "model.safetensors")
    read = [tensor.numel() for name, tensor in weights.items() if not name.startswith("model.visual")]
    assert scorer.info.parameters == sum(read)


def test_a_fine_tune_with_a_recipe_of_its_own_runs_on_the_engine(tmp_path: Path) -> None:
    folder = write_causal(tmp_path / "mine")
    prompt = "<|im_start|>user\nQ: {query}\nD: {document}<|im_end|>\n<|im_start|>assistant\n"
    write_recipe(folder, prompt=prompt, true_token="yes", false_token="no", scale=4, licence="MIT")
    scorer = loaded(folder)
    assert isinstance(scorer, Qwen3Scorer) and scorer.info.kind == "cross-encoder"
    every = read_by(AutoModelForCausalLM, folder)
    expected = plain(lambda ids: (every(ids)[YES] - every(ids)[NO]) / 4, prompt, DOCUMENTS, "")
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)
    assert licence_of(str(folder), Settings(home=tmp_path)) == "MIT"


def test_a_prompt_that_names_the_document_first_runs_on_transformers(tmp_path: Path) -> None:
    folder = write_causal(tmp_path / "mine")
    prompt = "<|im_start|>user\n{document}\nasked: {query}<|im_end|>\n<|im_start|>assistant\n"
    write_recipe(folder, prompt=prompt, true_token="yes")
    scorer = loaded(folder)
    assert not isinstance(scorer, Qwen3Scorer)
    every = read_by(AutoModelForCausalLM, folder)
    expected = plain(lambda ids: every(ids)[YES], prompt, DOCUMENTS, "")
    assert logits(scorer) == pytest.approx(expected, abs=1e-5)


def test_sentence_transformers_files_beside_qwen3_reranker_change_nothing(tmp_path: Path) -> None:
    folder = tiny_qwen_folder(tmp_path)
    bare = loaded(folder)
    write_logit_score(folder, TEMPLATE.read_text(), YES, NO)
    scorer = loaded(folder)
    assert scorer.info.fingerprint == bare.info.fingerprint and scorer.info.kind == "qwen3"
    assert logits(scorer, instruction="Find help") == logits(bare, instruction="Find help")


def test_a_conversion_of_any_name_is_asked_by_its_own_template(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path / "mine")
    (folder / "chat_template.jinja").write_text(TEMPLATE.read_text())
    named = loaded(Path(shutil.copytree(folder, tmp_path / "Qwen3-Reranker-4B-seq-cls")))
    assert logits(loaded(folder)) == logits(named)


def test_a_template_whose_messages_are_lists_of_parts_is_read(tmp_path: Path) -> None:
    named = write_seeing(tmp_path / "Qwen3-VL-Reranker-2B")
    recipe = PUBLISHED[named.name]
    template = recipe.prompt.removesuffix("\n") + "{{ '\n' }}"
    for role, place in (("query", "query"), ("document", "document"), ("system", "instruction")):
        said = f"(messages | selectattr('role', 'eq', '{role}') | first).content[0].text"
        if role == "system":
            said += f" if messages[0].role == 'system' else '{recipe.default_instruction}'"
        template = template.replace(f"{{{place}}}", f"{{{{ {said} }}}}")
    folder = Path(shutil.copytree(named, tmp_path / "mine"))
    write_logit_score(folder, template, YES, NO)
    for instruction in (None, "Find help"):
        assert logits(loaded(folder), instruction=instruction) == logits(
            loaded(named), instruction=instruction
        )


def refusal(folder: Path) -> str:
    with pytest.raises(ModelRejectedError) as caught:
        loaded(folder)
    return str(caught.value)


def test_a_conversion_without_a_template_is_refused(tmp_path: Path) -> None:
    assert "which prompt" in refusal(write_classifier(tmp_path / "mine"))
    # A template of talk, which leaves out what is no user's message, is none for a reranker.
    talk = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}"
    folder = write_classifier(tmp_path / "talks")
    (folder / "chat_template.jinja").write_text(talk)
    assert "which prompt" in refusal(folder)


def test_a_model_that_sees_and_no_reranker_is_refused(tmp_path: Path) -> None:
    assert "which prompt" in refusal(write_seeing(tmp_path / "Qwen3-VL-2B-Instruct"))


def test_more_than_two_labels_are_refused(tmp_path: Path) -> None:
    assert "3 classes" in refusal(write_classifier(tmp_path / "Qwen3-Reranker-0.6B-seq-cls", labels=3))


@pytest.fixture
def conversion(tmp_path: Path) -> Path:
    return write_classifier(tmp_path / "Qwen3-Reranker-0.6B-seq-cls")


def change_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: w.pop("score.weight"), "no classification head"),
        (lambda w: w.update({"score.weight": torch.ones(2, 64)}), "shape 2 x 64 instead of 1 x 64"),
        (lambda w: w.update({"score.weight": torch.ones(1, 63)}), "shape 1 x 63 instead of 1 x 64"),
        (lambda w: w.update({"score.weight": torch.zeros(1, 64)}), "the same score"),
        (lambda w: w.pop("model.layers.1.mlp.up_proj.weight"), "weights are missing"),
    ],
)
def test_a_broken_conversion_is_refused(
    conversion: Path, change: Callable[[dict[str, torch.Tensor]], object], said: str
) -> None:
    change_weights(conversion, change)
    assert said in refusal(conversion)


def test_a_known_name_with_another_tokenizer_is_refused(conversion: Path) -> None:
    file = conversion / "tokenizer.json"
    tokenizer = json.loads(file.read_text())
    words = tokenizer["model"]["vocab"]
    words["yes"], words["no"] = words["no"], words["yes"]
    file.write_text(json.dumps(tokenizer))
    assert 'gives "yes" the id 2152' in refusal(conversion)


def test_a_model_that_sees_with_layers_missing_is_refused(tmp_path: Path) -> None:
    folder = write_seeing(tmp_path / "Qwen3-VL-Reranker-2B")
    change_weights(folder, lambda w: w.pop("model.language_model.layers.0.self_attn.k_proj.weight"))
    assert "weights are missing" in refusal(folder)


def test_long_documents_are_cut_or_read_in_parts_and_keep_the_template(tmp_path: Path) -> None:
    folder = write_seeing(tmp_path / "Qwen3-VL-Reranker-2B")
    text = "退款审核通过后，款项将原路退回。 " * 60
    scorer = loaded(folder, max_tokens=160)
    (cut,) = scorer.score(QUERY, [text])
    assert cut.truncated and cut.tokens == 160
    whole = load_scorer(
        str(folder),
        precision="fp32",
        settings=Settings(home=tmp_path, device="cpu", max_tokens=160),
        long_documents="max",
    )
    (read,) = whole.score(QUERY, [text])
    assert not read.truncated and read.tokens > 3 * 160
