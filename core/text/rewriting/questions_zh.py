"""Chinese question forms: where politeness stands that says nothing, what is written for spoken turns.

A 怎么 that complains («怎么还没到账», «怎么扣了我两次钱») does not ask for the way and is left alone. In
doubt nothing is found.
"""

import re
from collections.abc import Sequence

from core.text.rewriting.words import Word, cuts_a_word, words
from core.text.word_lists import pairs, word_lists

_LISTS = word_lists(__file__)

_GREETING = re.compile(r"(?:你好|您好|亲|大家好)[，,！!。、 ]+")
# These may be followed by 一下 and its like, …
_ASKING = re.compile("请问|我想问|我想知道|我想了解|我想咨询(?!.{0,4}(?:律师|医生|专家|客服|老师|顾问))")
# … these must: 咨询公司 is a company.
_ASKING_SHORTLY = re.compile("麻烦问|想问|想咨询|咨询|请教|帮我查|帮我看")
_SHORTLY = re.compile("一下|下|问|一?个问题")
_PAUSE = re.compile("[，,：:、 ]*")

_SPOKEN = dict(pairs(_LISTS["spoken"]))
_HOW = _LISTS["how"]
_BEFORE_HOW = frozenset(_LISTS["before_how"])
# In the clause after 怎么 these tell a complaint or a surprise. 了解, 还款 and 还原 are verbs.
_COMPLAINS = re.compile("[不没未无被]|了(?!解)|[这那]么|[这那]样|失败|错误?|异常|报错|多次|[两二三]次")
_COMPLAINING = frozenset(_LISTS["complaining"])
_COMPLAINT_ENDS = frozenset(_LISTS["complaint_ends"])
# What happens to someone, not what one does.
_HAPPENS = re.compile(
    "[扣涨降掉断坏丢漏停封限卡到成要让叫收]|闪退|死机|黑屏|发热|发烫|弹出|出现|发生|需要|冻结|拒|有|是|会|能|可以|敢"
)
_VERBS = frozenset(_LISTS["verbs"])
_TOWARDS = frozenset(_LISTS["towards"])
_MANNERS = frozenset(_LISTS["manners"])
_SPEAKER = _LISTS["speaker"]


def politeness(text: str, start: int) -> int:
    """Where the politeness ends that begins at a place of the text; the place itself when there is none."""
    greeting = _GREETING.match(text, start)
    if greeting is not None:
        return greeting.end()
    free, bound = _ASKING.match(text, start), _ASKING_SHORTLY.match(text, start)
    asking = free or bound
    if asking is None:
        return start
    shortly = _SHORTLY.match(text, asking.end())
    # 我想问下单: the 下 belongs to the word after it.
    if shortly is not None and (shortly[0] == "一下" or not cuts_a_word(text, start, shortly.end())):
        return _end_of_pause(text, shortly.end())
    if free is None or cuts_a_word(text, start, free.end()):
        return start
    return _end_of_pause(text, free.end())


def turns(text: str) -> list[tuple[int, int, str]]:
    """Places and what is written there instead, in order, without overlaps."""
    found = words(text)
    edits: list[tuple[int, int, str]] = []
    for at, word in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if edits and word.start < edits[-1][1]:
            continue
        joined = word.text + (after.text if after else "")
        if after is not None and joined in _SPOKEN and _ends_well(joined, found[at + 2 :]):
            edits.append((word.start, after.end, _SPOKEN[joined]))
        elif word.text in _SPOKEN and _ends_well(word.text, found[at + 1 :]):
            edits.append((word.start, word.end, _SPOKEN[word.text]))
        elif word.text in _HOW and _asks_for_way(before, found[at + 1 :]):
            edits.append((word.start, word.end, "如何"))
        elif word.text == "是不是" and after is not None and after.tag.startswith("v"):
            edits.append((word.start, word.end, "是否"))
        elif word.text == "有没有" and after is not None and after.tag not in ("x", "y"):
            edits.append((word.start, word.end, "是否有"))
    return edits


def _end_of_pause(text: str, start: int) -> int:
    pause = _PAUSE.match(text, start)
    return pause.end() if pause else start


def _ends_well(word: str, rest: Sequence[Word]) -> bool:
    """A «能不能» at the end of a sentence has nothing to ask about."""
    asks = word in ("能不能", "可不可以", "会不会", "需不需要", "支不支持")
    return not asks or bool(rest and rest[0].tag != "x")


def _asks_for_way(before: Word | None, rest: Sequence[Word]) -> bool:
    """Whether a verb follows, in a clause that does not complain."""
    clause = _clause(rest)
    if not clause or (before is not None and before.text in _BEFORE_HOW):
        return False
    if _COMPLAINS.search("".join(word.text for word in clause)) or clause[-1].text in _COMPLAINT_ENDS:
        return False
    if any(word.text in _COMPLAINING for word in clause):
        return False
    first = 0
    while first < len(clause) - 1 and clause[first].text in _MANNERS:
        first += 1
    verb, following = clause[first], clause[first + 1 : first + 3]
    if following and following[0].text in _SPEAKER:
        # 怎么收我手续费 complains, 怎么查我的订单 asks.
        return len(following) > 1 and following[1].text == "的" and _is_verb(verb)
    if verb.text in _TOWARDS and following:
        return any(_is_verb(word) for word in clause[first + 1 :])
    return _is_verb(verb)


def _clause(rest: Sequence[Word]) -> list[Word]:
    ends = next((at for at, word in enumerate(rest) if word.tag == "x" and word.text.strip()), len(rest))
    return [word for word in rest[:ends] if word.text.strip()]


def _is_verb(word: Word) -> bool:
    return word.text in _VERBS or (word.tag.startswith("v") and _HAPPENS.match(word.text) is None)
