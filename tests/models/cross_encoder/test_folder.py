"""Folders that are refused, each by name and with the way out, and recipes as folders hold them."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.errors import ModelRejectedError
from core.models.cross_encoder.folder import check_cross_encoder, is_cross_encoder
from core.models.cross_encoder.recipes import PUBLISHED
from core.models.cross_encoder.scorer import CrossEncoderScorer
from tests.models.cross_encoder.models import PROMPT, tokenizer, write_model, write_recipe


def change_config(folder: Path, **facts: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | facts), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(ModelRejectedError) as caught:
        CrossEncoderScorer.load(folder, name="m", device="cpu")
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path / "m", "xlm-roberta")


def test_a_plain_classifier_is_taken(folder: Path) -> None:
    assert is_cross_encoder(folder)
    found = check_cross_encoder(folder)
    assert (found.labels, found.max_tokens, found.recipe.prompt) == (1, 62, "")


def test_a_program_of_its_own_is_refused_with_the_way_out(folder: Path) -> None:
    (folder / "modeling_own.py").write_text("raise SystemExit", encoding="utf-8")
    assert "modeling_own.py" in refusal(folder)
    assert "server of your own" in refusal(folder)


def test_a_program_in_another_repository_is_refused(folder: Path) -> None:
    change_config(folder, auto_map={"AutoModel": "someone/code--modeling.Own"})
    assert "brings its own program" in refusal(folder)


def test_a_foreign_module_is_refused(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"type": "my_package.Layer"}]', encoding="utf-8")
    assert "my_package.Layer" in refusal(folder)


def test_pickles_alone_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    assert "can hold programs" in refusal(folder)


def test_more_than_two_labels_are_refused(tmp_path: Path) -> None:
    assert "3 classes" in refusal(write_model(tmp_path / "m", "bert", labels=3))


def test_a_missing_head_is_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    assert "made up at random" in refusal(folder)


def test_half_a_head_is_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["classifier.out_proj.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "head" in refusal(folder)


def test_a_missing_layer_is_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    name = next(name for name in weights if "layer.1" in name)
    del weights[name]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "1 weights are missing" in refusal(folder)


@pytest.mark.parametrize("architecture", ["qwen2", "qwen3"])
@pytest.mark.parametrize("causal", [True, False])
def test_a_decoder_without_a_recipe_is_refused(architecture: str, causal: bool, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "chat-model", architecture, causal=causal)
    assert "rerank_recipe.json" in refusal(folder)


def test_something_else_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "bert")
    change_config(folder, architectures=["BertForMaskedLM"])
    assert "neither a classifier of pairs" in refusal(folder)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"prompt": "{query}", "true_token": "yes"}, "must hold {document} once"),
        ({"prompt": PROMPT + "{query}", "true_token": "yes"}, "must hold {query} once"),
        ({"prompt": PROMPT}, "names no true_token"),
        ({"prompt": PROMPT, "true_token": "yes", "scale": 0}, "scale"),
        ({"prompt": PROMPT, "true_token": "yes", "max_tokens": "many"}, "max_tokens"),
        ({"prompt": PROMPT, "true_token": ["yes"]}, "quotes"),
        ({"prompt": PROMPT, "true_tokens": "yes"}, "unknown true_tokens"),
        ({"prompt": PROMPT, "true_token": "nonsense"}, "no single token for «nonsense»"),
    ],
)
def test_an_unusable_recipe_is_named(facts: dict[str, object], problem: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "qwen2", causal=True)
    write_recipe(folder, **facts)
    assert problem in refusal(folder)


def test_sentence_transformers_own_layout_is_read(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "qwen2", causal=True)
    vocabulary = tokenizer().get_vocab()
    (folder / "1_LogitScore").mkdir()
    (folder / "1_LogitScore" / "config.json").write_text(
        json.dumps({"true_token_id": vocabulary["yes"], "false_token_id": vocabulary["no"]}), encoding="utf-8"
    )
    modules = [
        {"type": "sentence_transformers.models.Transformer"},
        {"type": "sentence_transformers.x.LogitScore"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(
        "{% for message in messages %}\n{{ message.role }} : {{ message.content }}\n{% endfor %}\nRelevance:",
        encoding="utf-8",
    )
    by_layout = CrossEncoderScorer.load(folder, name="m", device="cpu").score(
        "how long ?", ["three days", "."]
    )
    prompt = "query : {query}\ndocument : {document}\nRelevance:"
    write_recipe(folder, prompt=prompt, true_token="yes", false_token="no")
    by_recipe = CrossEncoderScorer.load(folder, name="m", device="cpu").score(
        "how long ?", ["three days", "."]
    )
    assert by_layout == by_recipe


def test_a_template_that_attacks_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "qwen2", causal=True)
    (folder / "1_LogitScore").mkdir()
    (folder / "1_LogitScore" / "config.json").write_text('{"true_token_id": 7}', encoding="utf-8")
    (folder / "chat_template.jinja").write_text(
        "{{ ''.__class__.__mro__[1].__subclasses__() }}", encoding="utf-8"
    )
    assert "cannot be used" in refusal(folder)


def test_a_published_name_brings_its_recipe_and_limit(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "bge-reranker-base", "xlm-roberta", positions=2000)
    assert check_cross_encoder(folder).max_tokens == 512
    assert check_cross_encoder(folder).from_table
    # A causal model of that name is another model.
    other = write_model(tmp_path / "x" / "bge-reranker-base", "qwen2", causal=True)
    assert "rerank_recipe.json" in refusal(other)


@pytest.mark.parametrize("name", PUBLISHED)
def test_known_recipes_are_whole(name: str) -> None:
    recipe = PUBLISHED[name]
    assert recipe.licence
    if recipe.prompt:
        assert recipe.prompt.count("{query}") == recipe.prompt.count("{document}") == 1
    assert bool(recipe.true_token) == (recipe.reading == "token logits")


def original_gte(folder: Path, tmp_path: Path) -> Path:
    """The same model as its makers uploaded it: other names, packed products, another configuration."""
    target = tmp_path / "original"
    target.mkdir()
    weights = load_file(folder / "model.safetensors")
    saved = {}
    for name, value in weights.items():
        name = name.replace("gte.", "new.").replace(".layers.", ".encoder.layer.")
        name = name.replace("self_attn.o_proj", "attention.o_proj").replace(
            "post_attention_layernorm", "attn_ln"
        )
        saved[name.replace("post_mlp_layernorm", "mlp_ln")] = value
    for name in [name for name in saved if "self_attn.q_proj" in name]:
        parts = [saved.pop(name.replace("q_proj", part)) for part in ("q_proj", "k_proj", "v_proj")]
        saved[name.replace("self_attn.q_proj", "attention.qkv_proj")] = torch.cat(parts)
    for name in [name for name in saved if "mlp.up_proj" in name]:
        parts = [saved.pop(name.replace("up_proj", part)) for part in ("up_proj", "gate_proj")]
        saved[name.replace("up_proj", "up_gate_proj")] = torch.cat(parts)
    save_file(saved, target / "model.safetensors", metadata={"format": "pt"})
    stated = json.loads((folder / "config.json").read_text())
    same = {name: stated[name] for name in stated if name not in ("rope_parameters", "model_type")}
    original = same | {
        "model_type": "new",
        "architectures": ["NewForSequenceClassification"],
        "auto_map": {"AutoConfig": "Alibaba-NLP/new-impl--configuration.NewConfig"},
        "position_embedding_type": "rope",
        "rope_theta": 20_000,
        "rope_scaling": {"type": "ntk", "factor": 8.0},
        "pack_qkv": True,
    }
    (target / "config.json").write_text(json.dumps(original), encoding="utf-8")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (target / file).write_bytes((folder / file).read_bytes())
    return target


def test_the_original_gte_scores_as_transformers_own_form(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "gte")
    documents = ["three days", "reset your password", "退款 " * 9]
    expected = CrossEncoderScorer.load(folder, name="m", device="cpu").score("how long ?", documents)
    original = original_gte(folder, tmp_path)
    found = CrossEncoderScorer.load(original, name="m", device="cpu").score("how long ?", documents)
    assert [score.logit for score in found] == pytest.approx([score.logit for score in expected], abs=1e-6)


def test_an_odd_gte_is_refused(tmp_path: Path) -> None:
    original = original_gte(write_model(tmp_path / "m", "gte"), tmp_path)
    change_config(original, rope_scaling={"type": "yarn", "factor": 2.0})
    assert "rope_scaling" in refusal(original)
