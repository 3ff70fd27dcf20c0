"""Two looks at long documents, and what is said of a GPU's precisions: English → Chinese."""

TEXTS: dict[str, str] = {
    "Two looks": "两步阅读",
    "two looks: top {top}": "两步阅读：前 {top} 名",
    "Places at the top": "靠前名次数",
    "Faster for long documents: first the beginning of each, then the rest of those that could still "
    "reach the top. A document whose beginning misleads may be missed.": (
        "长文档更快：先读每个文档的开头，再读仍可能进入前列的文档的其余部分。开头有误导性的文档可能被漏掉。"
    ),
    "Read every document whole": "完整阅读每个文档",
    "Over HTTP every document is read whole: such scores differ.": "通过 HTTP 请求时每个文档都完整阅读，得分会不同。",
    "{model} cannot look twice: only Qwen3-Reranker on this machine reads documents in two steps.": (
        "{model} 不支持两步阅读：只有本机上的 Qwen3-Reranker 可以。"
    ),
    "Turn two looks off.": "请关闭两步阅读。",
    "Two looks do not go with chunks: a document in chunks is read whole.": (
        "两步阅读不能与分段同时使用：分段的文档会被完整阅读。"
    ),
    "Turn one of the two off.": "请关闭其中一项。",
    "Two looks need at least one place at the top.": "两步阅读至少需要一个靠前名次。",
    "Two looks: documents far from the top were read up to their first 128 tokens.": (
        "两步阅读：排名靠后的文档只读了前 128 个 token。"
    ),
    "Two looks: {count} documents were read at their beginning only.": "两步阅读：{count} 个文档只读了开头。",
    "Too few queries to check what two looks changed.": "查询太少，无法检查两步阅读带来的变化。",
    "Two looks: of {checked} queries that were read whole to check, {changed} would have had another top "
    "{top} ({share}, 95 % interval {low} to {high}).": (
        "两步阅读：为检查而完整阅读的 {checked} 个查询中，有 {changed} 个的前 {top} 名会不同"
        "（{share}，95% 区间 {low} 至 {high}）。"
    ),
    "two looks, places at the top": "两步阅读：靠前名次数",
    "two looks, queries read whole to check": "两步阅读：为检查而完整阅读的查询",
    "two looks, of these with another top": "两步阅读：其中前列不同的查询",
    "fp8 runs on GPUs from Ada and Hopper on, not on {device}.": "fp8 需要 Ada、Hopper 或更新的 GPU，不能在 {device} 上运行。",
    "Use auto.": "请使用 auto。",
}
