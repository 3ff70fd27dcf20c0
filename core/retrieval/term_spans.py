"""Where a query's words stand in a text, cut as for searching: bigrams of Chinese characters, else words."""

from core.retrieval.tokens import runs, tokens

# Shorter words of Latin letters are mostly «of» and «the», and marking them says nothing.
SHORTEST = 3


def term_spans(query: str, text: str) -> list[tuple[int, int]]:
    """From and up to which character; in order, apart from each other."""
    wanted = {token for token in tokens(query) if _says_something(token)}
    found: list[tuple[int, int]] = []
    for start, run, unspaced in runs(text):
        step = 2 if unspaced and len(run) > 1 else len(run)
        for at in range(len(run) - step + 1):
            if wanted.intersection(tokens(run[at : at + step])):
                begin, end = start + at, start + at + step
                if found and found[-1][1] >= begin:
                    begin = found.pop()[0]
                found.append((begin, end))
    return found


def _says_something(token: str) -> bool:
    return len(token) > SHORTEST or not token.isascii() or any(sign.isdigit() for sign in token)
