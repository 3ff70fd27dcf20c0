"""Adds passages and vectors to a corpus until it is killed, telling what has been stored.

Arguments: kind of store, folder. Each line on stdout is «passages P» or «vectors V», how many are stored.
"""

import sys
from itertools import count
from pathlib import Path

from tests.retrieval.corpora import EMBEDDING, direction, opened, passage

EACH = 500


def main() -> None:
    corpus = opened(sys.argv[1], Path(sys.argv[2]))  # type: ignore[arg-type]
    corpus.use_embedding(EMBEDDING)
    vectors = 0
    for round_number in count():
        first = round_number * EACH
        corpus.add(passage(f"p{i}", f"number n{i} of all", "s") for i in range(first, first + EACH))
        _say(f"passages {first + EACH}")
        waiting = corpus.without_vector(EACH // 2)
        corpus.put_vectors({one.key: direction(1, vectors + i) for i, one in enumerate(waiting)})
        vectors += len(waiting)
        _say(f"vectors {vectors}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
