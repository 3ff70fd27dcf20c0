"""The recipe that a model's folder states: our `rerank_recipe.json`, or what sentence-transformers writes.

That is `1_LogitScore/config.json`, the numbers of the words that count, with `chat_template.jinja`, which is
the prompt; a classifier has the template alone. Templates are rendered in a sandbox: they are data.
"""

from pathlib import Path

from core.engine.safetensors import read_json
from core.errors import ModelRejectedError
from core.models.cross_encoder.recipes import DOCUMENT, INSTRUCTION, QUERY, Reading, Recipe

OWN_RECIPE = "rerank_recipe.json"
_LOGIT_SCORE = "1_LogitScore"
_TEMPLATE = "chat_template.jinja"
BAD_RECIPE = "The recipe of this model cannot be used: {problem}."


def states_recipe(path: Path) -> bool:
    """Whether a folder seems to say how it is asked."""
    return (path / OWN_RECIPE).is_file() or (path / _LOGIT_SCORE).is_dir()


def own_recipe(path: Path, classifier: bool) -> Recipe | None:
    """What `rerank_recipe.json` says, or None; ModelRejectedError when it cannot be used."""
    file = path / OWN_RECIPE
    return _read_own(file, classifier) if file.is_file() else None


def layout_recipe(path: Path, classifier: bool) -> Recipe | None:
    """What sentence-transformers' files say, or None; ModelRejectedError when they cannot be used.

    A classifier's chat template counts where it takes a query and a document, as no other template does.
    """
    if (path / _LOGIT_SCORE / "config.json").is_file():
        return _logit_score(path)
    if not classifier or not (path / _TEMPLATE).is_file():
        return None
    prompt, instruction = _prompt(path / _TEMPLATE, path)
    if any(prompt.count(place) != 1 for place in (QUERY, DOCUMENT)):
        return None
    return Recipe("sequence classification", prompt, instruction)


def _read_own(file: Path, classifier: bool) -> Recipe:
    found = read_json(file)
    reading: Reading = "sequence classification" if classifier else "token logits"
    texts = {
        name: found.get(name, "")
        for name in ("prompt", "default_instruction", "true_token", "false_token", "licence")
    }
    unknown = sorted(set(found) - set(texts) - {"scale", "max_tokens"})
    if unknown:
        raise unusable(file, f"unknown {', '.join(unknown)}")
    if any(not isinstance(text, str) for text in texts.values()):
        raise unusable(file, "texts must stand in quotes")
    scale, longest = found.get("scale", 1.0), found.get("max_tokens", 0)
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not scale > 0:
        raise unusable(file, "scale must be a number above 0")
    if isinstance(longest, bool) or not isinstance(longest, int) or longest < 0:
        raise unusable(file, "max_tokens must be a whole number")
    recipe = Recipe(reading, scale=float(scale), max_tokens=longest, **texts)
    _check_prompt(recipe, file)
    return recipe


def _logit_score(path: Path) -> Recipe:
    """As sentence-transformers writes it: token ids in one file, the prompt as a chat template in another."""
    file = path / _LOGIT_SCORE / "config.json"
    found = read_json(file)
    known = words(path)
    true, false = found.get("true_token_id"), found.get("false_token_id")
    if true not in known or (false is not None and false not in known):
        raise unusable(file, "its token ids are not in the tokenizer")
    template = path / _TEMPLATE
    if not template.is_file():
        raise unusable(file, "the folder has no chat_template.jinja")
    prompt, instruction = _prompt(template, path)
    recipe = Recipe(
        "token logits",
        prompt,
        instruction,
        true_token=known[true],
        false_token=known[false] if false is not None else "",
    )
    _check_prompt(recipe, file)
    return recipe


def _prompt(template: Path, path: Path) -> tuple[str, str]:
    """A chat template filled with placeholders, and the instruction that it has where none is given.

    An instruction comes as the system's message, which a template without a place for one leaves out. A
    message is a text, or in templates of models that also see a list of parts.
    """
    for in_parts in (False, True):
        plain = _rendered(template, path, "", in_parts)
        if QUERY in plain and DOCUMENT in plain:
            break
    told = _rendered(template, path, INSTRUCTION, in_parts)
    before, found, after = told.partition(INSTRUCTION)
    kept = len(plain) - len(before) - len(after)
    if found and kept >= 0 and plain.startswith(before) and plain.endswith(after) and QUERY in told:
        return told, plain[len(before) : len(before) + kept]
    return plain, ""


def _rendered(template: Path, path: Path, instruction: str, in_parts: bool) -> str:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    told = {"system": instruction} if instruction else {}
    messages = [
        {"role": role, "content": [{"type": "text", "text": text}] if in_parts else text}
        for role, text in (told | {"query": QUERY, "document": DOCUMENT}).items()
    ]
    file = path / "tokenizer_config.json"
    stated = read_json(file) if file.is_file() else {}
    special = {name: stated[name] for name in ("bos_token", "eos_token") if isinstance(stated.get(name), str)}
    try:
        return environment.from_string(template.read_text(encoding="utf-8")).render(
            messages=messages, add_generation_prompt=True, **special
        )
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise unusable(template, type(error).__name__) from error


def _check_prompt(recipe: Recipe, file: Path) -> None:
    if recipe.reading == "token logits" and not recipe.true_token:
        raise unusable(file, "it names no true_token")
    if recipe.prompt or recipe.reading == "token logits":
        for place in (QUERY, DOCUMENT):
            if recipe.prompt.count(place) != 1:
                raise unusable(file, f"its prompt must hold {place} once")


def unusable(file: Path, problem: str) -> ModelRejectedError:
    """The error for a recipe with this problem."""
    return ModelRejectedError(BAD_RECIPE, where=str(file), problem=problem)


def words(path: Path) -> dict[int, str]:
    """The vocabulary of a folder's tokenizer by number, added tokens included."""
    tokenizer = read_json(path / "tokenizer.json")
    added = {entry["id"]: str(entry["content"]) for entry in tokenizer.get("added_tokens", [])}
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    if isinstance(vocabulary, dict):
        return {number: word for word, number in vocabulary.items()} | added
    return dict(enumerate(str(entry[0]) for entry in vocabulary)) | added
