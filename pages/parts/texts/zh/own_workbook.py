"""Results in a copy of the reader's own workbook: English → Chinese."""

TEXTS: dict[str, str] = {
    "Results can be written into a workbook of the kinds .xlsx and .xlsm; {name} is none.": (
        "结果只能写入 .xlsx 或 .xlsm 工作簿；{name} 不是。"
    ),
    "Save it as .xlsx in Excel or WPS, or export the results as a workbook of their own.": (
        "请在 Excel 或 WPS 中另存为 .xlsx，或将结果导出为单独的工作簿。"
    ),
    "Keep the rows in their order, or put the results on a sheet of their own.": (
        "请保持行的顺序，或将结果放在单独的工作表中。"
    ),
    "The rows cannot be sorted: the formula in {place} looks at single rows of them.": (
        "无法排序：{place} 中的公式引用了其中的个别行。"
    ),
    "The rows cannot be sorted: {place} are merged cells.": "无法排序：{place} 是合并单元格。",
    "The rows cannot be sorted: a rule of formatting or entry applies only to {place}.": (
        "无法排序：有一条格式或输入规则只作用于 {place}。"
    ),
    "The rows cannot be sorted: a picture stands at {place}.": "无法排序：{place} 处有图片。",
    "The sheet has no free column beside its table.": "该工作表的表格旁没有空列。",
    "Put the results on a sheet of their own.": "请将结果放在单独的工作表中。",
    "Formulas stay; their results are calculated when Excel or WPS opens the file.": (
        "公式保留；其结果在 Excel 或 WPS 打开文件时重新计算。"
    ),
    "Charts are written anew; their look may change a little.": "图表会重新写入，外观可能略有变化。",
    "Charts of the newer kinds (waterfall, treemap, funnel, map …) are lost.": (
        "较新类型的图表（瀑布图、树状图、漏斗图、地图等）会丢失。"
    ),
    "Text boxes, shapes and arrows are lost.": "文本框、形状和箭头会丢失。",
    "Sparklines are lost.": "迷你图会丢失。",
    "Formatting or entry rules of the newer kinds (data bars, icons) are lost.": (
        "较新类型的格式或输入规则（数据条、图标）会丢失。"
    ),
    "Slicers and timelines are lost.": "切片器和日程表会丢失。",
    "Threads of comments become single comments.": "批注会话会变成普通批注。",
    "Buttons, other controls and embedded objects are lost.": "按钮等控件和嵌入对象会丢失。",
    "SmartArt is lost.": "SmartArt 会丢失。",
    "Connections to data sources are lost.": "与数据源的连接会丢失。",
    "Drawn pictures (EMF, WMF, SVG) are lost.": "矢量图片（EMF、WMF、SVG）会丢失。",
    "The digital signature is lost.": "数字签名会丢失。",
    "The file that this run was made from is no longer kept.": "此任务所用的文件已不再保留。",
    "Run it again from the file; its scores come from the cache.": "请用该文件重新运行；得分会取自缓存。",
    "A row of this sheet holds several documents, so results cannot stand beside it.": (
        "此工作表的一行含多个文档，因此结果不能放在行旁。"
    ),
    "Into my workbook": "写入我的工作簿",
    "A copy of {name} with the results in it; the file itself stays as it is.": (
        "生成含结果的 {name} 副本；原文件保持不变。"
    ),
    "Where the results stand": "结果的位置",
    "Beside the rows": "行旁，保持行序",
    "Beside the rows, sorted": "行旁，并排序",
    "On a new sheet": "新工作表",
    "Make the copy": "生成副本",
    "Making the copy …": "正在生成副本……",
    "Download the copy": "下载副本",
}
