"""How requests and scores lie in the job database: written and read in bulk, one connection at a time.

Every distinct text of a job is stored once (see `migrations`). Transactions, errors and job states are
for `store`.
"""

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import WorkbenchError
from core.jobs.records import PairScore
from core.records import Score, ScoringRequest

TEXTS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class TextRange:
    """The ids of a job's texts: `count` of them from `first` on."""

    first: int
    count: int


def write_requests(connection: sqlite3.Connection, job: int, requests: Sequence[ScoringRequest]) -> TextRange:
    """Store a job's requests; returns where its texts lie."""
    first = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM text").fetchone()[0])
    offsets: dict[str, int] = {}

    def offset_of(text: str) -> int:
        return offsets.setdefault(text, len(offsets))

    def rows() -> Iterator[tuple[int, int, int, int, int | None, bytes]]:
        pair = 0
        for position, request in enumerate(requests):
            count = len(request.documents)
            packed = struct.pack(f"<{count}I", *map(offset_of, request.documents))
            instruction = None if request.instruction is None else offset_of(request.instruction)
            yield job, position, pair, offset_of(request.query), instruction, packed
            pair += count

    connection.executemany("INSERT INTO request VALUES (?, ?, ?, ?, ?, ?)", rows())
    connection.executemany(
        "INSERT INTO text VALUES (?, ?)",
        ((first + offset, _encoded(text)) for text, offset in offsets.items()),
    )
    return TextRange(first, len(offsets))


def read_requests(connection: sqlite3.Connection, job: int, texts: TextRange) -> tuple[ScoringRequest, ...]:
    """All requests of a job; equal texts share one string."""
    bodies = [
        _decoded(body)
        for (body,) in connection.execute(
            "SELECT body FROM text WHERE id >= ? AND id < ? ORDER BY id",
            (texts.first, texts.first + texts.count),
        )
    ]
    rows = connection.execute(
        "SELECT query, instruction, documents FROM request WHERE job = ? ORDER BY position", (job,)
    )
    return tuple(
        ScoringRequest(
            bodies[query],
            tuple(bodies[offset] for offset in _unpacked(documents)),
            None if instruction is None else bodies[instruction],
        )
        for query, instruction, documents in rows
    )


def read_request(
    connection: sqlite3.Connection, job: int, texts: TextRange, position: int
) -> tuple[ScoringRequest, int] | None:
    """One request and the ordinal of its first pair; None when there is no such position."""
    row = connection.execute(
        "SELECT query, instruction, documents, first_pair FROM request WHERE job = ? AND position = ?",
        (job, position),
    ).fetchone()
    if row is None:
        return None
    query, instruction, packed, first_pair = row
    documents = _unpacked(packed)
    wanted = sorted({query, *documents} | (set() if instruction is None else {instruction}))
    bodies: dict[int, str] = {}
    for start in range(0, len(wanted), TEXTS_PER_STATEMENT):
        some = [texts.first + offset for offset in wanted[start : start + TEXTS_PER_STATEMENT]]
        marks = ",".join("?" * len(some))
        for number, body in connection.execute(f"SELECT id, body FROM text WHERE id IN ({marks})", some):
            bodies[number - texts.first] = _decoded(body)
    request = ScoringRequest(
        bodies[query],
        tuple(bodies[offset] for offset in documents),
        None if instruction is None else bodies[instruction],
    )
    return request, first_pair


def write_scores(connection: sqlite3.Connection, job: int, pairs: Sequence[PairScore]) -> int:
    """Store scores; returns how many are new. A pair that has a score keeps it."""
    rows = []
    for pair in pairs:
        score = pair.score
        if score.logit != score.logit or score.probability != score.probability:
            raise WorkbenchError(
                "The model gave no number as the score of pair {pair}.",
                hint="Run the self-test of this model, or use another precision.",
                pair=pair.pair + 1,
            )
        rows.append((job, pair.pair, score.logit, score.probability, score.tokens, score.truncated))
    return connection.executemany(
        "INSERT INTO score VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
    ).rowcount


def read_scores(connection: sqlite3.Connection, job: int, first_pair: int, pairs: int) -> list[Score | None]:
    """Scores of `pairs` pairs from `first_pair` on; None where there is none yet."""
    scores: list[Score | None] = [None] * pairs
    for pair, logit, probability, tokens, truncated in connection.execute(
        "SELECT pair, logit, probability, tokens, truncated FROM score"
        " WHERE job = ? AND pair >= ? AND pair < ?",
        (job, first_pair, first_pair + pairs),
    ):
        scores[pair - first_pair] = Score(logit, probability, tokens, bool(truncated))
    return scores


def read_scored(connection: sqlite3.Connection, job: int, pairs: int) -> bytearray:
    """One byte per pair: 1 where it has a score."""
    scored = bytearray(pairs)
    for (pair,) in connection.execute("SELECT pair FROM score WHERE job = ?", (job,)):
        scored[pair] = 1
    return scored


def request_sizes(connection: sqlite3.Connection, job: int) -> list[int]:
    """How many documents each request has, in order."""
    rows = connection.execute(
        "SELECT length(documents) / 4 FROM request WHERE job = ? ORDER BY position", (job,)
    )
    return [size for (size,) in rows]


def _unpacked(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", "surrogatepass")
