"""The accepted rules as a recipe, measured as the recipe would ask every query of the run."""

from dataclasses import replace

from core.errors import InputError
from core.jobs import Job
from core.recipes.recipe import Recipe
from core.text.rewriting.glossary import Glossary
from core.text.rewriting.variants import RULES, same_wording
from core.workflows.recipes.evidence import measured_evidence, score_shape
from core.workflows.recipes.use import RecipeInUse, rewriting_of, with_model
from core.workflows.rewrite.data import ScoredRewriting
from core.workflows.rewrite.decisions import Decisions
from core.workflows.rewrite.jobs import RewriteJob
from core.workflows.rewrite.ledger import LedgerSettings, tally_of

NO_RULE = "No rule is accepted, so there is nothing to save."
NO_RULE_HINT = "Accept a rule first."
GLOSSARY_GONE = "The glossary {name} of this run is no longer at hand."
GLOSSARY_GONE_HINT = "Choose it again on the start of this page, then save."
AS_RECIPE = "recipe"


def rewriting_recipe(
    job: Job,
    scored: ScoredRewriting,
    decisions: Decisions,
    glossary: tuple[str, Glossary] | None,
    settings: LedgerSettings,
) -> Recipe:
    """glossary: with its file's name, the one in use on the page.

    InputError where nothing is accepted, or the run's own glossary is another one.
    """
    asked = RewriteJob.of(job)
    accepted = {name for name, wanted in decisions.rules.items() if wanted}
    rules = asked.rules if "all" in accepted else tuple(rule for rule in RULES if rule in accepted)
    if not rules:
        raise InputError(NO_RULE, hint=NO_RULE_HINT)
    if asked.glossary and (glossary is None or glossary[0] != asked.glossary):
        raise InputError(GLOSSARY_GONE, hint=GLOSSARY_GONE_HINT, name=asked.glossary)
    forms = glossary[1] if asked.glossary and glossary else Glossary()
    recipe = Recipe(instruction=asked.instruction, rewriting=rewriting_of(rules, forms))
    if job.model is None:
        return recipe
    recipe = with_model(recipe, job.model)
    wordings = _wordings(scored, RecipeInUse("", 0, recipe))
    changed = {query: at for query, at in wordings.items() if at}
    tally = tally_of(scored, AS_RECIPE, changed, settings) if len(wordings) == len(scored.scores) else None
    if tally is None or tally.comparison is None:
        return recipe
    data = scored.rewritten.data
    evidence = measured_evidence(
        tally.comparison,
        job.model,
        job,
        pairs=data.pairs,
        labels=data.labels,
        scores=score_shape(
            {query: judged.query for query, judged in data.judgements.items()},
            {query: scored.scores[query][at] for query, at in wordings.items()},
            recipe,
        ),
    )
    return replace(recipe, evidence=evidence)


def _wordings(scored: ScoredRewriting, used: RecipeInUse) -> dict[str, int]:
    """Which of a query's scored wordings the recipe asks; queries of which it was not scored are left out."""
    found = {}
    for query, rewriting in scored.rewritten.rewritings.items():
        texts = [rewriting.query, *(variant.text for variant in rewriting.variants)]
        asked = same_wording(used.wording(rewriting.query))
        at = next((at for at, text in enumerate(texts) if same_wording(text) == asked), None)
        if at is not None:
            found[query] = at
    return found
