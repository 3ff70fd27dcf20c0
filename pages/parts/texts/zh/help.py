"""The help sheet: English → Chinese."""

TEXTS: dict[str, str] = {
    "Choose a file": "选择文件",
    "up to {size} MB": "不超过 {size} MB",
    "Score long documents in chunks": "长文档分块评分",
    "Leave repeated documents out": "去掉重复文档",
    "Help": "帮助",
    "Tour": "导览",
    "Keys": "按键",
    "Glossary": "术语",
    "Key": "按键",
    "Step {step} of {steps}": "第 {step} 步，共 {steps} 步",
    "Back": "上一步",
    "Next": "下一步",
    "Show me": "去看看",
    "Try one query": "试一个查询",
    "Paste a query and its documents, or take a sample: the new order, and why.": (
        "粘贴一个查询及其文档，或使用示例：查看新的顺序和原因。"
    ),
    "Rerank a whole table": "重排整张表格",
    "Excel or CSV in, Excel out. Columns are recognised; runs go on by themselves.": (
        "导入 Excel 或 CSV，导出 Excel。列会自动识别，任务在后台继续。"
    ),
    "See whether it helped": "看重排是否有效",
    "With labels: a verdict with its interval. Without: judge the few that decide.": (
        "有标签：给出结论及置信区间。没有标签：只需标注起决定作用的少数文档。"
    ),
    "Make it better": "进一步改进",
    "Compare instructions on your own data, and other wordings of the queries.": (
        "用自己的数据比较指令，并试试查询的改写。"
    ),
    "Score, search, compare: the page's main button": "评分、搜索、比较：页面的主按钮",
    "This sheet": "打开本页",
    "Judge: the grade": "标注：给出等级",
    "Judge: skip": "标注：跳过",
    "Judge: undo": "标注：撤销",
    "Tables: to another cell": "表格：移到另一单元格",
    "Tables: the whole text of the row": "表格：查看该行全文",
}
