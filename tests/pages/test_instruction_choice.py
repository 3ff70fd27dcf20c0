"""The choice of an instruction stays what was chosen, whatever it is called and in whatever language."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.errors import InputError
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import InstructionLibrary, checked_name, instruction_library
from core.workflows.instructions.presets import preset
from pages.parts.asked.instruction_choice import CUSTOM
from pages.parts.sandbox.instructions import OWN_WORDS
from pages.parts.sandbox.sensitivity import DEFAULT_NAME, OWN_NAME
from tests.pages.replay import Browser

TEXT = "Given a question on contracts, retrieve the clause that settles it"


@pytest.fixture
def library(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[InstructionLibrary]:
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    opened = instruction_library(embedded_workbench.settings.home)
    yield opened
    for saved in opened.all():
        opened.remove(saved.name)


@pytest.fixture
def app(library: InstructionLibrary) -> AppTest:
    """Nothing but the choice, in English."""
    app = AppTest.from_function(_script, default_timeout=60)
    app.session_state["app.language"] = "en"
    return app


def _script() -> None:
    import streamlit as st

    from pages.parts.asked.instruction_choice import draw_instruction

    st.session_state["chosen"] = draw_instruction("test", None)


def test_another_language_keeps_the_choice(app: AppTest) -> None:
    app.run().selectbox(key="test.preset").set_value("legal").run()
    browser = Browser(app)
    assert browser.shown("test.preset") == "Legal"
    for language, word in (("zh", "法律"), ("en", "Legal")):
        app.session_state["app.language"] = language
        for _ in range(2):
            browser.click()
            assert browser.shown("test.preset") == word
            assert app.session_state["chosen"] == preset("legal").instruction


def test_a_word_that_comes_late_still_names_the_choice(app: AppTest) -> None:
    app.run().selectbox(key="test.preset").set_value("legal").run()
    late = Browser(app)
    app.session_state["app.language"] = "zh"
    app.run()
    assert app.selectbox(key="test.preset").value == "legal"
    late.click()
    assert app.session_state["chosen"] == preset("legal").instruction and late.shown("test.preset") == "法律"


def test_a_version_saved_elsewhere_keeps_the_choice(app: AppTest, library: InstructionLibrary) -> None:
    library.save("contracts", TEXT)
    app.run().selectbox(key="test.preset").set_value("contracts").run()
    browser = Browser(app)
    library.save("contracts", TEXT + ".")
    for _ in range(2):
        browser.click()
        assert browser.shown("test.preset") == "contracts · version 2"
        assert app.session_state["chosen"] == TEXT + "."


def test_an_instruction_removed_elsewhere_leaves_the_first_one(
    app: AppTest, library: InstructionLibrary
) -> None:
    library.save("contracts", TEXT)
    app.run().selectbox(key="test.preset").set_value("contracts").run()
    browser = Browser(app)
    library.remove("contracts")
    browser.click()
    box = app.selectbox(key="test.preset")
    assert not app.exception and box.value == "web-search"
    browser.click()
    assert browser.shown("test.preset") == box.options[0]


def test_a_saved_instruction_may_be_called_custom(app: AppTest, library: InstructionLibrary) -> None:
    library.save("custom", TEXT)
    app.run().selectbox(key="test.preset").set_value("custom").run()
    assert app.session_state["chosen"] == TEXT and not app.text_area
    app.selectbox(key="test.preset").set_value(CUSTOM).run()
    app.text_area(key="test.own_instruction").set_value("mine").run()
    assert app.session_state["chosen"] == "mine"


@pytest.mark.parametrize("name", [CUSTOM, OWN_WORDS, DEFAULT_NAME, OWN_NAME])
def test_no_saved_instruction_has_the_name_of_a_choice(name: str) -> None:
    with pytest.raises(InputError):
        checked_name(name)
