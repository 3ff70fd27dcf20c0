"""Finds a text file's encoding and decodes it. Knows bytes and characters, not rows.

The order is: byte-order mark; NULs as the sign of UTF-16 or UTF-32; strict UTF-8; then the East Asian
encodings against the single-byte ones, by how common the characters are that each would give. GB18030
decodes almost anything without an error («Année» becomes «Ann閑»), so an error-free decoding proves nothing.
"""

import codecs
import re
from dataclasses import dataclass

from core.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_MARK = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")

# Bytes looked at when guessing; enough for thousands of characters.
_SAMPLE_BYTES = 64 * 1024

# Shares of common characters. Real text scores .9 and more, text in a wrong encoding below .6.
_CONVINCING = 0.8
_POSSIBLE = 0.6
# Korean syllables fall into the GB range of common characters too; only nearly pure Hangul is Korean.
_PURE_HANGUL = 0.97

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[¡-©«-´¶-¹»-¿×÷]+(?=[^\W\d_])")
_SINGLE_BYTE = ("cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text with the encoding it was in.

    certain: False when the bytes allow another reading, so a person should look.
    replaced: characters that could not be decoded and are now U+FFFD. nuls: NUL characters taken out.
    """

    text: str
    encoding: str
    certain: bool
    replaced: int = 0
    nuls: int = 0


def decode(content: bytes, encoding: str | None = None) -> DecodedText:
    """Decode a text file; `encoding` overrides the guess. InputError when it is not text at all."""
    if encoding is not None:
        return _decode_as(content, encoding)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _without_nuls(_lenient(content, name, certain=True))
    if b"\0" in content:
        wide = _wide_without_mark(content)
        if wide is not None:
            return wide
    try:
        return _without_nuls(DecodedText(content.decode("utf-8"), "utf-8", certain=True))
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(content, error):
            return _without_nuls(_lenient(content, "utf-8", certain=False))
    name, certain = _guess(content)
    return _without_nuls(_lenient(content, name, certain=certain))


def _decode_as(content: bytes, encoding: str) -> DecodedText:
    try:
        name = codecs.lookup(encoding).name
        if name in ("utf-8", "utf_8"):
            name = "utf-8-sig"
        text = content.decode(name)
    except LookupError:
        raise InputError(
            "There is no encoding named {encoding}.",
            hint="Try utf-8, gb18030, big5, utf-16 or cp1252.",
            encoding=encoding,
        ) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise InputError(
            "The file is not in {encoding}: line {line} does not decode.",
            hint="Choose another encoding, or leave the choice to the importer.",
            encoding=encoding,
            line=content.count(b"\n", 0, start) + 1,
        ) from None
    return _without_nuls(DecodedText(text, "utf-8" if name == "utf-8-sig" else name, certain=True))


def _lenient(content: bytes, name: str, *, certain: bool) -> DecodedText:
    text = content.decode(name, "replace")
    replaced = text.count("\ufffd") if "\ufffd" in text else 0
    return DecodedText(text, name.removesuffix("-sig"), certain and not replaced, replaced)


def _without_nuls(decoded: DecodedText) -> DecodedText:
    """Take out stray NULs; refuse content that is mostly not text."""
    text = decoded.text
    nuls = text.count("\0")
    sample = text[:100_000]
    controls = len(_CONTROLS.findall(sample))
    if controls > 0.02 * len(sample) + 2 or nuls > 0.1 * len(text) + 2:
        raise InputError(
            "The file is not text and not a spreadsheet this program knows.",
            hint="Save it as .xlsx or .csv and upload that.",
        )
    if not nuls:
        return decoded
    return DecodedText(text.replace("\0", ""), decoded.encoding, False, decoded.replaced, nuls)


def _wide_without_mark(content: bytes) -> DecodedText | None:
    """UTF-16 or UTF-32 that lost its mark: the reading whose characters are ordinary ones."""
    for name in _WITHOUT_MARK:
        unit = 4 if "32" in name else 2
        whole = content[: len(content) - len(content) % unit]
        try:
            sample = whole[: _SAMPLE_BYTES - _SAMPLE_BYTES % 4].decode(name, "replace")
        except UnicodeError:
            continue
        ordinary = sum(map(_is_ordinary, sample))
        if sample and ordinary >= 0.95 * len(sample) and "\0" not in sample:
            return _lenient(content, name, certain=True)
    return None


def _is_ordinary(character: str) -> bool:
    """Characters that text in a living language is made of, as opposed to chance code points."""
    code = ord(character)
    return (
        0x20 <= code < 0x7F
        or character in "\t\r\n"
        or 0xA0 <= code < 0x530  # Latin, Greek, Cyrillic
        or 0x2010 <= code < 0x2040
        or 0x3000 <= code < 0x3130
        or 0x4E00 <= code < 0xA000
        or 0xAC00 <= code < 0xD7A4
        or 0xFF00 <= code < 0xFFF0
        or 0x1F300 <= code < 0x1FB00
    )


def _is_damaged_utf8(content: bytes, error: UnicodeDecodeError) -> bool:
    """UTF-8 cut in the middle of a character, or with a few bad bytes among many good characters."""
    if error.end >= len(content) - 4 and error.reason == "unexpected end of data":
        return True
    sample = _sample(content).decode("utf-8", "replace")
    good = sum(1 for character in sample if character > "\x7f" and character != "\ufffd")
    return good >= 20 * sample.count("\ufffd")


def _sample(content: bytes) -> bytes:
    """Whole lines from the first byte above ASCII on."""
    found = _HIGH_RUN.search(content)
    start = content.rfind(b"\n", 0, found.start()) + 1 if found else 0
    sample = content[start : start + _SAMPLE_BYTES]
    end = sample.rfind(b"\n")
    return sample[: end + 1] if end > 0 and len(sample) == _SAMPLE_BYTES else sample


def _guess(content: bytes) -> tuple[str, bool]:
    """The likeliest legacy encoding, and whether no other comes close."""
    sample = _sample(content)
    korean = _common_share(sample, "cp949", "euc_kr", (0xB0, 0xC8))
    shares = {
        "gb18030": _common_share(sample, "gb18030", "gb2312", (0xB0, 0xD7)),
        "big5": _common_share(sample, "cp950", "big5", (0xA4, 0xC6)),
        "cp932": _common_share(sample, "cp932", "shift_jis", (0x82, 0x97)),
    }
    if korean >= _PURE_HANGUL and len(sample) > 60:
        return "cp949", False
    best = max(shares, key=lambda name: shares[name])
    others = max(share for name, share in shares.items() if name != best)
    if shares[best] >= _CONVINCING:
        return best, shares[best] - others > 0.15
    if not _looks_single_byte(sample):
        if shares[best] >= _POSSIBLE:
            return best, False
        # Traditional characters in GBK: everyday ones by Big5's order, not by GB 2312's.
        if _common_share(sample, "gb18030", "big5", (0xA4, 0xC6)) >= _CONVINCING:
            return "gb18030", False
    return _single_byte(sample), False


def _common_share(sample: bytes, decoder: str, charset: str, common: tuple[int, int]) -> float:
    """Share of non-ASCII characters that are among the charset's everyday ones, 0 to 1.

    The national standards sort everyday characters before rare ones: GB 2312 level 1 has lead bytes
    B0–D7, Big5 level 1 A4–C6, JIS X 0208 kana and level 1 82–97 in Shift JIS.
    """
    text = sample.decode(decoder, "replace")
    total = good = 0
    for character in text:
        if character < "\x80":
            continue
        total += 1
        if character == "\ufffd":
            total += 4  # an impossible byte weighs more than a rare character
            continue
        try:
            encoded = character.encode(charset)
        except UnicodeEncodeError:
            continue
        lead = encoded[0]
        if len(encoded) == 2 and (common[0] <= lead <= common[1] or lead in (0xA1, 0xA3, 0x81)):
            good += 1
    return good / total if total else 0.0


def _looks_single_byte(sample: bytes) -> bool:
    """Accented letters stand alone among ASCII; East Asian text comes in longer runs."""
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    return sum(1 for run in runs if run == 1) > 0.4 * len(runs)


def _single_byte(sample: bytes) -> str:
    western = "cp1252" if _decodes(sample, "cp1252") else "latin-1"
    high = [character for character in sample.decode("latin-1") if character >= "\xa0"]
    letters = sum(map(str.isalpha, high))
    # «książka» in cp1250 is «ksi¹¿ka» in cp1252: signs inside words mean another code page.
    odd = sum(map(len, _SIGN_IN_WORD.findall(sample.decode("cp1252", "replace"))))
    if odd <= 0.1 * len(high) and (_looks_single_byte(sample) or letters < 0.3 * len(high)):
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_SINGLE_BYTE)).best()
    if best is not None and best.encoding in _SINGLE_BYTE:
        return str(best.encoding)
    return western


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True
