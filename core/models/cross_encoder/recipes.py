"""What a reranker is given, and which of its numbers is the score.

A recipe stands in the model's folder, as sentence-transformers writes it (`1_LogitScore/config.json` with
`chat_template.jinja`) or as `rerank_recipe.json`; or it is one of the few here, by the name under which the
model is published. A causal model without one is refused: a wrong token or a missing prompt gives plausible
numbers.
"""

from dataclasses import dataclass
from typing import Literal

from core.engine.prompt import QWEN3_RERANKER, SYSTEM

Reading = Literal["sequence classification", "token logits"]

QUERY, DOCUMENT, INSTRUCTION = "{query}", "{document}", "{instruction}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model reads a pair.

    reading: a classification head, or the logits of words after the last token.
    prompt: the text around {query}, {document} and perhaps {instruction}; "" for the tokenizer's own pair.
    default_instruction: what stands for {instruction} when none is given.
    true_token, false_token: the words whose logits count; without a false one the true one's alone.
    scale: what the logit is divided by, as the model's maker does.
    max_tokens: 0 for what the folder says. licence: for people. note: to be read beside every score.
    """

    reading: Reading
    prompt: str = ""
    default_instruction: str = ""
    true_token: str = ""
    false_token: str = ""
    scale: float = 1.0
    max_tokens: int = 0
    licence: str = ""
    note: str = ""

    @property
    def uses_instruction(self) -> bool:
        """Whether the prompt has a place for one."""
        return INSTRUCTION in self.prompt


PLAIN_PAIR = Recipe("sequence classification")

QWEN3_PROMPT = QWEN3_RERANKER.prefix + QWEN3_RERANKER.lead + DOCUMENT + QWEN3_RERANKER.closing
QWEN3_INSTRUCTION = QWEN3_RERANKER.default_instruction

# As the model's own script and chat template write it: no line break before the query, no space after the
# colons, no place to think.
_VL_PROMPT = (
    f"{SYSTEM}<Instruct>: {{instruction}}<Query>:{{query}}\n<Document>:{{document}}<|im_end|>\n"
    "<|im_start|>assistant\n"
)
VL_INSTRUCTION: str = "Given a search query, retrieve relevant candidates that answer the query."
OWN_SCALE = "The logit is this model's own: it cannot be compared with that of another model."
NO_WORD = "The tokenizer has no single token for «{word}», whose logit would be the score."
ONLY_TEXTS = "This model also sees, and is read here for texts alone."
NOT_COMMERCIAL = "The licence of this model forbids commercial use."

_MXBAI_PROMPT = (
    "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n"
    "<|im_start|>user\nquery: {query}\ndocument: {document}\nYou are a search relevance expert who evaluates "
    "how well documents match search queries. For each query-document pair, carefully analyze the semantic "
    "relationship between them, then provide your binary relevance judgment (0 for not relevant, 1 for "
    "relevant).\nRelevance:<|im_end|>\n<|im_start|>assistant\n"
)
_ZERANK_PROMPT = (
    "<|im_start|>system\n{query}<|im_end|>\n<|im_start|>user\n{document}<|im_end|>\n<|im_start|>assistant\n"
)
_GEMMA_PROMPT = (
    "<bos>A: {query}\nB: {document}\nGiven a query A and a passage B, determine whether the passage contains "
    "an answer to the query by providing a prediction of either 'Yes' or 'No'."
)

# By the last part of the name under which a model is published, which is the folder's name after a download.
PUBLISHED: dict[str, Recipe] = {
    "bge-reranker-base": Recipe("sequence classification", max_tokens=512, licence="MIT"),
    "bge-reranker-large": Recipe("sequence classification", max_tokens=512, licence="MIT"),
    "bge-reranker-v2-m3": Recipe("sequence classification", max_tokens=8192, licence="Apache-2.0"),
    "bge-reranker-v2-gemma": Recipe(
        "token logits", _GEMMA_PROMPT, true_token="Yes", max_tokens=1024, licence="see the model card"
    ),
    "bce-reranker-base_v1": Recipe("sequence classification", max_tokens=512, licence="Apache-2.0"),
    "gte-multilingual-reranker-base": Recipe(
        "sequence classification", max_tokens=8192, licence="Apache-2.0"
    ),
    "gte-reranker-modernbert-base": Recipe("sequence classification", max_tokens=8192, licence="Apache-2.0"),
    "mxbai-rerank-base-v2": Recipe(
        "token logits", _MXBAI_PROMPT, true_token="1", false_token="0", max_tokens=8192, licence="Apache-2.0"
    ),
    "mxbai-rerank-large-v2": Recipe(
        "token logits", _MXBAI_PROMPT, true_token="1", false_token="0", max_tokens=8192, licence="Apache-2.0"
    ),
    "zerank-2": Recipe(
        "token logits",
        _ZERANK_PROMPT,
        true_token="Yes",
        max_tokens=8192,
        licence="CC-BY-NC-4.0",
        note=NOT_COMMERCIAL,
    ),
    **{
        f"Qwen3-VL-Reranker-{size}": Recipe(
            "token logits",
            _VL_PROMPT,
            VL_INSTRUCTION,
            true_token="yes",
            false_token="no",
            max_tokens=8192,
            licence="Apache-2.0",
            note=ONLY_TEXTS,
        )
        for size in ("2B", "8B")
    },
    **{
        f"Qwen3-Reranker-{size}-seq-cls": Recipe(
            "sequence classification", QWEN3_PROMPT, QWEN3_INSTRUCTION, max_tokens=8192, licence="Apache-2.0"
        )
        for size in ("0.6B", "4B", "8B")
    },
}
