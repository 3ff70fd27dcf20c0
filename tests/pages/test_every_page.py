"""Every page, opened for the first time in every language of the interface."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.frame.menu import ENTRIES
from pages.parts.texts import LANGUAGES
from tests.pages.shown import shown_texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(batch_app: AppTest, language: str) -> None:
    batch_app.session_state["app.language"] = language
    batch_app.run()
    for entry in ENTRIES:
        batch_app.switch_page(f"pages/{entry.file}").run()
        assert not batch_app.exception, f"{entry.file}: {batch_app.exception[0].value}"
        assert batch_app.session_state["app.language"] == language
        assert LANGUAGES[language].of(entry.title) in shown_texts(batch_app)
