"""The encoder against transformers' BERT: alone and in batches, whatever the lengths and products."""

from collections.abc import Callable

import pytest
import torch

from core.engine.encoder.dense import exact_forms
from core.engine.encoder.layout import lay_out
from core.engine.linear import onednn_is_chosen
from tests.engine.encoder.bert import (
    embedded,
    encoder_of,
    expected_states,
    random_bert,
    random_texts,
    states_of,
)

LENGTHS = (1, 17, 16, 15, 17, 1, 200, 33, 512, 40, 39, 38, 3)


@pytest.mark.parametrize("onednn", [False, True])
def test_states_equal_those_of_transformers(onednn: bool) -> None:
    if onednn and not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        pytest.skip("torch has no oneDNN here")
    model, texts = random_bert(), random_texts(LENGTHS)
    found = states_of(encoder_of(model, exact_forms(onednn)), model, texts)
    for ours, expected in zip(found, expected_states(model, texts), strict=True):
        assert torch.allclose(ours, expected, atol=1e-5)


def test_a_text_has_the_same_states_whatever_is_beside_it() -> None:
    model, texts = random_bert(), random_texts(LENGTHS)
    encoder = encoder_of(model, exact_forms())
    for at, together in enumerate(states_of(encoder, model, texts)):
        assert torch.allclose(states_of(encoder, model, texts[at : at + 1])[0], together, atol=1e-5)


def test_first_states_are_those_of_the_first_tokens_in_the_callers_order() -> None:
    model, texts = random_bert(), random_texts(LENGTHS)
    encoder = encoder_of(model, exact_forms())
    layout = lay_out([len(text) for text in texts])
    with torch.inference_mode():
        first = encoder.first_states(embedded(model, texts, layout), layout)
    expected = torch.stack([states[0] for states in states_of(encoder, model, texts)])
    assert torch.allclose(first, expected, atol=1e-5)


@pytest.mark.skipif(not onednn_is_chosen(), reason="torch's own product is chosen here")
@pytest.mark.parametrize("change", [lambda text: text, lambda text: text[::-1]])
def test_bits_do_not_depend_on_the_batch(change: Callable[[list[int]], list[int]]) -> None:
    """Rows of a product, norms and GELU are computed one by one; only attention sees more than its row."""
    model = random_bert()
    encoder = encoder_of(model, exact_forms())
    text = change(random_texts((24,))[0])
    alone = states_of(encoder, model, [text])[0]
    beside = states_of(encoder, model, [*random_texts((24,) * 7), text])[-1]
    assert torch.equal(alone, beside)
