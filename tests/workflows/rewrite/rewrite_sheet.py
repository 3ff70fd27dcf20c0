"""A small labelled sheet whose queries need their context, and some that need nothing."""

import csv
import io

import openpyxl

HEADER = ("编号", "查询", "上下文", "文档", "标签")
PRODUCTS = ("云帆企业邮箱", "蓝鲸打印机L200", "北辰路由器AX30", "青竹净水器Q7")
# What is asked with a pronoun, and the words of the document that answers.
TOPICS = (
    ("请问它怎么开票？", "的发票在费用中心申请开具"),
    ("它的保修期多久", "的保修期为两年，凭购买记录办理"),
    ("怎么把它恢复出厂设置", "恢复出厂设置：长按复位键十秒"),
)
PLAIN = (
    ("退款多久到账E1001", "退款在三个工作日内到账，错误码E1001表示银行处理中"),
    ("如何修改收货地址", "收货地址在发货前可以修改"),
)


def rewrite_rows() -> list[tuple[object, ...]]:
    """Twelve queries with a pronoun and two without; the answer stands last of three."""
    rows: list[tuple[object, ...]] = []
    for at, product in enumerate(PRODUCTS):
        other = PRODUCTS[(at + 1) % len(PRODUCTS)]
        for number, (query, answer) in enumerate(TOPICS):
            query_id = f"p{at}t{number}"
            context = f"客户上周购买了{product}。"
            unrelated = TOPICS[(number + 1) % len(TOPICS)][1]
            for text, label in ((other + answer, 0), (product + unrelated, 0), (product + answer, 2)):
                rows.append((query_id, query, context, text, label))
    for at, (query, answer) in enumerate(PLAIN):
        for text, label in (("会员积分每年清零", 0), (PLAIN[1 - at][1], 0), (answer, 1)):
            rows.append((f"n{at}", query, "", text, label))
    return rows


def rewrite_csv(*, labelled: bool = True) -> bytes:
    """The sheet as CSV, with or without its labels."""
    width = len(HEADER) if labelled else len(HEADER) - 1
    out = io.StringIO(newline="")
    csv.writer(out).writerows(row[:width] for row in (HEADER, *rewrite_rows()))
    return out.getvalue().encode("utf-8")


def rewrite_xlsx() -> bytes:
    """The sheet as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *rewrite_rows()):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
