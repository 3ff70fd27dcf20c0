"""What `core.retrieval` says: English → Chinese."""

TEXTS: dict[str, str] = {
    "The corpus was indexed with other tokens ({found}) than this version makes ({expected}).": (
        "语料库的索引使用的分词版本（{found}）与当前版本（{expected}）不同。"
    ),
    "Remove the corpus and add its files again.": "请删除该语料库，然后重新添加文件。",
    "The corpus was written by a newer version of this program.": "该语料库由更新版本的程序写入。",
    "Update the program, or use another corpus.": "请更新程序，或使用其他语料库。",
    "The corpus holds vectors of {found}, and {asked} makes others; the two are never mixed.": (
        "语料库中的向量来自 {found}，而 {asked} 生成的向量不同；两者不会混用。"
    ),
    "Use the same embedding model, or have all vectors made again with this one.": (
        "请使用同一向量模型，或用当前模型重新生成全部向量。"
    ),
    "The corpus cannot be used: {problem}": "无法使用该语料库：{problem}",
    "The corpus is kept by LanceDB, which is not installed.": "该语料库由 LanceDB 保存，但 LanceDB 未安装。",
    "The corpus was written by an earlier version of this program.": "该语料库由较早版本的程序写入。",
}
