"""The guard over proposals of a language model, in both languages."""

import pytest

from core.text.rewriting.drift import drift
from core.text.rewriting.glossary import glossary_from_rows
from tests.text.rewriting.rewriting_cases import GLOSSARY

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
        ("I don't know why I can't log in", "why can't I log in"),
        ("不知道为什么不能登录", "为什么不能登录"),
        ("order no. 12345 not arrived", "order number 12345 not arrived"),
        # The same denials and numbers, written otherwise
        ("my card doesnt work abroad", "card does not work abroad"),
        ("wifi wont connect", "Wi-Fi won't connect"),
        ("I cant return it, I dont have a receipt", "I cannot return it, I do not have a receipt"),
        ("neither card nor app works", "the card and the app do not work"),
        ("the seller pays, isnt it?", "the seller pays, is that so?"),
        ("没有发票不能保修吗", "无发票不可以保修吗"),
        ("支持不支持无理由退货", "能否无理由退货"),
        ("发货了没有", "是否已经发货"),
        ("无锡的别克车主能转移社保吗", "无锡别克车主如何转移社会保险"),
        ("贷款5万元怎么还", "贷款50000元怎么还"),
        ("注册资本1亿2千万", "注册资本1.2亿"),
        ("五万三千元的罚款", "5.3万元的罚款"),
        ("首付百分之三十", "首付30%"),
        ("return within thirty days", "return within 30 days"),
        ("fined two hundred and fifty euros", "fine of 250 euros"),
        ("loan of 5 million", "loan of 5,000,000"),
        ("between two and three weeks", "2 to 3 weeks"),
        ("我有一个问题，二审多久", "二审需要多久"),
    ],
)
def test_a_faithful_wording_passes(query: str, proposal: str) -> None:
    found = drift(query, proposal, CONTEXT, TERMS)
    assert found is None, found.text if found else ""


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
        # One of two denials
        ("未拆封的商品不能退吗", "未拆封的商品能退吗", "It lost a negation: «不»."),
        ("没有发票不能保修吗", "没有发票能保修吗", "It lost a negation: «不»."),
        ("未拆封的商品能退吗", "未拆封的商品不能退吗", "It added a negation: «不»."),
        (
            "I cannot return it without a receipt",
            "I can return it without a receipt",
            "It lost a negation: «cann",
        ),
        (
            "I dont know why my card isnt accepted",
            "I dont know why my card is accepted",
            "It lost a negation: «isn",
        ),
        # Words that only look like denials
        ("未成年人不能开户吗", "未成年人能开户吗", "It lost a negation: «不»."),
        ("无锡社保不能转移吗", "无锡社保能转移吗", "It lost a negation: «不»."),
        ("别克不支持无理由退货吗", "别克支持无理由退货吗", "It lost a negation: «不»."),
        # Words that deny although they begin like one that does not
        ("重启不管用怎么办", "重启管用怎么办", "It lost a negation: «不»."),
        ("未来得及付款怎么办", "来得及付款怎么办", "It lost a negation: «未»."),
        ("审核不过怎么办", "审核过怎么办", "It lost a negation: «不»."),
        # Numbers
        ("二审多久判决", "一审多久判决", "It lost «二»."),
        ("二套房首付多少", "首套房首付多少", "It lost «二»."),
        ("三位受益人怎么分配", "受益人怎么分配", "It lost «三»."),
        ("两笔转账", "转账", "It lost «两»."),
        ("生三胎有补贴吗", "生二胎有补贴吗", "It lost «三»."),
        ("cancel within thirty days", "cancel within ninety days", "It lost «thirty»."),
        ("refund in twenty-one days", "refund in fourteen days", "It lost «twenty-one»."),
        ("refund in days", "refund in fourteen days", "It added «fourteen», which"),
        ("fine of two thousand euros", "fine of two hundred euros", "It lost «two thousand»."),
        ("注册资本5亿怎么实缴", "注册资本5万怎么实缴", "It lost «5亿»."),
        ("预算5-10亿", "预算5-10万", "It lost «5-10亿»."),
        ("罚款3万怎么交", "罚款3元怎么交", "It lost «3万»."),
        ("赔偿三分之一", "赔偿三分之二", "It lost «三分之一»."),
    ],
)
def test_a_wording_that_drifts_is_rejected_with_the_reason(query: str, proposal: str, reason: str) -> None:
    found = drift(query, proposal, CONTEXT, TERMS)
    assert found is not None and found.text.startswith(reason), found
