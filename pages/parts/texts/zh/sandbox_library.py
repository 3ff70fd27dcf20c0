"""Saving, checking and stressing instructions: English → Chinese."""

TEXTS: dict[str, str] = {
    # The library
    "Own instructions": "自己的指令",
    "Built in": "内置指令",
    "Nothing is saved yet. Write one here, or save one from a trial with its evidence.": (
        "还没有保存的指令。可在此新写一条，或在实验后连同依据保存。"
    ),
    "version {number}": "第 {number} 版",
    "Save as version {number}": "保存为第 {number} 版",
    "Use this version again": "重新启用这一版",
    "All versions are removed; jobs that used them keep their text.": (
        "将删除全部版本；用过它们的任务仍保留指令文字。"
    ),
    "New instruction": "新指令",
    "Save": "保存",
    "Import and export": "导入与导出",
    "Export as JSON": "导出为 JSON",
    "A file exported here": "从此处导出的文件",
    "Import": "导入",
    "New names: {names}, new versions: {versions}, known already: {known}.": (
        "新名称 {names} 个，新版本 {versions} 个，已有 {known} 个。"
    ),
    "A name stands for the text on every page, over HTTP as «{example}», and on the command line with "
    "`--preset`.": "名称可代替指令文字：各页面均可选用，HTTP 请求写 {example}，命令行用 `--preset`。",
    "Given a …, retrieve … that …": "例如：Given a …, retrieve … that …",
    "Give a short name, such as legal-contracts.": "请取一个简短的名称，例如 legal-contracts。",
    "The name has {count} characters; at most {limit} are kept.": "名称有 {count} 个字符，最多 {limit} 个。",
    "The name must stand on one line.": "名称必须写在一行内。",
    "«{name}» is the name of a built-in instruction.": "“{name}”是内置指令的名称。",
    "Choose another name.": "请换一个名称。",
    "The instruction is empty.": "指令为空。",
    "Write what makes a document relevant.": "请写明什么样的文档算相关。",
    "The instruction has {count} characters; at most {limit} are kept.": (
        "指令有 {count} 个字符，最多 {limit} 个。"
    ),
    "The note has {count} characters; at most {limit} are kept.": "备注有 {count} 个字符，最多 {limit} 个。",
    "The file has {count} bytes; at most {limit} are read.": "文件有 {count} 字节，最多读取 {limit} 字节。",
    "The file holds no instructions.": "文件中没有指令。",
    "It should be a file that the Sandbox page exported.": "应为“指令实验”页导出的文件。",
    "The file was written by a newer version of this program.": "该文件由本程序的更新版本写出。",
    "The file is not valid JSON: {problem}": "文件不是有效的 JSON：{problem}",
    "Instruction {n} of the file cannot be read: {problem}": "文件中第 {n} 条指令无法读取：{problem}",
    # Advice on the wording
    "English is recommended, also for Chinese data: the model learnt from English instructions.": (
        "建议用英文书写，中文数据也一样：模型学习的是英文指令。"
    ),
    "Only {words} words; say what is asked and what makes a document relevant.": (
        "仅 {words} 个词；请写明问的是什么、什么样的文档算相关。"
    ),
    "{words} words; one sentence is usual. It is read again with every query.": (
        "共 {words} 个词；通常一句话即可。每个查询都会重新读一遍。"
    ),
    "Contains the query «{query}»; an instruction names the task, the query has its own field.": (
        "含有查询“{query}”；指令应说明任务，查询另有输入框。"
    ),
    "Contains «{text}»; nothing is filled in there, the model reads it as it stands.": (
        "含有“{text}”；此处不会填入任何内容，模型会按原样读取。"
    ),
    "Contains «{text}», which the prompt adds by itself.": "含有“{text}”，提示词会自动添加该内容。",
    "Has several lines; the prompt has one line for it.": "有多行；提示词中只占一行。",
    "Ends with «{end}», as if something followed.": "以“{end}”结尾，像是没有写完。",
    "Ends as a question; the model is told what to do, not asked.": (
        "以问句结尾；应告诉模型做什么，而不是提问。"
    ),
    "Does not say what to do; the usual form is «Given a …, retrieve … that …».": (
        "没有说明要做什么；常用句式是“Given a …, retrieve … that …”。"
    ),
    # Sensitivity
    "Test": "测试",
    "Other wordings, one a line": "其他说法，每行一条",
    "The query alone has no wording to change; choose an instruction, or only shuffle.": (
        "仅有查询时没有指令可改写；请选择一条指令，或只打乱输入顺序。"
    ),
    "Other input orders": "打乱输入顺序",
    "First places compared": "比较前几名",
    "Other wordings of an instruction, and the same documents in another order, should change nothing. How "
    "much they change is the noise that a better instruction has to exceed.": (
        "换一种说法表达同一指令，或打乱文档的输入顺序，本不应改变结果。实际改变的幅度就是噪声，"
        "更好的指令必须超过它才算数。"
    ),
    "Other wordings": "其他说法",
    "Compare these wordings side by side or on data": "并排比较这些说法，或用数据检验",
    "order {number}": "顺序 {number}",
    "Change": "改动",
    "Largest change of a logit": "logit 最大变化",
    "First in {times} of {count}: {document}": "{count} 次中有 {times} 次排第一：{document}",
    "At most {limit} wordings are tried at once.": "一次最多试 {limit} 种说法。",
    "There is nothing to compare with.": "没有可比较的对象。",
    "Keep at least one other wording, or shuffle the input.": "请至少保留一种其他说法，或打乱输入顺序。",
    "With the input in {count} other orders, {overlap:.0%} of the first {top} stay on average, and the first "
    "place stays in {first} of {count}; the largest change of a logit is {shift:.2g}.": (
        "输入顺序打乱 {count} 次，前 {top} 名平均保留 {overlap:.0%}，{count} 次中有 {first} 次第一名不变；"
        "logit 最大变化 {shift:.2g}。"
    ),
    "Under {count} other wordings of the instruction, {overlap:.0%} of the first {top} stay on average, and "
    "the "
    "first place stays in {first} of {count}.": (
        "指令换 {count} 种说法，前 {top} 名平均保留 {overlap:.0%}，{count} 种中有 {first} 种第一名不变。"
    ),
    "The order of the input changes the order of the result: some scores are equal or nearly so, and the "
    "model's arithmetic is not exact to that degree.": (
        "输入顺序会影响结果顺序：部分得分相同或几乎相同，模型的运算精度不足以区分。"
    ),
    "The first {top} do not depend on the wording.": "前 {top} 名不受说法影响。",
    "The first place does not depend on the wording; the places behind it do.": (
        "第一名不受说法影响，其后的名次会受影响。"
    ),
    "The first place depends on the wording: differences of this size between instructions are chance.": (
        "第一名随说法而变：指令之间这么大的差异属于偶然。"
    ),
    "The task first": "任务放在前面",
    "Another verb": "换一个动词",
    "Another noun": "换一个名词",
    "Without the situation": "省去情境",
    "Full stop at the end": "句末句号",
    "First letter": "首字母大小写",
}
