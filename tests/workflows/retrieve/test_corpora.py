"""Named corpora in a folder."""

from pathlib import Path

import pytest

from core.errors import StorageError
from core.workflows.retrieve.corpora import Corpora
from tests.retrieval.corpora import KINDS, passage


@pytest.mark.parametrize("kind", KINDS)
def test_a_corpus_that_cannot_be_read_can_be_removed(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Corpora(tmp_path, kind=kind)  # type: ignore[arg-type]
    place.open("help", create=True).add([passage("a", "one")])
    place.close()
    monkeypatch.setattr("core.retrieval.store.FORMAT", "3")
    later = Corpora(tmp_path)
    with pytest.raises(StorageError):
        later.open("help")
    assert later.remove("help") == 0
    assert later.names() == []
