"""Who judges: one or several models under one rubric, how often each is asked, and how votes become a grade.

Plain values with fingerprints; nothing is asked here. The rubrics that come with the program are text files
beside this module.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from core.errors import InputError
from core.judging.labels import Source
from core.judging.pairs import Pair
from core.sentences import Sentence

JoinRule = Literal["median", "majority"]

JOIN_RULES: Mapping[JoinRule, str] = {
    "median": "Median: the middle vote; between two middle ones, the lower.",
    "majority": "Majority: the most frequent vote; among equally frequent ones, the lowest.",
}
RUBRICS: Mapping[str, str] = {
    path.name.split(".")[1]: path.read_text(encoding="utf-8").strip()
    for path in sorted(Path(__file__).parent.glob("rubric.*.txt"))
}
# Characters of a document that a judge reads; what follows is cut, and the fingerprint knows.
MOST_CHARACTERS = 8000
# Equal questions at temperature 0 give equal votes, so several votes are asked for a little warmer.
SEVERAL_VOTES_TEMPERATURE = 0.7
MOST_VOTES, MOST_TOGETHER = 9, 20

NO_MODEL = "No judging model is named."
NO_MODEL_HINT = "Give the name by which the endpoint knows it."
NO_RUBRIC = "The rubric is empty."
NO_RUBRIC_HINT = "Say what the grades 0 to 3 mean."
BAD_NUMBER = "{what} must be between 1 and {most}, not {given}."


@dataclass(frozen=True, slots=True)
class Panel:
    """models: each is asked `votes` times about each pair, `together` documents of a query in one request.

    host: where they answer; equal names at different hosts need not be the same model.
    """

    models: tuple[str, ...]
    host: str
    rubric: str
    votes: int = 1
    rule: JoinRule = "median"
    together: int = 1

    def __post_init__(self) -> None:
        if not self.models or not all(model.strip() for model in self.models):
            raise InputError(NO_MODEL, where="model", hint=NO_MODEL_HINT)
        if not self.rubric.strip():
            raise InputError(NO_RUBRIC, where="rubric", hint=NO_RUBRIC_HINT)
        for what, given, most in (
            (Sentence("votes"), self.votes, MOST_VOTES),
            (Sentence("documents in one request"), self.together, MOST_TOGETHER),
        ):
            if not 1 <= given <= most:
                raise InputError(BAD_NUMBER, where=what.text, what=what, most=most, given=given)

    @property
    def temperature(self) -> float:
        """Of every question."""
        return SEVERAL_VOTES_TEMPERATURE if self.votes > 1 else 0.0

    @property
    def name(self) -> str:
        """The models' names, as the label's source shows them."""
        return " + ".join(self.models)

    @property
    def fingerprint(self) -> str:
        """Equal where grades may be mixed: the same models, rubric, votes and rule."""
        return _digest(asdict(self), MOST_CHARACTERS)

    @property
    def source(self) -> Source:
        """Whose the joined grades are."""
        return Source("model", self.name, self.fingerprint)

    def single(self, model: str) -> Source:
        """Whose the grades of one model of several are."""
        alone = Panel((model,), self.host, self.rubric, self.votes, self.rule, self.together)
        return alone.source

    def answer_key(self, model: str, vote: int, pair: Pair) -> bytes:
        """Under which an answer is kept: the same question is never paid for twice, whoever else votes."""
        asked = (model, self.host, self.rubric, self.temperature, self.together, MOST_CHARACTERS)
        line = json.dumps([*asked, vote, pair.query, pair.document])
        return hashlib.sha256(line.encode()).digest()

    def described(self) -> str:
        """As JSON, to be kept under the fingerprint; `panel_of` reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False)


def panel_of(described: str) -> Panel:
    """The panel that was described."""
    content = json.loads(described)
    return Panel(**{**content, "models": tuple(content["models"])})


@dataclass(frozen=True, slots=True)
class Joined:
    """One grade of several votes. tied: the rule alone chose between grades that had equal right to it."""

    grade: int
    tied: bool


def join(votes: Sequence[int], rule: JoinRule) -> Joined:
    """The grade of some votes, at least one. A tie goes to the lower grade: judges err upwards more often."""
    if rule == "median":
        ordered = sorted(votes)
        lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        return Joined(lower, lower != upper)
    counted = Counter(votes)
    most = max(counted.values())
    first = [grade for grade, count in counted.items() if count == most]
    return Joined(min(first), len(first) > 1)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
