"""Files into a corpus: which passages come of them, and adding the same again."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.errors import InputError, TooLargeError
from core.retrieval.passages import Corpus
from core.text.chunking import ChunkSettings
from core.workflows.retrieve.adding import AddChoices, add_files
from core.workflows.retrieve.corpora import Corpora
from tests.workflows.retrieve.document_files import help_folder, pdf_bytes, zipped


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    places = Corpora(tmp_path / "home", kind="sqlite")
    yield places.open("test", create=True)
    places.close()


def _table(tmp_path: Path, text: str, name: str = "faq.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_of_every_kind_of_document(corpus: Corpus, tmp_path: Path) -> None:
    added = add_files(corpus, [help_folder(tmp_path)])
    assert added.report.added == 5 and added.notices == ()
    by_source = {one.source: one for one in corpus.passages(corpus.ids())}
    assert set(by_source) == {
        "帮助/退货.md",
        "帮助/old.txt",
        "帮助/sub/page.html",
        "帮助/manual.pdf",
        "帮助/law.docx",
    }
    assert by_source["帮助/退货.md"].title == "退货政策"
    assert by_source["帮助/old.txt"].text == "保修期为两年。" and by_source["帮助/old.txt"].title == "old"
    page = by_source["帮助/sub/page.html"]
    assert "Parcels leave within 24 hours." in page.text and "var a" not in page.text
    assert page.title == "Shipping"
    assert "Hold the button for five seconds." in by_source["帮助/manual.pdf"].text
    law = by_source["帮助/law.docx"]
    assert law.title == "Notice periods" and "thirty days" in law.text and "60" in law.text


def test_a_zip_gives_the_same_as_its_folder(corpus: Corpus, tmp_path: Path) -> None:
    folder = help_folder(tmp_path)
    add_files(corpus, [folder])
    again = add_files(corpus, [zipped(folder, tmp_path / "帮助.zip")])
    assert (again.report.added, again.report.replaced, again.report.unchanged) == (0, 0, 5)


def test_a_document_that_became_shorter_loses_what_it_no_longer_has(corpus: Corpus, tmp_path: Path) -> None:
    chunks = AddChoices(chunks=ChunkSettings(32, 0, 0))
    document = _table(
        tmp_path, "\n\n".join(f"Sentence {i} of the text, long enough. " * 3 for i in range(9)), "a.md"
    )
    first = add_files(corpus, [document], chunks)
    assert first.passages > 3
    document.write_text("Only one sentence is left.", encoding="utf-8")
    second = add_files(corpus, [document], chunks)
    assert second.passages == 1 and second.removed == first.passages - 1 and second.report.replaced == 1


def test_rows_become_passages_with_the_files_own_ids(corpus: Corpus, tmp_path: Path) -> None:
    table = _table(
        tmp_path,
        "编号,标题,正文,来源\n007,退货,签收后七天内可以退货。,手册\n008,,保修期为两年。,\n009,空,,\n",
    )
    added = add_files(corpus, [table], AddChoices({"document": "正文", "document_id": "编号"}))
    assert added.report.added == 2 and "Rows without a text: 1" in added.notices[0].message
    first, second = corpus.passages(["007", "008"])
    assert (first.title, first.source, first.text) == ("退货", "手册", "签收后七天内可以退货。")
    assert (second.title, second.source) == ("", "faq.csv")


def test_rows_without_ids_are_named_by_file_and_row_and_adding_again_changes_nothing(
    corpus: Corpus, tmp_path: Path
) -> None:
    table = _table(tmp_path, "passage\nThe first passage of all.\nThe second passage.\n", "notes.csv")
    assert add_files(corpus, [table]).report.added == 2
    assert corpus.ids() == ["notes#2", "notes#3"]
    assert add_files(corpus, [table]).report.unchanged == 2


def test_an_id_that_repeats_is_told_and_the_last_counts(corpus: Corpus, tmp_path: Path) -> None:
    table = _table(tmp_path, "doc_id,document\na,The first text.\na,The second text.\n")
    added = add_files(corpus, [table])
    assert added.passages == 1 and "the last one counts" in added.notices[0].message
    assert corpus.passages(["a"])[0].text == "The second text."


@pytest.mark.parametrize(
    ("content", "mapping", "words"),
    [
        ("甲,乙\n一些比较长的文字在这里。,另外一些比较长的文字。\n" * 3, {}, "document"),
        ("doc\nx\n", {"document": "nope"}, "nope"),
        ("doc\nx\n", {"price": "doc"}, "price"),
    ],
)
def test_columns_that_are_not_certain_are_asked_for(
    content: str, mapping: dict[str, str], words: str, corpus: Corpus, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as raised:
        add_files(corpus, [_table(tmp_path, content)], AddChoices(mapping))
    assert words in raised.value.message and raised.value.hint


def test_a_bad_document_in_a_folder_stops_none_of_the_others(corpus: Corpus, tmp_path: Path) -> None:
    folder = help_folder(tmp_path)
    (folder / "broken.pdf").write_bytes(pdf_bytes(["x"])[:100])
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (folder / "blank.txt").write_text(" \n")
    added = add_files(corpus, [folder])
    assert added.report.added == 5
    assert {notice.where for notice in added.notices} == {
        f"帮助/{name}" for name in ("broken.pdf", "broken.docx", "blank.txt")
    }


def test_a_bad_file_by_itself_is_an_error_with_its_name(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(InputError) as raised:
        add_files(corpus, [tmp_path / "broken.pdf"])
    assert raised.value.where == "broken.pdf"
    (tmp_path / "not.zip").write_bytes(b"no archive")
    with pytest.raises(InputError, match="not a zip archive"):
        add_files(corpus, [tmp_path / "not.zip"])
    with pytest.raises(InputError, match="no file or folder"):
        add_files(corpus, [tmp_path / "missing.csv"])


def test_an_archive_that_would_fill_the_memory_is_refused(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.workflows.retrieve.documents.LARGEST_ARCHIVE", 2**20)
    with ZipFile(tmp_path / "bomb.zip", "w", compression=8) as archive:
        archive.writestr("a.txt", "0" * 2**21)
    with pytest.raises(TooLargeError):
        add_files(corpus, [tmp_path / "bomb.zip"])
