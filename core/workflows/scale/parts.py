"""Portions of whole queries, each scored into one file whose name follows from the input alone.

The same input in the same portions gives the same names, so whoever comes after a death passes over what is
there. A file appears whole or not at all: written aside and renamed, or in one request to object storage.
"""

import json
import math
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.records import Scorer, ScoringRequest
from core.workflows.recipes.use import RecipeInUse
from core.workflows.scale.folding import Candidates
from core.workflows.scale.places import Folder
from core.workflows.scale.under_recipe import follow_recipe, placed_row

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped]

# A part is what a death costs, and what one worker reads at a time.
QUERIES_A_PART, PAIRS_A_PART = 64, 3200
SUFFIX = ".parquet"
TEMPORARY = "_temporary"

OTHER_MODEL = "This worker's model differs from the one that scored before ({here} instead of {there})."
OTHER_MODEL_HINT = (
    "Use the same weights, precision and kind of processor everywhere, or another output folder."
)


@dataclass(frozen=True, slots=True)
class Portion:
    """The most queries and pairs of a part; one query is never cut."""

    queries: int = QUERIES_A_PART
    pairs: int = PAIRS_A_PART


@dataclass(frozen=True, slots=True)
class Part:
    """name: of its file, without suffix."""

    name: str
    queries: tuple[Candidates, ...]

    @property
    def pairs(self) -> int:
        """How many pairs it holds."""
        return sum(len(one.documents) for one in self.queries)


def cut(file_number: int, queries: Iterable[Candidates], portion: Portion) -> Iterator[Part]:
    """The parts of one file, in its order."""
    waiting: list[Candidates] = []
    number = pairs = 0
    for query in queries:
        full = len(waiting) >= portion.queries or pairs + len(query.documents) > portion.pairs
        if waiting and full:
            yield Part(part_name(file_number, number), tuple(waiting))
            waiting, pairs, number = [], 0, number + 1
        waiting.append(query)
        pairs += len(query.documents)
    if waiting:
        yield Part(part_name(file_number, number), tuple(waiting))


def part_name(file_number: int, number: int) -> str:
    """Sorts as the input does."""
    return f"part-{file_number:05}-{number:07}"


def score_part(
    part: Part,
    scorer: Scorer,
    instruction: str | None,
    expected: str = "",
    recipe: RecipeInUse | None = None,
) -> "pyarrow.Table":
    """One row a query: ids, logits, probabilities, ranks, tokens, marks of truncation, each a list.

    expected: the fingerprint of whoever scored before, "" for nobody; ModelError when it is another one.
    recipe: decides instead of `instruction`; what it leaves out has no rank, and what it does not read no
    score.
    """
    import pyarrow as pa

    info = scorer.info
    if expected and info.fingerprint != expected:
        raise ModelError(
            OTHER_MODEL, where=info.label, hint=OTHER_MODEL_HINT, here=info.fingerprint, there=expected
        )
    if recipe is None:
        rows = _by_model(part, scorer, instruction)
    else:
        answers = {one.id: answer for one, answer in follow_recipe(part.queries, scorer, recipe)}
        rows = [placed_row(one, answers.get(one.id)) for one in part.queries]
    about = {"fingerprint": info.fingerprint, "model": info.name, "pairs": str(part.pairs)}
    return pa.Table.from_pylist(rows, schema=_schema(recipe)).replace_schema_metadata(about)


