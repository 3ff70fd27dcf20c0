"""Labels come back as they were given, each source's apart, with odd ids; answers are known by content."""

from pathlib import Path

from core.judging.labels import Label, Source
from core.judging.panel import Panel
from core.judging.store import LabelStore

MODEL = Source("model", "判官-1", "ab12")
ANNA = Source("person", "Anna")


def test_labels_come_back_whole_and_each_source_apart(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    first = Label("问题\ud800", "d 1", 3, MODEL, 10.0, (3, 2, 3), 0.25, "看过")
    second = Label("问题\ud800", "d 1", 1, ANNA, 20.0)
    store.save("set", [second, first])
    store.save("other", [Label("q", "d", 0, MODEL)])
    reopened = LabelStore(tmp_path)
    assert reopened.labels("set") == (first, second)
    assert reopened.labels("set", ANNA) == (second,)
    assert reopened.labels("set", Source("model", "判官-1", "other")) == ()


def test_a_label_of_the_same_source_replaces_its_earlier_one(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    store.save("set", [Label("q", "d", 3, ANNA)])
    before = store.signature("set")
    store.save("set", [Label("q", "d", 2, ANNA)])
    (kept,) = store.labels("set")
    assert kept.grade == 2 and kept.written > 0
    assert store.signature("set") != before


def test_a_label_or_all_of_a_source_are_taken_back(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    store.save("set", [Label("q", "d", 3, ANNA), Label("q", "e", 3, ANNA), Label("q", "d", 1, MODEL)])
    store.forget("set", ANNA, "q", "d")
    assert [(one.document_id, one.source) for one in store.labels("set")] == [("d", MODEL), ("e", ANNA)]
    store.forget("set", ANNA)
    assert [one.source for one in store.labels("set")] == [MODEL]


def test_answers_are_known_by_their_key(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    keys = [bytes([number % 256, number // 256]) for number in range(1200)]
    store.save("set", [], {key: number % 4 for number, key in enumerate(keys)})
    found = store.answers([*keys, b"unknown"])
    assert len(found) == 1200 and found[keys[7]] == 3


def test_what_stands_behind_a_fingerprint_can_be_read_again(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    panel = Panel(("a", "b"), "host", "三级评分", 3, "majority", 5)
    store.describe(panel)
    store.describe(panel)
    assert store.panel(panel.fingerprint) == panel
    assert store.panel("unknown") is None


def test_the_last_round_of_a_file_is_kept_with_its_state(tmp_path: Path) -> None:
    store = LabelStore(tmp_path)
    assert store.round("set") is None
    store.note_round("set", {"url": "http://localhost"}, "running")
    store.note_round("set", {"url": "http://localhost"}, "done")
    kept = LabelStore(tmp_path).round("set")
    assert kept is not None and kept.state == "done" and kept.asked == {"url": "http://localhost"}
