"""Making vectors where another process may be making them too."""

import threading
from pathlib import Path

import pytest

from core.errors import BusyError
from core.models.embedding import Embedder, load_embedder
from core.retrieval.passages import Passage
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.vectors import Filling, complete_vectors, sole_maker

TEXTS = ("A refund takes three days.", "首次使用前请充满电。", "The warranty covers two years.")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("embedded")


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    made = Corpora(tmp_path / "corpora-home")
    made.open("help", create=True).add(Passage(f"p{n}", text) for n, text in enumerate(TEXTS))
    return made


def test_whoever_waits_for_all_vectors_follows_their_maker_and_goes_on_after_it(
    corpora: Corpora, embedder: Embedder
) -> None:
    seen: list[Filling] = []
    waited, ended = threading.Event(), threading.Event()

    def told(state: Filling) -> None:
        seen.append(state)
        waited.set()

    def follow() -> None:
        complete_vectors(corpora, "help", embedder, on_progress=told)
        ended.set()

    with sole_maker(corpora, "help"):
        follower = threading.Thread(target=follow)
        follower.start()
        assert waited.wait(30) and not ended.is_set()
        assert seen[0].running and (seen[0].done, seen[0].total) == (0, 3)
    follower.join(30)
    assert ended.is_set() and (seen[-1].done, seen[-1].running) == (3, False)
    assert corpora.open("help").info.vectors == 3


def test_two_never_make_the_vectors_of_one_corpus(corpora: Corpora) -> None:
    with sole_maker(corpora, "help"), pytest.raises(BusyError, match="«help»"), sole_maker(corpora, "help"):
        pass
