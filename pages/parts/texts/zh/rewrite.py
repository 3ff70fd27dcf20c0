"""What the Rewrite page, its rules and its ledger say: English → Chinese."""

TEXTS: dict[str, str] = {
    "Rewrite": "改写",
    "Rewriting": "查询改写",
    "Rewriting …": "正在改写……",
    # Rules
    "Pronoun resolved": "指代还原",
    "Missing subject added": "补全主语",
    "Abbreviation written out": "缩写展开",
    "Synonym replaced": "同义词替换",
    "Spelling of a term": "术语写法统一",
    "Question form": "问句形式",
    "All rules together": "全部规则",
    "Language model": "语言模型",
    "«{pronoun}» stands for «{entity}», which the context names.": "“{pronoun}”指上下文中的“{entity}”。",
    "The query does not say of what; the context names «{entity}».": "查询没有说明对象；上下文提到“{entity}”。",
    "«{pronoun}» may stand for «{first}» or for «{second}».": "“{pronoun}”可能指“{first}”，也可能指“{second}”。",
    "The context does not name what «{pronoun}» stands for.": "上下文没有说明“{pronoun}”指什么。",
    "«{pronoun}» seems to stand for something like «{entity}»: write it into the query.": "“{pronoun}”可能指“{entity}”：请直接写进查询。",
    "«{form}» is short for «{canonical}» in the glossary.": "术语表：“{form}”是“{canonical}”的缩写。",
    "«{form}» is called «{canonical}» in the glossary.": "术语表：“{form}”的规范词是“{canonical}”。",
    "«{form}» is written «{canonical}» in the glossary.": "术语表：“{form}”的规范写法是“{canonical}”。",
    "«{words}» says nothing of what is asked and was left out.": "“{words}”与所问内容无关，已省略。",
    "«{old}» was written «{new}», as questions in documents are.": "“{old}”改为“{new}”，更接近文档中的写法。",
    # Glossary
    "The glossary has no column «{column}»; found: {found}.": "术语表没有“{column}”列，只有：{found}。",
    "Its first row names the columns: term, canonical, aliases.": "第一行应为列名：term（术语）、canonical（规范词）、aliases（别名）。",
    "The glossary holds no term.": "术语表中没有任何术语。",
    "The glossary holds {count} ways of writing terms; the limit is {limit}.": "术语表含 {count} 种写法，上限为 {limit}。",
    "Leave out the terms that do not occur in your queries.": "请去掉查询中不会出现的术语。",
    "The row has no term and was left out.": "该行没有术语，未计入。",
    "«{form}» already stands for «{first}»; «{second}» was left out.": "“{form}”已对应“{first}”，未采用“{second}”。",
    "«{form}» is a number, a code or an identifier and is never replaced.": "“{form}”是数字、代码或标识符，不会被替换。",
    "«{form}» is a single character; it would be found inside other words and was left out.": (
        "“{form}”只有一个字符，容易误配其他词语，未计入。"
    ),
    "The glossary file holds no table.": "术语表文件中没有表格。",
    "none": "无",
    "Rules and glossary (glossary: {name})": "规则与术语表（术语表：{name}）",
    "Rules": "规则",
    "Each variant applies one rule; where several apply, one more applies all of them.": (
        "每个改写只用一条规则；多条规则适用时，再加一个用上全部规则的改写。"
    ),
    "Variants of a query at most": "每个查询最多几个改写",
    "Glossary: a table with the columns term, canonical, aliases (several aliases apart with |)": (
        "术语表：含 term（术语）、canonical（规范词）、aliases（别名，多个用 | 分隔）三列的表格"
    ),
    "Use the sample glossary": "使用示例术语表",
    "Download the sample": "下载示例",
    "Use none": "不使用",
    "{terms} terms, {forms} further ways of writing them": "{terms} 个术语，另有 {forms} 种写法",
    # A language model's proposals
    "No language model is configured.": "没有配置语言模型。",
    "Set RERANK_LLM_URL and RERANK_LLM_MODEL, and RERANK_LLM_KEY where the endpoint wants one.": (
        "请设置 RERANK_LLM_URL 和 RERANK_LLM_MODEL；接口需要密钥时再设置 RERANK_LLM_KEY。"
    ),
    "RERANK_LLM_URL is not a web address.": "RERANK_LLM_URL 不是网址。",
    "It looks like https://host/v1.": "格式如 https://host/v1。",
    "The language model at {host} cannot be reached.": "无法连接 {host} 的语言模型。",
    "The language model at {host} did not answer within {seconds} seconds.": "{host} 的语言模型在 {seconds} 秒内没有应答。",
    "The language model at {host} refused the key (HTTP {status}).": "{host} 的语言模型拒绝了密钥（HTTP {status}）。",
    "Check the key (RERANK_LLM_KEY).": "请检查密钥（RERANK_LLM_KEY）。",
    "The language model at {host} takes no more requests now (HTTP 429).": "{host} 的语言模型暂不接受更多请求（HTTP 429）。",
    "Wait a little and ask again.": "请稍候再试。",
    "The language model at {host} does not know the address or the model «{model}» (HTTP {status}).": (
        "{host} 没有该地址或模型“{model}”（HTTP {status}）。"
    ),
    "Check the address and the name of the model (RERANK_LLM_URL, RERANK_LLM_MODEL).": (
        "请检查地址和模型名称（RERANK_LLM_URL、RERANK_LLM_MODEL）。"
    ),
    "The language model at {host} answered with an error (HTTP {status}).": "{host} 的语言模型返回错误（HTTP {status}）。",
    "The answer of the language model at {host} is not what was asked for.": "{host} 的语言模型没有按要求的格式作答。",
    "Ask again, or try another model.": "请再试一次，或换一个模型。",
    "A language model can propose wordings, too; it is off. RERANK_LLM_URL and RERANK_LLM_MODEL turn it on.": (
        "也可以让语言模型提出改写，目前未启用；设置 RERANK_LLM_URL 和 RERANK_LLM_MODEL 即可启用。"
    ),
    "Ask {model} for wordings": "请 {model} 提出改写",
    "Query, context and the glossary's terms are then sent to {host}; documents never are.": (
        "查询、上下文和术语表中的规范词会发送给 {host}；文档不会发送。"
    ),
    "Asking …": "正在询问……",
    "The language model proposed nothing new.": "语言模型没有提出新的改写。",
    "Tick what you approve; nothing else is scored.": "请勾选认可的改写，只有勾选的才会评分。",
    "Rejected: {reason}": "已拒绝：{reason}",
    "It is empty.": "内容为空。",
    "It lost «{text}».": "丢失了“{text}”。",
    "It lost the name «{text}».": "丢失了名称“{text}”。",
    "It added «{text}», which neither the query nor the context holds.": "添加了查询和上下文中都没有的“{text}”。",
    "It added the name «{text}», which neither the query nor the context holds.": (
        "添加了查询和上下文中都没有的名称“{text}”。"
    ),
    "It lost a negation: «{text}».": "丢失了否定词“{text}”。",
    "It added a negation: «{text}».": "添加了否定词“{text}”。",
    "It is in another language than the query.": "语言与查询不同。",
    "It has {count} characters, the query {query}; a rewording is not much longer.": (
        "有 {count} 个字符，而查询只有 {query} 个；改写不应长出许多。"
    ),
    # One query
    "Context": "上下文",
    "What the query is about: earlier questions, the product, the case": "查询涉及的内容：之前的问题、产品、事项",
    "A pronoun of the query is replaced by a name that stands here.": "查询中的代词会替换为这里出现的名称。",
    "Wordings": "改写结果",
    "Type a query; its wordings appear here.": "输入查询后，这里会显示改写。",
    "**{query}** · as typed, always kept": "**{query}** · 原查询，始终保留",
    "No rule applies to this query.": "没有规则适用于此查询。",
    "The context names: {names}": "上下文提到：{names}",
    "Score all wordings": "为所有改写评分",
    "wordings: {count}": "{count} 种改写",
    "{scored} of {pairs} pairs scored now": "{pairs} 个查询文档对中本次评分 {scored} 个",
    "Merged by": "合并方式",
    "Highest score": "最高分",
    "Mean score": "平均分",
    "Reciprocal rank fusion": "倒数排名融合",
    "One order out of the orders of all wordings, the query as typed included.": (
        "把原查询与所有改写的排序合并为一个。"
    ),
    "By wording": "按改写",
    "Export": "导出",
    "Merged": "合并后",
    "As typed": "原查询",
    "as typed": "原查询",
    "Given": "原顺序",
    "Variant": "改写",
    "Variant {number}": "改写 {number}",
    "Movement: from the query as typed to the merged order. Click a row to read its whole text.": (
        "变化：从原查询的排序到合并后的排序。点击一行可查看全文。"
    ),
    "Wording": "改写",
    "Rule": "规则",
    "Puts first": "排在首位",
    "Documents moved": "移动的文档数",
    "All wordings put the same document first.": "所有改写都把同一个文档排在首位。",
    "The wordings put {count} different documents first.": "各改写把 {count} 个不同的文档排在首位。",
    # On data
    "Queries with their documents": "查询与候选文档",
    "A table with a query and a document in each row, labelled or not. Every query is rewritten by the rules and "
    "all wordings are scored; with labels, the ledger says what each rule gained and lost.": (
        "每行一个查询和一个文档的表格，有无标签均可。所有查询按规则改写，原查询与所有改写都会评分；有标签时，台账会列出每条规则的得失。"
    ),
    "Column with each query's context": "各查询的上下文所在列",
    "Context of all queries": "所有查询共用的上下文",
    "{rewritten} of {queries} queries get {variants} variants; the file has {labels} labels.": (
        "{queries} 个查询中有 {rewritten} 个得到共 {variants} 个改写；文件有 {labels} 个标签。"
    ),
    "There are no labels: you will see what every rule moves, not whether that helps.": (
        "没有标签：只能看到每条规则改变了什么，无法判断是否有益。"
    ),
    "Reason": "理由",
    "The variants ({count})": "改写（{count} 个）",
    "Earlier rewritings": "之前的改写任务",
    "No rule applies to any query of this file.": "没有规则适用于此文件中的任何查询。",
    "Give a glossary, or a context that names what the queries are about.": (
        "请提供术语表，或提供说明查询对象的上下文。"
    ),
    "The run {name} is not a rewriting, so it cannot be opened here.": "任务 {name} 不是查询改写，无法在此打开。",
    # Ledger
    "New rewriting": "新建改写任务",
    "glossary: {name}": "术语表：{name}",
    "Measure that decides gained and lost": "判断得失的指标",
    "Its depth is also how far down «rescued» and «harmed» look.": "“挽回”和“受损”也只看该指标深度以内的文档。",
    "Queries with a rewrite and labels: {measured} of {queries}. Each rule is compared with the original wordings "
    "of those it applies to.": (
        "既有改写又有标签的查询：{queries} 个中的 {measured} 个。每条规则只在其适用的查询上与原查询比较。"
    ),
    "Difference in {measure} by rule, with its 95 % interval": "各规则的 {measure} 差值及 95% 区间",
    "No query with a rewrite has a relevant document, so nothing can be measured.": (
        "有改写的查询都没有相关文档，无法评估。"
    ),
    "Accepted rules": "采用的规则",
    "none; every query keeps its own wording": "无；所有查询保持原查询",
    "Proposed are the rules that are better beyond chance. A single rewrite can be decided below.": (
        "默认采用显著更好的规则；单个改写可在下方另行决定。"
    ),
    "**{changed} of {queries} queries** go on with another wording.": "**{queries} 个查询中有 {changed} 个**改用改写。",
    "Gained {gained}, lost {lost}, rescued {rescued}, harmed {harmed}; relevant document first: {before} → {after}.": (
        "提升 {gained}，下降 {lost}，挽回 {rescued}，受损 {harmed}；首位即相关：{before} → {after}。"
    ),
    "Chosen and measured on the same queries, so this is rather too good. What a rule is worth on new queries is "
    "said in its own row.": (
        "选择与评估用的是同一批查询，因此结果偏乐观。某条规则对新查询的价值见它自己的那一行。"
    ),
    "Rewrites": "逐条改写",
    "All wordings merged into one order": "把原查询与所有改写合并为一个排序",
    "Which rewrites are shown": "显示哪些改写",
    "Search in wordings": "在改写中查找",
    "No rewrite is like that.": "没有符合条件的改写。",
    "Click a row to see both orders and to decide on it.": "点击一行可查看两种排序并作出决定。",
    "Accepted": "采用",
    "Outcome": "结果",
    "Gained": "提升",
    "Lost": "下降",
    "Unchanged": "不变",
    "Rescued": "挽回",
    "Harmed": "受损",
    "gained": "提升",
    "lost": "下降",
    "unchanged": "不变",
    "First is relevant": "首位相关",
    "Places moved": "平均移动名次",
    "No relevant document among the first before, one now": "原先前几名中没有相关文档，现在有了",
    "A relevant document among the first before, none now": "原先前几名中有相关文档，现在没有了",
    "This rewrite": "此改写",
    "As its rule": "随规则",
    "Accept": "采用",
    "Reject": "不采用",
    "new wording minus original wording": "改写减原查询",
    "Original wording": "原查询",
    "New wording": "改写后",
    "Ledger (CSV)": "台账（CSV）",
    "Winning queries (CSV)": "优胜查询（CSV）",
    "The decision could not be saved in {folder} ({reason}).": "无法在 {folder} 中保存决定（{reason}）。",
}
