"""What `core.workflows` says beyond a single reranking: presets, models, whole files: English → Chinese."""

WORKFLOWS_MESSAGES: dict[str, str] = {
    "There is no preset called «{name}».": "没有名为“{name}”的预设指令。",
    "Known presets: {known}.": "可用的预设指令：{known}。",
    "The download of {name} was stopped.": "{name} 的下载已停止。",
    "Run it again; it goes on where it stopped.": "请重新运行，会从中断处继续。",
    # Evaluation
    "{path} cannot be read: {problem}.": "无法读取 {path}：{problem}。",
    "The file has no labels, so nothing can be measured.": "文件没有标签，无法评估。",
    "Name the column that holds them with --map label=COLUMN, or judge some documents first.": (
        "请用 --map label=列名 指定标签列，或先标注一些文档。"
    ),
    "No measure was chosen.": "没有选择指标。",
    "Choose at least one, for example nDCG@10.": "请至少选择一个，例如 nDCG@10。",
    "Rows beyond the first {depth} of their query: {count}. They are not reranked; their labels still count "
    "in recall and in the ideal order.": (
        "超出各自查询前 {depth} 行的有 {count} 行：不参与重排，但其标签仍计入召回率和理想排序。"
    ),
    "The number of candidates must be at least 1.": "候选文档数至少为 1。",
    "Scores are missing: {missing} of {pairs} pairs.": "缺少得分：{pairs} 个查询文档对中缺 {missing} 个。",
    "Resume the job; it scores only what is missing.": "请继续该任务，只会对剩余部分评分。",
}
