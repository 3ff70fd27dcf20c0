"""A reranking and what was asked for it as JSON values, and back. Where they are kept is for `kept`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.records import ChunkedScore, Notice, Score, ScorerInfo
from core.sentences import Sentence
from core.text.chunking import Chunk
from core.text.cleaning.documents import CleanedDocument, RuleChange
from core.text.cleaning.duplicates import Duplicate
from core.workflows.care.preparing import CaredDocument, CareSettings, DocumentCare
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.reranking import RankedDocument, Reranking


@dataclass(frozen=True, slots=True)
class AskedReranking:
    """What a person wants reranked.

    instruction: None means the model's default. recipe: decides instead. two_looks: places at the top, 0
    where everything is read.
    """

    query: str
    documents: tuple[str, ...]
    instruction: str | None = None
    care: CareSettings = CareSettings()
    recipe: RecipeInUse | None = None
    two_looks: int = 0

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "query": self.query,
            "documents": list(self.documents),
            "instruction": self.instruction,
            "care": self.care.stored(),
            "recipe": None if self.recipe is None else self.recipe.stored(),
            "two_looks": self.two_looks,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "AskedReranking":
        """What was stored."""
        care = CareSettings.read(kept["care"])
        recipe = RecipeInUse.read(kept.get("recipe"))
        documents, two_looks = tuple(kept["documents"]), kept.get("two_looks", 0)
        return cls(kept["query"], documents, kept["instruction"], care, recipe, two_looks)


def stored(result: Reranking) -> dict[str, Any]:
    """As JSON values; `from_stored` reads them back."""
    return {
        "query": result.query,
        "instruction": result.instruction,
        "ranked": [_ranked(one) for one in result.ranked],
        "scorer": asdict(result.scorer),
        "seconds": result.seconds,
        "notices": [{"sentence": one.sentence.stored(), "where": one.where} for one in result.notices],
        "care": None if result.care is None else result.care.stored(),
        "recipe": None if result.recipe is None else result.recipe.stored(),
        "kept_first": result.kept_first,
        "given": list(result.given),
    }


def from_stored(kept: Mapping[str, Any]) -> Reranking:
    """The value that `stored` gave."""
    scorer = kept["scorer"]
    return Reranking(
        kept["query"],
        kept["instruction"],
        tuple(_read_ranked(one) for one in kept["ranked"]),
        ScorerInfo(**{**scorer, "notes": tuple(scorer["notes"])}),
        kept["seconds"],
        tuple(Notice(Sentence(**one["sentence"]), one["where"]) for one in kept["notices"]),
        None if kept["care"] is None else CareSettings.read(kept["care"]),
        RecipeInUse.read(kept.get("recipe")),
        tuple(kept.get("given", ())),
        kept_first=kept.get("kept_first", False),
    )


def _ranked(one: RankedDocument) -> dict[str, Any]:
    return {
        "index": one.index,
        "document": one.document,
        "score": None if one.scored is None else asdict(one.scored),
        "original_rank": one.original_rank,
        "new_rank": one.new_rank,
        "near_tie": one.near_tie,
        "blend": one.blend,
        "calibrated": one.calibrated,
        "first_score": one.first_score,
        "care": None if one.care is None else _care(one.care),
    }


def _read_ranked(kept: Mapping[str, Any]) -> RankedDocument:
    rest = {name: value for name, value in kept.items() if name not in ("score", "care")}
    score, care = kept["score"], kept["care"]
    scored = None if score is None else ChunkedScore(**score) if "chunks" in score else Score(**score)
    return RankedDocument(scored=scored, care=None if care is None else _read_care(care), **rest)


def _care(care: DocumentCare) -> dict[str, Any]:
    cleaned = care.document.cleaned
    return {
        "text": cleaned.text,
        "changes": [[change.rule, change.count] for change in cleaned.changes],
        "duplicate": None if cleaned.duplicate is None else asdict(cleaned.duplicate),
        "thin": cleaned.thin,
        "chunks": [[chunk.start, chunk.end, chunk.text] for chunk in care.document.chunks],
        "logits": list(care.logits),
    }


def _read_care(kept: Mapping[str, Any]) -> DocumentCare:
    duplicate = kept["duplicate"]
    cleaned = CleanedDocument(
        kept["text"],
        tuple(RuleChange(rule, count) for rule, count in kept["changes"]),
        None if duplicate is None else Duplicate(**duplicate),
        kept["thin"],
    )
    chunks = tuple(Chunk(start, end, text) for start, end, text in kept["chunks"])
    return DocumentCare(CaredDocument(cleaned, chunks), tuple(kept["logits"]))
