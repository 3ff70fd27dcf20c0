"""`recipe`: saved settings with their evidence; list, show, save, compare, hand on, roll back."""

import argparse
import json
import sys
from pathlib import Path

from core.commands.options.care_options import add_care_arguments, care_of
from core.errors import InputError
from core.evaluation.blends.order import Blend
from core.recipes.document import read_recipe_file, recipe_bytes, recipe_record
from core.recipes.recipe import Recipe, RecipeVersion, SavedRecipe
from core.recipes.store import NO_VERSION, RecipeStore
from core.recipes.words import decided, differences
from core.sentences import Sentence
from core.settings import Settings
from core.workflows.home.inventory import open_scorer
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.instructions.library import asked_instruction
from core.workflows.recipes.use import with_model

HELP = "list, save, compare, export and roll back recipes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Each action's own arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=help, description=help)
        added.add_argument("--json", action="store_true", help="machine-readable output, in English")
        return added

    action("list", "every recipe with its model and its evidence")
    _add_save(action("save", "keep settings under a name, or as a new version of it"))
    show = action("show", "what a recipe decides")
    show.add_argument("name", metavar="NAME")
    show.add_argument("--version", type=int, metavar="N", help="an earlier version")
    export = action("export", "write a recipe with all its versions as a JSON file")
    export.add_argument("name", metavar="NAME")
    export.add_argument("-o", "--output", metavar="FILE", help="default: stdout")
    action("import", "take over a recipe file").add_argument("file", metavar="FILE")
    diff = action("diff", "what two recipes decide otherwise, in words")
    diff.add_argument("first", metavar="A", help="a recipe; A@2 is its second version")
    diff.add_argument("second", metavar="B")
    rollback = action("rollback", "take up an earlier version again")
    rollback.add_argument("name", metavar="NAME")
    rollback.add_argument("--version", type=int, metavar="N", help="default: the one before")
    action("remove", "forget a recipe with all its versions").add_argument("name", metavar="NAME")


def _add_save(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--model", help="bind the recipe to this model; default: whichever is loaded")
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="what makes a document relevant, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")
    add_care_arguments(parser)
    parser.add_argument("--candidates", type=int, metavar="K", help="rerank the first K only")
    parser.add_argument(
        "--blend", type=float, metavar="W", help="the reranker's share by ranks, 0 to 1; the rest first stage"
    )
    parser.add_argument("--threshold", type=float, metavar="P", help="drop documents scored below it, 0 to 1")
    parser.add_argument("--top", type=int, metavar="N", help="keep the best N documents")
    parser.add_argument("--note", default="", help="a word on why")


def run(options: argparse.Namespace) -> int:
    """Do one action."""
    settings = Settings()
    store = RecipeStore(settings.home)
    return {
        "list": _list,
        "save": _save,
        "show": _show,
        "export": _export,
        "import": _import,
        "diff": _diff,
        "rollback": _rollback,
        "remove": _remove,
    }[options.action](options, store)


def _list(options: argparse.Namespace, store: RecipeStore) -> int:
    saved = store.all()
    if options.json:
        _print({"recipes": [_record(one, one.latest) for one in saved]})
        return 0
    for one in saved:
        recipe = one.latest.recipe
        model = recipe.model.label if recipe.model else "any model"
        print(f"{one.name} · {one.latest.number}  {model}")
        for line in _evidence(recipe):
            print(f"    {line}")
    if not saved:
        print("No recipe is saved yet; make one with: python -m core recipe save NAME", file=sys.stderr)
    return 0


def _save(options: argparse.Namespace, store: RecipeStore) -> int:
    settings = Settings()
    care = care_of(options)
    recipe = Recipe(
        instruction=asked_instruction(options.instruction, options.preset, settings.home),
        care=care.stored() if care.active else {},
        candidates=options.candidates,
        blend=None if options.blend is None else Blend("ranks", options.blend),
        threshold=options.threshold,
        top=options.top,
    )
    if options.model:
        recipe = with_model(recipe, open_scorer(options.model, settings).info)
    return _told(options, store.save(options.name, recipe, options.note))


def _show(options: argparse.Namespace, store: RecipeStore) -> int:
    saved = store.named(options.name)
    version = _version(saved, options.version)
    if options.json:
        _print(_record(saved, version))
        return 0
    print(f"{saved.name} · {version.number} of {len(saved.versions)}, {version.written:%Y-%m-%d %H:%M}")
    for part in decided(version.recipe):
        print(f"  {part.name}: {part.value}")
    for line in (version.note, *map(str, _evidence(version.recipe))):
        if line:
            print(f"  {line}")
    return 0


def _export(options: argparse.Namespace, store: RecipeStore) -> int:
    content = recipe_bytes(store.named(options.name))
    if not options.output:
        sys.stdout.write(content.decode())
        return 0
    try:
        Path(options.output).write_bytes(content)
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {problem}.",
            where=options.output,
            path=options.output,
            problem=error.strerror or str(error),
        ) from None
    if options.json:
        _print({"recipe": options.name, "output": options.output})
    return 0


def _import(options: argparse.Namespace, store: RecipeStore) -> int:
    try:
        content = Path(options.file).read_bytes()
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {problem}.",
            where=options.file,
            path=options.file,
            problem=error.strerror or str(error),
        ) from None
    given = read_recipe_file(content)
    added = store.merge(given.name, given.versions)
    known = len(given.versions) - added
    if options.json:
        _print({"recipe": given.name, "added": added, "known": known})
    else:
        print(f"{given.name}: {added} versions added, {known} known already")
    return 0


def _diff(options: argparse.Namespace, store: RecipeStore) -> int:
    first, second = (_at(store, name) for name in (options.first, options.second))
    said = differences(first.recipe, second.recipe)
    if options.json:
        _print({"differences": [one.text for one in said]})
    else:
        for one in said:
            print(one)
    return 0


def _rollback(options: argparse.Namespace, store: RecipeStore) -> int:
    return _told(options, store.roll_back(options.name, options.version))


def _remove(options: argparse.Namespace, store: RecipeStore) -> int:
    store.remove(options.name)
    if options.json:
        _print({"removed": options.name})
    else:
        print(f"{options.name} is removed")
    return 0


def _at(store: RecipeStore, name: str) -> RecipeVersion:
    """`NAME`, or `NAME@2` for one of its versions; a name may hold the sign itself."""
    saved = store.find(name)
    if saved is not None:
        return saved.latest
    before, at, number = name.rpartition("@")
    if at and number.isdecimal():
        return _version(store.named(before), int(number))
    return store.named(name).latest


def _version(saved: SavedRecipe, number: int | None) -> RecipeVersion:
    if number is None:
        return saved.latest
    if not 1 <= number <= len(saved.versions):
        raise InputError(
            NO_VERSION, where="--version", name=saved.name, number=number, count=len(saved.versions)
        )
    return saved.versions[number - 1]


def _told(options: argparse.Namespace, saved: SavedRecipe) -> int:
    if options.json:
        _print(_record(saved, saved.latest))
    else:
        print(f"{saved.name} is kept as version {saved.latest.number}")
    return 0


def _record(saved: SavedRecipe, version: RecipeVersion) -> dict[str, object]:
    return {
        "name": saved.name,
        "version": version.number,
        "versions": len(saved.versions),
        "written": version.written.isoformat(timespec="seconds"),
        "note": version.note,
        "recipe": recipe_record(version.recipe),
    }


def _evidence(recipe: Recipe) -> tuple[Sentence, ...]:
    return evidence_sentences(recipe.evidence) if recipe.evidence else ()


def _print(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False))
