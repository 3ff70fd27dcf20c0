"""Every recipe: what it decides, its evidence, whether its model is loaded, versions, export and removal."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.recipes.document import read_recipe_file, recipe_bytes
from core.recipes.drift import drift
from core.recipes.recipe import RecipeVersion, SavedRecipe
from core.recipes.watched import watch_store
from core.recipes.words import decided, differences
from core.sentences import Sentence
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.recipes.use import RecipeInUse
from pages.parts.asked.recipe_choice import recipe_store
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import error_sentence, spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.workbench import the_workbench


def draw_recipes(saved: tuple[SavedRecipe, ...]) -> None:
    """One box a recipe; the first one is open."""
    for at, one in enumerate(saved):
        title = f"**{plain(one.name)}** · {t('version {number}', number=one.latest.number)}"
        with st.expander(title, expanded=at == 0, key=f"recipes.box_{one.name}"):
            _draw_recipe(one)


def _draw_recipe(one: SavedRecipe) -> None:
    _draw_model(one)
    st.dataframe(
        [
            {t("Decides"): spoken(part.name), t("Value"): shown(part.value)}
            for part in decided(one.latest.recipe)
        ],
        hide_index=True,
        height="content",
        key=f"recipes.parts_{one.name}_{one.latest.number}",
        column_config={t("Decides"): st.column_config.TextColumn(width=130)},
    )
    _draw_evidence(one.latest)
    _draw_watch(one)
    with st.container(horizontal=True):
        draw_export(
            t("Export"),
            partial(recipe_bytes, one),
            f"{_file_name(one.name)}.json",
            f"recipes.export_{one.name}",
        )
        with st.popover(t("Delete")):
            st.caption(t("All versions are removed; jobs that used them keep what they were asked."))
            if st.button(t("Delete {name}", name=plain(one.name)), key=f"recipes.delete_{one.name}"):
                _do(lambda: recipe_store().remove(one.name))
    if len(one.versions) > 1:
        _draw_versions(one)
    st.caption(t("Used as «{example}» over HTTP, `--recipe {name}` by commands.", **_examples(one.name)))


def _examples(name: str) -> dict[str, str]:
    return {"example": f'"recipe": "{plain(name)}"', "name": name.replace("`", "")}


def _draw_model(one: SavedRecipe) -> None:
    """Whether the loaded model is the recipe's."""
    active = the_workbench().status().active
    if active is None:
        return
    try:
        RecipeInUse.of(one).check_model(active)
    except InputError as error:
        st.warning(plain(error_sentence(error)))


def _draw_evidence(version: RecipeVersion) -> None:
    evidence = version.recipe.evidence
    said = evidence_sentences(evidence) if evidence else ()
    for line in (version.note, *map(spoken, said)):
        if line:
            st.caption(plain(line))
    if evidence is None:
        st.caption(t("Without labels there is no evidence."))


def _draw_watch(one: SavedRecipe) -> None:
    """What is served under the recipe over HTTP, beside its evidence."""
    evidence = one.latest.recipe.evidence
    if evidence is None or evidence.scores is None:
        return
    store = watch_store(the_workbench().settings.home)
    kept = store.kept(one.name, one.latest.number)
    if kept.queries:
        st.caption(
            t(
                "Its gate left {queries} queries to the first stage: {pairs} pairs were not scored.",
                queries=f"{kept.queries:,}",
                pairs=f"{kept.pairs:,}",
            )
        )
    served = store.shape(one.name, one.latest.number)
    found = drift(evidence.scores, served)
    if found.drifted:
        st.warning("  \n".join(plain(spoken(said)) for said in found.sentences))
        return
    for said in found.sentences:
        st.caption(plain(spoken(said)))


def _draw_versions(one: SavedRecipe) -> None:
    with st.popover(t("Earlier versions")):
        for version in reversed(one.versions[:-1]):
            made = version.written.astimezone().strftime("%Y-%m-%d %H:%M")
            st.markdown(f"**{t('version {number}', number=version.number)}** · {made}")
            for said in differences(version.recipe, one.latest.recipe):
                st.caption(plain(spoken(said)))
            if st.button(
                t("Use this version again"), key=f"recipes.again_{one.name}_{version.number}", type="tertiary"
            ):
                _do(partial(recipe_store().roll_back, one.name, version.number))


def draw_import() -> None:
    """A recipe file of a colleague."""
    with st.container(border=True):
        file = st.file_uploader(t("Import a recipe"), type=["json"], key="recipes.import")
        if file is not None and st.button(t("Import"), key="recipes.import_button"):
            try:
                given = read_recipe_file(file.getvalue())
                added = recipe_store().merge(given.name, given.versions)
            except WorkbenchError as error:
                show_error(error)
            else:
                # A toast outlives the run that shows the new list.
                st.toast(
                    t(
                        "«{name}»: new versions {added}, known already {known}.",
                        name=given.name,
                        added=added,
                        known=len(given.versions) - added,
                    )
                )
                st.rerun()


def shown(value: Sentence | str | None) -> str:
    """A part's value in the interface language."""
    return spoken(value) if isinstance(value, Sentence) else value or ""


def _do(action: Callable[[], object]) -> None:
    try:
        action()
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()


def _file_name(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name) or "recipe"
