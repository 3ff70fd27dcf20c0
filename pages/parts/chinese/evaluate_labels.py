"""Labels and captions of the Evaluate page: English → Chinese."""

EVALUATE_LABELS: dict[str, str] = {
    "Evaluate": "评估",
    "New evaluation": "新建评估",
    "Earlier evaluations": "以往的评估",
    "Labelled table": "带标签的表格",
    "A table with a query, a document and a label in each row (0 not relevant, 1 and more relevant), in its "
    "present order or with a column of ranks. Without labels it shows what changed, and you can judge here. "
    "Nothing leaves this machine.": (
        "表格每行含一个查询、一个文档和一个标签（0 为不相关，1 及以上为相关），按现有顺序排列，或带名次列。"
        "没有标签时只显示变化，也可在此标注。数据不会离开本机。"
    ),
    "Candidates per query": "每个查询的候选文档数",
    "all": "全部",
    "Rerank only the first so many of each query. The labels of the others still count, so rows that were "
    "added because they are relevant do not help the reranker.": (
        "每个查询只重排前这么多个文档。其余文档的标签仍计入，因此额外加入的相关行不会让重排占便宜。"
    ),
    "{queries} queries, {pairs} pairs, {labels} labels. The order before is {order}.": (
        "{queries} 个查询，{pairs} 个查询文档对，{labels} 个标签。原有顺序取自{order}。"
    ),
    "the rank column": "名次列",
    "the score column": "得分列",
    "the order of the rows": "行的顺序",
    "There are no labels: you will see what changed, and can judge documents here.": (
        "没有标签：可以查看有何变化，也可在此标注文档。"
    ),
    "Calculating …": "正在计算…",
    # Measures and verdicts
    "Measures and conventions": "指标与约定",
    "Measures": "指标",
    "The first one decides the verdict. Others can be typed, such as nDCG@20 or P(rel=2)@5.": (
        "以第一个指标下结论。也可输入其他指标，例如 nDCG@20 或 P(rel=2)@5。"
    ),
    "Lowest grade that counts as relevant": "算作相关的最低等级",
    "Gain in nDCG": "nDCG 的增益",
    "linear: grade": "线性：等级",
    "exponential: 2^grade − 1": "指数：2^等级 − 1",
    "Also count queries without a relevant document, as 0": "没有相关文档的查询也计入，按 0 计",
    "better": "变好",
    "worse": "变差",
    "cannot tell": "无法判断",
    "no difference": "没有差异",
    "too few queries": "查询太少",
    ": ": "：",
    "Verdict": "结论",
    "Measure": "指标",
    "Queries": "查询数",
    "queries": "查询",
    "After": "重排后",
    "Best possible": "最优",
    "best possible": "最优",
    "The same candidates in the order of their labels": "同一批候选文档按标签排序",
    "Gap closed": "差距弥补",
    "Share of the way from before to the best possible order": "从重排前到最优排序的差距中已弥补的比例",
    "95 % interval": "95% 置信区间",
    "p": "p 值",
    "Chance of a difference this large if the two orders were equally good": (
        "假如两种排序同样好，出现这么大差异的概率"
    ),
    "Better / same / worse": "变好 / 不变 / 变差",
    "By group": "分组结果",
    "(no group)": "（无分组）",
    "What the measures mean": "指标含义",
    "What the numbers rest on": "数字的依据",
    "Interval: paired bootstrap over queries, {resamples} resamples. p: paired randomisation test.": (
        "置信区间：按查询配对自助法，重抽样 {resamples} 次。p 值：配对随机化检验。"
    ),
    "None of the measures tells a good order from a bad one; choose another.": (
        "所选指标都不能区分排序好坏，请另选指标。"
    ),
    # Charts
    "Before, after, best possible order": "重排前、重排后与最优排序",
    "Difference with its 95 % interval": "差值及其 95% 置信区间",
    "Difference in {measure} by group, with its 95 % interval": "各分组的 {measure} 差值及其 95% 置信区间",
    "Difference in {measure} of each query, sorted": "各查询的 {measure} 差值（已排序）",
    "after minus before": "重排后减重排前",
    "What each threshold keeps": "各阈值的保留效果",
    "precision": "精确率",
    "recall": "召回率",
    "queries left with nothing": "一个文档也不剩的查询",
    "score": "得分",
}
