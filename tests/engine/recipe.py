"""The model card's recipe, as plainly as it is written there: the reference for every equivalence test.

One whole string per pair, left padding, the whole vocabulary's logits at the last position. It differs from
the card in what the project has decided to differ in: only the document is shortened, and fp32 throughout.
"""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the "
    'Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"


def recipe_ids(
    tokenizer: PreTrainedTokenizerBase,
    query: str,
    document: str,
    instruction: str = INSTRUCTION,
    max_tokens: int = 8192,
) -> list[int]:
    head = tokenizer.encode(f"{PREFIX}<Instruct>: {instruction}\n<Query>: {query}\n<Document>:")
    whole = tokenizer.encode(
        f"{PREFIX}<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}{SUFFIX}"
    )
    end = tokenizer.encode(SUFFIX)
    assert whole[: len(head)] == head and whole[-len(end) :] == end
    return [*whole[: -len(end)][: max_tokens - len(end)], *end]


def recipe_logits(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    query: str,
    documents: Sequence[str],
    instruction: str = INSTRUCTION,
    max_tokens: int = 8192,
) -> list[float]:
    ids = [recipe_ids(tokenizer, query, document, instruction, max_tokens) for document in documents]
    longest = max(map(len, ids))
    padded = torch.tensor([[151_643] * (longest - len(row)) + row for row in ids])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in ids])
    with torch.inference_mode():
        logits = model(input_ids=padded, attention_mask=mask, logits_to_keep=1).logits[:, -1, :]
    return (logits[:, 9693] - logits[:, 2152]).tolist()
