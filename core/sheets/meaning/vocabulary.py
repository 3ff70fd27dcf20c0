"""The names people give to columns, in Chinese and English, and what role each suggests.

Pure lookup on one header cell; whether the column's content agrees is decided in `roles`.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal[
    "query_id",
    "query",
    "document_id",
    "document",
    "label",
    "initial_rank",
    "initial_score",
    "group",
    "instruction",
]
ROLES: tuple[Role, ...] = get_args(Role)

# Strengths: 1 names the role; lower where the word also means other things. Compared after `normalise`.
_NAMES: dict[Role, dict[float, str]] = {
    "query_id": {
        1.0: "queryid qid queryno querynumber questionid topicid searchid 查询id 查询编号 问题id "
        "问题编号 问题序号 提问id 检索id 题号 查询序号 问句id 问句编号 查詢id 查詢編號 問題編號 "
        "問題id 会话id",
        0.9: "topic topicnumber sessionid",
    },
    "document_id": {
        1.0: "docid documentid docno did pid passageid chunkid paragraphid candidateid textid "
        "contextid corpusid 文档id 文档编号 文档序号 段落id 段落编号 片段id 片段编号 候选id "
        "候选编号 切片id 文章id 文章编号 文件編號 文件id 文檔id 文檔編號 答案id 答案编号 商品id "
        "知识id 知识编号",
        0.9: "articleid productid answerid itemid faqid recordid",
    },
    "query": {
        1.0: "query queries querytext searchquery userquery userinput 查询 查询词 查询语句 查询内容 查询文本 "
        "检索词 检索式 搜索词 搜索语句 查詢 查詢詞 檢索詞 搜尋詞 查询query query查询",
        0.95: "question questions userquestion questiontext 问题 提问 问句 用户问题 用户提问 用户查询 "
        "原始问题 問題 提問 問句 用戶問題 用户输入 用户问句 测试问题 标准问题",
        0.85: "q search searchterm searchterms keyword keywords claim utterance 关键词 关键字 搜索 检索 "
        "題目 题目 關鍵詞 搜尋 用户话术",
    },
    "document": {
        1.0: "document documents doc docs documenttext doctext passage passages passagetext candidate "
        "candidates chunk chunks chunktext paragraph paragraphs 文档 文档内容 文档文本 文档正文 "
        "段落 段落内容 候选 候选文档 候选文本 候选答案 候选段落 切片 切片内容 片段 片段内容 "
        "召回文档 召回内容 召回片段 检索文档 知识片段 文檔 文檔內容 文件內容 候選 候選文檔 "
        "片段內容 检索内容 文档列表 候选列表 知识内容 知识库内容 知识库文档 知识条目 知识点 文档片段 "
        "召回文本 检索文本 段落文本 retrievedcontexts retrieveddocuments retrievedchunks retrievedpassages",
        0.9: "text texts content contents fulltext 文本 正文 内容 全文 內容 文章 文章内容 检索结果 "
        "召回结果 知识 知识库 文本内容 正文内容",
        0.85: "answer answers context contexts snippet snippets body sentence response result results "
        "答案 答案内容 回答 回答内容 答复 回复 回复内容 话术 上下文 语料 语料内容 句子 "
        "標準答案 标准答案 参考答案 结果 商品标题 文件",
        0.8: "abstract description faq review comment 摘要 描述 简介 评论 说明",
    },
    "label": {
        1.0: "label labels relevance rel relevancelabel relevancegrade qrel qrels judgement judgment "
        "grade isrelevant relevant groundtruth gold goldlabel 标签 标注 标注结果 相关性 是否相关 "
        "相关性标注 相关性等级 人工标注 人工评分 人工标签 標籤 標註 相關性 是否相關 相关等级 "
        "相关程度",
        0.85: "target rating annotation ismatch correct 等级 相关度 相关 是否匹配 是否正确 匹配 評分 真值",
    },
    "initial_rank": {
        1.0: "initialrank originalrank oldrank rankbefore bm25rank retrievalrank firststagerank "
        "初始排名 原始排名 原排名 召回排名 检索排名 初始名次 原始名次 排序前名次 原始排序 "
        "初排名次 检索排序 召回顺序",
        0.9: "rank position ranking 排名 名次 位次 排序 序位 顺位",
    },
    "initial_score": {
        1.0: "initialscore originalscore oldscore bm25 bm25score retrievalscore firststagescore "
        "searchscore embeddingscore vectorscore 初始得分 初始分数 原始得分 原始分数 召回得分 "
        "召回分数 检索得分 检索分数 向量得分 向量相似度 原始分 vectordistance cosinedistance l2distance "
        "euclideandistance embeddingdistance 向量距离 余弦距离 l2距离 欧氏距离 欧式距离 向量距離",
        0.9: "score similarity sim cosine cosinesimilarity distance 得分 分数 相似度 分值 匹配度 "
        "余弦相似度 相似得分",
    },
    "group": {
        1.0: "group groups segment 分组 组别 組別 分組",
        0.85: "category domain intent topicname type language lang querytype source split 类别 分类 "
        "领域 意图 类型 语言 来源 场景 行业 業務 业务 業務線 业务线 問題類型 问题类型 问题分类",
    },
    "instruction": {
        1.0: "instruction instructions instruct task taskinstruction 指令 任务指令 任务描述 任務 指示",
        0.8: "prompt task 提示词 提示 任务",
    },
}

# Words inside a longer header («用户的问题», «retrieved passage»), tried in this order.
_WORDS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("label", ("label", "relevan", "标注", "标签", "相关性", "是否相关", "judg")),
    ("initial_score", ("score", "bm25", "得分", "分数", "相似度", "similarity")),
    ("initial_rank", ("rank", "排名", "名次")),
    ("instruction", ("instruction", "指令")),
    ("query", ("query", "question", "查询", "问题", "提问", "问句", "检索词", "搜索词", "查詢", "問題")),
    (
        "document",
        ("document", "passage", "chunk", "candidate", "文档", "段落", "片段", "候选", "切片", "正文", "文檔"),
    ),
)
_ID_WORDS = re.compile(r"(id|编号|編號|序号|no|number|uuid)$")

# Facts about a query or document that are neither its text nor its id.
_NOT_TEXT = re.compile(
    r"title|url|link|date|time|length|count|tokens?$|author|path|page|lang|type|category|domain|source|"
    r"类型|类别|分类|标题|標題|链接|网址|日期|时间|长度|数量|作者|路径|页码|名称|字数|来源"
)
_BRACKETS = re.compile(r"[(\[{<【「『〈《][^)\]}>】」』〉》]*[)\]}>】」』〉》]")
_NUMBERED = re.compile(r"^(.*?[^0-9])[ _#.\-]*0*([0-9]{1,3})$")
_CHINESE_NUMBERED = re.compile(r"^(.{1,8}?)([一二三四五六七八九十])$")
_CHINESE_DIGITS = "零一二三四五六七八九十"

_BY_NAME: dict[str, tuple[Role, float]] = {
    name: (role, strength)
    for role, groups in _NAMES.items()
    for strength, names in groups.items()
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What a header suggests. strength: 0–1. number: the n of doc1, doc2, …; None without one."""

    role: Role
    strength: float
    number: int | None = None


