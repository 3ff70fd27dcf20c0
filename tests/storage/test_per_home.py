"""One store per home and process."""

from pathlib import Path

import pytest

from core.storage.per_home import PerHome


def test_every_home_has_one_store_and_a_failed_one_is_tried_again(tmp_path: Path) -> None:
    opened: list[Path] = []

    def open_store(home: Path) -> list[Path]:
        opened.append(home)
        if len(opened) == 1:
            raise OSError("not yet")
        return [home]

    stores = PerHome(open_store)
    with pytest.raises(OSError, match="not yet"):
        stores(tmp_path / "a")
    assert stores(tmp_path / "a") is stores(tmp_path / "a")
    assert stores(tmp_path / "b") == [tmp_path / "b"]
    assert opened == [tmp_path / "a", tmp_path / "a", tmp_path / "b"]
