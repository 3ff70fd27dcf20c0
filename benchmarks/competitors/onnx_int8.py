"""Qwen3-Reranker on ONNX Runtime: exported whole, matrices in int8 a channel, activations as it runs."""

from collections.abc import Sequence
from pathlib import Path

from core.engine.prompt import CLOSING, DEFAULT_INSTRUCTION, SYSTEM

BATCH = 16
EXAMPLE_TOKENS = 12


class OnnxRuntime:
    """Pairs sorted by length in batches of 16, left-padded as the model card does."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from transformers import AutoTokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(written(folder)), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")

    def __call__(self, query: str, documents: Sequence[str]) -> list[float]:
        texts = [
            f"{SYSTEM}<Instruct>: {DEFAULT_INSTRUCTION}\n<Query>: {query}\n<Document>: {document}{CLOSING}"
            for document in documents
        ]
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        logits = [0.0] * len(texts)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            encoded = self._tokenizer([texts[at] for at in part], padding=True, return_tensors="np")
            (found,) = self._session.run(
                None, {name: encoded[name] for name in ("input_ids", "attention_mask")}
            )
            for at, value in zip(part, found, strict=True):
                logits[at] = float(value)
        return logits


def written(folder: Path) -> Path:
    """The quantised model beside the folder, made once."""
    target = folder.with_name(f"{folder.name}-onnx-int8") / "model.onnx"
    if target.exists():
        return target
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = folder.with_name(f"{folder.name}-onnx-fp32") / "model.onnx"
    whole.parent.mkdir(exist_ok=True)
    _export(folder, whole)
    target.parent.mkdir(exist_ok=True)
    quantize_dynamic(
        whole,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        use_external_data_format=True,
    )
    return target


def _export(folder: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    yes, no = (tokenizer.convert_tokens_to_ids(word) for word in ("yes", "no"))
    rows = model.lm_head.weight.detach()

    class Judging(torch.nn.Module):
        """The difference of two logits at the last token."""

        def __init__(self) -> None:
            super().__init__()
            self.body = model.model
            self.direction = torch.nn.Parameter(rows[yes] - rows[no])

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.body(input_ids=input_ids, attention_mask=attention_mask, use_cache=False)
            # No product of matrices: the quantiser takes none with a vector.
            return (found.last_hidden_state[:, -1] * self.direction).sum(-1)

    ids = torch.arange(2 * EXAMPLE_TOKENS).reshape(2, EXAMPLE_TOKENS)
    mask = torch.ones_like(ids)
    mask[0, :3] = 0
    sizes = {0: torch.export.Dim("pairs", min=1, max=1024), 1: torch.export.Dim("tokens", min=2, max=8192)}
    torch.onnx.export(
        Judging().eval(),
        (ids, mask),
        target,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes={"input_ids": sizes, "attention_mask": sizes},
        dynamo=True,
        external_data=True,
    )
