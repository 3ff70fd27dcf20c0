"""Labels and captions of the Batch and Runs pages: English → Chinese."""

TEXTS: dict[str, str] = {
    # Files and settings
    "Batch": "批量",
    "Spreadsheet": "表格文件",
    "Documents in a second file (optional)": "文档在另一个文件中（可选）",
    "A spreadsheet of queries and documents: a row per pair, several document columns, or queries and "
    "documents on two sheets. Columns are recognised and can be corrected. Nothing leaves this machine.": (
        "含查询和文档的表格：每行一个查询文档对、多个文档列，或查询与文档分在两个工作表。列会自动识别，也可修改。数据不会离开本机。"
    ),
    "Documents from {name}": "文档来自 {name}",
    "Leave it out": "不使用它",
    "Documents per query in exports": "导出时每个查询的文档数",
    "All are scored; an export holds only the best so many of each query.": (
        "全部文档都会评分；导出时每个查询只保留名次最靠前的这么多个。"
    ),
    "Planning …": "正在估算…",
    "Rerank {pairs} pairs": "重排 {pairs} 个查询文档对",
    "Pairs": "查询文档对",
    "Repeated": "重复",
    "Already scored": "已有得分",
    "Pairs equal to an earlier one; each is scored once.": "与前面相同的查询文档对，只评分一次。",
    "Equal pairs that this model scored before.": "该模型以前评过分的相同查询文档对。",
    "Documents longer than the model reads; only their beginning is scored.": (
        "超出模型可读长度的文档，只对开头部分评分。"
    ),
    "at once": "立即完成",
    "To score": "待评分",
    "Documents to be truncated": "将截断的文档",
    "Time": "用时",
    "The order before is {order}.": "原有顺序取自{order}。",
    "Remarks on the rows as CSV": "行说明（CSV）",
    "Stopped before the end": "未完成的任务",
    "Earlier runs": "以往的任务",
    # A run
    "New batch": "新建批量任务",
    "To be scored by {model}": "将由 {model} 评分",
    "{count} queries": "{count} 个查询",
    "{count} from the cache": "{count} 个取自缓存",
    "before: {order}": "原顺序：{order}",
    "Waits for {name} ({state}).": "正在等待 {name}（{state}）。",
    # Results
    "No query is completely scored yet.": "尚无评分完毕的查询。",
    "Complete queries: {done} of {total}. Only these are shown and exported.": (
        "评分完毕的查询：{done} / {total}。只显示和导出这些查询。"
    ),
    "Summary": "概要",
    "Export and remarks": "导出与说明",
    "Another first document": "首位文档改变",
    "Share of the queries": "占查询的比例",
    "Rank before of the document that is now first; mean over the queries": (
        "现在排首位的文档原来的名次，按查询取平均"
    ),
    "Mean over the queries": "按查询取平均",
    "Queries whose best probability is below {limit}": "最高概率低于 {limit} 的查询数",
    "Queries whose first two documents can hardly be told apart": "前两名得分难以区分的查询数",
    "Low best score": "最高分偏低",
    "Near ties at the top": "前两名几乎同分",
    "Truncated documents": "截断的文档",
    "Where the new first document stood before": "新首位文档的原名次",
    "Probabilities after reranking": "重排后的概率",
    "Scores before, on their own scale": "原得分（按其自身刻度）",
    "score before": "原得分",
    "Only queries where": "只看以下查询",
    "first place changed": "首位改变",
    "moved more than {places}": "移动超过 {places} 名",
    "best probability below {limit}": "最高概率低于 {limit}",
    "near tie at the top": "前两名几乎同分",
    "truncated documents": "有文档被截断",
    "Search in ids, queries and documents": "在 ID、查询和文档中搜索",
    "No query fits. Loosen the filters or the search.": "没有符合条件的查询，请放宽筛选或搜索。",
    "{shown} of {total} queries": "{shown} / {total} 个查询",
    "Page, of {pages}": "页（共 {pages} 页）",
    "New first was": "新首位原名次",
    "Largest move": "最大移动",
    "Best probability": "最高概率",
    "Best similarity": "最高相似度",
    "Queries whose best score is as low as in 5 % of this model's lists": (
        "最高得分低到该模型只有 5% 的列表才有的查询数"
    ),
    "low best score": "最高得分偏低",
    "Similarities after reranking": "重排后的相似度",
    "Rank before of the document that is now first": "现在排首位的文档原来的名次",
    "≈ near tie at the top · ✂ truncated documents": "≈ 前两名几乎同分 · ✂ 有文档被截断",
    "Click a query to see its documents.": "点击某个查询查看其文档。",
    "Excel has a summary with charts, the results, before and after, remarks and settings. A text longer "
    "than an Excel cell is cut there with a mark; CSV, JSON Lines and Parquet hold all of it.": (
        "Excel 含图表概要、结果、前后对比、行说明和设置。超过 Excel 单元格上限的文本会截短并标明，"
        "CSV、JSON Lines 和 Parquet 中保留全文。"
    ),
    "JSON Lines": "JSON Lines",
    "Parquet": "Parquet",
}
