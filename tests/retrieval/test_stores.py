"""What both stores promise, by the same tests."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError, StorageError
from core.retrieval.opening import open_store
from core.retrieval.passages import AddReport, Corpus, Embedding, Filters, Passage, StoreKind
from core.retrieval.sqlite import SqliteStore
from core.retrieval.tokens import TOKENIZER
from tests.retrieval.corpora import EMBEDDING, KINDS, direction, ids, opened, passage

SHOP = [
    passage("退货", "商品签收后七天内可以申请退货，运费由卖家承担。", "shop"),
    passage("refund", "A refund reaches your card within 3 to 5 days.", "shop"),
    passage("battery", "Charge the battery fully before the first use.", "manual"),
    passage("税", "发票上的税号可以在下单时填写。", "shop"),
]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> StoreKind:
    found: StoreKind = request.param
    return found


@pytest.fixture
def corpus(kind: StoreKind, tmp_path: Path) -> Iterator[Corpus]:
    corpus = opened(kind, tmp_path)
    yield corpus
    corpus.close()


def test_adding_again_changes_nothing_and_another_text_replaces(corpus: Corpus) -> None:
    assert corpus.add(SHOP) == AddReport(added=4)
    assert corpus.add(SHOP) == AddReport(unchanged=4)
    changed = [passage("refund", "Refunds take one day now.", "shop"), *SHOP[2:]]
    assert corpus.add(changed) == AddReport(replaced=1, unchanged=2)
    assert ids(corpus.words("card", 9)) == []
    assert ids(corpus.words("day", 9)) == ["refund"]
    assert corpus.info.passages == 4


def test_the_last_of_an_id_counts(corpus: Corpus) -> None:
    corpus.add([passage("a", "first"), passage("a", "second")])
    assert [one.text for one in corpus.passages(["a"])] == ["second"]
    assert corpus.info.passages == 1


def test_words_find_two_chinese_characters_and_english_in_any_case(corpus: Corpus) -> None:
    corpus.add(SHOP)
    assert ids(corpus.words("退货", 9)) == ["退货"]
    assert ids(corpus.words("REFUND card", 9)) == ["refund"]
    assert corpus.words("，。", 9) == [] and corpus.words("nothing of it", 0) == []


def test_words_rank_by_bm25(corpus: Corpus) -> None:
    corpus.add(
        [
            passage("both", "battery charger"),
            passage("one", "battery cable plug case"),
            passage("long", "battery " + "other words " * 30),
            *(passage(f"noise{i}", "cable plug case") for i in range(20)),
        ]
    )
    found = corpus.words("battery charger", 9)
    assert ids(found) == ["both", "one", "long"]
    assert found[0].score > found[1].score > found[2].score > 0


def test_passages_come_in_the_order_asked_for_with_everything(corpus: Corpus) -> None:
    whole = Passage("it's «1»", "Text\nof two lines", "Title '", "folder/文件.md", 7)
    corpus.add([*SHOP, whole])
    assert corpus.passages(["it's «1»", "gone", "退货"]) == [whole, SHOP[0]]


def test_a_title_is_searched_with_its_text(corpus: Corpus) -> None:
    corpus.add([Passage("a", "Press the red button.", "Factory reset")])
    assert ids(corpus.words("factory", 9)) == ["a"]


def test_filters_keep_to_sources(corpus: Corpus) -> None:
    corpus.add(SHOP)
    _fill(corpus)
    manual, nowhere = Filters(("manual",)), Filters(("nowhere",))
    assert ids(corpus.words("the card 发票", 9, manual)) == ["battery"]
    assert ids(corpus.nearest(direction(1), 9, manual)) == ["battery"]
    assert corpus.nearest(direction(1), 9, nowhere) == []
    assert corpus.ids(["manual"]) == ["battery"]
    assert corpus.info.sources == {"shop": 3, "manual": 1}


def test_filters_keep_to_metadata(corpus: Corpus, kind: StoreKind, tmp_path: Path) -> None:
    def about(name: str, *metadata: tuple[str, str]) -> Passage:
        return Passage(name, f"battery of {name}", source="shop", metadata=metadata)

    corpus.add(
        [
            about("a", ("语言", "中文"), ("who's", "it's = «me»")),
            about("b", ("语言", "English"), ("year", "2024")),
            about("c", ("year", "2024")),
            about("d"),
        ]
    )
    _fill(corpus)

    def found(*metadata: tuple[str, str], sources: tuple[str, ...] = ()) -> list[str]:
        within = Filters(sources, metadata)
        by_words = sorted(ids(corpus.words("battery", 9, within)))
        assert sorted(ids(corpus.nearest(direction(1), 9, within))) == by_words
        return by_words

    assert found() == ["a", "b", "c", "d"]
    assert found(("语言", "中文")) == ["a"]
    assert found(("语言", "中文"), ("语言", "English")) == ["a", "b"]
    assert found(("语言", "English"), ("year", "2024")) == ["b"]
    assert found(("who's", "it's = «me»"), sources=("shop",)) == ["a"]
    assert found(("year", "2024"), sources=("manual",)) == []
    counts = {"语言": {"中文": 1, "English": 1}, "who's": {"it's = «me»": 1}, "year": {"2024": 2}}
    assert corpus.metadata() == counts
    assert corpus.passages(["a"])[0].metadata == (("语言", "中文"), ("who's", "it's = «me»"))
    corpus.add([about("c", ("year", "2025"))])
    corpus.remove(["b"])
    assert corpus.metadata() == {"语言": {"中文": 1}, "who's": {"it's = «me»": 1}, "year": {"2025": 1}}
    again = opened(kind, tmp_path)
    assert again.metadata() == corpus.metadata()
    again.close()


def test_a_corpus_of_an_earlier_version_is_refused_in_a_sentence(
    kind: StoreKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(kind, tmp_path).close()
    monkeypatch.setattr("core.retrieval.store.FORMAT", "3")
    with pytest.raises(StorageError, match="earlier version"):
        opened(kind, tmp_path)
    monkeypatch.setattr("core.retrieval.store.FORMAT", "1")
    with pytest.raises(StorageError, match="newer version"):
        opened(kind, tmp_path)


def test_removed_passages_are_not_found(corpus: Corpus) -> None:
    corpus.add(SHOP)
    _fill(corpus)
    assert corpus.remove(["refund", "gone", "refund"]) == 1
    assert corpus.words("refund", 9) == []
    assert "refund" not in ids(corpus.nearest(direction(1), 9))
    assert corpus.ids() == ["退货", "battery", "税"]


def test_vectors_are_found_as_they_come_and_by_cosine(corpus: Corpus) -> None:
    corpus.add(SHOP)
    corpus.use_embedding(EMBEDDING)
    assert corpus.nearest(direction(1), 9) == []
    first, second, *_ = corpus.without_vector(9)
    corpus.put_vectors({first.key: direction(1), second.key: direction(1, 1)})
    hits = corpus.nearest(direction(1, 0.1), 9)
    assert ids(hits) == [first.id, second.id]
    assert hits[0].score == pytest.approx(1 / (1.01**0.5), abs=1e-3)
    assert ids(corpus.nearest(direction(1, 0.1), 1)) == [first.id]
    assert [one.id for one in corpus.without_vector(9)] == [one.id for one in SHOP[2:]]
    assert (corpus.info.vectors, corpus.info.embedding) == (2, EMBEDDING)


def test_a_changed_text_waits_for_its_new_vector_and_an_equal_text_shares_one(corpus: Corpus) -> None:
    corpus.add(SHOP)
    _fill(corpus)
    corpus.add([passage("refund", "Another text."), passage("copy", SHOP[0].text)])
    assert [one.id for one in corpus.without_vector(9)] == ["refund"]
    assert corpus.info.vectors == 4
    found = ids(corpus.nearest(direction(1), 9))
    assert "copy" in found and "refund" not in found


def test_everything_is_there_after_opening_again(kind: StoreKind, tmp_path: Path) -> None:
    corpus = opened(kind, tmp_path)
    corpus.add(SHOP)
    corpus.use_embedding(EMBEDDING)
    corpus.put_vectors({SHOP[1].key: direction(0.123, 0.456), SHOP[0].key: direction(1)})
    before = (corpus.words("refund card", 9), corpus.nearest(direction(0.1, 0.4), 9), corpus.info)
    corpus.close()
    again = opened(kind, tmp_path)
    assert (again.words("refund card", 9), again.nearest(direction(0.1, 0.4), 9), again.info) == before
    again.close()


def test_two_embeddings_are_never_mixed(corpus: Corpus) -> None:
    corpus.add(SHOP)
    _fill(corpus)
    other = Embedding("print-2", "other model", 4)
    with pytest.raises(InputError, match="never mixed"):
        corpus.use_embedding(other)
    corpus.forget_vectors()
    assert corpus.info.vectors == 0 and corpus.info.embedding is None
    corpus.use_embedding(other)
    corpus.put_vectors({SHOP[0].key: direction(1)[:4]})
    assert ids(corpus.nearest(direction(1)[:4], 9)) == ["退货"]


def test_tokens_of_another_version_are_refused(
    kind: StoreKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(kind, tmp_path).close()
    monkeypatch.setattr("core.retrieval.store.TOKENIZER", "later/2")
    with pytest.raises(StorageError) as raised:
        opened(kind, tmp_path)
    assert TOKENIZER in raised.value.message and "later/2" in raised.value.message


def test_what_another_process_writes_is_seen(
    kind: StoreKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.retrieval.store.LOOK_EVERY_SECONDS", 0.0)
    reader = opened(kind, tmp_path)
    writer = opened(kind, tmp_path)
    writer.add(SHOP)
    assert ids(reader.words("refund", 9)) == ["refund"] and reader.info.passages == 4
    _fill(writer)
    assert reader.info.vectors == 4 and len(reader.nearest(direction(1), 9)) == 4
    writer.remove(["refund"])
    assert reader.ids() == ["退货", "battery", "税"]
    assert reader.add([SHOP[1]]) == AddReport(added=1)
    reader.close()
    writer.close()


def test_a_place_keeps_its_store(kind: StoreKind, tmp_path: Path) -> None:
    opened(kind, tmp_path).close()
    again = open_store(tmp_path / "语料 1")
    assert again.info.store == kind
    again.close()


def test_many_more_than_a_batch(corpus: Corpus) -> None:
    many = [passage(f"p{i}", f"number n{i} of {i % 10}") for i in range(12_000)]
    assert corpus.add(many) == AddReport(added=12_000)
    assert ids(corpus.words("n11999", 3)) == ["p11999"]
    assert corpus.remove(f"p{i}" for i in range(11_000)) == 11_000
    assert corpus.info.passages == 1000 and corpus.words("n5", 3) == []


def _fill(corpus: Corpus) -> None:
    corpus.use_embedding(EMBEDDING)
    waiting = corpus.without_vector(99)
    corpus.put_vectors({one.key: direction(1, i) for i, one in enumerate(waiting)})


def test_a_corpus_of_its_own_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "help"
    SqliteStore(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
