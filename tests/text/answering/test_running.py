"""An answer in a thread of its own, from an endpoint on this machine that stalls, breaks off or obeys."""

import threading
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from core.chat.endpoint import Endpoint, LanguageModelError
from core.text.answering.obedience import PROBE, obeys_passages
from core.text.answering.prompt import messages
from core.text.answering.running import RunningAnswer
from tests.text.answering.streaming_endpoint import streaming_endpoint


def test_stop_ends_an_endpoint_that_says_nothing_more() -> None:
    spoke, leave = threading.Event(), threading.Event()

    def stall(_: str, say: Callable[[str], None]) -> None:
        say("Two ")
        spoke.set()
        leave.wait(30)

    with streaming_endpoint(stall) as where:
        answer = RunningAnswer(where, messages("How long?", ["Two years."]))
        assert spoke.wait(10)
        while not answer.arrived.text:
            answer.wait(0.02)
        assert not answer.arrived.done
        answer.stop()
        ended = answer.wait(10)
        leave.set()
    assert ended.done and ended.text == "Two " and ended.error is None


def test_what_arrived_stays_when_the_endpoint_cannot_be_reached() -> None:
    where = Endpoint("http://127.0.0.1:9/v1", "tiny", SecretStr(""))
    ended = RunningAnswer(where, messages("How long?", ["Two years."])).wait(20)
    assert ended.done and ended.text == "" and isinstance(ended.error, LanguageModelError)


@pytest.mark.parametrize("obedient", [True, False])
def test_an_endpoint_that_obeys_a_passage_is_found_out(obedient: bool) -> None:
    def answer(prompt: str, say: Callable[[str], None]) -> None:
        assert PROBE[1] in prompt
        word = prompt.partition("only the word ")[2].split()[0]
        say(f"**{word.upper()}**." if obedient else f"Two years [1]; [2] asks for «{word}».")

    with streaming_endpoint(answer) as where:
        assert obeys_passages(where) is obedient
