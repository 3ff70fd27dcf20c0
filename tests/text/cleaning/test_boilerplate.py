"""What stays although many documents share it, and what still goes."""

from collections.abc import Callable

import pytest

from core.text.cleaning.documents import clean_documents

WORDS = ("hats", "bags", "toys", "pens", "mugs", "lamps")


def cleaned(documents: list[str]) -> list[str]:
    return [one.text for one in clean_documents(documents, ("boilerplate",))]


def body(n: int) -> str:
    return f"The article on {WORDS[n]} tells how {WORDS[n]} are chosen, cared for and sent back."


Make = Callable[[int], str]

STAYS: tuple[tuple[str, Make], ...] = (
    ("rating in the middle", lambda n: f"Review of the {WORDS[n]}\n{n + 1}/5\n{body(n)}"),
    ("rating at the end", lambda n: f"{body(n)}\n{n + 1}/5"),
    ("rating in words", lambda n: f"{body(n)}\n{n + 1} of 5\nBought in May."),
    ("ratings that repeat", lambda n: f"{body(n)}\n{n % 2 + 5}/6"),
    ("label and size", lambda n: f"{body(n)}\nThread size\n{n + 1}/4\nMade of steel {n}."),
    ("label and size at both ends", lambda n: f"Thread size\n{n + 1}/4\n{body(n)}\nThread size\n{n + 1}/4"),
    ("label and price", lambda n: f"{body(n)}\n\nPrice\n\n{n + 10}.50 €\n\nMade of steel {n}."),
    ("chinese label", lambda n: f"{body(n)}\n包装数量\n{n + 12} 件\n{n} 号仓库发货"),
    ("the same size everywhere", lambda n: f"{body(n)}\n12/34\nBought in May {n}."),
    (
        "program",
        lambda n: (
            f"import numpy as np\n\n\ndef total_of_{WORDS[n]}(x):\n    result = {n}\n    for row in x:\n"
            f"        result += np.sum(row) * weight_of_{WORDS[n]}\n    return result"
        ),
    ),
    (
        "comments of a program",
        lambda n: f"{WORDS[n]} = open('all_the_{WORDS[n]}.txt')\n// close it again\n{WORDS[n]}.close()",
    ),
    ("article with a function", lambda n: f"{body(n)}\n\n    for row in x:\n    return result\n\n{body(n)}"),
    ("one line of code", lambda n: f"{body(n)}\nimport numpy as np\n{body(n)}"),
    ("fenced code", lambda n: f"{body(n)}\n```\ninstall the package\n```\n{body(n)}"),
    ("chinese chapter", lambda n: f"第一章 总则\n{body(n)}"),
    ("chinese article", lambda n: f"第一条 适用范围\n{body(n)}"),
    ("chinese section", lambda n: f"一、适用范围\n{body(n)}"),
    ("chinese bracketed heading", lambda n: f"【售后说明】\n{body(n)}"),
    ("numbered heading", lambda n: f"2.1 Scope of the rules\n{body(n)}"),
    ("underlined heading", lambda n: f"Scope of the rules\n------------------\n{body(n)}"),
    ("bold heading", lambda n: f"**Scope of the rules**\n{body(n)}"),
    ("chinese answer", lambda n: f"关于{WORDS[n]}订单的售后咨询\n退款将在7个工作日内原路退回。\n{body(n)}"),
    ("english answer", lambda n: f"{body(n)}\nRefunds are paid within seven working days.\n{body(n)}"),
    ("question", lambda n: f"{body(n)}\nHow long does a refund take?\n{body(n)}"),
    ("sentence in quotation marks", lambda n: f"{body(n)}\n“退款将在7个工作日内原路退回。”\n{body(n)}"),
    (
        "answer broken into two lines",
        lambda n: (
            f"{body(n)}\n\nRefunds are paid to the card that was used for the\norder within a week.\n\n{n}"
        ),
    ),
    ("markdown table", lambda n: f"{body(n)}\n| Size | Price |\n|---|---|\n| {n} | {n * 3} |"),
    ("markdown table without a frame", lambda n: f"{body(n)}\nSize | Price\n---- | -----\n{n} | {n * 3}"),
    ("table with tabs", lambda n: f"{body(n)}\nSize\tPrice\tColour\n{n}\t{n * 3}\tred"),
    ("aligned columns", lambda n: f"{body(n)}\nSize       Price\n{n} cm       {n * 3} €"),
    ("number on a line", lambda n: f"{body(n)}\n1000\n{body(n)}"),
    ("line of stars", lambda n: f"{body(n)}\n★★★★★\n{body(n)}"),
)


