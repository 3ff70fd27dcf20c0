"""What can be told of a text by its letters alone: its words, numbers, negations, writing and likeness.

Enough to say that one text has a word, a number or a «not» and another lacks it; what a text means is beyond
it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import rjieba

_SPACE = re.compile(r"\s+")
# Said here too, because measures know nothing of `core.text`.
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# «2260», «b-17», «v1.2.3», «2021» in «2021年»: words of Latin letters and digits, joined as typed.
_CODE = re.compile(r"[a-z0-9]+(?:[./_-][a-z0-9]+)*")
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)*")
# «千年» and «万人» give no number.
_NUMBER_ZH = re.compile(
    r"(?![百千万亿][^一二两三四五六七八九十百千万亿])[一二两三四五六七八九十百千万亿]{1,6}(?=[年月日天个次人名元分岁倍米克度小周%％]|百分)"
)
# Chinese words that say nothing of what is asked; single characters count as nouns and verbs only.
_IDLE_ZH = frozenset(
    "的 了 是 在 有 和 与 及 或 吗 什么 怎么 怎样 如何 哪个 哪些 哪里 哪种 多少 多久 为什么 可以 能够 需要 "
    "应该 一个 一种 这个 那个 我们 你们 他们 自己 没有 不能 不是 就是 可能 以及 并且 进行 要 能 会 做 用 "
    "让 去 来 到 说 想 给 把 被 从 对 于 为 由 其 这 那 之 请 上 下 中 后 前 里 外 不 也 都 就 还 又 很 更 "
    "最".split()
)
_TELLING_TAGS = ("n", "v")
_IDLE = frozenset(
    (
        "a|an|the|of|in|on|at|to|for|from|by|with|and|or|is|are|was|were|be|been|being|do|does|did|"
        "can|could|how|what|when|where|which|who|whom|whose|why|i|you|he|she|it|we|they|my|your|his|"
        "her|its|our|their|this|that|these|those|there|as|if|than|then|so|such|not|no|nor|but|about|"
        "into|over|under|per|via|get|use|using|has|have|had|will|would|should|may|might|must|me|us|"
        "up|out|one"
    ).split("|")
)
_ENDINGS = re.compile(r"(?:ings?|ed|es|s|e|ly)$")
# «不» before one of these leaves something out; elsewhere it may be a part of a name, 公民不服从.
_LEAVES_OUT = re.compile(
    r"不(?:含|包括|包含|支持|能|可|需|用|要|会|是|允许|提供|收|带|加|得|适|在|属|算|退|换|开放|计)"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|except|excluding|excludes?|unless|neither|nor|lacks?|lacking|fails?|cannot"
    r"|unable|absence|free of)\b|n't\b"
    r"|不|没|未|无|非|除了|除外|以外|之外"
)
# Words and questions in which «not» denies nothing.
_NOT_NEGATED = re.compile(
    r"非常|无线|无论|未来|不锈钢|不同|不仅|不但|不过|不断|不管|是不是|能不能|可不可以|有没有|会不会|要不要|是否|是非|不久"
    r"|\bnot only\b|\bwhy (?:not|don't)\b"
)
# A capital after the first word, capitals in a row, letters with digits.
_NAME = re.compile(
    r"(?<=[\w,;] )[A-Z][\w-]+|\b[A-Z][A-Z0-9]+[\w-]*|\b[A-Za-z]+-?\d+[A-Za-z0-9]*\b|\b[a-z]+[A-Z]\w*"
)
# jieba's tags of people, places and organisations.
_NAME_TAGS = frozenset(("nr", "nrt", "nrfg", "ns", "nt"))
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|often|large|big|high|tall)\b|\bwhen\b"
    r"|\b(?:which|what) (?:year|date|time|price|percent|percentage)\b"
    r"|多少|几[年月日天个次人名元分岁倍种小周]|第几|哪[一]?[年月日天]|何时|什么时候|多[久长大高远重深宽快古]"
)


def folded(text: str) -> str:
    """Case, width and spacing aside, so that «ＡＢＣ» and «abc» are the same words."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip(" ?？。.!！")


def contains_exactly(text: str, query: str) -> bool:
    """Whether a folded text has the whole folded query, or every number and code in it."""
    if not query:
        return False
    if query in text:
        return True
    codes = {word for word in _CODE.findall(query) if any(letter.isdigit() for letter in word)}
    return bool(codes) and codes <= _codes(text)


def _codes(text: str) -> set[str]:
    """Codes as typed, and the parts of names of code: s3 in s3_connect."""
    found = _CODE.findall(text)
    return {*found, *(part for code in found for part in code.split("_"))}


def terms(text: str, *, parts: bool = True) -> frozenset[str]:
    """Words that carry meaning: stems of Latin words, also inside names of code, and Chinese words.

    parts: also the words inside longer Chinese words, 路由 in 路由器.
    """
    plain = unicodedata.normalize("NFKC", text)
    latin = _LATIN.findall(_CAMEL.sub(" ", plain).casefold())
    found = {_ENDINGS.sub("", word) or word for word in latin if len(word) > 1 and word not in _IDLE}
    if _HAN.search(plain):
        cut = rjieba.cut_for_search if parts else rjieba.cut
        found.update(word for word in cut(plain) if len(word) > 1 and _HAN.fullmatch(word))
        found.update(word for word, tag in rjieba.tag(plain) if len(word) == 1 and tag in _TELLING_TAGS)
    return frozenset(found - _IDLE_ZH)


def numbers(text: str) -> frozenset[str]:
    """Numbers without separators of thousands, and Chinese ones before a unit."""
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(
        [found.replace(",", "").rstrip(".") for found in _NUMBER.findall(plain)] + _NUMBER_ZH.findall(plain)
    )


def asks_number(query: str) -> bool:
    """Whether the answer to a query is a number or a date."""
    return bool(_ASKS_NUMBER.search(folded(query)))


def negates(text: str) -> bool:
    """Whether something is denied or left out in a text."""
    return bool(_NEGATION.search(_NOT_NEGATED.sub(" ", folded(text))))


def asks_without(query: str) -> bool:
    """Whether a query denies something or leaves it out, and not only a name in it does."""
    said = _NOT_NEGATED.sub(" ", folded(query))
    return bool(_LEAVES_OUT.search(said)) or negates(said.replace("不", " "))


def writing(text: str) -> str:
    """«Han» or «Latin», by what most of its words are written in; empty where neither is."""
    han = sum(map(len, _HAN.findall(text)))
    latin = len(_LATIN.findall(text.casefold()))
    return "" if han == latin == 0 else "Han" if han >= latin else "Latin"


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of both that are common (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def rarity(texts: Iterable[frozenset[str]]) -> Mapping[str, float]:
    """Of every word of the texts, the share of them that have it."""
    counted: dict[str, int] = {}
    total = 0
    for words in texts:
        total += 1
        for word in words:
            counted[word] = counted.get(word, 0) + 1
    return {word: count / total for word, count in counted.items()}


def names(query: str) -> tuple[str, ...]:
    """Names in a query, folded: capitals inside a sentence, letters with digits, Chinese names."""
    plain = unicodedata.normalize("NFKC", query)
    found = [match[0] for match in _NAME.finditer(plain)]
    if _HAN.search(plain):
        found += [word for word, tag in rjieba.tag(plain) if tag in _NAME_TAGS and len(word) > 1]
    return tuple(dict.fromkeys(folded(name) for name in found))
