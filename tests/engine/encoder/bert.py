"""A small random BERT of transformers, and its layers as the engine's encoder takes them."""

from collections.abc import Sequence

import torch
from transformers import BertConfig, BertModel

from core.engine.encoder.dense import Forms, Parameters
from core.engine.encoder.layout import Layout, lay_out
from core.engine.encoder.network import Encoder, LayerWeights, make_layer

HEADS, HIDDEN = 4, 64


def random_bert() -> BertModel:
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=100,
        hidden_size=HIDDEN,
        num_hidden_layers=3,
        num_attention_heads=HEADS,
        intermediate_size=160,
        max_position_embeddings=600,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    return model


def weights_of(model: BertModel) -> list[LayerWeights]:
    def of(part: torch.nn.Linear | torch.nn.LayerNorm) -> Parameters:
        return part.weight.detach(), part.bias.detach()

    return [
        LayerWeights(
            query=of(layer.attention.self.query),
            key=of(layer.attention.self.key),
            value=of(layer.attention.self.value),
            output=of(layer.attention.output.dense),
            attention_norm=of(layer.attention.output.LayerNorm),
            inner=of(layer.intermediate.dense),
            outer=of(layer.output.dense),
            output_norm=of(layer.output.LayerNorm),
        )
        for layer in model.encoder.layer
    ]


def encoder_of(model: BertModel, forms: Forms) -> Encoder:
    layers = [make_layer(weights, HEADS, forms) for weights in weights_of(model)]
    return Encoder(layers, HEADS, model.config.layer_norm_eps)


def random_texts(lengths: Sequence[int]) -> list[list[int]]:
    generator = torch.Generator().manual_seed(sum(lengths))
    return [torch.randint(1, 100, (length,), generator=generator).tolist() for length in lengths]


def embedded(model: BertModel, texts: Sequence[Sequence[int]], layout: Layout) -> torch.Tensor:
    ids, places = torch.from_numpy(layout.flat(texts)), torch.from_numpy(layout.places)
    with torch.inference_mode():
        rows = model.embeddings(input_ids=ids[None], position_ids=places[None])[0]
    filled = torch.full((layout.rows, HIDDEN), 1e3)  # what stands behind the tokens must not matter
    filled[: layout.tokens] = rows
    return filled


def states_of(encoder: Encoder, model: BertModel, texts: Sequence[Sequence[int]]) -> list[torch.Tensor]:
    """The states of each text, in the caller's order."""
    layout = lay_out([len(text) for text in texts])
    with torch.inference_mode():
        laid = torch.split(encoder.states(embedded(model, texts, layout), layout), layout.lengths)
    return [laid[layout.order.index(at)] for at in range(len(texts))]


def expected_states(model: BertModel, texts: Sequence[Sequence[int]]) -> list[torch.Tensor]:
    """Each text by itself, in transformers."""
    with torch.inference_mode():
        return [model(input_ids=torch.tensor([text])).last_hidden_state[0] for text in texts]
