"""The login page speaks every language of the interface; drawn without the pages, it has its own words."""

import pytest

from core.api.door.login import TEXTS, login_page
from pages.parts.texts import LANGUAGES


def test_the_login_page_has_every_language_and_every_sentence() -> None:
    assert TEXTS.keys() == LANGUAGES.keys()
    assert all(texts.keys() == TEXTS["en"].keys() for texts in TEXTS.values())


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,en;q=0.5", "zh"),
        ("fr-FR, zh;q=0.8, en;q=0.5", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_the_browsers_first_known_language_is_spoken(accepted: str, language: str) -> None:
    assert f'<html lang="{language}">' in login_page(accepted, "/", wrong=False)
