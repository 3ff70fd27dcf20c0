"""A small labelled sheet as people upload it, for tests of the pages that take one."""

import csv
import io

TOPICS = (
    "退款",
    "发票",
    "物流",
    "会员积分",
    "优惠券",
    "修改密码",
    "换货",
    "保修",
    "取消订单",
    "开具证明",
    "客服电话",
    "配送范围",
)


def labelled_rows(labelled: bool = True) -> list[list[object]]:
    """Twelve queries whose answer stands last of three; the middle document is unjudged."""
    rows: list[list[object]] = [["查询", "文档", "标签", "分组"]] if labelled else [["查询", "文档"]]
    for number, topic in enumerate(TOPICS):
        others = (TOPICS[(number + 3) % 12], TOPICS[(number + 5) % 12])
        documents = [
            (f"关于{others[0]}的说明在帮助中心第{number}页。", 0),
            (f"{others[1]}请咨询门店。", ""),
            (f"{topic}的办理方法：打开“我的”，选择{topic}并提交。", 2),
        ]
        for text, label in documents:
            cells: list[object] = [f"怎么办理{topic}？", text]
            rows.append([*cells, label, "单" if number % 2 else "双"] if labelled else cells)
    return rows


def as_csv(rows: list[list[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8")


LABELLED, UNLABELLED = as_csv(labelled_rows()), as_csv(labelled_rows(labelled=False))
