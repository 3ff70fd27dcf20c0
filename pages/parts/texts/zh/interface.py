"""Labels, captions and buttons: English → Chinese."""

TEXTS: dict[str, str] = {
    "Rerank workbench": "重排序工作台",
    "Puts search results in a better order, and shows whether it helped.": "让搜索结果排得更好，并说明是否真的有用。",
    "Put the documents of one query in a better order, and see why.": "为一个查询的文档排出更好的顺序，并看到原因。",
    "Rerank a whole table: Excel or CSV in, Excel out.": "重排整张表格：读入 Excel 或 CSV，导出 Excel。",
    "Search your own texts, rerank what is found, and measure every stage.": (
        "在自己的文本中检索，重排找到的内容，并评估每个阶段。"
    ),
    "Try instructions side by side, on one query or on a whole table.": "并排试用多条指令，用一个查询或整张表格。",
    "Try other wordings of a query, and see what each gains and loses.": "试用查询的其他说法，看每种说法的得失。",
    "See from labels whether reranking helped, and whether that is more than chance.": (
        "根据标签判断重排是否有用，以及是否不只是偶然。"
    ),
    "Keep settings that proved themselves, and use them everywhere by name.": (
        "保存经过验证的设置，在各处按名称使用。"
    ),
    "All runs beside one another: how each came out, and which is best.": "所有任务放在一起：各自的结论，哪个最好。",
    "Which model scores, how it runs, and which others can be used.": "由哪个模型评分、怎样运行，还有哪些模型可用。",
    "Language": "语言",
    "Rerank": "重排序",
    "Model": "模型",
    "Loading {name} …": "正在加载 {name} …",
    "{model}: {done} of {total} MB": "{model}：{done} / {total} MB",
    "Looking for a model hub …": "正在连接模型站点…",
    "Offline: no model hub answers. The embedded model needs none.": "离线：模型站点均无响应。内置模型无需联网。",
    "The download was stopped; it can be resumed on the Model page.": "下载已停止，可在“模型”页继续。",
    "{name} is ready.": "{name} 已就绪。",
    "No key is asked for (RERANK_AUTH=off): everyone who reaches this address can use it.": (
        "未启用密钥（RERANK_AUTH=off）：任何能访问此地址的人都可以使用。"
    ),
    "Switch to it": "切换到该模型",
    "Dismiss": "关闭",
    "Try a sample:": "试用示例：",
    "✂ Only the beginning was read.": "✂ 只读了开头。",
    "✂ Read: {read} of {total} tokens. The rest had no say in the score.": (
        "✂ 已读 {read} / {total} 个 token，其余部分没有参与评分。"
    ),
    "Filled: relevant, from grade {rel} on · outlined: not relevant · ?: unjudged": (
        "实心：相关（等级 {rel} 及以上）· 空心：不相关 · ?：未标注"
    ),
    "Query": "查询",
    "What is being searched for": "要搜索的内容",
    "Documents": "文档",
    "How documents are separated": "文档的分隔方式",
    "One per line": "每行一个",
    "Separated by blank lines": "以空行分隔",
    "File": "文件",
    "Paste the candidates in their present order": "按当前顺序粘贴候选文档",
    "Documents: {count}, in the order they stand here": "共 {count} 个文档，按此处的顺序",
    "A .txt file with one document per line, or a table with a document column": (
        "每行一个文档的 .txt 文件，或含文档列的表格"
    ),
    "Documents from {name}: {count}": "{name} 中的 {count} 个文档",
    "First documents": "前几个文档",
    "Use the file's query: {query}": "使用文件中的查询：{query}",
    "Read as {encoding}; check that the characters are right.": "按 {encoding} 读取，请确认文字是否正确。",
    "row {row}": "第 {row} 行",
    "… and {count} more": "…另有 {count} 条",
    "{model} ignores instructions; Qwen3-Reranker follows them.": "{model} 不支持指令；Qwen3-Reranker 支持。",
    "Instruction": "指令",
    "Own instruction": "自定义指令",
    "What makes a document relevant. English works best, also for Chinese data.": (
        "说明什么样的文档算相关。建议用英文书写，中文数据也一样。"
    ),
    "Web search (the model's default)": "网页搜索（模型默认）",
    "General question answering": "通用问答",
    "Legal": "法律",
    "Medical": "医疗",
    "Code": "代码",
    "Customer service": "客服",
    "Academic": "学术",
    "E-commerce": "电商",
    "Across languages": "跨语言",
    "probability": "概率",
    "similarity": "相似度",
    "Scores": "得分分布",
    "documents": "文档数",
    "Ranks before and after": "重排前后的名次",
    "before": "重排前",
    "after": "重排后",
    "rank before": "重排前的名次",
    "rank after": "重排后的名次",
    "Before and after": "前后对比",
    "The order stays as it was.": "顺序没有变化。",
    "Rank 1 stays; {risen} rose, {fallen} fell": "第 1 名不变；{risen} 个上升，{fallen} 个下降",
    "Rank {rank} is now rank 1; {risen} rose, {fallen} fell": "第 {rank} 名 → 第 1 名；{risen} 个上升，{fallen} 个下降",
    "Charts": "图表",
    "Export and API": "导出与接口",
    "Scored by **{model}** · {device} {precision}": "评分模型：**{model}** · {device} {precision}",
    "documents: {count}": "{count} 个文档",
    "tokens: {count}": "{count} 个 token",
    "New": "新名次",
    "Before": "重排前",
    "Moved": "变化",
    "Probability": "概率",
    "Similarity": "相似度",
    "On a scale from 0 to 1, but no probability: only its order counts": (
        "取值 0 到 1，但不是概率：只有大小顺序有意义"
    ),
    "Logit": "Logit",
    "Tokens": "Token 数",
    "Marks": "标记",
    "Document": "文档",
    "Log-odds of «yes»: the value that decides the order": "“yes” 的对数几率，排序以它为准",
    "≈ near tie with a neighbour · ✂ truncated": "≈ 与相邻文档几乎同分 · ✂ 已截断",
    "Click a row to read its whole text.": "点击某一行查看全文。",
    "Rank {new} (before {old}) · logit {logit} · {scale} {value}": (
        "第 {new} 名（原第 {old} 名）· logit {logit} · {scale} {value}"
    ),
    "The first {shown} of {count} characters; exports hold the whole text.": "仅显示 {count} 个字符中的前 {shown} 个；导出文件含全文。",
    "The same request over HTTP:": "同一请求的 HTTP 调用：",
    "Scoring …": "正在评分…",
    "{done} of {total} texts": "{done} / {total} 段文本",
    "The order before and after reranking appears here. Nothing leaves this machine.": (
        "重排前后的顺序会显示在这里。数据不会离开本机。"
    ),
    "The fields have changed since this result; press Ctrl+Enter to score them.": (
        "输入在此结果之后有改动；按 Ctrl+Enter 重新评分。"
    ),
    "Models on this machine and on the hubs": "本机与模型站点上的模型",
    "Passed": "通过",
    "Failed: do not trust these scores": "未通过：请勿相信这些得分",
    "Template not applied: do not trust these scores": "未应用模板：请勿相信这些得分",
    "Not run: no weights": "未运行：没有权重",
    "Device": "设备",
    "Numeric precision": "数值精度",
    "Memory": "内存",
    "Parameters": "参数量",
    "Maximum input": "最长输入",
    "{count} tokens": "{count} 个 token",
    "Fingerprint": "指纹",
    "Attention: {kernel} · {threads} threads · up to {budget} tokens a pass, {background} for jobs": (
        "注意力：{kernel} · {threads} 线程 · 每次最多 {budget} 个 token，批量任务 {background} 个"
    ),
    "int8 was compared with fp32 on {pairs} texts and passed: {agreement} of the clear orders kept, largest logit difference {shift}.": (
        "int8 已在 {pairs} 条文本上与 fp32 比对并通过：{agreement} 的明确次序保持不变，logit 最大差 {shift}。"
    ),
    "int8 was compared with fp32 on {pairs} texts and passed once the largest channels and {exact} of {matrices} matrices stayed in fp32: {agreement} of the clear orders kept, largest logit difference {shift}.": (
        "int8 已在 {pairs} 条文本上与 fp32 比对，最大的通道和 {matrices} 个矩阵中的 {exact} 个保留 fp32 后通过："
        "{agreement} 的明确次序保持不变，logit 最大差 {shift}。"
    ),
    "int8 was compared with fp32 on {pairs} texts and refused: {agreement} of the clear orders kept, largest logit difference {shift}. fp32 is used.": (
        "int8 已在 {pairs} 条文本上与 fp32 比对但未通过：{agreement} 的明确次序保持不变，logit 最大差 {shift}。改用 fp32。"
    ),
    "Self-test": "自检",
    "Not run: no weights. The published values are Qwen3-Reranker's.": (
        "未运行：没有权重。公开参考值只适用于 Qwen3-Reranker。"
    ),
    "Run the self-test": "运行自检",
    "Scores {count} published pairs and compares; it takes seconds.": "对 {count} 组公开样例评分并比对，只需几秒。",
    "Set": "组",
    "Published logit": "公开的 logit",
    "Logit here": "本机 logit",
    "Difference": "差值",
    "in use": "使用中",
    "Use": "使用",
    "Stop": "停止",
    "Download {size} GB": "下载 {size} GB",
    "A model of your own": "自己的模型",
    "Folder with config.json and the safetensors files, or the address of a rerank server": (
        "含 config.json 和 safetensors 文件的文件夹，或重排服务器的地址"
    ),
    "Queries and documents may be sent to {host}": "可以将查询和文档发送到 {host}",
    "Comes with the workbench": "随工作台提供",
    "Not on this machine": "不在本机",
    "document {numbers}": "文档 {numbers}",
    "query": "查询",
    "instruction": "指令",
    "Embedding models for Retrieve": "检索用的向量模型",
    "Vectors are made by {name}; RERANK_EMBEDDING sets another one.": (
        "向量由 {name} 生成；可用 RERANK_EMBEDDING 更换。"
    ),
    "Compare with the published similarities": "与官方公布的相似度比较",
    "Here": "本机",
    "Published": "公布值",
    "History": "历史",
    "Search in queries": "搜索查询",
    "Nothing found.": "没有找到。",
    "What you rerank is kept here, on this machine.": "重排过的查询会保存在这里，只存于本机。",
    "{shown} of {total}; the last {limit} are kept.": "显示 {shown} / {total} 条；保留最近 {limit} 条。",
    "Delete all": "全部删除",
    "not finished": "未完成",
    "Stopped before the end. Press Ctrl+Enter to score it.": "中途停止。按 Ctrl+Enter 评分。",
    "**Provisional order** of {count} of {total} documents: others may still come before them.": (
        "**暂定顺序**：已读 {count} / {total} 个文档，未读的仍可能排到它们前面。"
    ),
    "Documents taken over: {count}": "已带入 {count} 个文档",
    "Jobs": "任务",
    "Seen": "知道了",
    "Open in": "打开于",
}
