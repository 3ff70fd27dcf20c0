"""Two sample queries to try rewriting on, written for this project, and the sample glossary.

Each query hides what it is about behind a pronoun and an abbreviation; one document answers it.
"""

from dataclasses import dataclass
from typing import Literal

from core.text.rewriting.glossary import SAMPLE, Glossary
from core.workflows.rewrite.data import read_glossary


@dataclass(frozen=True, slots=True)
class RewriteSample:
    """A query with the context its pronoun points to. answer: position of the document that answers it."""

    language: Literal["zh", "en"]
    title: str
    query: str
    context: str
    documents: tuple[str, ...]
    answer: int


REWRITE_SAMPLES: tuple[RewriteSample, ...] = (
    RewriteSample(
        "zh",
        "中文：它怎么开票",
        "请问它怎么开票？",
        "客户上周办理了云帆企业邮箱的续费。",
        (
            "云帆企业邮箱忘记密码时，可由管理员在后台为成员重置。",
            "请问打印机怎么开票？蓝鲸打印机的发票随货寄出，收到后请核对抬头。",
            "电影票可在开场前三十分钟到自助机上取票。",
            "云帆网盘会员需要纸质发票的，请联系在线客服登记邮寄地址。",
            "云帆企业邮箱的管理员在“费用中心—发票管理”中申请开具发票，续费后即可选择电子发票。",
            "怎么开机：长按电源键三秒，待指示灯亮起。",
            "邮箱容量不足时，可以清理附件或购买扩容包。",
            "火车票改签后，原票的报销凭证作废。",
        ),
        4,
    ),
    RewriteSample(
        "en",
        "English: turn it off",
        "Could you tell me how I can turn off 2FA on it?",
        "The customer has set up a Northwind NAS 400 for the office.",
        (
            "To turn off the Northwind NAS 400, hold the power button until the light fades.",
            "Two-factor authentication protects an account with a second code in addition to the password.",
            "How to turn off 2FA on the Contoso router: open Security, Sign-in, and switch it off.",
            "The Northwind NAS 400 has four drive bays and supports disks of up to 20 TB.",
            "On the Northwind NAS 400, open Control Panel, Users, and disable two-factor authentication "
            "for the account; you need one code to confirm.",
            "Notifications can be turned off for each folder separately.",
            "If the NAS is not found in the network, check the cable and restart the router.",
            "The 2FA series of filters fits all kitchen taps with a standard thread.",
        ),
        4,
    ),
)


def sample_glossary() -> Glossary:
    """The glossary that ships with the workbench."""
    return read_glossary(sample_glossary_file(), SAMPLE.name)


def sample_glossary_file() -> bytes:
    """Its CSV, to start an own one from; with a byte-order mark, so that Excel shows Chinese."""
    return b"\xef\xbb\xbf" + SAMPLE.read_bytes()
