"""The guard over proposals of a language model, in both languages."""

import pytest

from core.text.glossary import glossary_from_rows
from core.text.rewriting_drift import drift
from tests.text.rewriting_cases import GLOSSARY

TERMS = glossary_from_rows(GLOSSARY)
CONTEXT = "I bought the Acme Router X2 in 2025. 客户购买了北辰路由器AX30。"


@pytest.mark.parametrize(
    ("query", "proposal"),
    [
        ("How do I reset it?", "How to reset the Acme Router X2?"),
        ("refund within 3 days", "Can I get a refund within three days?"),
        ("2FA not working", "two-factor authentication does not work"),
        ("price of 1,200 units", "What do 1200 units cost?"),
        ("Is VPN not working in Berlin?", "Why is the VPN not working in Berlin?"),
        ('meaning of "grace period"', "What is the grace period?"),
        ("how to log in", "How to sign in?"),
        ("三天内能退款吗", "3天内是否可以退款"),
        ("能不能退货", "是否可以退货"),
        ("有没有发票", "是否有发票"),
        ("无法登录E1001", "E1001登录不了怎么办"),
        ("wifi连不上", "无法连接Wi-Fi"),
        ("社保怎么转", "社会保险如何转移"),
        ("它怎么重置", "北辰路由器AX30如何重置"),
        ("第二十一条是什么", "第21条的内容是什么"),
        ("特别贵吗", "价格贵吗"),
    ],
)
def test_a_faithful_wording_passes(query: str, proposal: str) -> None:
    found = drift(query, proposal, CONTEXT, TERMS)
    assert found is None, found.message if found else ""


@pytest.mark.parametrize(
    ("query", "proposal", "reason"),
    [
        ("error 404 on login", "error on login", "It lost «404»."),
        ("refund within 3 days", "refund within 30 days", "It lost «3»."),
        ("ORA-00942 in reports", "table or view missing in reports", "It lost «ORA-00942»."),
        ("set user_id", "set the user identifier", "It lost «user_id»."),
        ("how to reset", "how to reset in 10 seconds", "It added «10», which"),
        ("parcel from Hamburg late", "late parcel from the port", "It lost the name «Hamburg»."),
        ("phone battery drains", "battery of the Samsung phone drains", "It added the name «Samsung», which"),
        ("card does not work", "card works", "It lost a negation: «not»."),
        ("card works", "card does not work", "It added a negation: «not»."),
        ("refund without receipt", "refund with receipt", "It lost a negation: «without»."),
        ("refund policy", "退款政策", "It is in another language"),
        ("退款政策", "refund policy", "It is in another language"),
        ("refund", "", "It is empty."),
        ("refund", "x" * 500, "It has 500 characters, the query 6;"),
        ("三天内能退款吗", "能退款吗", "It lost «三»."),
        ("错误码E1001", "错误码是什么意思", "It lost «E1001»."),
        ("不能登录怎么办", "登录怎么办", "It lost a negation: «不»."),
        ("可以退货吗", "为什么不能退货", "It added a negation: «不»."),
        ("未收到验证码", "收到验证码", "It lost a negation: «未»."),
        ("在北京怎么报销", "怎么报销", "It lost the name «北京»."),
        ("怎么报销", "在深圳怎么报销", "It added the name «深圳», which"),
        ("《云帆协同》怎么用", "协同软件怎么用", "It lost the name «《云帆协同》»."),
    ],
)
def test_a_wording_that_drifts_is_rejected_with_the_reason(query: str, proposal: str, reason: str) -> None:
    found = drift(query, proposal, CONTEXT, TERMS)
    assert found is not None and found.message.startswith(reason), found