def _by_model(part: Part, scorer: Scorer, instruction: str | None) -> list[dict[str, Any]]:
    info = scorer.info
    told = instruction if info.uses_instruction else None
    requests = [
        ScoringRequest(one.query, one.documents, (one.instruction or told) if info.uses_instruction else None)
        for one in part.queries
    ]
    rows: list[dict[str, Any]] = []
    for one, scores in zip(part.queries, scorer.score_many(requests), strict=True):
        logits = [score.logit for score in scores]
        if len(logits) != len(one.documents) or not all(map(math.isfinite, logits)):
            raise ModelError("The model gave no number for a document of the query {query}.", query=one.id)
        order = sorted(range(len(logits)), key=lambda place: (-logits[place], place))
        ranks = [0] * len(logits)
        for rank, place in enumerate(order, start=1):
            ranks[place] = rank
        rows.append(
            {
                "request_id": one.id,
                "document_ids": list(one.document_ids),
                "ranks": ranks,
                "logits": logits,
                "probabilities": [score.probability for score in scores],
                "tokens": [score.tokens for score in scores],
                "truncated": [score.truncated for score in scores],
            }
        )
    return rows


def write_part(table: "pyarrow.Table", name: str, folder: Folder) -> None:
    """Put a part's file into the folder, whole."""
    import pyarrow as pa
    from pyarrow.parquet import write_table  # type: ignore[import-untyped]

    content = pa.BufferOutputStream()
    write_table(table, content, compression="zstd")
    put(folder, name + SUFFIX, content.getvalue())


def put(folder: Folder, name: str, content: Any) -> None:  # noqa: ANN401 - bytes, or Arrow's buffer
    """Write a file that is there whole or not at all."""
    system, root = folder.opened()
    if not folder.local:
        with system.open_output_stream(f"{root}/{name}") as stream:
            stream.write(content)
        return
    aside = f"{root}/{TEMPORARY}/{name}.{uuid.uuid4().hex}"
    system.create_dir(f"{root}/{TEMPORARY}", recursive=True)
    with system.open_output_stream(aside) as stream:
        stream.write(content)
    system.move(aside, f"{root}/{name}")


def written_parts(folder: Folder) -> frozenset[str]:
    """The names of the parts that are there."""
    from pyarrow.fs import FileSelector  # type: ignore[import-untyped]

    system, root = folder.opened()
    listed = system.get_file_info(FileSelector(root, allow_not_found=True))
    return frozenset(one.base_name.removesuffix(SUFFIX) for one in listed if one.extension == SUFFIX[1:])


def about_part(folder: Folder, name: str) -> tuple[int, int, str]:
    """Queries, pairs and fingerprint of a written part, from its footer."""
    from pyarrow.parquet import read_metadata

    system, root = folder.opened()
    found = read_metadata(f"{root}/{name}{SUFFIX}", filesystem=system)
    told = {key.decode(): value.decode() for key, value in (found.metadata or {}).items()}
    return found.num_rows, int(told["pairs"]), told["fingerprint"]


def read_ids(folder: Folder, name: str) -> list[str]:
    """The ids of a written part's queries."""
    from pyarrow.parquet import read_table

    system, root = folder.opened()
    table = read_table(f"{root}/{name}{SUFFIX}", columns=["request_id"], filesystem=system)
    return [str(one) for one in table["request_id"].to_pylist()]


def packed(part: Part) -> bytes:
    """A part as bytes, to be sent to a worker."""
    return json.dumps([one.stored() for one in part.queries], ensure_ascii=False).encode()


def unpacked(name: str, content: bytes) -> Part:
    """The part that `packed` was given."""
    kept = json.loads(content)
    return Part(name, tuple(Candidates.from_stored(one) for one in kept))


def _schema(recipe: RecipeInUse | None) -> "pyarrow.Schema":
    import pyarrow as pa

    own = recipe.recipe if recipe is not None else None
    added = [
        (name, pa.list_(pa.float64()))
        for name, there in (("blends", own and own.blend), ("calibrated_scores", own and own.calibration))
        if there is not None
    ]
    return pa.schema(
        [
            ("request_id", pa.string()),
            ("document_ids", pa.list_(pa.string())),
            ("ranks", pa.list_(pa.int32())),
            ("logits", pa.list_(pa.float64())),
            ("probabilities", pa.list_(pa.float64())),
            ("tokens", pa.list_(pa.int32())),
            ("truncated", pa.list_(pa.bool_())),
            *added,
        ]
    )
