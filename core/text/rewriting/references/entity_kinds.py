"""What a name of the context may be, by the words around it: a thing, a person, a place, a company.

«it» stands for a thing only. Where a name may as well be the seller, the customer or an amount, it is no
thing: in doubt a pronoun stays. A context that is nothing but the name of a place is about it. Where names
stand is known by `names_en` and `names_zh`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.text.rewriting.references.people import Gender, has_first_name, is_announced
from core.text.rewriting.words import Word
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

EntityKind = Literal["thing", "person", "place", "organisation"]

_THING: frozenset[EntityKind] = frozenset({"thing"})
_PLACE_ONLY: frozenset[EntityKind] = frozenset({"place"})
_COMPANY_AT_PLACE: frozenset[EntityKind] = frozenset({"organisation", "place"})

# Lower is likelier. Among equals, the one mentioned last.
NAMED, BESIDE, TERM, GROUP, WHOLE = range(5)


@dataclass(frozen=True, slots=True)
class Entity:
    """A candidate. tier: how likely it is what a pronoun means, the lowest first; place: where it stands.

    inside: whether one is «in» it, as in a city, not «at» it. plural: whether «they» are it, not «it».
    clause: the number of the clause of the context in which it stands.
    joined: whether nothing but «and» or «or» stands between it and another one.
    gender: of a person, hinted_gender: by its sound only.
    sure: whether it is certain where the name begins and ends.
    beside_another: «it» may be the thing beside it.
    """

    text: str
    kinds: frozenset[EntityKind]
    tier: int
    place: int
    inside: bool = False
    plural: bool = False
    clause: int = 0
    joined: bool = False
    gender: Gender = ""
    hinted_gender: bool = False
    sure: bool = True
    beside_another: bool = False


_CURRENCY = "|".join(_LISTS["currency"])
_UNIT = "st|nd|rd|th|am|pm|AM|PM|kg|g|KB|MB|GB|TB|km|cm|mm|m|ml|l|min|h|W|kW|V|mAh|Hz|GHz"
_AMOUNT = re.compile(
    rf"\d[\d.,]*[ -]?(?:{_CURRENCY})|(?:{_CURRENCY})[ -]?\d[\d.,]*|(?:{_CURRENCY})|\d[\d.,]*(?:{_UNIT})"
    r"|(?:\d+(?:st|nd|rd|th)? )?(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?: \d+(?:st|nd|rd|th)?)?"
)
_ARTICLE = re.compile(r"\b(?:the|a|an|my|our|your|this|that|new)\s+$", re.I)
_GIVEN = "(?:[A-Z]['’]|Mc|Mac)?[A-Z][a-zà-ÿ'’-]+"
_PERSON_SHAPE = re.compile(rf"{_GIVEN}(?: {_GIVEN}){{0,2}}")
_AFTER_PERSON = re.compile(
    r"\s+(?:(?:has|had|just|recently|already|also)\s+)*(?:bought|buys|ordered|orders|purchased|lives?|lived|owns"
    r"|wants|wanted|wrote|writes|called|calls|asks|asked|says|said|complained|paid|received|returned|subscribed"
    r"|contacted|booked|reports|reported|signed|would like|divorced|married|died|sued|resigned|joined)\b"
)
# Of a person or of a thing: «Maria Lopez has a subscription», «Photoshop has a trial».
_AFTER_EITHER = re.compile(r"\s+(?:has|had|needs|needed)\b")
_AFTER_FIRST_NAME = re.compile(
    r"\s*(?:[.,;!?]|$)|\s+(?:and|or|to|in|at|on|for|from|with|about|is|was|has|had|will|can|who|split|saw|left|came|went|got"
    r"|says|said|starts|wants|needs|lives|works|joins|leaves|handles|runs|manages|[a-z]+ed)\b"
)
_BEFORE_PERSON = re.compile(
    r"\b(?:customer|user|client|buyer|caller|guest|patient|passenger|member|colleague|friend|husband|wife|dear"
    r"|hired|fired|promoted|interviewed|recruited|ping|pinged|met|ask|call|email|tell|contact|message|hire"
    r"|(?:speak|talk|listen|wait|report|belongs?) (?:with|to|for)|my name is|name:"
    r"|i am|i['’]m|(?:spoke|talked|chatted|dealt|met) (?:with|to)|called|emailed"
    r"|told|asked?"
    r"|contacted)[:,]?\s+$",
    re.I,
)
_PLACE = re.compile(
    r"(?:^|\W)(?:left|leaving|reached|reaching|in|at|to|near|visit|visiting|visited|around)\s+(?:the\s+)?$",
    re.I,
)
_AT = re.compile(r"\bat\s+(?:the\s+)?$", re.I)
_PLACE_END = re.compile(
    r"\b(?:City|Street|Road|Airport|Hospital|University|College|Hotel|Store|Station|Park|Museum|Mall"
    r"|Restaurant|Inn|Court|Resort|Shop|store|shop|branch|hotel|clinic|court|restaurant|hospital|office"
    r"|Cafe|Library|Centre|Center|Branch|Clinic|School|Beach|Island)$"
)
# «upgraded to Photoshop» goes nowhere, nor does who looks at a phone or works in a program.
_NO_PLACE = re.compile(
    r"\b(?:(?:upgrad|switch|updat|subscrib|connect|log|sign|migrat|chang|compar)\w*"
    r"(?: (?:in|up|over|back|from [A-Z]\w*))? to|mov\w* (?:my |our |the )?(?:\w+ )?to"
    r"|look\w* at|log\w* in(?:to)?|work\w* (?:in|with|on|at))"
    r"\s+(?:the\s+|a\s+)?$",
    re.I,
)
# «signed up for», «looking for»: it is what one gets.
_WANTED = re.compile(
    r"\b(?:sign\w* up|look\w*|wait\w*|appl\w*|regist\w*|pa\w+|ask\w*|enrol\w*|subscri\w*|shop\w*"
    r"|search\w*|booking is|ticket is|order is) for\s+(?:the\s+|a\s+)?$",
    re.I,
)
_COMPANY_END = re.compile(
    r"\b(?:Inc|Ltd|LLC|GmbH|Corp|Company|Group|Properties|Bank|Airlines|Insurance|Partners|Holdings|Associates"
    r"|Solutions|Agency)\.?$"
)
_DEALT_WITH = re.compile(
    r"\b(?:insured with|covered by|banking? with|account with|contract with|works? for)\s+$", re.I
)
# «Currys sells», «Amazon delivered»: who does so is asked about as «they».
_SELLS = re.compile(
    r"\s+(?:sells?|sold|offers?|charges?|charged|owes?|delivers?|delivered|shipped|ships|refused|cancelled|canceled"
    r"|rejected|declined|promised|sent|billed|emailed|replied|denied|approved|lost|refunded|installed|repaired)\b"
)
# «switching to Monzo»: a thing to have, and those who work there.
_JOINS = re.compile(
    r"\b(?:switch|mov|join|sign|register|enrol|subscrib|transfer|insur|bank|work"
    r"|train)\w*(?: up| over| my \w+)? "
    r"(?:to|with|for|at|in)\s+$",
    re.I,
)
# «I save my bookmarks in Pocket», «stuck in Vim».
_KEPT_IN = re.compile(
    r"\b(?:sav|stor|keep|kept|put|writ|wrot|buil|track|log|manag|edit|stuck|work"
    r"|draft|creat|mak|mad|cod|design)\w*\b[^.!?]* in\s+$",
)
_VISITS = re.compile(r"\b(?:visit|visits|visited|visiting|toured?|touring|explore)\s+(?:the\s+)?$", re.I)
_SHIPS_WITH = re.compile(r"\b(?:with|through|via)\s+$")
_INCLUDING = re.compile(
    r"\b(?:landlord|employer|insurer|bank|carrier|provider|company|courier|supplier|agency|airline|garage|dealer|hotel|school"
    r"|gym|lender|operator|vendor) (?:is|called)\s+$",
    re.I,
)
# Who sold or made it, or whom it is for.
_SELLER = re.compile(r"(?:^|\W)(?:from|by|via|through|for)\s+$|(?:^|\W)(?:from|by)\s+the\s+$", re.I)

_PERSON_END_ZH = frozenset("先生 女士 老师 医生 律师 教授 经理 主任 总监 师傅 同学 主管 院长 校长".split())
_CUSTOMERS_ZH = frozenset("客户 用户 顾客 会员 买家 同事 朋友 患者 家属 业主 员工 学生 投保人 投资者".split())
PLACE_END_ZH = re.compile(
    "(?:市|省|县|区|镇|路|街|店|门店|机场|医院|大学|学院|学校|银行|酒店|宾馆|车站|火车站|地铁站|博物馆"
    "|公园|中心"
    "|商场|图书馆|网点|营业厅|分行|支行|景区)$"
)
# jieba takes 银行卡 for a person.
_COMPANY_ENDS = "|".join(_LISTS["company_ends"])
_COMPANY_END_ZH = re.compile(f"(?:{_COMPANY_ENDS})$")
_THING_END_ZH = re.compile("..[卡机器券单票证表车灯锁包箱柜床鞋衣裤裙药险款账号]$")
_SELLERS_ZH = frozenset("在 从 由 向 到 去".split())


def kinds_en(name: str, before: str, after: str) -> frozenset[EntityKind]:
    """Of a Latin name between two parts of a text. A digit tells a product: to the Acme Router X2."""
    if _AMOUNT.fullmatch(name):
        return frozenset()
    if _COMPANY_END.search(name) or _INCLUDING.search(before) or _DEALT_WITH.search(before):
        return frozenset({"organisation"})
    if _PERSON_SHAPE.fullmatch(name):
        if is_announced(before) or _is_first_name(name, before, after):
            return frozenset({"person"})
        if not _ARTICLE.search(before) and (_BEFORE_PERSON.search(before) or _AFTER_PERSON.match(after)):
            return frozenset({"person"})
        if not _ARTICLE.search(before) and _AFTER_EITHER.match(after):
            return frozenset() if has_first_name(name) or " " not in name else frozenset({"organisation"})
    return _by_company(name, before, after) or _place_or_thing(name, before, after)


def _by_company(name: str, before: str, after: str) -> frozenset[EntityKind] | None:
    """What is wanted, visited or dealt with; None where nothing says so."""
    if _WANTED.search(before):
        return frozenset({"thing"})
    if _VISITS.search(before) or (_KEPT_IN.search(before) and not _PLACE_END.search(name)):
        return frozenset({"thing", "place"})
    if _SELLS.match(after) and not _ARTICLE.search(before):
        return frozenset({"organisation"})
    if _SHIPS_WITH.search(before) or _JOINS.search(before):
        return frozenset({"thing", "organisation"})
    return None


def _place_or_thing(name: str, before: str, after: str) -> frozenset[EntityKind]:
    if _PLACE_END.search(name):
        only = (before + after).strip(" .?!")
        return _COMPANY_AT_PLACE if only else frozenset({"thing", "place"})
    if _PLACE.search(before) and not _NO_PLACE.search(before):
        product = any(c.isdigit() for c in name) and not _AT.search(before)
        return frozenset({"thing", "place"}) if product else frozenset({"place"})
    if _SELLER.search(before):
        return frozenset() if has_first_name(name) else frozenset({"organisation"})
    return frozenset({"thing"})


def _is_first_name(name: str, before: str, after: str) -> bool:
    """«Karen Doyle», or a first name alone where a verb, a mark or another name follows."""
    if not has_first_name(name) or _ARTICLE.search(before):
        return False
    return " " in name or _AFTER_FIRST_NAME.match(after) is not None


def kinds_zh(group: Sequence[Word], beside: str, *, whole: bool) -> frozenset[EntityKind]:
    """Of a Chinese group of nouns. beside: the word before it. whole: whether the context is nothing else."""
    name, last = "".join(word.text for word in group), group[-1]
    if last.text in _PERSON_END_ZH:
        return frozenset({"person"})
    if _AMOUNT.fullmatch(name):
        return frozenset()
    alone = len(group) == 1 or all(word.text in _CUSTOMERS_ZH for word in group[:-1])
    if last.tag == "nr" and alone and 2 <= len(last.text) <= 4 and not _THING_END_ZH.search(last.text):
        # Many a brand is a surname, too.
        return frozenset({"thing", "person"}) if whole else frozenset({"person"})
    if _COMPANY_END_ZH.search(name) or (last.tag == "nt" and not PLACE_END_ZH.search(name)):
        return _COMPANY_AT_PLACE | (_THING if whole else frozenset[EntityKind]())
    if PLACE_END_ZH.search(name) or last.tag in ("ns", "nt"):
        return _PLACE_ONLY | (_THING if whole else frozenset[EntityKind]())
    if beside in _SELLERS_ZH and not any(c.isascii() for c in name):
        return frozenset({"organisation"})
    return _THING
