"""Which words of a text deny something, in both languages; the guard over proposals counts them.

A word that only looks like a denial («无锡», «是不是», «, isn't it?») is none. What is denied is left open.
"""

import re
import unicodedata

from core.text.scripts import HAN

# Verbs whose negation is often typed without its apostrophe: doesnt, cant, wont.
_AUXILIARIES = "is|are|was|were|do|does|did|has|have|had|ca|wo|could|would|should|might|must|need|ai|sha"
_NEGATION_EN = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|without|cannot|unable|lacks?|except"
    # «neither A nor B» denies once.
    r"|neither(?:(?: [\w'’-]+){1,6}? nor)?|nor"
    rf"|[a-z]+n['’]t|(?:{_AUXILIARIES})nt"
    r"|non(?=-))\b",
    re.IGNORECASE,
)
# «I don't know why …» denies nothing of what is asked; «no. 12» numbers.
_NO_NEGATION_EN = re.compile(
    r"\b(?:(?:do not|don['’]?t|not) (?:really )?(?:know|understand|sure)"
    r"(?= (?:why|how|what|where|when|which|if)\b)|no\.?(?= ?\d))",
    re.IGNORECASE,
)
# «isn't it» at the end only asks.
_TAG_QUESTION = re.compile(r",\s*(?:is|do|does|did|are|was|wo|ca)n['’]?t \w+\s*\?*$", re.IGNORECASE)
_NEGATION_ZH = re.compile("[不没無无未勿莫非别]")
# Words in which these characters deny nothing, and questions of the form A-not-A. Where a longer word denies
# (不管用, 不断电, 未来得及), the short one is not taken for one of these.
_NO_NEGATION_ZH = re.compile(
    r"(.{1,2})[不没]\1|(?<=了)没有?(?=[？?。]*$)"
    r"|(?:不知道?|不太?清楚|不太?明白|不太?懂)(?=为什么|为何|为啥|怎么|如何|什么|哪)|不知(?=道)"
    r"|不仅|不但|不只|不论|不错|不如|不得不|不好意思|对不起|不客气|要不然|差不多|只不过"
    rf"|(?<![{HAN}])不过"
    r"|不断(?![电网线流货联])|不管(?![用理])|不同(?![意步])|不少(?!于)|不久|不锈钢|不动产|不粘锅|不干胶"
    r"|未来(?!得及)|未成年|未央"
    r"|无论|无线|无人机|无障碍|无锡|无极|无理由|无所谓|无聊|无疑|无印良品|无忧|无名指|没关系|没问题"
    r"|别人|别的|别墅|别名|别称|别处|别致|别克|级别|类别|区别|性别|个别|特别|分别|告别|识别|鉴别|辨别"
    r"|甄别|派别|国别|职别|道别|送别|临别"
    r"|非常|并非常|除非|非洲|非典|非遗|非凡|是非|莫斯科|莫名|莫高窟|莫兰迪|莫干山|莫扎特|勿忘我"
)


def denials(text: str) -> list[str]:
    """Every denial of a text as it is written, the English ones first."""
    plain = unicodedata.normalize("NFKC", text)
    # «How come it doesn't» denies.
    asked = _TAG_QUESTION.sub("", plain)
    found = [match.group() for match in _NEGATION_EN.finditer(_NO_NEGATION_EN.sub("_", asked))]
    return found + _NEGATION_ZH.findall(_NO_NEGATION_ZH.sub("〇", asked))
