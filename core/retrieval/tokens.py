"""The tokens that words are searched by: bigrams of Chinese characters, lower-cased words otherwise.

Made here and not by a store, so that both stores, indexing and asking, agree. Each token is letters and
digits of ASCII, or Han characters, which no store's tokenizer splits or folds again; other tokens are spelt
in hexadecimal. Whoever changes what a text becomes must raise TOKENIZER: an index never mixes versions.
"""

import re
import unicodedata

TOKENIZER = "bigrams-words/1"

# Japanese kana stand without spaces like Han. The ranges belong to the version, so they are written here.
_UNSPACED = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")
_FIRST_UNSPACED = "\u3005"
_PLAIN = re.compile("[0-9a-z]+|[\u4e00-\u9fff]+")
# Longer runs are addresses and encoded data; nobody types them whole.
LONGEST = 40


def tokens(text: str) -> list[str]:
    """The tokens in order, with repeats. «退款期限 7 days» gives 退款, 款期, 期限, 7, days.

    A Chinese character that stands alone is a token; inside a longer run it is not, so a query of one
    character finds only those. Full-width forms and ligatures count as what they stand for.
    """
    found: list[str] = []
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        run = match[0]
        if run[0] >= _FIRST_UNSPACED and _is_unspaced(run[0]):
            pieces = [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 1 else [run]
            found += [piece if _PLAIN.fullmatch(piece) else _spelt(piece) for piece in pieces]
        else:
            word = run[:LONGEST]
            found.append(word if _PLAIN.fullmatch(word) else _spelt(word))
    return found


def runs(text: str) -> list[tuple[int, str, bool]]:
    """Each stretch of letters and digits: its beginning, itself, whether it is written without spaces."""
    return [
        (match.start(), match[0], match[0][0] >= _FIRST_UNSPACED and _is_unspaced(match[0][0]))
        for match in _RUN.finditer(text)
    ]


def _is_unspaced(character: str) -> bool:
    return re.match(f"[{_UNSPACED}]", character) is not None


def _spelt(token: str) -> str:
    """A token of other letters in ASCII: its UTF-8 in hexadecimal between two «x»."""
    return f"x{token.encode('utf-8', 'surrogatepass').hex()}x"
