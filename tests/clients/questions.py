"""What every client is asked, and the right answer, read from the server without any client."""

import json
import math
import os
import urllib.request
from collections.abc import Iterable

SERVER = os.environ["RERANK_TEST_SERVER"]
QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "如需换货，请在订单详情页选择换货。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "会员积分可在商城兑换礼品。",
    "",
    "Refunds arrive on the original payment method within three working days.",
]
KEY = "any-key"
# What the Connect page gives to copy, by program.
SETTINGS: dict[str, str] = json.loads(os.environ["RERANK_TEST_SETTINGS"])


def _asked(**more: object) -> list[tuple[int, float]]:
    body = json.dumps({"query": QUERY, "documents": DOCUMENTS, **more}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{SERVER}/rerank", body)) as answer:
        results = json.load(answer)["results"]
    return [(one["index"], one["relevance_score"]) for one in results]


PROBABILITIES = _asked()
LOGITS = _asked(raw_scores=True)
# A saved recipe of the server: it blends with the order as it came, and leaves documents out.
RECIPE = "three-of-four"
BY_RECIPE = _asked(recipe=RECIPE)


def assert_right(
    found: Iterable[tuple[int, float]], expected: list[tuple[int, float]] = PROBABILITIES
) -> None:
    """The same documents in the same order with the same scores."""
    pairs = [(int(index), float(score)) for index, score in found]
    assert [index for index, _ in pairs] == [index for index, _ in expected]
    for (_, score), (_, right) in zip(pairs, expected, strict=True):
        assert math.isclose(score, right, rel_tol=1e-5, abs_tol=1e-6), (pairs, expected)


def copied(program: str, **given: object) -> object:
    """Run what the Connect page gives for a program; what it calls `best`."""
    names = {"query": QUERY, "documents": DOCUMENTS, **given}
    exec(compile(SETTINGS[program], program, "exec"), names)  # noqa: S102
    return names["best"]


def texts_best_first(top: int | None = None) -> list[str]:
    """The documents in the right order."""
    return [DOCUMENTS[index] for index, _ in PROBABILITIES[:top]]
