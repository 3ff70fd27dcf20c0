"""A run over many files in one process and in shares: every query once, whoever dies in between."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import IncompleteError, InputError, ModelError
from core.records import Scorer
from core.workflows.scale.here import Share, run_here
from core.workflows.scale.parts import score_part, written_parts
from core.workflows.scale.runs import MISSING_FILE, SUCCESS_FILE
from tests.workflows.scale.large_input import (
    expected_logits,
    read_logits,
    run_of,
    scorer_of,
    write_csv,
    write_input,
    write_lists,
    write_scorer,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scorer(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def scorer(model: Path) -> Scorer:
    return scorer_of(model)


def flat(logits: dict[str, dict[str, float]]) -> dict[tuple[str, str], float]:
    return {(query, document): value for query, found in logits.items() for document, value in found.items()}


def test_every_query_is_scored_once_as_the_local_engine_does(
    tmp_path: Path, model: Path, scorer: Scorer
) -> None:
    run = run_of(write_input(tmp_path / "in"), tmp_path / "out", model)
    outcome = run_here(run, scorer=scorer)
    assert outcome is not None
    expected = expected_logits(scorer, range(40))
    assert flat(read_logits(tmp_path / "out")) == pytest.approx(flat(expected), abs=1e-5)
    assert (outcome.queries, outcome.pairs) == (40, sum(map(len, expected.values())))
    assert outcome.scored == outcome.pairs and outcome.parts == 4 * 3
    told = json.loads((tmp_path / "out" / SUCCESS_FILE).read_text())
    assert (told["queries"], told["fingerprint"]) == (40, scorer.info.fingerprint)
    row = pq.read_table(next((tmp_path / "out").glob("*.parquet"))).to_pylist()[3]
    best = max(range(len(row["logits"])), key=lambda place: row["logits"][place])
    assert sorted(row["ranks"]) == list(range(1, len(row["logits"]) + 1)) and row["ranks"][best] == 1
    assert all(count > 3 for count in row["tokens"]) and row["truncated"] == [False] * len(row["logits"])


class Dying:
    """A scorer that fails after some calls, as a killed process would."""

    def __init__(self, scorer: Scorer, calls: int) -> None:
        self._scorer, self._calls, self.info = scorer, calls, scorer.info

    def score_many(self, *arguments: object, **more: object) -> object:
        self._calls -= 1
        if self._calls < 0:
            raise MemoryError("killed")
        return self._scorer.score_many(*arguments, **more)  # type: ignore[arg-type]


def test_what_is_there_is_passed_over(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    run = run_of(write_input(tmp_path / "in"), tmp_path / "out", model)
    with pytest.raises(MemoryError):
        run_here(run, scorer=Dying(scorer, 5))  # type: ignore[arg-type]
    assert len(written_parts(run.output)) == 5 and not (tmp_path / "out" / SUCCESS_FILE).exists()
    outcome = run_here(run, scorer=scorer)
    assert outcome is not None and 0 < outcome.scored < outcome.pairs
    expected = expected_logits(scorer, range(40))
    assert flat(read_logits(tmp_path / "out")) == pytest.approx(flat(expected), abs=1e-5)
    again = run_here(run, scorer=Dying(scorer, 0))  # type: ignore[arg-type]
    assert again is not None and again.scored == 0


def test_shares_make_one_whole(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    run = run_of(write_input(tmp_path / "in"), tmp_path / "out", model)
    assert run_here(run, Share(0, 3), scorer=scorer) is None
    assert run_here(run, Share(2, 3), scorer=scorer) is None
    outcome = run_here(run, Share(1, 3), scorer=scorer)
    assert outcome is not None and outcome.queries == 40 == len(read_logits(tmp_path / "out"))


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_rows_that_are_queries_are_read_as_rows_that_are_pairs(
    suffix: str, tmp_path: Path, model: Path, scorer: Scorer
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(2):
        write_lists(tmp_path / "in" / f"{number}{suffix}", range(number * 5, number * 5 + 5))
    run_here(run_of(tmp_path / "in" / f"*{suffix}", tmp_path / "out", model), scorer=scorer)
    assert flat(read_logits(tmp_path / "out")) == pytest.approx(
        flat(expected_logits(scorer, range(10))), abs=1e-5
    )


def test_a_lost_part_is_made_again_and_a_lost_query_is_named(
    tmp_path: Path, model: Path, scorer: Scorer
) -> None:
    run = run_of(write_input(tmp_path / "in"), tmp_path / "out", model)
    run_here(run, scorer=scorer)
    parts = sorted((tmp_path / "out").glob("*.parquet"))
    parts[2].unlink()
    outcome = run_here(run, scorer=scorer)
    assert outcome is not None and outcome.scored == sum(
        map(len, list(read_logits(tmp_path / "out").values())[8:10])
    )
    # A part that lacks a row, as no process of ours writes it.
    table = pq.read_table(parts[0])
    pq.write_table(table.slice(1), parts[0])
    with pytest.raises(IncompleteError, match="1 of 40 queries are missing: q0"):
        run_here(run, scorer=scorer)
    assert (tmp_path / "out" / MISSING_FILE).read_text() == "q0"
    assert not (tmp_path / "out" / SUCCESS_FILE).exists()


def test_a_query_in_two_files_is_named(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    folder = write_input(tmp_path / "in", files=2)
    write_csv(folder / "more.csv", range(3, 5))
    with pytest.raises(IncompleteError, match="2 query ids stand in several files or places: q3, q4"):
        run_here(run_of(folder, tmp_path / "out", model), scorer=scorer)


def test_a_query_that_comes_back_is_refused_with_its_row(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    text = "query_id,query,document\n1,how long,three days\n2,password,reset\n1,how long,mars\n"
    (tmp_path / "in.csv").write_text(text)
    with pytest.raises(InputError, match=r"query 1 comes back in row 4 of in.csv.*Sort the file by query_id"):
        run_here(run_of(tmp_path / "in.csv", tmp_path / "out", model), scorer=scorer)


def test_another_runs_folder_is_refused(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    folder = write_input(tmp_path / "in", files=1)
    run_here(run_of(folder, tmp_path / "out", model), scorer=scorer)
    write_csv(folder / "more.csv", range(90, 92))
    with pytest.raises(InputError, match="another run: input differ"):
        run_here(run_of(folder, tmp_path / "out", model), scorer=scorer)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").touch()
    with pytest.raises(InputError, match="holds other files"):
        run_here(run_of(folder, tmp_path / "notes", model), scorer=scorer)


def test_parts_of_another_model_are_not_mixed(tmp_path: Path, model: Path, scorer: Scorer) -> None:
    from core.workflows.scale.folding import fold
    from core.workflows.scale.parts import cut

    run = run_of(write_input(tmp_path / "in", files=1), tmp_path / "out", model)
    (part, *_) = cut(0, fold(run.files[0], run.columns), run.portion)
    with pytest.raises(ModelError, match="differs from the one that scored before"):
        score_part(part, scorer, None, expected="another")


def test_no_files_are_said(tmp_path: Path) -> None:
    from core.workflows.scale.places import input_files

    with pytest.raises(InputError, match="no files of queries"):
        input_files(str(tmp_path / "*.csv"))
