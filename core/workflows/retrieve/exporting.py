"""A whole corpus as one file, to move to another store: JSON Lines or Parquet, with its vectors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import InputError, StorageError
from core.retrieval.passages import Corpus

FORMATS = (".jsonl", ".parquet")
PORTION = 1000

BAD_FORMAT = "A corpus is exported as {formats}, not as «{ending}»."
NO_WRITE = "{name} cannot be written: {problem}."

Record = dict[str, Any]


def export_corpus(corpus: Corpus, path: Path) -> int:
    """Write every passage with its vector, null where it has none; how many were written.

    Fields: id, text, title, source, position, metadata (an object), vector (unit length, half precision).
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(
            BAD_FORMAT, where=str(path), formats=", ".join(FORMATS), ending=path.suffix or path.name
        )
    write = _write_lines if path.suffix.lower() == ".jsonl" else _write_parquet
    try:
        return write(path, _portions(corpus))
    except OSError as error:
        problem = error.strerror or str(error)
        raise StorageError(NO_WRITE, where=str(path), name=path.name, problem=problem) from error


def _portions(corpus: Corpus) -> Iterator[list[Record]]:
    ids = corpus.ids()
    for start in range(0, len(ids), PORTION):
        passages = corpus.passages(ids[start : start + PORTION])
        vectors = corpus.vectors([one.key for one in passages])
        yield [
            {
                "id": one.id,
                "text": one.text,
                "title": one.title,
                "source": one.source,
                "position": one.position,
                "metadata": dict(one.metadata),
                "vector": vectors[one.key].tolist() if one.key in vectors else None,
            }
            for one in passages
        ]


def _write_lines(path: Path, portions: Iterator[list[Record]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for portion in portions:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in portion)
            count += len(portion)
    return count


def _write_parquet(path: Path, portions: Iterator[list[Record]]) -> int:
    """Metadata as JSON text, because its names differ from passage to passage."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    texts = [pa.field(name, pa.string()) for name in ("id", "text", "title", "source")]
    vector = pa.field("vector", pa.list_(pa.float32()))
    schema = pa.schema([*texts, pa.field("position", pa.int64()), pa.field("metadata", pa.string()), vector])
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        for portion in portions:
            rows = [
                {**record, "metadata": json.dumps(record["metadata"], ensure_ascii=False)}
                for record in portion
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count