@pytest.mark.parametrize(("name", "make"), STAYS, ids=[name for name, _ in STAYS])
def test_content_stays_however_many_documents_share_it(name: str, make: Make) -> None:
    documents = [make(n) for n in range(5)]
    assert cleaned(documents) == documents


GOES: tuple[tuple[str, Make], ...] = (
    ("navigation", lambda n: f"Home > Help > Returns\n{body(n)}"),
    ("navigation with bars", lambda n: f"Home | Shop | Help | Contact\n{body(n)}"),
    ("chinese navigation", lambda n: f"首页 > 帮助中心 > 退换货\n{body(n)}"),
    ("site header and footer", lambda n: f"Example Shop Help Center\n{body(n)}\nBack to the overview"),
    ("copyright", lambda n: f"{body(n)}\n© 2024 Example Shop. All rights reserved."),
    ("copyright with brackets", lambda n: f"{body(n)}\nCopyright(c) 2024 Example Shop (Europe)"),
    ("cookie notice", lambda n: f"This site uses cookies to improve your visit.\n{body(n)}"),
    ("chinese notices", lambda n: f"{body(n)}\n版权所有：示例商城\n免责声明：本站内容不构成建议。"),
    ("english disclaimer", lambda n: f"{body(n)}\nDisclaimer: this is no legal advice."),
    ("read more", lambda n: f"{body(n)}\nRead more..."),
    ("page of pages", lambda n: f"{body(n)}\nPage {n + 3} of 9"),
    ("page of pages in the middle", lambda n: f"{body(n)}\nPage {n + 3} of 9\n{body(n)} More."),
    ("page alone", lambda n: f"{body(n)}\npage {n + 3}"),
    ("page between dashes", lambda n: f"- {n + 3} -\n{body(n)}"),
    ("page of pages between dashes", lambda n: f"– {n + 3}/9 –\n{body(n)}"),
    ("chinese page", lambda n: f"{body(n)}\n第 {n + 3} 页 共 9 页"),
    ("chinese page with a slash", lambda n: f"{body(n)}\n{n + 3}/9页"),
    ("bare page at the end", lambda n: f"{body(n)}\n{n + 3}/9\n"),
    ("bare page at the start", lambda n: f"\n{n + 3} of 9\n{body(n)}"),
)


@pytest.mark.parametrize(("name", "make"), GOES, ids=[name for name, _ in GOES])
def test_headers_footers_and_notices_go(name: str, make: Make) -> None:
    left = cleaned([make(n) for n in range(5)])
    assert [text.removesuffix(f"\n{body(n)} More.") for n, text in enumerate(left)] == [
        body(n) for n in range(5)
    ]


def test_a_bare_page_number_within_a_document_stays() -> None:
    documents = [f"{body(n)}\n{n + 3}/9\n{body(n)}" for n in range(5)]
    assert cleaned(documents) == documents


def test_a_shared_line_goes_only_where_it_is_none_of_a_table() -> None:
    table = "Size\tPrice\n1\t2"
    documents = [f"{body(n)}\nExample Shop Help Center" for n in range(5)]
    assert cleaned([*documents, table]) == [*map(body, range(5)), table]
