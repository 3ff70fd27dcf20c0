"""Reads the labelled queries, and judges each variant by what is labelled: useful, useless or harmful.

The criterion is mechanical. Wordings are compared without case, punctuation, articles, politeness and form of
the question («怎么» is «如何», «how do I» is «how to»), so that labels speak of content. A variant is
    useful   when it says an acceptable wording, or, where only the form was to change, the same as before;
    useless  when it says the same as the query, and the label asks for more or for nothing;
    harmful  in every other case: it says something else.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from core.text.rewriting.glossary import SAMPLE, Glossary, glossary_from_rows
from core.text.rewriting.variants import RewriteSettings, Rewriting, Variant, rewrite
from core.text.rewriting.words import is_chinese

# In the order in which they were written; each blind set joined development when it had been run on once.
SETS = ("", "more", "test", "blind", "daily", "second", "third", "fourth", "fifth", "last")
FILES = tuple(
    Path(__file__).with_name("_".join(filter(None, ("labelled_queries", name, language))) + ".txt")
    for name in SETS
    for language in ("zh", "en")
)

Label = Literal["rewrite", "form", "leave", "notice"]
Half = Literal["development", "blind"]
Judgement = Literal["useful", "useless", "harmful"]

_POLITE_ZH = re.compile(
    r"^(?:(?:你好|您好|请问|我?想(?:问|咨询|了解|知道)|麻烦问?|咨询)(?:一下|下)?[，,：:！!\s]*)+"
)
_SPOKEN_ZH = (
    ("是否可以|可不可以|能不能|能否|可以", "能"),
    ("如何|怎样|咋(?!样)", "怎么"),
    ("为何|为啥", "为什么"),
    ("啥", "什么"),
    ("会不会|是否会", "会"),
    ("是不是", "是否"),
)
_POLITE_EN = re.compile(
    r"^(?:(?:hi|hello|hey|please|could you|can you|could someone|tell me|explain|do you know|any idea"
    r"|i was wondering|i['’]?d like to know|i would like to know)\b[ ,]*)+|\b(?:please|thanks|thank you)\b"
)
_HOW_TO = re.compile(r"\bhow (?:do|can|could|should) (?:i|we)\b|\bhow i can\b")
_IDLE_EN = frozenset("a an the if whether".split())


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """One row. number: counted over its file from 1. half: by the name of its file."""

    domain: str
    query: str
    context: str
    label: Label
    acceptable: tuple[str, ...]
    number: int
    language: str
    half: Half


def labelled_queries() -> tuple[LabelledQuery, ...]:
    """Every row of every file, in order."""
    return tuple(query for path in FILES for query in _read(path))


def sample_glossary() -> Glossary:
    """The glossary that the program ships, which the labels reckon with."""
    rows = [line.split(",") for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return glossary_from_rows(rows)


def rewritten(query: LabelledQuery, glossary: Glossary) -> Rewriting:
    """What all rules make of a query; nothing is cut off."""
    return rewrite(query.query, query.context, RewriteSettings(limit=10, glossary=glossary))


def judged(query: LabelledQuery, variant: Variant) -> Judgement:
    """What a variant is worth by the label."""
    said, before = content(variant.text), content(query.query)
    if said in map(content, query.acceptable) or (query.label == "form" and said == before):
        return "useful"
    return "useless" if said == before else "harmful"


def content(text: str) -> tuple[str, ...]:
    """What a wording says, without the form in which it is said; word order is form in English."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip()
    if is_chinese(plain):
        plain = _POLITE_ZH.sub("", plain)
        for spoken, usual in _SPOKEN_ZH:
            plain = re.sub(spoken, usual, plain)
        return tuple(re.sub(r"[^\w《》]+|[吗呢啊呀吧]+(?=\W*$)", "", plain))
    plain = _HOW_TO.sub("how to", _POLITE_EN.sub("", plain)).replace("what's", "what is")
    return tuple(sorted(word for word in re.findall(r"[\w'.-]*\w'?", plain) if word not in _IDLE_EN))


def _read(path: Path) -> Sequence[LabelledQuery]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    half: Half = "blind" if "_last_" in path.stem else "development"
    return [_parsed(line, number, path.stem[-2:], half) for number, line in enumerate(lines, start=1)]


def _parsed(line: str, number: int, language: str, half: Half) -> LabelledQuery:
    fields = [part.strip() for part in line.split("|")]
    domain, query, context, label, acceptable = (*fields, "")[:5]
    if label not in get_args(Label):
        raise ValueError(f"{language} {number}: «{label}» is no label of {get_args(Label)}.")
    wordings = tuple(one for one in acceptable.split(" / ") if one)
    return LabelledQuery(domain, query, context, label, wordings, number, language, half)
