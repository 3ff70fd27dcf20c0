"""A query that one page shows opens in another, with its documents and its instruction."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.asked.hand_over import TAKERS, HandedOver

DOCUMENTS = ("first document", "second document", "third, with\n\na blank line")


def _taken(app: AppTest, page: str, documents: tuple[str, ...] = DOCUMENTS[:2]) -> AppTest:
    app.session_state["app.handed_over"] = HandedOver(page, "where is it", documents, "Find the place")
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", TAKERS)
def test_query_and_documents_are_in_the_fields(batch_app: AppTest, page: str) -> None:
    app = _taken(batch_app.run(), page)
    assert app.text_input(key=f"{page}.query").value == "where is it"
    assert app.text_area(key=f"{page}.documents").value == "first document\nsecond document"


def test_the_instruction_is_tried_beside_the_default(batch_app: AppTest) -> None:
    app = _taken(batch_app.run(), "sandbox")
    slots = [area.value for area in app.text_area if (area.key or "").startswith("sandbox.text_")]
    assert slots == ["Find the place"]


def test_documents_that_no_field_holds_come_whole(batch_app: AppTest) -> None:
    app = _taken(batch_app.run(), "sandbox", DOCUMENTS)
    assert "Documents taken over: 3" in [caption.value for caption in app.caption]


def test_what_was_open_before_gives_way(batch_app: AppTest) -> None:
    app = batch_app.run()
    app.button(key="rerank.sample_en").click().run()
    app.button(key="rerank.run").click().run()
    assert "run" in app.query_params
    app.switch_page("pages/model.py").run()
    app = _taken(app, "rerank")
    assert "run" not in app.query_params
    assert app.text_input(key="rerank.query").value == "where is it"
