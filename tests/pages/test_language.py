"""Whatever a user can meet is there in every language, with the same facts; a language is one folder."""

import re
import string
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

import pages.parts.texts as texts_package
from core.evaluation.kinds import KINDS
from core.evaluation.measures import NO_PARAMETERS
from core.evaluation.oracle import BEST, PERFECT
from core.evaluation.triage import CAUSES
from core.judging.agreement import HOW, PEOPLE
from core.models.embedded.loading import NOTE
from core.text.cleaning.rules import RULES as CLEANING_RULES
from core.text.rewriting.variants import RULE_TITLES
from core.workflows.evaluate.judging import GRADES
from core.workflows.instructions.paraphrases import RULES
from core.workflows.instructions.presets import PRESETS
from core.workflows.judge.pairs import WHICH
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.merge import MERGE_RULES
from core.workflows.runs.leaderboard import OTHER
from core.workflows.runs.measured import DEFAULT_INSTRUCTION, ORDER_BEFORE, OWN_WORDING
from core.workflows.serving.guides import GUIDES
from pages.parts.texts import LANGUAGES, Language
from tests.pages import exported, spoken

# English is what the sentences in the code are written in.
TRANSLATED = [language for code, language in LANGUAGES.items() if code != "en"]
TRANSLATIONS = [(language, template) for language in TRANSLATED for template in sorted(language.texts)]
CHINESE = LANGUAGES["zh"].texts
# Labels that are the same in every language.
SAME = {"English", "Excel", "Ctrl+Enter", "Enter", "TREC qrels", "Quepid CSV", "Kendall"}
# Names that pages show and no rule of `spoken` can tell from data.
NAMES = {
    "measure": [text for kind in KINDS for text in (kind.title, kind.help)] + [NO_PARAMETERS],
    "cleaning rule": [text for rule in CLEANING_RULES for text in (rule.title, rule.help)],
    "grade": list(GRADES.values()),
    "judging": [PEOPLE, *(words for _, words in HOW), *WHICH.values()],
    "run": [BEST, PERFECT],
    "cause": [text for cause in CAUSES for text in (cause.title, cause.rule)],
    "scorer note": [NOTE],
    "rewriting": [*RULE_TITLES.values(), *MERGE_RULES.values()],
    "paraphrase": list(RULES),
    "job kind": [OTHER, *(kind.title for kind in JOB_KINDS.values())],
    "what a run is compared with": [ORDER_BEFORE, DEFAULT_INSTRUCTION, OWN_WORDING],
    "preset": [preset.title for preset in PRESETS],
    "exported column": exported.columns(),
    "exported sheet": exported.sheets(),
    "setting": exported.settings(),
    "exported word": list(exported.WORDS),
    "field of another program": [field.label for guide in GUIDES for field in guide.fields],
}


every_language = pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
every_translation = pytest.mark.parametrize(("language", "template"), TRANSLATIONS)


def _missing(language: Language, texts: Iterable[spoken.Text]) -> str:
    known = language.texts.keys() | SAME
    return "\n".join(sorted({f"{text.place}: {text.value}" for text in texts if text.value not in known}))


def _fields(template: str) -> list[tuple[str, str | None, str | None]]:
    """Every field with its format, «{gap:.2f}», as often as it stands there."""
    parsed = string.Formatter().parse(template)
    return sorted((name, form, how) for _, name, form, how in parsed if name)


@every_language
def test_every_spoken_text_has_a_translation(language: Language) -> None:
    missing = _missing(language, spoken.spoken_arguments())
    assert not missing, missing


@every_language
def test_every_sentence_in_core_has_a_translation(language: Language) -> None:
    missing = _missing(language, spoken.sentences_in_core())
    assert not missing, missing


@every_language
def test_every_label_in_pages_has_a_translation(language: Language) -> None:
    missing = _missing(language, spoken.labels_in_pages())
    assert not missing, missing


@every_language
@pytest.mark.parametrize("kind", NAMES)
def test_every_name_has_a_translation(kind: str, language: Language) -> None:
    missing = _missing(language, (spoken.Text(kind, name) for name in NAMES[kind]))
    assert not missing, missing


def test_no_spoken_text_is_put_together_from_pieces() -> None:
    pieces = [f"{text.place}: {text.value}" for text in spoken.spoken_arguments() if not text.whole]
    assert not pieces, "\n".join(pieces)


@every_language
def test_no_translation_is_stale(language: Language) -> None:
    stale = language.texts.keys() - spoken.all_strings()
    assert not stale, "\n".join(sorted(stale))


@every_language
def test_no_translation_could_go_missing_unseen(language: Language) -> None:
    searches = (spoken.spoken_arguments, spoken.sentences_in_core, spoken.labels_in_pages)
    seen = {text.value for search in searches for text in search()}
    seen.update(name for names in NAMES.values() for name in names)
    unseen = language.texts.keys() - seen
    assert not unseen, "In NAMES these would be looked for:\n" + "\n".join(sorted(unseen))


@every_language
def test_no_text_is_translated_twice(language: Language) -> None:
    counts = Counter(english for part in language.parts.values() for english in part)
    twice = [english for english, count in counts.items() if count > 1]
    assert not twice, "\n".join(twice)


@every_translation
def test_a_translation_keeps_the_facts(language: Language, template: str) -> None:
    # It may name a fact once more, or leave a repeated one out, but never changes how it is written.
    assert set(_fields(language.texts[template])) == set(_fields(template))


@pytest.mark.parametrize("template", sorted(CHINESE))
def test_a_translation_has_chinese_punctuation(template: str) -> None:
    wrong = re.search(r"[\u4e00-\u9fff][,;:?!.]|[,;?!][\u4e00-\u9fff]", CHINESE[template])
    assert wrong is None, f"{wrong[0] if wrong else ''} in {CHINESE[template]}"


def test_a_folder_is_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "eo"
    folder.mkdir()
    (folder / "__init__.py").write_text('NAME = "Esperanto"\n', encoding="utf-8")
    (folder / "interface.py").write_text('TEXTS = {"Model": "Modelo"}\n', encoding="utf-8")
    monkeypatch.setattr(texts_package, "__path__", [*texts_package.__path__, str(tmp_path)])
    found = texts_package.languages()
    assert list(found) == ["eo", "zh", "en"]
    assert (found["eo"].name, found["eo"].of("Model"), found["eo"].of("Batch")) == (
        "Esperanto",
        "Modelo",
        "Batch",
    )
