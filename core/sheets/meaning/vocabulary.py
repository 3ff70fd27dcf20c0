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
        1.0: "query queries querytext searchquery userquery userinput 查询 查询词 查询语句 查询内容 "
        "查询文本 "
        "检索词 检索式 搜索词 搜索语句 查詢 查詢詞 檢索詞 搜尋詞 查询query query查询",
        0.95: "用户问法 问法 客户问法 "
        "question questions userquestion questiontext 问题 提问 问句 用户问题 用户提问 用户查询 "
        "原始问题 問題 提問 問句 用戶問題 用户输入 用户问句 测试问题 标准问题 客户问题 客户提问 "
        "咨询问题 咨询内容 "
        "用户query 用户原话 用户咨询 问题描述 问题内容 提问内容 测试query 搜索内容 customerquestion "
        "testquery "
        "testquestion inputquery userquestions prompttext 用户搜索词 搜索query 搜索关键词",
        0.85: "q search searchterm searchterms keyword keywords claim utterance 关键词 关键字 搜索 检索 "
        "題目 题目 關鍵詞 搜尋 用户话术",
    },
    "document": {
        1.0: "document documents doc docs documenttext doctext passage passages passagetext candidate "
        "candidates chunk chunks chunktext paragraph paragraphs 文档 文档内容 文档文本 文档正文 "
        "段落 段落内容 候选 候选文档 候选文本 候选答案 候选段落 切片 切片内容 片段 片段内容 "
        "召回文档 召回内容 召回片段 检索文档 知识片段 文檔 文檔內容 文件內容 候選 候選文檔 "
        "片段內容 检索内容 文档列表 候选列表 知识内容 知识库内容 知识库文档 知识条目 知识点 文档片段 "
        "召回文本 检索文本 段落文本 召回结果内容 检索结果内容 文档段落 文档切片 召回段落 召回文档内容 "
        "候选内容 候选结果 "
        "候选回答 答案文本 知识文本 知识点内容 知识片段内容 passagecontent chunkcontent doccontent "
        "documentcontent candidatetext candidateanswer candidatedocument candidatepassage resulttext "
        "documentbody retrievedtext retrievedcontext retrievedcontexts retrieveddocuments "
        "retrievedchunks retrievedpassages",
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
        "相关程度 打分 打分结果 人工打分 人工评测 人工评测结果 人工判断 人工判定 人工结果 人工相关性 "
        "人工复核 人工审核结果 人工标记 人工质检 标注值 标注等级 标注分 标注得分 标注标签 标注结论 "
        "专家评分 专家打分 专家标注 评测结果 评测打分 评测得分 评测标签 评测等级 质检结果 质检打分 "
        "是否命中 是否召回正确 是否有用 是否可用 是否采纳 是否有帮助 是否能回答 是否包含答案 是否解决 "
        "命中情况 命中与否 相关与否 相关性打分 相关性评分 相关性得分 相关性分数 相关度打分 相关度评分 "
        "相关等级标注 满意度 满意度评分 满意度打分 满意度得分 有用性 有用程度 匹配等级 匹配结果 "
        "人工評分 人工標註 人工標記 標註結果 相關度評分 相關性評分 是否命中答案 正确与否 对错 判断结果 "
        "humanrating humanlabel humanscore humanjudgment humanjudgement humangrade humanrelevance "
        "manuallabel manualrating manualscore manualgrade expertrating expertlabel expertscore "
        "relevancerating relevancescorehuman relevancejudgment relevancejudgement annotatorlabel "
        "annotatorrating annotatorscore annotationlabel goldrelevance goldstandard reviewerrating "
        "reviewerscore satisfaction satisfactionscore satisfactionrating usefulness helpfulness ishit "
        "isuseful ishelpful isanswer iscorrect iscorrectanswer answersquestion containsanswer verdict",
        0.85: "target rating annotation ismatch correct 等级 相关度 相关 是否匹配 是否正确 匹配 評分 "
        "真值 评分 "
        "评级 星级 评价 评定 判断 判定 结论 命中 有用 采纳 hit useful helpful grading ratings stars",
    },
    "initial_rank": {
        1.0: "initialrank originalrank oldrank rankbefore bm25rank retrievalrank firststagerank "
        "初始排名 原始排名 原排名 召回排名 检索排名 初始名次 原始名次 排序前名次 原始排序 "
        "初排名次 检索排序 召回顺序 召回位置 召回位次 召回名次 检索位置 检索位次 检索名次 检索顺序 "
        "初始位置 原始位置 原位置 原顺序 初始顺序 原始顺序 结果排名 结果位置 结果序号 结果顺序 排名位置 "
        "展示位置 展示排名 展示顺序 曝光位置 搜索排名 docposition documentposition resultposition "
        "resultrank docrank documentrank hitrank passagerank chunkrank searchrank baselinerank currentrank "
        "retrievalposition originalposition initialposition originalorder initialorder rankposition "
        "displayposition 召回排序 文档排名 文档位置 片段排名 候选排名",
        0.9: "rank position ranking pos rk 排名 名次 位次 排序 序位 顺位 位置 顺序 排位 排序号 排名号",
    },
    "initial_score": {
        1.0: "initialscore originalscore oldscore bm25 bm25score retrievalscore firststagescore "
        "searchscore embeddingscore vectorscore 初始得分 初始分数 原始得分 原始分数 召回得分 "
        "召回分数 检索得分 检索分数 向量得分 向量相似度 原始分 vectordistance cosinedistance l2distance "
        "euclideandistance embeddingdistance 向量距离 余弦距离 l2距离 欧氏距离 欧式距离 向量距離",
        0.9: "score similarity sim cosine cosinesimilarity distance 得分 分数 相似度 分值 匹配度 "
        "余弦相似度 相似得分 匹配分 匹配分数 匹配得分 匹配率 相似分 相似分数 相似性 相似率 置信度 "
        "系统得分 系统分数 "
        "系统评分 模型得分 模型分数 模型评分 模型打分 机器打分 机器评分 算法得分 算法分数 引擎得分 "
        "语义相似度 "
        "语义得分 文本相似度 关键词得分 混合得分 融合得分 综合得分 综合分数 向量分 关键词分 召回分 检索分 "
        "粗排得分 粗排分 粗排分数 初排得分 初排分 精排得分 相似度得分 相似度分数 "
        "matchscore matchingscore simscore similarityscore cosinescore cosinedist semanticscore densescore "
        "sparsescore hybridscore fusionscore rrfscore modelscore systemscore enginescore machinescore "
        "confidence confidencescore relevancescore l2 tfidf tfidfscore knnscore esscore rawscore",
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
    (
        "label",
        (
            "人工",
            "标注",
            "專家",
            "专家",
            "human",
            "manual",
            "annotat",
            "label",
            "relevan",
            "标签",
            "相关性",
            "是否相关",
            "是否命中",
            "judg",
            "打分",
            "满意度",
        ),
    ),
    ("initial_score", ("score", "bm25", "得分", "分数", "相似度", "similarity")),
    ("initial_rank", ("rank", "排名", "名次")),
    ("instruction", ("instruction", "指令")),
    ("query", ("query", "question", "查询", "问题", "提问", "问句", "检索词", "搜索词", "查詢", "問題")),
    (
        "document",
        (
            "document",
            "passage",
            "chunk",
            "candidate",
            "文档",
            "段落",
            "片段",
            "候选",
            "切片",
            "正文",
            "文檔",
            "召回结果",
            "检索结果",
            "搜索结果",
            "答案内容",
            "知识内容",
            "searchresult",
        ),
    ),
)
_ID_WORDS = re.compile(r"(id|编号|編號|序号|no|number|uuid)$")

