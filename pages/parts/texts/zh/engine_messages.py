"""What `core.engine` says while it opens weights and scores: English → Chinese."""

TEXTS: dict[str, str] = {
    "The model is a {model_type}, not a Qwen3.": "该模型是 {model_type}，而不是 Qwen3。",
    "The model's configuration uses {names}, which no Qwen3-Reranker has.": (
        "模型配置使用了 {names}，而 Qwen3-Reranker 都没有这些设置。"
    ),
    "The model's position scaling {kind} depends on the text's length, which packing cannot keep.": (
        "模型的位置缩放方式 {kind} 取决于文本长度，打包评分无法保持一致。"
    ),
    "The folder holds no safetensors files.": "文件夹中没有 safetensors 文件。",
    "Download the model again; weights in other formats are not opened.": (
        "请重新下载模型；其他格式的权重不会被打开。"
    ),
    "The model files lack {count} of the tensors that scoring needs, first {name}.": (
        "模型文件缺少评分所需的 {count} 个张量，首个为 {name}。"
    ),
    "Download the model again; a random stand-in would give random scores.": (
        "请重新下载模型；用随机值顶替只会得到随机的得分。"
    ),
    "The tokenizer is not Qwen3's: its tokens for yes, no or the template differ.": (
        "分词器不是 Qwen3 的：yes、no 或模板的 token 不一致。"
    ),
    "Download the model again, with its own tokenizer files.": "请重新下载模型，并使用其自带的分词器文件。",
    "The query and the instruction alone are longer than the {limit} tokens the model reads.": (
        "仅查询和指令就超过了模型可读的 {limit} 个 token。"
    ),
    "Shorten the query or the instruction, or raise the token limit.": "请缩短查询或指令，或调高 token 上限。",
    "A text of {tokens} tokens needs more memory than is free.": "一段 {tokens} 个 token 的文本超出可用内存。",
    "Lower the token limit, or close other programs.": "请调低 token 上限，或关闭其他程序。",
    "Stopped after {done} of {total} pairs.": "已停止：共 {total} 个查询文档对，完成 {done} 个。",
    "Run it again to score only what is missing.": "重新运行即可只对剩余部分评分。",
    "The model gave no number as the score of document {document}, which begins: {beginning}": (
        "模型给第 {document} 条文档的得分不是数值，该文档开头为：{beginning}"
    ),
    "The model gave no number as the score of document {document} of query {query}, which begins: {beginning}": (
        "模型给第 {query} 个查询的第 {document} 条文档的得分不是数值，该文档开头为：{beginning}"
    ),
    "Use precision fp32; if it runs in fp32 already, run the self-test of this model.": (
        "请使用 fp32 精度；如已是 fp32，请运行该模型的自检。"
    ),
    "The token limit of {limit} is more than the {positions} positions of {model}.": (
        "token 上限 {limit} 超过了 {model} 的 {positions} 个位置。"
    ),
    "Set RERANK_MAX_TOKENS to {positions} or less.": "请将 RERANK_MAX_TOKENS 设为不超过 {positions}。",
    "int8 runs on a CPU only, not on {device}.": "int8 只能在 CPU 上运行，不能用于 {device}。",
    "Use auto or bf16.": "请使用 auto 或 bf16。",
}
