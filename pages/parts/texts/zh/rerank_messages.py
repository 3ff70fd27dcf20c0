"""What `core.workflows` says about a request: English → Chinese."""

TEXTS: dict[str, str] = {
    "The query is empty.": "查询为空。",
    "Type what you are searching for.": "请输入要搜索的内容。",
    "There are no documents.": "没有文档。",
    "Give at least one document.": "请至少提供一个文档。",
    "{count} documents are more than the {limit} that are reranked at once.": (
        "{count} 个文档超过了一次最多 {limit} 个的限制。"
    ),
    "Send fewer at a time, or rerank a whole file with the batch command.": "请减少数量，或用 batch 命令处理整个文件。",
    "The query has {count} characters; the model cannot read that much.": "查询有 {count} 个字符，超出模型可读的长度。",
    "Shorten the query; long text belongs into the documents.": "请缩短查询；长文本应放在文档中。",
    "Blank text; its score means nothing.": "内容为空白，得分没有意义。",
    "Contains NUL characters.": "含有 NUL 字符。",
    "Contains broken characters, which are read as «�».": "含有损坏的字符，按“�”读取。",
    "Repeats an earlier document; equal texts get equal scores.": "与前面的文档重复；相同文本得分相同。",
    "Longer than the model reads; scored in chunks, the best one counts.": (
        "超出模型可读长度，已分段评分，取最高的一段。"
    ),
    "Longer than the model reads; only the beginning was scored.": "超出模型可读长度，只对开头部分评分。",
    "{model} takes no instruction; yours was ignored.": "{model} 不支持指令，您的指令已被忽略。",
    "The model {name} is still loading.": "模型 {name} 仍在加载。",
    "Try again in a few seconds.": "请几秒后再试。",
    "{name} could not be loaded: {problem}": "{name} 无法加载：{problem}",
    "{name} is being loaded; wait for it before switching again.": "正在加载 {name}，请等待完成后再切换。",
    "There is no reranking {name} (any more).": "没有重排记录 {name}（或已删除）。",
    "The model failed unexpectedly ({problem}).": "模型意外出错（{problem}）。",
}
