"""The Batch page's tick that agrees to what a hosted model charges."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from pathlib import Path

    import streamlit as st

    from core.models.remote.connecting import connect
    from core.models.remote.cost import estimate
    from core.models.remote.servers.server import Price
    from core.records import ScoringRequest
    from core.settings import Settings
    from pages.parts.job.cost import draw_expected_cost
    from tests.models.remote.fake_servers import FakeServer

    kind = st.session_state["kind"]
    address = {"own": "http://127.0.0.1:9", "cohere": "https://api.cohere.com#r"}[kind]
    settings = Settings(home=Path(st.session_state["home"]), send_to="api.cohere.com")
    server = FakeServer("vllm" if kind == "own" else kind)
    scorer = connect(address, settings, transport=server, environment={"COHERE_API_KEY": "k"})
    pairs = st.session_state["pairs"]
    cost = estimate([ScoringRequest("q" * 4, ("d" * 4,))] * (pairs or 0), Price(100.0, "2026-11"))
    agreed = draw_expected_cost("batch", None if pairs is None else (pairs, cost), scorer)
    st.text(f"agreed: {agreed}")


def _drawn(tmp_path: object, kind: str, pairs: int | None) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=60)
    app.session_state["kind"], app.session_state["home"], app.session_state["pairs"] = (
        kind,
        str(tmp_path),
        pairs,
    )
    app.session_state["app.language"] = "en"
    app.run()
    assert not app.exception
    return app


def test_a_run_that_costs_waits_for_the_tick_and_another_sum_asks_anew(tmp_path: object) -> None:
    app = _drawn(tmp_path, "cohere", 50)
    assert "costs about US\\$0.01" in app.markdown[0].value
    assert app.text[0].value == "agreed: False"
    app.checkbox[0].check().run()
    assert app.text[0].value == "agreed: True"
    app.session_state["pairs"] = 5000
    app.run()
    assert app.text[0].value == "agreed: False"


def test_an_unknown_price_is_said_and_nothing_else_is(tmp_path: object) -> None:
    app = _drawn(tmp_path, "cohere", None)
    assert "is not known here" in app.caption[0].value and app.text[0].value == "agreed: True"
    own = _drawn(tmp_path, "own", None)
    assert not own.caption and own.text[0].value == "agreed: True"
    known = _drawn(tmp_path, "cohere", 0)
    assert not known.checkbox and known.text[0].value == "agreed: True"
