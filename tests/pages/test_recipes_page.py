"""Recipes on pages: saved from an evaluation, listed, used on Rerank, rolled back, imported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.recipes.document import recipe_bytes
from core.recipes.evidence import Evidence, ScoreShape
from core.recipes.recipe import Recipe, RecipeModel
from core.recipes.store import RecipeStore
from core.recipes.watched import ServedQuery, watch_store
from core.workflows.home.workbench import Workbench
from core.workflows.recipes.use import with_model
from tests.pages.reranked import reranked
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
EVIDENCE = Evidence(
    "labels.csv", "ab" * 32, "nDCG@10", 60, 0.05, 0.02, 0.08, 0.001, 0, "better", 1, "embedded", "fp32",
    False, "2026-11-28", "job", scores=ScoreShape(60, 600, tuple(at / 20 for at in range(60)), 0.2, 0.0, 1.0),
)  # fmt: skip


@pytest.fixture
def store(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecipeStore]:
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    opened = RecipeStore(embedded_workbench.settings.home)
    yield opened
    for saved in opened.all():
        opened.remove(saved.name)


def page(name: str) -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["app.language"] = "en"
    return app.run().switch_page(f"pages/{name}.py").run()


def test_without_recipes_the_page_says_where_they_come_from(store: RecipeStore) -> None:
    app = page("recipes")
    assert not app.exception and "Nothing is saved yet" in shown_texts(app)
    assert "Recipe" not in [box.label for box in page("rerank").selectbox]


def test_a_recipe_is_shown_compared_and_rolled_back(
    store: RecipeStore, embedded_workbench: Workbench
) -> None:
    recipe = with_model(Recipe(top=5, evidence=EVIDENCE), embedded_workbench.scorer().info)
    store.save("support", recipe, "first")
    store.save("support", replace(recipe, top=3))
    store.save("other", replace(recipe, top=9))
    app = page("recipes")
    text = shown_texts(app).replace("\\", "")  # as people read it
    assert not app.exception
    assert "Better than the order before on labels.csv: +0.050" in text
    assert "Documents kept: 9 → 3" in text  # the two side by side
    assert "Served under this recipe: 0 queries" in text
    app.button(key="recipes.again_support_1").click().run()
    assert store.named("support").latest.recipe.top == 5
    app.button(key="recipes.delete_other").click().run()
    assert [one.name for one in store.all()] == ["support"]


def test_another_model_is_said(store: RecipeStore) -> None:
    store.save("foreign", Recipe(model=RecipeModel("q", "Qwen3", "ff" * 32, "bf16"), top=1))
    assert "was made with Qwen3" in shown_texts(page("recipes"))


def test_drift_is_a_warning(store: RecipeStore, embedded_workbench: Workbench) -> None:
    store.save("drifting", Recipe(top=5, evidence=EVIDENCE))
    watched = watch_store(embedded_workbench.settings.home)
    watched.add("drifting", 1, [ServedQuery(-9.0, 10, 9, 0, False)] * 80)
    app = page("recipes")
    assert [box for box in app.warning if "are lower than in the evidence" in box.value]


def test_rerank_follows_the_chosen_recipe(store: RecipeStore) -> None:
    store.save("two", Recipe(top=2))
    app = page("rerank")
    app.button(key="rerank.sample_en").click().run()
    app.selectbox(key="rerank.recipe").set_value("two").run()
    app.button(key="rerank.run").click().run()
    assert not app.exception and len(reranked(app).ranked) == 2
    assert "recipe two · 1" in shown_texts(app)
    assert '"recipe": "two"' in app.code[0].value


def test_a_threshold_that_nothing_reaches_is_said(store: RecipeStore) -> None:
    store.save("strict", Recipe(threshold=1.0))
    app = page("rerank")
    app.button(key="rerank.sample_en").click().run()
    app.selectbox(key="rerank.recipe").set_value("strict").run()
    app.button(key="rerank.run").click().run()
    assert not reranked(app).ranked
    app.run()
    assert not app.exception and "No document reaches the recipe's threshold." in shown_texts(app)


def test_a_file_is_taken_over(store: RecipeStore, tmp_path: Path) -> None:
    content = recipe_bytes(RecipeStore(tmp_path / "colleague").save("theirs", Recipe(top=4)))
    app = page("recipes")
    app.file_uploader(key="recipes.import").set_value(("theirs.json", content, "application/json")).run()
    app.button(key="recipes.import_button").click().run()
    assert store.named("theirs").latest.recipe.top == 4
    app.file_uploader(key="recipes.import").set_value(("x.json", b"[]", "application/json")).run()
    app.button(key="recipes.import_button").click().run()
    assert "The file holds no recipe." in shown_texts(app)
