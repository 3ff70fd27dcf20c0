"""The Retrieve page: English → Chinese."""

TEXTS: dict[str, str] = {
    "Retrieve": "检索",
    "Search": "搜索",
    "Labelled questions": "标注问题",
    "The run {name} holds no search of a corpus, so it cannot be opened here.": (
        "运行“{name}”不含语料库检索结果，无法在此打开。"
    ),
    "passages: {count}": "段落：{count}",
    "sources: {count}": "来源：{count}",
    "{added} added, {replaced} replaced, {unchanged} unchanged in {time}": (
        "新增 {added}，替换 {replaced}，未变 {unchanged}，用时 {time}"
    ),
    "A corpus is a collection of passages: a table with a passage a row, or documents that are cut into passages. Nothing leaves this machine unless you set an address for embeddings.": (
        "语料库是段落的集合：表格每行一段，文档会自动切分成段落。除非设置了向量服务地址，内容不会离开本机。"
    ),
    "Load the sample": "载入示例",
    "By words only: no passage has a vector yet. Search again when the vectors are made.": (
        "仅按词检索：还没有段落算出向量。向量算好后请再检索一次。"
    ),
    "Corpus": "语料库",
    "vectors: {done} of {total}": "向量：{done}/{total}",
    "words can be searched already": "已可按词检索",
    "vectors by {model}": "向量模型：{model}",
    "Add files": "添加文件",
    "Name of the corpus": "语料库名称",
    "my documents": "我的文档",
    "Tables, documents or a zip archive": "表格、文档或 zip 压缩包",
    "A table gives a passage a row. Documents are cleaned and cut. The same file again changes nothing; a newer one replaces its passages.": (
        "表格每行一个段落；文档会清洗并切分。重复添加同一文件不会改变内容，新版本会替换其段落。"
    ),
    "Add": "添加",
    "Adding …": "正在添加……",
    "Delete it with all its passages": "删除该语料库及其全部段落",
    "New search": "新的检索",
    "Questions: {total}, of which {without} have no answer in the corpus and are left out. Candidates of each search: {k}.": (
        "问题共 {total} 个，其中 {without} 个在语料库中没有答案，不计入。每路候选数：{k}。"
    ),
    "Recall ceiling": "召回上限",
    "Pairs per question": "每题评分对数",
    "Seconds per question": "每题秒数",
    "pairs per question": "每题评分对数",
    "Open in Evaluate": "在“评估”中打开",
    "Words (BM25)": "按词（BM25）",
    "Meaning (embedding)": "按语义（向量）",
    "Union of both": "两路合并",
    "Both, one in turn": "两路交替",
    "Rank fusion (RRF)": "倒数排名融合（RRF）",
    "Words + reranker": "按词 + 重排",
    "Meaning + reranker": "按语义 + 重排",
    "Union + reranker (two stages)": "合并 + 重排（两阶段）",
    "Questions with the passages that answer them": "问题及其答案段落",
    "A row a question and passage: the passage's id, its text or a piece of it, and a label if there is one. A question without a passage has no answer in the corpus.": (
        "每行一个问题和一个段落：写段落 ID、正文或其中一部分，可附标签。没有段落的问题表示语料库中没有答案。"
    ),
    "Most candidates of each search (k)": "每路最多候选数（k）",
    "{done} of {total} questions searched": "已检索 {done}/{total} 个问题",
    "Earlier measurements": "以往的测量",
    "Measure the stages": "测量各阶段",
    "Measure with the sample's questions": "用示例问题测量",
    "Results (n)": "结果数（n）",
    "{stage}: {time} ms": "{stage}：{time} 毫秒",
    "candidates: {count}": "候选：{count}",
    "scored now: {count}": "本次评分：{count}",
    "words": "按词",
    "meaning": "按语义",
    "reranking": "重排",
    "Rank": "名次",
    "Words": "词",
    "Meaning": "语义",
    "Passage": "段落",
    "First stage": "召回方式",
    "Candidates of each search (k)": "每路候选数（k）",
    "Nothing was found.": "没有找到任何内容。",
    "What each stage finds, and where reranking moves it, appears here.": (
        "这里将显示每个阶段找到的内容，以及重排后的位置变化。"
    ),
    "The fields have changed since this result; press Ctrl+Enter to search again.": (
        "输入已更改；按 Ctrl+Enter 重新搜索。"
    ),
    "Searching …": "正在搜索……",
    "Answer from the passages": "根据段落回答",
    "With RERANK_LLM_URL and RERANK_LLM_MODEL set, an answer is written here from the passages.": (
        "设置 RERANK_LLM_URL 和 RERANK_LLM_MODEL 后，这里会根据段落生成回答。"
    ),
    "Passages for the answer": "用于回答的段落数",
    "Answer": "回答",
    "**From the first stage**": "**召回顺序**",
    "**After reranking**": "**重排之后**",
    "wrong citations: {count}": "错误引用：{count}",
    "says that the passages do not answer": "表示段落中没有答案",
    "cites no passage": "没有引用任何段落",
    "The answer of the language model at {host} broke off: {problem}": "{host} 的语言模型中断了回答：{problem}",
    "Filters": "筛选",
    "Sources": "来源",
    "First n": "前 n",
    "rescued": "救回",
    "pushed out": "掉出",
    "stopped": "已停止",
    "rescued: among the first n only after reranking; pushed out: only before": "救回：重排后才进入前 n；掉出：仅重排前在前 n",
    "Test with a hostile passage": "用恶意段落测试",
    "Asks the language model once whether it obeys an instruction that stands in a passage.": (
        "向语言模型提问一次，看它是否会听从段落中的指令。"
    ),
    "The column «{column}» was read as the passages' ids: it holds nothing but ids of this corpus.": (
        "“{column}”列被当作段落编号读取：其中全部是该语料库中的编号。"
    ),
    "The question and the passages are sent to {host}, model {model}.": "问题和段落会发送到 {host}，模型 {model}。",
    "Asking {host} …": "正在询问 {host}……",
    "This language model obeyed an instruction inside a passage: whoever writes a document can steer its answers.": (
        "该语言模型听从了段落中的指令：文档的作者可以左右它的回答。"
    ),
    "This language model did not obey the instruction inside a passage, this once.": "这一次，该语言模型没有听从段落中的指令。",
    "Only what came from": "只删除来自",
    "Delete these passages": "删除这些段落",
    "Two stages compared with «{system}»": "两阶段与“{system}”相比",
    "Compared with": "比较对象",
    "difference": "差值",
    "Budget: pairs per question": "预算：每题评分对数",
    "{measure} of two stages over the pairs that are scored": "两阶段的 {measure} 随评分对数的变化",
    "pairs: {count}": "评分对：{count}",
    "Best within the budget, per question: {facts}": "预算内最佳（每题）：{facts}",
    "Candidates to Batch": "候选转批量",
    "Reranks the candidates of every question, labelled or not, as a batch.": "把每个问题（无论有无标注）的候选作为批量任务重排。",
    "Title": "标题",
    "Source": "来源",
    "Tokens of a passage": "段落长度（token）",
    "Documents are cut at headings, paragraphs and sentences, not beyond this length.": (
        "文档按标题、段落和句子切分，不超过该长度。"
    ),
    "Clean documents": "清洗文档",
    "The other columns become metadata, by which searches can be filtered.": "其余列成为元数据，可用于筛选检索。",
    "The second run's two stages compared with the first run's": "第二个运行的两阶段检索，与第一个运行的相比",
    "{measure}, first run": "{measure}（第一个）",
    "{measure}, second run": "{measure}（第二个）",
    "Pairs per question, first": "每题对数（第一个）",
    "Pairs per question, second": "每题对数（第二个）",
    "Over the {count} questions that both runs asked.": "基于两个运行共有的 {count} 个问题。",
    "{count} passages have no vector yet, so the search by meaning missed them.": (
        "还有 {count} 个段落没有向量，按语义检索时未能覆盖。"
    ),
}
