"""The score cache: equal content hits, everything else misses, and it stays within its limit."""

import sqlite3
from pathlib import Path

import pytest

from core.errors import StorageError
from core.jobs import ScoreCache, pair_keys
from core.records import Score, ScoringRequest
from tests.jobs.stub_scorer import expected_score


def keys(count: int, tag: str = "") -> list[bytes]:
    return pair_keys("model", [ScoringRequest("q", tuple(f"{tag}{n}" for n in range(count)))])


def scores(some: list[bytes]) -> dict[bytes, Score]:
    return {key: expected_score("q", key.hex()) for key in some}


def test_what_was_put_is_found_again_bit_for_bit(cache: ScoreCache) -> None:
    kept = {
        keys(3)[0]: Score(0.1 + 0.2, 7, True),
        keys(3)[1]: Score(float("-inf"), 8192, False),
    }
    cache.put_many(kept)
    assert cache.get_many(keys(3)) == kept


def test_scores_survive_closing_the_program(tmp_path: Path) -> None:
    kept = scores(keys(2000))
    first = ScoreCache(tmp_path)
    first.put_many(kept)
    first.close()
    second = ScoreCache(tmp_path)
    assert second.get_many(list(kept)) == kept
    second.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("f", ScoringRequest("q", ("d",))), ("g", ScoringRequest("q", ("d",)))),
        (("f", ScoringRequest("q", ("d",))), ("f", ScoringRequest("q ", ("d",)))),
        (("f", ScoringRequest("qd", ("",))), ("f", ScoringRequest("q", ("d",)))),
        (("f", ScoringRequest("q", ("d",), None)), ("f", ScoringRequest("q", ("d",), ""))),
        (("f", ScoringRequest("b", ("c",), "a")), ("f", ScoringRequest("c", ("b",), "a"))),
        (("fa", ScoringRequest("b", ("c",), "")), ("f", ScoringRequest("b", ("c",), "a"))),
        (("f", ScoringRequest("q", ("é",))), ("f", ScoringRequest("q", ("e\u0301",)))),
        (("f", ScoringRequest("q", ("a\0b",))), ("f", ScoringRequest("q", ("ab",)))),
    ],
)
def test_pairs_that_differ_anywhere_have_different_keys(
    one: tuple[str, ScoringRequest], other: tuple[str, ScoringRequest]
) -> None:
    assert pair_keys(one[0], [one[1]]) != pair_keys(other[0], [other[1]])


def test_a_key_does_not_depend_on_the_company_of_the_pair() -> None:
    alone = pair_keys("f", [ScoringRequest("q", ("b",), "i")])
    among = pair_keys("f", [ScoringRequest("x", ("b",)), ScoringRequest("q", ("a", "b", "c"), "i")])
    assert among[2] == alone[0]


def test_lone_surrogates_have_keys() -> None:
    one, other = pair_keys("f", [ScoringRequest("q", ("\ud800", "\ud801"))])
    assert one != other


def test_the_least_recently_used_are_evicted_beyond_the_limit(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path, limit=10)
    old, used, new = keys(5, "old"), keys(5, "used"), keys(3, "new")
    cache.put_many(scores(old))
    cache.put_many(scores(used))
    cache.get_many(old[:2])
    cache.put_many(scores(new))
    # 13 entries are over 10, so the cache goes down to 9: the three old unused ones and one of the next.
    assert cache.statistics().entries == 9
    assert cache.find_known(old) == set(old[:2])
    assert cache.find_known(new) == set(new)
    assert len(cache.find_known(used)) == 4
    cache.close()


def test_a_lower_limit_takes_effect_when_the_cache_is_opened(tmp_path: Path) -> None:
    first = ScoreCache(tmp_path)
    first.put_many(scores(keys(100)))
    first.close()
    second = ScoreCache(tmp_path, limit=50)
    assert second.statistics().entries == 45
    second.close()


def test_clearing_forgets_everything_and_gives_the_space_back(cache: ScoreCache) -> None:
    cache.put_many(scores(keys(20_000)))
    full = cache.statistics()
    assert full.entries == 20_000
    assert cache.clear() == 20_000
    empty = cache.statistics()
    assert empty.entries == 0
    assert empty.bytes < full.bytes / 10
    assert cache.get_many(keys(10)) == {}


def test_what_is_kept_and_forgotten_is_noted_for_whoever_planned_with_it(cache: ScoreCache) -> None:
    seen = [cache.changes]
    cache.put_many(scores(keys(4)))
    seen.append(cache.changes)
    cache.get_many(keys(4))
    assert cache.changes == seen[-1]
    cache.clear()
    cache.put_many(scores(keys(4)))
    assert cache.changes not in seen, "as many entries as before, but not the same"


def test_statistics_count_hits_and_misses(cache: ScoreCache) -> None:
    cache.put_many(scores(keys(4)))
    cache.get_many(keys(10))
    cache.find_known(keys(10))
    found = cache.statistics()
    assert (found.hits, found.misses) == (4, 6)


def test_two_processes_worth_of_caches_share_one_file(tmp_path: Path) -> None:
    one, other = ScoreCache(tmp_path), ScoreCache(tmp_path)
    one.put_many(scores(keys(5)))
    other.put_many(scores(keys(8)))
    assert one.find_known(keys(8)) == set(keys(8))
    assert one.statistics().entries == 8
    one.close()
    other.close()


def test_a_damaged_cache_is_replaced_and_its_file_kept(tmp_path: Path) -> None:
    damaged = b"this is no database " * 500
    (tmp_path / "scores.sqlite3").write_bytes(damaged)
    cache = ScoreCache(tmp_path)
    cache.put_many(scores(keys(3)))
    assert cache.statistics().entries == 3
    assert (tmp_path / "scores.sqlite3.damaged-1").read_bytes() == damaged
    cache.close()


def test_a_locked_cache_says_so(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path, busy_seconds=0)
    other = sqlite3.connect(tmp_path / "scores.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked by another program"):
        cache.put_many(scores(keys(1)))
    other.execute("ROLLBACK")
    cache.put_many(scores(keys(1)))
    assert cache.statistics().entries == 1
    other.close()
    cache.close()
