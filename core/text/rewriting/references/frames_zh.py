"""Frames of Chinese clauses that say where a name begins and where it ends: 买了…, 用…传文件, 在…上.

What stands in a frame is taken whole, however jieba would cut it, so that no name is shortened or goes on
into what is done with it. Whether it may be a name is decided in `edged_names_zh`; names outside a frame are
found in `names_zh`, people in `people`.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.references.edged_names_zh import (
    AT_COMPANY,
    COMPANY_END,
    COMPANY_ENDS,
    SAID_OF,
    STARTS_AS_PERSON,
    is_plain,
    kinds_of,
    things,
    without_rest,
)
from core.text.rewriting.references.entity_kinds import NAMED, PLACE_END_ZH, Entity, EntityKind
from core.text.rewriting.references.people import PEOPLE_ZH, is_role, people_zh
from core.text.rewriting.words import is_dictionary_word, words
from core.text.scripts import HAN
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)


def _any(name: str) -> str:
    return "|".join(sorted(_LISTS[name], key=len, reverse=True))


_CLAUSE = re.compile(r"(?:[^，。！？；：,!?;:\n.]|[.:,](?=\d))+")
# Letters of a name, blanks inside it.
_X = rf"[{HAN}A-Za-z0-9](?:[{HAN}A-Za-z0-9 .+/&·-]*[{HAN}A-Za-z0-9+])?"
# The same, as short as what follows allows.
_SHORT = rf"[{HAN}A-Za-z0-9](?:[{HAN}A-Za-z0-9 .+/&·-]*?[{HAN}A-Za-z0-9+])??"
_LATIN = r"[A-Za-z][A-Za-z0-9 .+/-]*[A-Za-z0-9+]"
# 一双, 两件; without a number only what begins no name: 个, 件, but not 双 of 双鹿.
_COUNT = (
    rf"(?:(?P<number>[一两二三四五六七八九十几多半\d]+|这|那|某)(?P<measure>{_any('measures')})(?=[^的])"
    r"|(?:个|款|台|张|件|套|条|把)(?=[^的]))?"
)
_VERB = rf"(?:{_any('verbs')})"
_RECEIVER = rf"(?:{_any('receivers')})?"
_OBJECT = re.compile(rf"{_VERB}{_RECEIVER}{_COUNT}(?P<x>{_X})$")
# Any verb with 了 or 过, or 的是: what follows to the clause's end is its object.
_DONE = re.compile(rf"[{HAN}](?:了|过(?![程去来滤敏期])|的是){_COUNT}(?P<x>{_X})$")
# 淘来一支果汁笔, 仓库那台打印机.
_ONE_OF = re.compile(rf"(?P<number>一|这|那)(?P<measure>{_any('measures')})(?P<x>{_X})$")
# 正在看荣耀X50这款手机; 年假没休; 羽绒服了.
_TAIL = re.compile(
    rf"(?:[这那](?:一)?[款个台家张部种套][{HAN}]{{1,4}}|(?:还|都|也)?(?:没|未|不(?!锈|粘))[{HAN}]{{1,4}}"
    rf"|[了吧呢啊呀]|(?<![{HAN}]{{2}}[买订办])的)$"
)
_SAID_OF = re.compile(
    rf"^(?:我们?|咱|家里|办公室|公司)?(?:家)?(?:的|那|这)?(?:{_any('measures')})?(?P<x>{_SHORT})"
    rf"(?:{SAID_OF})"
)
_DEALT = re.compile(
    rf"(?:在|从|通过)(?P<x>{_SHORT})(?:上|里|中)?(?:{_any('dealings')})(?:了|过|的)?{_COUNT}(?P<y>{_X})?$"
)
_MEANS = re.compile(
    rf"(?:用|使用|通过|走|靠|拿)(?P<x>{_LATIN}|[{HAN}A-Za-z0-9]+?(?:{COMPANY_ENDS}))"
    rf"(?:{_any('acts')})[{HAN}A-Za-z]*$"
)
_RUNS_ON = re.compile(rf"[跑装部存放挂托运建](?:署|行|管)?在(?P<x>{_SHORT})(?:上|里|中)?(?:了|面)?$")
_GOES = re.compile(
    rf"(?:去(?!年|世)|到(?!期|账|货|时|底|达)|来(?!自|源|电|讯|年)|在(?!线|职|读|校|场))(?:了)?(?P<x>{_SHORT})"
    rf"(?:{_any('activities')})?$"
)
_BETWEEN = re.compile(
    r"^(?:我们?|他们|公司|同事|家里|领导|老婆|老公|老板|朋友|客户)?(?:想|要|打算|正)?"
    rf"(?:在(?=对)|在|对|从)?(?P<x>{_SHORT})(?:{_any('between')})$"
)
_CALLED = re.compile(
    rf"(?:^(?P<whose>[{HAN}A-Za-z的]{{1,10}}?)(?<![我你他她您们这那谁算就只还都也总老但])"
    "是(?!不|否|的|因|为|想|要|在|有|从|由|跟|谁|我|你|他|她|一)"
    rf"|(?:一家|家|个|名字?)?叫做?)(?P<x>{_SHORT})(?:的[{HAN}]{{1,4}}.*)?[了的]?$"
)
# 拿到了云帆科技的offer: the firm itself.
_OF_FIRM = re.compile(
    rf"(?:^|[了在到被给由向跟是叫从])(?P<x>(?:(?![了在到被给由向跟是叫从])[{HAN}]){{2,6}}?"
    rf"(?:科技|集团|公司|银行|保险|证券|传媒|地产|物业))的(?=[{HAN}A-Za-z])"
)
_STATES = re.compile("包含|包括|含有|提供|支持|需要|要求|显示|提示|导致|属于|覆盖|走(?!步)")
_COMPANIES = re.compile("(?:公司|平台|银行|快递|物流|中介|机构|商家|店|供应商|物业|保险)$")
# 合同是跟业之峰签的.
_WITH = re.compile(
    rf"(?:跟|和|与|同)(?P<x>{_SHORT})(?:签|合作|谈|订|打交道|办|吵|对接|联系|往来)(?:的|了|过|着)?[{HAN}]{{0,6}}$"
)
# 师傅把净水器装好了.
_MOVED = re.compile(
    rf"[把将](?:我的?|家里的?|这个|那个)?(?P<x>{_SHORT})"
    "(?:[装修弄换拆洗摔搬送寄还卖丢忘退交关卸删刷撕砸撞借租停]|升级|注销)"
)
# 给宏达建材有限公司供货: the full name of a company.
_REGISTERED = re.compile(
    rf"(?:^|[在被给由向跟是叫的欠告])(?P<x>(?:(?![在被给由向跟是叫的欠告])[{HAN}（）()]){{2,16}}?"
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司))"
)
# 是极兔送的.
_CARRIED = re.compile(
    rf"(?:走|发|寄|送)的(?P<by>{_SHORT})$"
    rf"|(?:是|由|走|发的?)(?P<x>{_SHORT})(?:送|派|发|寄|承运|配送|派送|负责)(?:的|了)?$"
    rf"|(?:走|用|发|找|选|寄)的?(?:是)?(?P<end>{_SHORT}(?:{COMPANY_ENDS}))$"
)
_STARTS_AS_VERB = re.compile("|".join(one for one in _LISTS["verbs"] if len(one) > 1))
_SHOP_WORD = re.compile(f"(?:{_any('shop_words')})$")
_SEVERAL = re.compile("[二两三四五六七八九十几多]|[2-9]|1[0-9]")

_THING: frozenset[EntityKind] = frozenset({"thing"})
_PLACE: frozenset[EntityKind] = frozenset({"place"})
_COMPANY: frozenset[EntityKind] = frozenset({"organisation"})


def framed(text: str) -> Iterator[Entity]:
    """Every thing, place and company whose edges a frame tells, in order of clauses."""
    people = {person.text for person in people_zh(text)}
    for match in _OF_FIRM.finditer(text):
        yield Entity(match["x"], _COMPANY, NAMED, match.start("x"))
    for clause in _CLAUSE.finditer(text):
        alone = clause.group().strip() == text.strip(" 。.\n")
        for entity in _of_clause(clause.group(), clause.start(), people, alone=alone):
            if not any(_is_person(entity.text, name) for name in people):
                yield entity


def _is_person(text: str, name: str) -> bool:
    """Whether what stands in a frame is somebody; 康宁 of 康宁玻璃保鲜盒 is nobody."""
    return text == name or (text.endswith(name) and is_role(text.removesuffix(name)))


def _of_clause(clause: str, start: int, people: set[str], *, alone: bool) -> Iterator[Entity]:
    body = _TAIL.sub("", clause.rstrip())
    between = _BETWEEN.match(clause.strip())
    if between is not None and not any(name in clause for name in people):
        two = list(things(between["x"], start + clause.index(between["x"]), _THING))
        if len(two) == 2:
            yield from two
            return
    for frame in (_company, _with, _moved, _means, _dealt, _runs_on, _carried):
        found = list(frame(body, start))
        if found:
            yield from found
            return
    if not any(name in clause for name in people) and (found := list(_called(clause.rstrip(), start))):
        yield from found
        return
    # 去市民中心办老年卡 has a place and a thing.
    found = [*_object(body, start)]
    if found:
        found += [one for one in _goes(body, start) if PLACE_END_ZH.search(one.text) and _apart(one, found)]
    else:
        found = list(_goes(body, start)) or list(_said_of(body, start))
    if found:
        yield from found
        return
    place = start + len(clause) - len(clause.lstrip())
    if re.fullmatch(_X, clause.strip()) is None or any(name in clause for name in people):
        return
    if _STATES.search(clause) is not None:
        # 公司福利包含医疗险 is a sentence.
        return
    found = list(things(clause.strip(), place, _THING, whole=True))
    yield from found if alone or len(found) == 2 else ()


def _apart(one: Entity, others: Sequence[Entity]) -> bool:
    end = one.place + len(one.text)
    return not any(one.place < other.place + len(other.text) and other.place < end for other in others)


def _object(clause: str, start: int) -> Iterator[Entity]:
    for match in (frame for one in (_ONE_OF, _OBJECT, _DONE) for frame in _overlapping(one, clause)):
        if match.re is _OBJECT and _cuts_a_word(clause, match.start()):
            # 签 of 标签打印机.
            continue
        if _STARTS_AS_VERB.match(match["x"]):
            continue
        at = match.start("x")
        if match["number"] and _begins_a_word(clause, match.start("number"), at):
            # 三只松鼠 are no three of something.
            at = match.start("number")
        elif _several(match):
            return
        if _cuts_a_word(clause, at):
            # 买 of 买方张三.
            continue
        found = list(things(without_rest(clause[at:]), start + at, _THING))
        if found:
            yield from found
            return


def _called(clause: str, start: int) -> Iterator[Entity]:
    """网贷平台是拍拍贷, 一家叫优品鞋城的店: whatever stands there is what it is called."""
    match = _CALLED.search(clause)
    if match is None or clause.endswith("的") or any(match["x"].startswith(one) for one in PEOPLE_ZH):
        return
    if is_plain(match["x"]):
        kinds = _THING | (AT_COMPANY if match["whose"] and _COMPANIES.search(match["whose"]) else frozenset())
        yield Entity(match["x"], kinds_of(match["x"], kinds), NAMED, start + match.start("x"))


def _with(clause: str, start: int) -> Iterator[Entity]:
    for match in _overlapping(_WITH, clause):
        if is_plain(match["x"]) and not STARTS_AS_PERSON.match(match["x"]):
            yield Entity(match["x"], AT_COMPANY, NAMED, start + match.start("x"))
            return


def _moved(clause: str, start: int) -> Iterator[Entity]:
    match = _MOVED.search(clause)
    if match is not None:
        yield from things(match["x"], start + match.start("x"), _THING)


def _company(clause: str, start: int) -> Iterator[Entity]:
    for match in _REGISTERED.finditer(clause):
        yield Entity(match["x"], AT_COMPANY, NAMED, start + match.start("x"))


def _carried(clause: str, start: int) -> Iterator[Entity]:
    match = _CARRIED.search(clause)
    if match is not None:
        name = next(group for group in ("by", "x", "end") if match[group])
        kinds = AT_COMPANY | _THING if name == "end" else AT_COMPANY
        yield from things(match[name], start + match.start(name), kinds)


def _means(clause: str, start: int) -> Iterator[Entity]:
    match = _MEANS.search(clause)
    if match is not None:
        kinds = _COMPANY if COMPANY_END.search(match["x"]) else _THING
        yield from things(match["x"], start + match.start("x"), kinds | _THING)


def _dealt(clause: str, start: int) -> Iterator[Entity]:
    match = _DEALT.search(clause)
    if match is None:
        return
    name = _SHOP_WORD.sub("", match["x"])
    yield from things(name, start + match.start("x"), AT_COMPANY)
    if match["y"] and not _several(match):
        yield from things(without_rest(match["y"]), start + match.start("y"), _THING)


def _runs_on(clause: str, start: int) -> Iterator[Entity]:
    match = _RUNS_ON.search(clause)
    if match is not None:
        kinds = _THING if match["x"].isascii() else _PLACE
        yield from things(match["x"], start + match.start("x"), kinds)


def _goes(clause: str, start: int) -> Iterator[Entity]:
    for match in _overlapping(_GOES, clause):
        found = list(things(match["x"], start + match.start("x"), AT_COMPANY))
        if found:
            yield from found
            return


def _said_of(clause: str, start: int) -> Iterator[Entity]:
    match = _SAID_OF.match(clause)
    if match is not None:
        yield from things(match["x"], start + match.start("x"), _THING, nouns=True)


def _cuts_a_word(clause: str, at: int) -> bool:
    return any(word.start < at < word.end and is_dictionary_word(word) for word in words(clause))


def _begins_a_word(clause: str, start: int, end: int) -> bool:
    return any(word.start == start and word.end > end for word in words(clause))


def _several(match: "re.Match[str]") -> bool:
    """Whether there is more than one of it; five days of leave are one leave."""
    counted = match["number"] or ""
    return _SEVERAL.search(counted) is not None and match["measure"] not in ("天", "年", "期", "次")


def _overlapping(pattern: "re.Pattern[str]", text: str) -> Iterator["re.Match[str]"]:
    """Matches from every place, the leftmost first."""
    place = 0
    while (match := pattern.search(text, place)) is not None:
        yield match
        place = match.start() + 1