# Facts about a query or document that are neither its text nor its id.
_NOT_TEXT = re.compile(
    r"title|url|link|date|time|length|count|tokens?$|author|path|page|lang|type|category|domain|source|"
    r"类型|类别|分类|标题|標題|链接|网址|日期|时间|长度|数量|作者|路径|页码|名称|字数|来源"
)
# Who labelled, when and why, and what a reranker or an average says: neither labels nor the order before.
_NOT_VALUE = re.compile(
    r"标注人|标注员$|打分人|评分人|评测人|质检人|标注者|人员|annotator$|annotatorid|labeler|labeller|"
    r"rater$|judge$|reviewer$|"
    r"time|date|时间|日期|备注|说明|原因|理由|依据|comment|note|reason|rationale|建议|意见|耗时|"
    r"客服|服务|成本|电话|人工智能|manualpage|usermanual|manualurl|"
    r"平均|average|avg|mean|总分|合计|total|满分|及格线|阈值|threshold|重排|rerank|newrank|newscore|"
    r"倒数|倒序|逆序|reverse|reciprocal|inverserank|"
    r"after|新排名|新得分|变化|delta|change|diff|一致性|kappa|状态|status|进度|批次|batch|版本|version"
)
_BRACKETS = re.compile(r"[(\[{<【「『〈《][^)\]}>】」』〉》]*[)\]}>】」』〉》]")
_NUMBERED = re.compile(r"^(.*?[^0-9])[ _#.\-]*0*([0-9]{1,3})$")
_CHINESE_NUMBERED = re.compile(r"^(.{1,8}?)([一二三四五六七八九十])$")
_BRACKETED_NUMBER = re.compile(r"[(\[【]\s*([0-9]{1,2})\s*[)\]】]\s*$")
# «结果A», «Result B»: the letter stands apart or behind a Chinese word.
_LETTERED = re.compile(r"^(.*[^\x00-\x7f]|.+?[ _\-])[ _\-]*([a-h])$")
_CHINESE_DIGITS = "零一二三四五六七八九十"

_BY_NAME: dict[str, tuple[Role, float]] = {
    name: (role, strength)
    for role, groups in _NAMES.items()
    for strength, names in groups.items()
    for name in names.split()
}


# What every candidate of a wide row can have.
_FOR_EACH: tuple[Role, ...] = ("document", "label", "initial_rank", "initial_score")


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
    base, number = _split_number(header)
    if name in _BY_NAME and not (number is not None and base == name):
        return HeaderMatch(*_BY_NAME[name])
    if number is not None and base in _BY_NAME:
        role, strength = _BY_NAME[base]
        return HeaderMatch(role, strength, number)
    if number is not None and base in ("top", "hit", "d", "p"):
        return HeaderMatch("document", 0.75, number)
    words = _match_words(name)
    if words is not None and number is not None and words.role in _FOR_EACH:
        return HeaderMatch(words.role, words.strength, number)
    return words


def _match_words(name: str) -> HeaderMatch | None:
    for role, words in _WORDS:
        if any(word in name for word in words):
            if role in ("label", "initial_score", "initial_rank") and _NOT_VALUE.search(name):
                return None
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
    text = _BRACKETED_NUMBER.sub(r"\1", text)  # «结果(1)» is numbered; other brackets hold notes
    text = _BRACKETS.sub("", text).strip()
    found = _NUMBERED.match(text)
    if found:
        return normalise(found.group(1)), int(found.group(2))
    found = _CHINESE_NUMBERED.match(text)
    if found:
        return normalise(found.group(1)), _CHINESE_DIGITS.index(found.group(2))
    found = _LETTERED.match(text)
    if found:
        return normalise(found.group(1)), ord(found.group(2)) - ord("a") + 1
    return normalise(text), None
