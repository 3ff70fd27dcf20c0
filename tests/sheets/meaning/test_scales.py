"""Labels as people write them become grades; what is not clear is asked for, never measured as perfect."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cli import main
from core.errors import InputError
from core.sheets.meaning.importing import import_table
from core.sheets.meaning.scales import parse_grades, scale_of
from core.sheets.records import Cell
from core.workflows.evaluate.sheet import read_labelled


def _sheet(path: Path, labels: Sequence[Cell]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("query", "document", "label"))
        for n in range(4 * len(labels)):
            writer.writerow(
                (f"怎么退货 {n // len(labels)}", f"退货说明的第 {n} 段文字", labels[n % len(labels)])
            )
    return path


@pytest.mark.parametrize(
    ("labels", "grades"),
    [
        (("E", "S", "C", "I"), (3, 2, 1, 0)),
        (("Exact", "Irrelevant"), (1, 0)),
        (("very good", "good", "OK", "bad"), (3, 2, 1, 0)),
        (("good", "bad"), (1, 0)),
        (("很好", "一般", "差"), (2, 1, 0)),
        (("优", "良", "中", "差"), (3, 2, 1, 0)),
        (("非常相关", "相关", "部分相关", "不相关"), (3, 2, 1, 0)),
        (("相关", "不相关"), (1, 0)),
        (("highly relevant", "Partially-relevant", "not relevant"), (2, 1, 0)),
        (("100%", "50%", "0%"), (2, 1, 0)),
        (("1", "0.5", "0"), (2, 1, 0)),
        (("✓", "×"), (1, 0)),
        (("✅", "❌"), (1, 0)),
        (("是", "否"), (1, 0)),
        (("命中", "未命中"), (1, 0)),
        (("高", "中", "低", "无"), (3, 2, 1, 0)),
        (("3", "0", "1"), (3, 0, 1)),
    ],
)
def test_known_scales_become_grades(tmp_path: Path, labels: tuple[str, ...], grades: tuple[int, ...]) -> None:
    table = import_table(_sheet(tmp_path / "a.csv", labels))
    assert table.pairs.label[: len(labels)] == grades
    assert table.scale.doubt is None
    numbers = all(label in ("0", "1", "2", "3") for label in labels)
    assert ("label_scale" in {problem.kind for problem in table.problems}) == (not numbers)


@pytest.mark.parametrize(
    "labels", [("1", "2", "3", "4", "5"), ("1",), ("2", "1"), ("100%", "50%"), ("relevant",), ("是",)]
)
def test_labels_that_all_say_relevant_are_asked_about(tmp_path: Path, labels: tuple[str, ...]) -> None:
    path = _sheet(tmp_path / "a.csv", labels)
    with pytest.raises(InputError, match="No label says «not relevant»"):
        read_labelled(path)


def test_blank_cells_say_not_relevant_beside_one_mark(tmp_path: Path) -> None:
    data = read_labelled(_sheet(tmp_path / "a.csv", ("✓", "", "", "")))
    assert data.labels == 4


def test_a_threshold_or_grades_answer_the_question(tmp_path: Path) -> None:
    path = _sheet(tmp_path / "a.csv", ("1", "2", "3", "4", "5"))
    assert read_labelled(path, rel=4).labels == 20
    given = read_labelled(path, grades=parse_grades("1=0,2=0,3=1,4=2,5=3"))
    assert sorted(set(next(iter(given.judgements.values())).labels.values())) == [0, 1, 2, 3]


@pytest.mark.parametrize("labels", [("甲级", "乙级", "丙级"), ("keep", "drop"), ("好评", "吐槽", "中立")])
def test_unknown_words_are_asked_for(tmp_path: Path, labels: tuple[str, ...]) -> None:
    path = _sheet(tmp_path / "a.csv", labels)
    with pytest.raises(InputError) as asked:
        read_labelled(path)
    assert all(word in asked.value.message for word in labels)
    assert f"--grades {labels[0]}=0" in (asked.value.hint or "")
    table = ",".join(f"{word}={n}" for n, word in enumerate(labels))
    assert read_labelled(path, grades=parse_grades(table)).labels == 4 * len(labels)


def test_a_slip_in_a_few_rows_is_no_scale() -> None:
    scale = scale_of([0, 1] * 20 + ["?"])
    assert scale.doubt is None and scale.unknown == ()


def test_scores_in_the_label_column_are_no_grades() -> None:
    scale = scale_of([n / 37 for n in range(37)])
    assert scale.doubt is not None and "look like scores" in scale.doubt.text


def test_the_command_line_takes_grades(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _sheet(tmp_path / "a.csv", ("keep", "drop"))
    arguments = ["evaluate", str(path), "--model", "embedded", "--json"]
    assert main(arguments) == 2
    assert "--grades" in capsys.readouterr().out
    assert main([*arguments, "--grades", "keep=1,drop=0"]) == 0
    assert '"nDCG@10"' in capsys.readouterr().out


@pytest.mark.parametrize("argument", ["good", "good=", "=2", "good=2.5", "good=high"])
def test_a_table_of_grades_that_is_none_is_refused(argument: str) -> None:
    with pytest.raises(InputError, match="LABEL=GRADE"):
        parse_grades(argument)
