"""Chinese for runs of other tools, and for the scores of an evaluation."""

TEXTS: dict[str, str] = {
    "Or: runs of other tools and judgements (TREC files)": "或者：其他工具的排序结果与标注（TREC 文件）",
    "Runs; the first is what the others are compared with": "排序结果文件；其余结果与第一个比较",
    "Lines such as: {line}": "每行形如：{line}",
    "Measure the runs": "评估这些排序结果",
    "Lines with a remark: {count}": "有说明的行：{count}",
    "Line": "行",
    "There is one run, so it is measured but not compared; add another to see which is better.": (
        "只有一个排序结果，因此只给出指标，不作比较；再加一个即可看出哪个更好。"
    ),
    "There is no comparison {name}.": "没有名为 {name} 的比较。",
    "The run {name} names no query of this table.": "排序结果 {name} 中没有本表的任何查询。",
    "Its query ids must be those of the table's query id column.": "其中的查询 ID 必须与本表的查询 ID 列一致。",
    "«{run}» ranks documents that «{baseline}» does not: {count}. Its candidates are its own, so no share of a "
    "best possible order is given for it.": (
        "“{run}”中有 {count} 个文档不在“{baseline}”里；两者的候选文档不同，因此不给出它达到最优排序的比例。"
    ),
    "Rerank only {depth} per query": "每个查询只重排 {depth} 个",
    "Furthest": "最大移动",
    "Share of the first {top} documents": "前 {top} 个文档中的比例",
    "Places, on average": "平均移动的名次数",
    "Standard deviation of the logits": "logit 的标准差",
    "In logits": "单位为 logit",
    "Hints compare a query with this model's other lists; none of them is a finding.": (
        "提示只是把查询与该模型的其他列表相比，都不能当作结论。"
    ),
    "A threshold is chosen by labels, and there are none; here is how the scores spread.": (
        "阈值要靠标签选取，而这里没有标签；下面是得分的分布。"
    ),
    "No query has a document labelled relevant, so there is nothing to measure.": (
        "没有任何查询含有标为相关的文档，因此无从评估。"
    ),
    "No label could be read: labels are whole numbers, 0 not relevant, 1 and more relevant.": (
        "没有读到可用的标签：标签须为整数，0 表示不相关，1 及以上表示相关。"
    ),
    "The scores themselves": "得分本身",
}
