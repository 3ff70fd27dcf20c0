"""Encodings are found from bytes alone."""

import pytest

from core.errors import InputError
from core.sheets.reading.decoding import decode

SIMPLIFIED = (
    "问题,文档\n退款多久到账,退款审核通过后，款项将在三个工作日内退回\n发票,请在订单详情页申请电子发票\n"
)
TRADITIONAL = (
    "問題,文件\n退款多久到帳,退款審核通過後，款項將在三個工作日內退回\n發票,請在訂單詳情頁申請電子發票\n"
)
JAPANESE = "質問,文書\n返金はいつですか,返金は三営業日以内に処理されます。よろしくお願いします\n"
KOREAN = "질문,문서\n환불은 언제 되나요,환불은 영업일 기준 삼일 이내에 처리됩니다. 감사합니다\n"
RUSSIAN = "запрос,документ\nкогда вернут деньги,деньги вернут в течение трёх дней\n"
FRENCH = "requête,document\noù est né Molière,Il est né à Paris, à côté. Ça va très bien\n"
GERMAN = "Frage,Dokument\nWie hoch ist die Gebühr,Die Gebühr beträgt fünf Euro für Übergrößen\n"
POLISH = "pytanie,dokument\ngdzie jest książka,książka leży na półce przy żółtej ścianie\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (SIMPLIFIED, "utf-32-le", "utf-32-le"),
        (SIMPLIFIED, "utf-32-be", "utf-32-be"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (KOREAN, "cp949", "cp949"),
        (RUSSIAN, "cp1251", "cp1251"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "latin-1", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
    ],
)
def test_encoding_is_found(text: str, encoding: str, found: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.encoding, decoded.text, decoded.replaced) == (found, text, 0)


def test_accents_that_are_valid_gb18030_are_not_read_as_chinese() -> None:
    content = "Classement;Année\n1;Années\n".encode("latin-1")
    assert "閑" in content.decode("gb18030")  # what a fixed chain of encodings would import
    assert decode(content).text == "Classement;Année\n1;Années\n"
    assert not decode(content).certain


def test_a_chosen_encoding_overrides_the_guess() -> None:
    assert decode("Année".encode("gb18030"), "gb18030").text == "Année"
    assert decode(b"\xef\xbb\xbfabc", "utf8").text == "abc"


def test_a_chosen_encoding_that_does_not_fit_names_the_line() -> None:
    with pytest.raises(InputError, match="line 2 does not decode"):
        decode("abc\n退款".encode("gb18030"), "utf-8")


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(InputError, match="no encoding named klingon"):
        decode(b"abc", "klingon")


def test_a_few_damaged_bytes_do_not_change_utf8_into_another_encoding() -> None:
    content = SIMPLIFIED.encode() * 5 + b"\xff" + SIMPLIFIED.encode()
    decoded = decode(content)
    assert (decoded.encoding, decoded.replaced, decoded.certain) == ("utf-8", 1, False)


def test_utf8_cut_inside_a_character_is_still_utf8() -> None:
    decoded = decode("退款到账".encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith("退款到")


def test_stray_nuls_are_taken_out_and_counted() -> None:
    decoded = decode(b"query,document\nq?,some\0 text here and more\n")
    assert decoded.text == "query,document\nq?,some text here and more\n"
    assert (decoded.nuls, decoded.certain) == (1, False)


def test_binary_content_is_refused() -> None:
    with pytest.raises(InputError, match="not text"):
        decode(bytes(range(32)) * 50)
