"""What `core.workflows.retrieve` says: English → Chinese."""

TEXTS: dict[str, str] = {
    "There is nothing to add.": "没有可添加的内容。",
    "Give at least one file or folder.": "请至少提供一个文件或文件夹。",
    "There is no file or folder {name}.": "没有名为 {name} 的文件或文件夹。",
    "Rows without a text: {count}; they were left out.": "没有正文的行：{count} 行，已略去。",
    "Rows whose id another row has: {count}; the last one counts.": "ID 重复的行：{count} 行，以最后一行为准。",
    "«{name}» cannot be the name of a corpus.": "“{name}”不能作为语料库名称。",
    "Use up to 80 letters, digits, spaces and dashes.": "请使用不超过 80 个的文字、数字、空格或连字符。",
    "The place of the corpora cannot be read: {problem}": "无法读取语料库所在位置：{problem}",
    "Check RERANK_CORPUS_URI and the access keys of the object storage.": (
        "请检查 RERANK_CORPUS_URI 以及对象存储的访问密钥。"
    ),
    "There is no corpus «{name}».": "没有名为“{name}”的语料库。",
    "There are: {names}. `corpus add` makes a new one.": "现有：{names}。可用 `corpus add` 新建。",
    "There is none yet; `corpus add` makes one.": "目前还没有语料库，可用 `corpus add` 新建。",
    "There is no document in it.": "其中没有文档。",
    "Documents end in {endings}.": "文档的扩展名为：{endings}。",
    "The document holds no text; a scanned one needs its characters recognised first.": (
        "文档中没有文字；扫描件需要先做文字识别。"
    ),
    "Only the first {count} characters were read.": "只读取了前 {count} 个字符。",
    "{name} cannot be read: {problem}.": "无法读取 {name}：{problem}。",
    "The document is protected by a password.": "文档有密码保护。",
    "The file is not a zip archive, or it is damaged.": "文件不是 zip 压缩包，或已损坏。",
    "The document is damaged: {problem}": "文档已损坏：{problem}",
    "The archive holds {megabytes} MB unpacked; the limit is {limit} MB.": (
        "压缩包解压后为 {megabytes} MB，上限为 {limit} MB。"
    ),
    "{k} candidates of each search reach {share} of the gain in {measure} with {pairs} of the pairs.": (
        "每路召回 {k} 个候选即可获得 {measure} 提升的 {share}，只需 {pairs} 的评分对。"
    ),
    "Reranking gains nothing in {measure} here at any number of candidates.": (
        "在这些问题上，无论候选数多少，重排都没有提升 {measure}。"
    ),
    "The file holds no question with a passage of this corpus.": "文件中没有任何问题对应该语料库的段落。",
    "It needs a column of questions, and one with the ids or the texts of their passages.": (
        "需要一列问题，以及一列对应段落的 ID 或正文。"
    ),
    "Answers that no passage of the corpus holds: {count}, first «{text}» in row {row}.": (
        "语料库中找不到的答案：{count} 条，第一条是第 {row} 行的“{text}”。"
    ),
    "Labels that are no whole number up to {largest}: {count}; the rows were left out.": (
        "不是 {largest} 以内整数的标签：{count} 个，相应行已略去。"
    ),
    "The file holds no table with rows.": "文件中没有带数据行的表格。",
    "Which column is the {part} is not certain.": "无法确定哪一列是 {part}。",
    "Say it: --map {part}=COLUMN. Columns: {columns}.": "请指定：--map {part}=列名。现有列：{columns}。",
    "«{part}» is not a part of a passage or a question.": "“{part}”不是段落或问题的组成部分。",
    "Parts: {parts}.": "可用部分：{parts}。",
    "There is no column «{column}».": "没有名为“{column}”的列。",
    "Columns: {columns}.": "现有列：{columns}。",
    "There is no sheet «{sheet}».": "没有名为“{sheet}”的工作表。",
    "Sheets: {sheets}.": "现有工作表：{sheets}。",
    "«{stage}» is not a first stage.": "“{stage}”不是召回方式。",
    "Stages: {stages}.": "可用方式：{stages}。",
    "The number of {what} must be from 1 to {most}.": "{what} 的数量必须在 1 到 {most} 之间。",
    "No passage of the corpus has a vector yet, so nothing can be found by meaning.": (
        "语料库中还没有任何段落的向量，暂时无法按语义检索。"
    ),
    "Vectors are made after adding; wait, or search by words.": "向量在添加之后生成；请稍候，或先按词检索。",
    "The corpus has no source «{source}».": "语料库中没有来源“{source}”。",
    "Another process is making the vectors of «{name}».": "另一个进程正在为“{name}”生成向量。",
    "Wait for it; what it makes is found as it comes.": "请等待；已生成的向量会立即可用。",
    "Vectors could not be made: {problem}": "无法生成向量：{problem}",
    "Columns with long cells, which are not kept as metadata: {columns}.": "单元格过长、未作为元数据保存的列：{columns}。",
    "No passage of the corpus has the metadata «{name}» of the value «{value}».": (
        "语料库中没有元数据“{name}”为“{value}”的段落。"
    ),
    "There are: {names}.": "现有：{names}。",
    "Its passages have none; columns of a table that are nothing else become metadata.": (
        "其段落没有元数据；表格中未作他用的列会成为元数据。"
    ),
    "{done} of {total} passages have a vector; the others would be missed.": (
        "{total} 个段落中只有 {done} 个有向量，其余会被漏掉。"
    ),
    "Wait until all have one.": "请等全部向量生成后再试。",
    "A corpus is exported as {formats}, not as «{ending}».": "语料库可导出为 {formats}，不能导出为“{ending}”。",
    "{name} cannot be written: {problem}.": "无法写入 {name}：{problem}。",
    "The measurements {first} and {second} have no question in common.": "测量“{first}”与“{second}”没有共同的问题。",
    "Compare two measurements of the same questions.": "请比较同一组问题的两次测量。",
    "They differ in the corpus: {first} and {second}.": "语料库不同：{first} 与 {second}。",
    "They differ in the candidates of each search: {first} and {second}.": "每种检索的候选数不同：{first} 与 {second}。",
    "Questions with other labels in one measurement than in the other: {count}.": "两次测量中标签不同的问题：{count} 个。",
    "Questions that only one of them asked, left out: {count}.": "只有一次测量提出、已略去的问题：{count} 个。",
}
