"""Two small sample requests, written for this project, to try the tool in a minute.

Each has one clear answer that does not stand first, near misses that share the query's words, and fillers.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sample:
    """A query, its documents in the order a keyword search might give, and the answer's position (from 0)."""

    language: Literal["zh", "en"]
    title: str
    query: str
    documents: tuple[str, ...]
    answer: int


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "zh",
        "中文：退款到账",
        "退的钱多久能到账",
        (
            "如需换货，请在订单详情页选择“换货”，并在七天内寄回商品。",
            "退货商品须保持吊牌完整、不影响二次销售，退货运费由买家承担。",
            "充值到账可能有几分钟的延迟，请刷新页面后再查看账户余额。",
            "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
            "发票将在订单完成后的24小时内发送到您填写的电子邮箱。",
            "您可以在“我的—订单”中查看物流进度和预计送达时间。",
            "优惠券过期后不退还，也不能兑换成现金。",
            "提交退款申请后，商家会在48小时内进行审核，请留意站内消息。",
            "会员积分每年12月31日清零，请及时在积分商城使用。",
            "如果银行卡已注销，请联系在线客服登记新的收款账户。",
        ),
        3,
    ),
    Sample(
        "en",
        "English: lost phone",
        "I lost my phone and can't get the login code any more",
        (
            "To change the phone number printed on your invoices, open Billing and edit the contact details.",
            "Login codes are valid for 30 seconds; check that your phone's clock is set automatically.",
            "You can sign in on up to five devices at the same time with one account.",
            "If the device with your authenticator app is gone, sign in with one of the ten recovery codes "
            "you saved, then remove the old device under Security.",
            "Our phone support is available from 8 am to 6 pm on working days.",
            "Lost a parcel? Report it to the carrier within 14 days so that we can send a replacement.",
            "Passwords must have at least twelve characters and may not repeat the last five.",
            "The code on the back of the gift card is entered at checkout, before payment.",
            "An administrator can turn on two-step verification for everybody in the organisation.",
            "We never ask for your password or login code by phone or e-mail.",
        ),
        3,
    ),
)
