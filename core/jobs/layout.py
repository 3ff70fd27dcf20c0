"""How requests and scores lie in the job database: written and read in bulk, one connection at a time.

Every distinct text of a job is stored once (see `migrations`). Transactions, errors and job states are
for `store`.
"""

import math
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import WorkbenchError
from core.jobs.records import PairScore
from core.records import Score, ScoringRequest

# pair, tokens, logit, probability, truncated: 25 bytes. The probability is written for programs that read the
# file; here it follows from the logit.
PACKED_SCORE = struct.Struct("<IIdd?")


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


def delete_texts(connection: sqlite3.Connection, texts: TextRange) -> None:
    """Remove a job's texts; its requests and scores go with the job."""
    connection.execute("DELETE FROM text WHERE id >= ? AND id < ?", (texts.first, texts.first + texts.count))


def write_scores(connection: sqlite3.Connection, job: int, pairs: Sequence[PairScore]) -> bool:
    """Append scores of pairs that had none; False when these very scores were stored before."""
    body = b"".join(
        [
            PACKED_SCORE.pack(p.pair, p.score.tokens, p.score.logit, p.score.probability, p.score.truncated)
            for p in pairs
            if _is_number(p)
        ]
    )
    added = connection.execute(
        "INSERT INTO scores VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (job, pairs[0].pair, body)
    ).rowcount
    return added == 1


def read_scores(connection: sqlite3.Connection, job: int, first_pair: int, pairs: int) -> list[Score | None]:
    """Scores of `pairs` pairs from `first_pair` on; None where there is none yet."""
    scores: list[Score | None] = [None] * pairs
    for (body,) in connection.execute("SELECT body FROM scores WHERE job = ?", (job,)):
        for pair, tokens, logit, _, truncated in PACKED_SCORE.iter_unpack(body):
            if 0 <= pair - first_pair < pairs:
                scores[pair - first_pair] = Score(logit, tokens, truncated)
    return scores


def request_sizes(connection: sqlite3.Connection, job: int) -> list[int]:
    """How many documents each request has, in order."""
    rows = connection.execute(
        "SELECT length(documents) / 4 FROM request WHERE job = ? ORDER BY position", (job,)
    )
    return [size for (size,) in rows]


def _is_number(pair: PairScore) -> bool:
    score = pair.score
    if math.isnan(score.logit):
        raise WorkbenchError(
            "The model gave no number as the score of pair {pair}.",
            hint="Run the self-test of this model, or use another precision.",
            pair=pair.pair + 1,
        )
    return True


def _unpacked(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", "surrogatepass")
