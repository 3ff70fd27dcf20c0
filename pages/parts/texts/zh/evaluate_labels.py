"""Labels and captions of the Evaluate page: English → Chinese."""

TEXTS: dict[str, str] = {
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
    "Queries: {queries}, pairs: {pairs}, labels: {labels}. The order before is {order}.": (
        "{queries} 个查询，{pairs} 个查询文档对，{labels} 个标签。原有顺序取自{order}。"
    ),
    "the rank column": "名次列",
    "the score column": "得分列",
    "the score column, lowest first": "得分列（低分在前）",
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
    "Exponential gain in nDCG: 2^grade − 1 instead of the grade": "nDCG 使用指数增益：2^等级 − 1，而不是等级本身",
    "Also count queries without a relevant document, as 0": "没有相关文档的查询也计入，按 0 计",
    "better": "变好",
    "worse": "变差",
    "cannot tell": "无法判断",
    "no difference": "没有差异",
    "too few queries": "查询太少",
    ": ": "：",
    "Verdict": "结论",
    "Measure": "指标",
    "Queries": "查询",
    "queries": "查询",
    "After": "重排后",
    "Best possible": "最优",
    "best possible": "最优",
    "The same candidates in the order of their labels": "同一批候选文档按标签排序",
    "Gain achieved": "已实现的提升",
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
    # Queries
    "All": "全部",
    "Better": "变好",
    "Same": "不变",
    "Worse": "变差",
    "Show": "显示",
    "Find in queries": "在查询中查找",
    "First rank before": "首个相关文档：重排前",
    "First rank after": "首个相关文档：重排后",
    "Rank of the first relevant document": "首个相关文档的名次",
    "Relevant": "相关文档",
    "Relevant documents among the candidates / of all that are labelled": (
        "候选中的相关文档 / 全部已标注的相关文档"
    ),
    "Candidates": "候选文档",
    "Click a row to see both orders.": "点击某一行查看两种排序。",
    "No query got worse.": "没有查询变差。",
    "Likely causes": "可能的原因",
    "No rule explains these losses; read the texts.": "没有规则能解释这些下降，请阅读文本。",
    "The rules behind the causes": "判断原因的规则",
    # What changed
    "What these numbers mean": "这些数字的含义",
    "In common": "共有",
    "Moved by": "平均移动",
    "Best": "最高",
    "Mean": "均值",
    "Spread": "标准差",
    "First − second": "第一名 − 第二名",
    "Hint": "提示",
    # Thresholds
    "What matters": "更看重",
    "precision counts more": "精确率",
    "both alike": "两者同等",
    "recall counts more": "召回率",
    "Queries that must keep a relevant document (%)": "至少保留一个相关文档的查询比例（%）",
    "No candidate is labelled relevant, or the run has no scores: no threshold can be chosen.": (
        "没有标为相关的候选文档，或排序结果没有得分，无法选择阈值。"
    ),
    "Best F{beta}": "F{beta} 最高",
    "Chosen by": "选取方式",
    "Keeps one for {share} of the queries": "{share} 的查询至少保留一个",
    "Threshold": "阈值",
    "Precision": "精确率",
    "Recall": "召回率",
    "Documents kept": "保留的文档",
    "Queries left empty": "无文档的查询",
    "Recommended values as JSON": "推荐值（JSON）",
    # Judging
    "0 not relevant": "0 不相关",
    "1 touches on it": "1 略有涉及",
    "2 relevant": "2 相关",
    "3 answers it fully": "3 完全回答",
    "Also show what is judged already": "同时显示已标注的文档",
    "Graded by hand: {graded}. Waiting: {waiting}, of which {deciding} can change the verdict.": (
        "已人工标注 {graded} 个；待标注 {waiting} 个，其中 {deciding} 个可能改变结论。"
    ),
    "Nothing is waiting to be judged.": "没有待标注的文档。",
    "Show the skipped ones again": "重新显示已跳过的文档",
    "Note": "备注",
    "optional": "可选",
    "Skip": "跳过",
    "Undo": "撤销",
    "Judgements in and out": "导入与导出标注",
    "Judgements: {formats}": "标注文件：{formats}",
    "Line {line}: {problem}": "第 {line} 行：{problem}",
    "{count} judgements taken over; {elsewhere} belong to no document of this file.": (
        "已导入 {count} 条标注；另有 {elsewhere} 条不属于此文件的任何文档，未导入。"
    ),
    # Sections
    "Section": "栏目",
    "Regressions": "变差的查询",
    "What changed": "排序变化",
    "Judge": "标注",
    "Compare": "比较",
    "Back to the start": "返回起始页",
    "Excel report": "Excel 报告",
    # Comparing systems
    "System": "方案",
    "Compare with earlier evaluations of the same data": "与相同数据的以往评估比较",
    "Evaluate the same file with another model or instruction, and it can be compared here.": (
        "用另一模型或指令评估同一文件后，即可在此比较。"
    ),
    "Runs of other tools (TREC format)": "其他工具的排序结果（TREC 格式）",
    "Run files with this table's query and document ids": "使用本表查询 ID 和文档 ID 的排序结果文件",
    "Add to the comparison": "加入比较",
    "Remove these runs": "移除这些排序结果",
    "The new order as a TREC run": "新排序（TREC 格式）",
    "Difference in {measure} from «{baseline}», with its 95 % interval": (
        "与“{baseline}”相比的 {measure} 差值及其 95% 置信区间"
    ),
    "ms per pair": "每对毫秒数",
    "Of the pairs the model read; known pairs cost nothing": "仅统计模型实际读取的查询文档对；已有得分的不耗时",
    "Memory, MB": "内存（MB）",
}
