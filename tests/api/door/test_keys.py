"""The key, its file, the cookie that stands for it, and how slow guessing is."""

import stat
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.api.door.attempts import LONGEST_DELAY, MOST_ADDRESSES, MOST_WAITING, Attempts
from core.api.door.keys import COOKIE_SECONDS, KEY_FILE, Key, access_key
from core.errors import InputError, StorageError
from core.settings import Settings


def test_a_made_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    key = access_key(settings)
    kept = settings.home / KEY_FILE
    assert len(key) >= 32 and access_key(settings) == key == kept.read_text().strip()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert access_key(Settings(home=tmp_path / "other")) != key


def test_a_key_file_that_others_could_read_is_closed(tmp_path: Path) -> None:
    kept = tmp_path / KEY_FILE
    kept.write_text("a" * 32 + "\n")
    kept.chmod(0o644)
    assert access_key(Settings(home=tmp_path)) == "a" * 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_start_killed_while_it_made_the_key_leaves_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).touch()
    key = access_key(Settings(home=tmp_path))
    assert len(key) >= 32 and access_key(Settings(home=tmp_path)) == key


def test_a_short_key_is_refused_and_a_chosen_one_used(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only 6 characters"):
        access_key(Settings(home=tmp_path, api_key=SecretStr("secret")))
    assert access_key(Settings(home=tmp_path, api_key=SecretStr("correct horse"))) == "correct horse"
    assert not (tmp_path / KEY_FILE).exists()


def test_a_home_that_takes_no_file_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(StorageError, match="RERANK_API_KEY"):
        access_key(Settings(home=blocked))


@pytest.mark.parametrize("shown", ["", "correct hors", "correct horse ", "CORRECT HORSE", "密钥", "\udcff"])
def test_only_the_key_itself_matches(shown: str) -> None:
    assert Key("correct horse").matches("correct horse")
    assert not Key("correct horse").matches(shown)


def test_a_cookie_is_good_for_its_key_and_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    key = Key("correct horse")
    cookie = key.cookie()
    assert key.admits(cookie) and "horse" not in cookie
    assert not Key("another horse").admits(cookie)
    end, _, signature = cookie.partition(".")
    forged = [
        f"{int(end) + 1}.{signature}",
        f"{end}.",
        end,
        "",
        f"{end}.{signature[:-1]}é",
        "x.y",
        f"²{cookie}",
    ]
    assert not any(key.admits(text) for text in forged)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + COOKIE_SECONDS + 2)
    assert not key.admits(cookie)


@pytest.mark.parametrize(
    ("settings", "reachable", "needed"),
    [
        ({}, False, False),
        ({"host": "localhost"}, False, False),
        ({"host": "0.0.0.0"}, True, True),
        ({"host": "::"}, True, True),
        ({"host": "192.168.1.5"}, True, True),
        ({"host": "0.0.0.0", "auth": "off"}, True, False),
        ({"api_key": SecretStr("correct horse")}, False, True),
        ({"allowed_hosts": ("rerank.example.com",)}, True, True),
        ({"allowed_hosts": ("localhost:9000", "[::1]:9000")}, False, False),
        ({"trusted_proxy": ("127.0.0.1",)}, True, True),
    ],
)
def test_a_key_is_needed_as_soon_as_others_can_come(
    settings: dict[str, object], reachable: bool, needed: bool
) -> None:
    made = Settings(**settings)  # type: ignore[arg-type]
    assert (made.reachable, made.key_required) == (reachable, needed)
    assert made.open_to_everyone is (reachable and not needed)


def test_each_wrong_key_waits_longer_up_to_a_limit() -> None:
    attempts = Attempts()
    delays = []
    for _ in range(8):
        delays.append(attempts.failed("192.0.2.1"))
        attempts.answered("192.0.2.1")
    assert delays == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0] and delays[-1] == LONGEST_DELAY
    assert attempts.failed("192.0.2.2") == 0.25
    attempts.succeeded("192.0.2.1")
    assert attempts.failed("192.0.2.1") == 0.25


def test_guesses_cannot_be_made_side_by_side_without_end() -> None:
    attempts = Attempts()
    for _ in range(MOST_WAITING):
        assert not attempts.crowded("2001:db8::1")
        attempts.failed("2001:db8::1")
    # A subscriber's other addresses count as the same one.
    assert attempts.crowded("2001:db8::ffff") and not attempts.crowded("2001:db8:0:1::1")
    attempts.answered("2001:db8::1")
    assert not attempts.crowded("2001:db8::1")


def test_the_addresses_that_are_remembered_are_bounded() -> None:
    attempts = Attempts()
    for number in range(MOST_ADDRESSES + 10):
        attempts.failed(f"10.0.{number // 256}.{number % 256}")
    assert len(attempts._records) == MOST_ADDRESSES