def match_header(header: str) -> HeaderMatch | None:
    """The role a header names, or None. Full-width forms, brackets and notes in brackets do not matter."""
    name = normalise(header)
    if not name:
        return None
    if name in _BY_NAME:
        return HeaderMatch(*_BY_NAME[name])
    base, number = _split_number(header)
    if number is not None and base in _BY_NAME:
        role, strength = _BY_NAME[base]
        return HeaderMatch(role, strength, number)
    if number is not None and base in ("top", "hit", "d", "p"):
        return HeaderMatch("document", 0.75, number)
    return _match_words(name)


def _match_words(name: str) -> HeaderMatch | None:
    for role, words in _WORDS:
        if any(word in name for word in words):
            if role in ("query", "document"):
                if _ID_WORDS.search(name):
                    return HeaderMatch("query_id" if role == "query" else "document_id", 0.75)
                if _NOT_TEXT.search(name):
                    return None
            return HeaderMatch(role, 0.75)
    return None


def is_bare_id(header: str) -> bool:
    """Headers like «id» that name an id without saying of what."""
    return normalise(header) in ("id", "uid", "uuid", "key", "主键", "编号", "編號")


def is_plural(header: str) -> bool:
    """Headers that announce several documents in one cell."""
    name = normalise(header)
    return name in ("documents", "docs", "passages", "candidates", "chunks", "contexts", "texts") or (
        name.endswith(("列表", "集合", "list"))
    )


def normalise(header: str) -> str:
    """Lower case, half-width, without brackets and their notes, spaces or punctuation."""
    text = unicodedata.normalize("NFKC", header).strip("\ufeff\u200b \t\r\n").casefold()
    outside = _BRACKETS.sub("", text)
    chosen = outside if re.search(r"\w", outside) else text
    return re.sub(r"[\W_]+", "", chosen)


def _split_number(header: str) -> tuple[str, int | None]:
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    text = _BRACKETS.sub("", text).strip()
    found = _NUMBERED.match(text)
    if found:
        return normalise(found.group(1)), int(found.group(2))
    found = _CHINESE_NUMBERED.match(text)
    if found:
        return normalise(found.group(1)), _CHINESE_DIGITS.index(found.group(2))
    return normalise(text), None
