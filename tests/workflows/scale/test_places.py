"""Files, folders, globs and addresses, which pyarrow opens alike whatever the store."""

import gzip
from pathlib import Path

import pytest

from core.errors import InputError
from core.workflows.scale.folding import fold, recognised
from core.workflows.scale.parts import put, written_parts
from core.workflows.scale.places import Folder, input_files
from tests.workflows.scale.large_input import query, write_csv


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "in"
    (inside / "_temporary").mkdir(parents=True)
    write_csv(inside / "a.csv", range(3))
    (inside / "b.csv.gz").write_bytes(gzip.compress((inside / "a.csv").read_bytes()))
    write_csv(inside / "_temporary" / "half.csv", range(3))
    (inside / "notes.txt").touch()
    return inside


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize(
    ("place", "names"),
    [("", ["a.csv", "b.csv.gz"]), ("/*.csv", ["a.csv"]), ("/b.csv.gz", ["b.csv.gz"])],
)
def test_files_are_found_and_read(scheme: str, place: str, names: list[str], folder: Path) -> None:
    files = input_files(f"{scheme}{folder}{place}")
    assert [Path(file.path).name for file in files] == names
    found = list(fold(files[-1], recognised(files[-1], {})))
    assert [(one.id, one.query) for one in found] == [query(number)[:2] for number in range(3)]
    assert [dict(zip(one.document_ids, one.documents, strict=True)) for one in found] == [
        dict(query(number)[2]) for number in range(3)
    ]


def test_what_is_put_at_an_address_is_listed(tmp_path: Path) -> None:
    there = Folder(f"file://{tmp_path}")
    put(there, "part-00000-0000001.parquet", b"whole")
    assert written_parts(there) == {"part-00000-0000001"}
    assert (tmp_path / "part-00000-0000001.parquet").read_bytes() == b"whole"


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        input_files("nonsense://bucket/in")
