from pathlib import Path

import pytest

from core.text.word_lists import pairs, word_lists

TEXT = Path(__file__).parents[2] / "core" / "text"


def test_lists_are_read_with_phrases_pairs_and_comments(tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text(
        "# Words.\n[verbs]\nset up, buy,\nsell\n# two\ncolou?r\n[spoken]\n咋 = 怎么, 啥 = 什么\n[none]\n",
        encoding="utf-8",
    )
    lists = word_lists(str(tmp_path / "rules.py"))
    assert lists == {
        "verbs": ("set up", "buy", "sell", "colou?r"),
        "spoken": ("咋 = 怎么", "啥 = 什么"),
        "none": (),
    }
    assert dict(pairs(lists["spoken"])) == {"咋": "怎么", "啥": "什么"}


@pytest.mark.parametrize("path", sorted(TEXT.rglob("*.txt")), ids=lambda path: path.stem)
def test_every_list_is_used_by_its_module_and_says_nothing_twice(path: Path) -> None:
    lists = word_lists(str(path))
    code = path.with_suffix(".py").read_text(encoding="utf-8")
    assert [name for name in lists if f'"{name}"' not in code and f"'{name}'" not in code] == []
    assert all(entries and len(set(entries)) == len(entries) for entries in lists.values())
