"""Labels of files, columns and running jobs, shared by the pages that take a table: English → Chinese."""

FILE_LABELS: dict[str, str] = {
    # An uploaded table
    "Encoding": "编码",
    "How the file's characters are stored. Choose another one when the preview looks garbled.": (
        "文件中字符的存储方式。预览出现乱码时，请换一种。"
    ),
    "The encoding is a guess; look at the preview.": "编码是推测的，请查看预览确认。",
    "Sheet": "工作表",
    "{sheet} (hidden)": "{sheet}（隐藏）",
    "Header row": "表头行",
    "The row with the names of the columns; rows above it are left out. 0: there is none.": (
        "列名所在的行，其上方的行不计入。0 表示没有表头。"
    ),
    "Choose the column that holds the documents.": "请选择文档所在的列。",
    "Choose the column that holds the queries.": "请选择查询所在的列。",
    "The documents come from the sheet {sheet}.": "文档来自工作表 {sheet}。",
    "A guess; please check.": "推测结果，请核对。",
    "Label": "标签",
    "Query id": "查询 ID",
    "Document id": "文档 ID",
    "Rank before": "原名次",
    "Score before": "原得分",
    "Group": "分组",
    "Row": "行",
    "Column": "列",
    "Remark": "说明",
    "{count} remarks on the rows; {skipped} rows were left out": "{count} 条行说明；{skipped} 行未计入",
    "{share} sure": "把握 {share}",
    "The first {shown} are listed; the CSV has all.": "此处列出前 {shown} 条，CSV 中有全部。",
    "The query, for a file that holds only documents": "查询（用于只含文档的文件）",
    # What scoring takes
    "{score} pairs to score, {known} already known": "待评分 {score} 个查询文档对，另有 {known} 个已有得分",
    "about {time}": "约 {time}",
    "{count} documents are longer than the model reads": "{count} 个文档超出模型可读长度",
    "{seconds} s": "{seconds} 秒",
    "{minutes} min": "{minutes} 分钟",
    "{hours} h {minutes} min": "{hours} 小时 {minutes} 分钟",
    "{count} pairs": "{count} 个查询文档对",
    # A running job
    "waiting": "等待中",
    "running": "运行中",
    "paused": "已暂停",
    "done": "已完成",
    "failed": "失败",
    "cancelled": "已取消",
    "interrupted": "已中断",
    "stopping …": "正在停止…",
    "{done} of {total} pairs": "{done} / {total} 个查询文档对",
    "{rate} pairs/s": "每秒 {rate} 个查询文档对",
    "{time} left": "剩余 {time}",
    "{scored} scored in {time}": "已评分 {scored} 个，用时 {time}",
    "Pause": "暂停",
    "Cancel": "取消",
    "Resume": "继续",
    "Start from scratch with the model in use": "用当前模型从头开始",
}
