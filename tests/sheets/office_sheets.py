"""Sheets as office people make them, built by code, with what a person would read in them.

Four questions with three candidates each stand in every sheet, in many shapes: long, wide, merged, with
titles and notes, on two sheets, in blocks, exported by several programs. The importer sees only the file.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl

from core.sheets.records import Cell

QUESTIONS = ("会员卡怎么挂失？", "发票抬头写错了能改吗？", "快递三天没动怎么办？", "退款多久到账？")
ENGLISH = (
    "How do I freeze my card?",
    "Can I edit an invoice?",
    "Where is my parcel?",
    "When is my refund paid?",
)


@dataclass(frozen=True)
class OfficeSheet:
    """A file with the pairs in it. has: which of label, rank, score a person would read."""

    name: str
    file: str
    content: bytes
    has: frozenset[str]
    english: bool = False
    documents: int = 3


def document(question: int, place: int, english: bool = False) -> str:
    if english:
        return f"Article {question + 1}-{place + 1}: open the settings page and follow the steps shown."
    return f"第{question + 1}类问题的第{place + 1}条知识：请打开设置页面，按照页面上的提示逐步完成操作即可。"


def label(question: int, place: int) -> int:
    return int((question + 1) % 3 == place)


def rank(place: int) -> int:
    return place + 1


def score(question: int, place: int) -> float:
    return round(0.93 - 0.11 * place - 0.013 * question, 3)


Make = Callable[[int, int], Cell]


def long(columns: Sequence[tuple[str, Make]]) -> list[list[Cell]]:
    """A header and a row per pair."""
    rows: list[list[Cell]] = [[name for name, _ in columns]]
    rows += [[make(q, d) for _, make in columns] for q in range(4) for d in range(3)]
    return rows


def csv_bytes(rows: Sequence[Sequence[Cell]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(*sheets: tuple[str, Sequence[Sequence[Cell]]], merge: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merge if sheet is book.worksheets[0] else ():
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def q_zh(q: int, d: int) -> Cell:
    return QUESTIONS[q]


def q_en(q: int, d: int) -> Cell:
    return ENGLISH[q]


def d_zh(q: int, d: int) -> Cell:
    return document(q, d)


def d_en(q: int, d: int) -> Cell:
    return document(q, d, True)


def yes(q: int, d: int) -> Cell:
    return "是" if label(q, d) else "否"


def graded(q: int, d: int) -> Cell:
    return 3 * label(q, d)


def ranked(q: int, d: int) -> Cell:
    return rank(d)


def scored(q: int, d: int) -> Cell:
    return score(q, d)


def far(q: int, d: int) -> Cell:
    return round(1 - score(q, d), 3)


def percent(q: int, d: int) -> Cell:
    return f"{score(q, d):.1%}"


def running(q: int, d: int) -> Cell:
    return 3 * q + d + 1


def note(q: int, d: int) -> Cell:
    return "已核对" if d == 0 else None


# Header of question, of text, and further columns: name and value; the file's form follows the number.
_LONG: tuple[tuple[str, str, tuple[tuple[str, Make], ...]], ...] = (
    ("问题", "知识内容", (("打分", graded),)),
    ("用户问题", "召回内容", (("是否命中", yes), ("相似度", percent))),
    ("客户提问", "答案", (("人工打分(0-3)", graded), ("匹配度", percent))),
    ("测试问题", "召回片段", (("人工评测结果", yes), ("位置", ranked))),
    ("查询", "文档", (("满意度(0-3分)", graded), ("召回排名", ranked), ("备注", note))),
    ("query", "召回文档", (("是否相关", yes), ("向量距离", far))),
    ("提问", "知识点", (("评分", graded), ("标注人", lambda q, d: "小王"))),
    ("问句", "候选答案", (("相关性打分", graded), ("标注时间", lambda q, d: "2024-05-01"))),
    ("咨询内容", "知识库内容", (("质检结果", yes), ("得分", scored))),
    ("标准问题", "段落内容", (("专家打分", graded), ("名次", ranked))),
    ("搜索词", "文档内容", (("是否采纳", yes), ("BM25得分", scored))),
    ("用户query", "切片内容", (("标注结果", graded), ("语义相似度", scored))),
    ("用户问题（必填）", "检索结果", (("相关性(0-3)", graded), ("检索排名", ranked))),
    ("問題", "文檔內容", (("人工評分", graded), ("排名", ranked))),
    ("Question", "Answer", (("Human rating", graded), ("Doc Position", ranked))),
    ("User query", "Retrieved chunk", (("Relevant?", lambda q, d: "Yes" if label(q, d) else "No"),)),
    ("Query", "Passage text", (("Relevance (0-3)", graded), ("Similarity score", scored))),
    ("Search term", "Snippet", (("Rating", graded), ("Position", ranked))),
    ("Customer question", "Document text", (("Is relevant", yes), ("Cosine similarity", scored))),
    ("Test question", "Context", (("Gold label", graded), ("distance", far))),
    ("prompt question", "passage", (("Manual label", graded), ("Rank", ranked), ("Comment", note))),
    ("用户输入", "文本", (("标签", graded), ("置信度", scored))),
    ("问题内容", "答案内容", (("对错", yes), ("系统得分", scored))),
    ("检索词", "正文", (("相关程度", graded), ("展示位置", ranked))),
)


def _has(columns: Sequence[tuple[str, Make]]) -> frozenset[str]:
    kinds = {graded: "label", yes: "label", ranked: "rank", scored: "score", percent: "score", far: "score"}
    return frozenset(kinds.get(make, "label" if name == "Relevant?" else "") for name, make in columns) - {""}


def _long_sheets() -> list[OfficeSheet]:
    sheets = []
    for number, (query, text, further) in enumerate(_LONG):
        english = query[0].isascii() and query not in ("query",)
        q, d = (q_en, d_en) if english else (q_zh, d_zh)
        columns: list[tuple[str, Make]] = [
            ("序号" if not english else "No.", running),
            (query, q),
            (text, d),
            *further,
        ]
        rows = long(columns)
        form = number % 6
        name = f"long {query} / {text}"
        if form == 0:
            content, file = xlsx_bytes(("Sheet1", rows)), "a.xlsx"
        elif form == 1:
            content, file = csv_bytes(rows, "utf-8-sig"), "a.csv"
        elif form == 2:
            content, file = csv_bytes(rows, "gb18030"), "a.csv"
        elif form == 3:
            content, file = csv_bytes(rows, "utf-16", "\t"), "a.txt"
        elif form == 4:
            title: list[list[Cell]] = [
                ["检索效果评测表（2024年5月）" if not english else "Search review, May 2024"],
                [],
            ]
            content, file = xlsx_bytes(("评测", [*title, *rows]), merge=("A1:E1",)), "a.xlsx"
        else:
            notes: list[list[Cell]] = [
                [],
                ["说明：由客服部标注" if not english else "Note: labelled by support"],
            ]
            content, file = (
                xlsx_bytes(("评测", [*rows, *notes]), ("填写说明", [["请逐行填写"], ["不要改表头"]])),
                "a.xlsx",
            )
        sheets.append(OfficeSheet(name, file, content, _has(further), english))
    return sheets


def _wide(
    name: str,
    query: str,
    pairs: Sequence[tuple[str, str, str]],
    *,
    english: bool = False,
    file: str = "a.xlsx",
) -> OfficeSheet:
    """Candidates side by side; each with a text, a label, a score header, "" for none."""
    q = q_en if english else q_zh
    header: list[Cell] = ["No." if english else "序号", query]
    header += [part for pair in pairs for part in pair if part]
    rows = [header]
    for question in range(4):
        row: list[Cell] = [question + 1, q(question, 0)]
        for place, (_, labelled, score_name) in enumerate(pairs):
            row.append(document(question, place, english))
            row += [graded(question, place)] if labelled else []
            row += [score(question, place)] if score_name else []
        rows.append(row)
    has = frozenset([*(["label"] if pairs[0][1] else []), *(["score"] if pairs[0][2] else []), "rank"])
    content = csv_bytes(rows, "utf-8-sig") if file.endswith("csv") else xlsx_bytes(("Sheet1", rows))
    return OfficeSheet(name, file, content, has, english)


def _wide_sheets() -> list[OfficeSheet]:
    def three(text: str, labelled: str = "", scored_as: str = "") -> list[tuple[str, str, str]]:
        return [(text.format(n=n), labelled.format(n=n), scored_as.format(n=n)) for n in ("1", "2", "3")]

    def lettered(text: str, labelled: str = "") -> list[tuple[str, str, str]]:
        return [(text.format(n=n), labelled.format(n=n), "") for n in ("A", "B", "C")]

    return [
        _wide("wide 候选", "问题", three("候选{n}", "打分{n}")),
        _wide("wide 召回内容", "用户问题", three("召回内容{n}", "是否相关{n}", "相似度{n}")),
        _wide("wide 文档-", "查询", three("文档-{n}", "标签-{n}"), file="a.csv"),
        _wide("wide 片段 no label", "问题", three("片段{n}")),
        _wide("wide 答案 A", "客户问题", lettered("答案{n}", "评分{n}")),
        _wide("wide Result A", "Question", lettered("Result {n}", "Rating {n}"), english=True),
        _wide(
            "wide passage_",
            "query",
            three("passage_{n}", "label_{n}", "score_{n}"),
            english=True,
            file="a.csv",
        ),
        _wide("wide Doc 1", "Search query", three("Doc {n}", "Relevance {n}"), english=True),
        _wide("wide Top", "提问", three("Top{n}", "打分{n}")),
        _wide("wide 结果(1)", "搜索词", three("结果({n})", "得分标注({n})")),
        _wide("wide circled", "问题", [(f"候选{c}", f"人工打分{c}", "") for c in "①②③"]),
        _wide("wide Chinese numerals", "问题", [(f"候选{c}", f"打分{c}", "") for c in "一二三"]),
    ]


def _merged_sheets() -> list[OfficeSheet]:
    sheets = []
    for number, (query, text, labelled) in enumerate(
        (("问题", "召回内容", "打分"), ("用户提问", "知识片段", "是否命中"), ("Question", "Passage", "Label"))
    ):
        english = query == "Question"
        q, d = (q_en, d_en) if english else (q_zh, d_zh)
        mark = yes if labelled == "是否命中" else graded
        once: Make = lambda question, place, q=q: q(question, place) if place == 0 else None  # noqa: E731
        rows = long([(query, once), (text, d), (labelled, mark)])
        areas = [f"A{2 + 3 * n}:A{4 + 3 * n}" for n in range(4)]
        sheets.append(
            OfficeSheet(
                f"merged {query}",
                "a.xlsx",
                xlsx_bytes(("S", rows), merge=areas),
                frozenset({"label"}),
                english,
            )
        )
        sheets.append(
            OfficeSheet(
                f"written once {query}", "a.csv", csv_bytes(rows, "utf-8-sig"), frozenset({"label"}), english
            )
        )
        titled = [["评测表"], *rows] if number else [["标题"], [], *rows]
        shift = 1 if number else 2
        areas = [f"A{2 + shift + 3 * n}:A{4 + shift + 3 * n}" for n in range(4)] + ["A1:C1"]
        sheets.append(
            OfficeSheet(
                f"titled {query}",
                "a.xlsx",
                xlsx_bytes(("S", titled), merge=areas),
                frozenset({"label"}),
                english,
            )
        )
    two_rows: list[list[Cell]] = [
        ["问题", "候选1", None, "候选2", None, "候选3", None],
        [None, "内容", "打分", "内容", "打分", "内容", "打分"],
    ]
    for question in range(4):
        row: list[Cell] = [QUESTIONS[question]]
        for place in range(3):
            row += [document(question, place), graded(question, place)]
        two_rows.append(row)
    areas = ["A1:A2", "B1:C1", "D1:E1", "F1:G1"]
    sheets.append(
        OfficeSheet(
            "header over two rows",
            "a.xlsx",
            xlsx_bytes(("S", two_rows), merge=areas),
            frozenset({"label", "rank"}),
        )
    )
    return sheets


def _other_sheets() -> list[OfficeSheet]:
    numbered = [[f"Q{n + 1}", QUESTIONS[n]] for n in range(4)]
    pool = [["问题编号", "文档内容", "打分"]] + [
        [f"Q{q + 1}", document(q, d), graded(q, d)] for q in range(4) for d in range(3)
    ]
    only_label = frozenset({"label"})
    sheets = [
        OfficeSheet(
            "two sheets",
            "a.xlsx",
            xlsx_bytes(("问题", [["问题编号", "问题"], *numbered]), ("候选", pool)),
            only_label,
        ),
        OfficeSheet(
            "two sheets, English",
            "a.xlsx",
            xlsx_bytes(
                ("Queries", [["query_id", "query"], *[[f"Q{n}", ENGLISH[n]] for n in range(4)]]),
                (
                    "Docs",
                    [["query_id", "passage", "rating"]]
                    + [[f"Q{q}", document(q, d, True), graded(q, d)] for q in range(4) for d in range(3)],
                ),
            ),
            only_label,
            True,
        ),
    ]
    cell_rows: list[list[Cell]] = [["问题", "召回列表", "标签"]] + [
        [
            QUESTIONS[q],
            "\n".join(document(q, d) for d in range(3)),
            "\n".join(str(graded(q, d)) for d in range(3)),
        ]
        for q in range(4)
    ]
    sheets.append(
        OfficeSheet("list in a cell", "a.xlsx", xlsx_bytes(("S", cell_rows)), frozenset({"label", "rank"}))
    )
    blocks: list[list[Cell]] = []
    for q in range(4):
        blocks += (
            [["问题", "文档", "打分"]]
            + [[QUESTIONS[q], document(q, d), graded(q, d)] for d in range(3)]
            + [[]]
        )
    sheets.append(
        OfficeSheet("blocks with repeated headers", "a.xlsx", xlsx_bytes(("S", blocks)), only_label)
    )
    headed: list[list[Cell]] = []
    for q in range(4):
        headed += [[f"问题：{QUESTIONS[q]}"], ["排名", "文档内容", "打分"]]
        headed += [[d + 1, document(q, d), graded(q, d)] for d in range(3)] + [[]]
    sheets.append(
        OfficeSheet(
            "blocks under their question", "a.xlsx", xlsx_bytes(("S", headed)), frozenset({"label", "rank"})
        )
    )
    hidden_title: list[list[Cell]] = [["部门：客服", "日期：2024-05-01"], ["共12条"], []]
    plain = long([("问题", q_zh), ("文档", d_zh), ("标签", graded)])
    sheets.append(OfficeSheet("form above", "a.xlsx", xlsx_bytes(("S", [*hidden_title, *plain])), only_label))
    spaced = [[None, *row] for row in plain]
    sheets.append(OfficeSheet("first column blank", "a.xlsx", xlsx_bytes(("S", spaced)), only_label))
    total = [*plain, ["合计", None, 12]]
    sheets.append(OfficeSheet("total below", "a.xlsx", xlsx_bytes(("S", total)), only_label))
    overview: list[list[Cell]] = [["模型", "nDCG"], ["甲", 0.71], ["乙", 0.74]]
    sheets.append(
        OfficeSheet(
            "overview sheet first", "a.xlsx", xlsx_bytes(("概览", overview), ("明细", plain)), only_label
        )
    )
    sheets.append(OfficeSheet("semicolons", "a.csv", csv_bytes(plain, "utf-8-sig", ";"), only_label))
    two_labels = long(
        [("问题", q_zh), ("文档", d_zh), ("标签", graded), ("重排得分", scored), ("新排名", ranked)]
    )
    sheets.append(OfficeSheet("reranked already", "a.xlsx", xlsx_bytes(("S", two_labels)), only_label))
    sourced = long(
        [
            ("来源", lambda q, d: "知识库"),
            ("文档标题", lambda q, d: f"手册第{d + 1}章"),
            ("问题", q_zh),
            ("文档内容", d_zh),
        ]
        + [("链接", lambda q, d: f"https://kb.example/{q}/{d}"), ("是否有用", yes)]
    )
    sheets.append(OfficeSheet("titles and links", "a.csv", csv_bytes(sourced, "gb18030"), only_label))
    sessions = long(
        [("会话ID", lambda q, d: f"s-{q}"), ("用户原话", q_zh), ("机器人召回", d_zh), ("命中情况", yes)]
    )
    sheets.append(OfficeSheet("chat log", "a.xlsx", xlsx_bytes(("S", sessions)), only_label))
    tiers = long(
        [("问题", q_zh), ("文档", d_zh), ("相关性", lambda q, d: "相关" if label(q, d) else "不相关")]
    )
    sheets.append(OfficeSheet("words as labels", "a.xlsx", xlsx_bytes(("S", tiers)), only_label))
    ticks = long([("问题", q_zh), ("候选文档", d_zh), ("是否正确", lambda q, d: "√" if label(q, d) else "×")])
    sheets.append(OfficeSheet("ticks", "a.csv", csv_bytes(ticks, "utf-8-sig"), only_label))
    rank_words = long(
        [
            ("问题", q_zh),
            ("文档", d_zh),
            ("排名", lambda q, d: f"第{d + 1}名"),
            ("打分", lambda q, d: f"{graded(q, d)}分"),
        ]
    )
    sheets.append(
        OfficeSheet("ranks with words", "a.xlsx", xlsx_bytes(("S", rank_words)), frozenset({"label", "rank"}))
    )
    return sheets


def office_sheets() -> list[OfficeSheet]:
    """Every sheet."""
    return [*_long_sheets(), *_wide_sheets(), *_merged_sheets(), *_other_sheets()]
