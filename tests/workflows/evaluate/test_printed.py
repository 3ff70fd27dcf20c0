"""The Excel report as a printer gives it out: LibreOffice turns it into pages, which are counted and read."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.sentences import Sentence
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.sheet import read_labelled
from pages.parts.labelled.words import speaker
from tests.workflows.evaluate.labelled_sheet import TableScorer, sheet_rows, write_sheet

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and pdftotext"
)
QUERIES = 40
LONG = "自签收之日起七日内，商品完好的可以申请无理由退货，运费由责任方承担，定制类商品除外。" * 12


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """Forty queries with long Chinese texts, every fourth of which gets worse."""
    scores: dict[str, float] = {}
    rows = []
    for row in sheet_rows(QUERIES):
        cells = list(row)
        cells[3] = f"{cells[3]} {LONG}"
        query, place = (int(part) for part in str(row[3]).removeprefix("文档 ").split("-"))
        scores[cells[3]] = (-9.0 if query % 4 == 1 else 4.0) if place == 3 else -float(place)
        rows.append(cells)
    data = read_labelled(write_sheet(tmp_path / "标注.csv", rows))
    system = score_data(TableScorer(scores), data)
    return evaluate(data, [system], EvaluateSettings("nDCG@10,RR@10,Success@1,R@5"))


def printed(workbook: bytes, folder: Path) -> list[str]:
    """The text of each page."""
    path = folder / "report.xlsx"
    path.write_bytes(workbook)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "report.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    return text.stdout.decode("utf-8").split("\f")[:-1]


@pytest.mark.parametrize(("language", "title", "advice"), [
    ("zh", "重排是否有帮助", "接下来做什么"),
    ("en", "Did reranking help?", "What to do next"),
])  # fmt: skip
def test_page_one_says_it_all_and_no_column_makes_a_page_of_its_own(
    outcome: Outcome, tmp_path: Path, language: str, title: str, advice: str
) -> None:
    say = speaker(language)
    pages = printed(evaluation_excel(outcome, say=say, source="标注.csv"), tmp_path)
    first = pages[0]
    assert title in first and advice in first and "标注.csv" in first
    assert all("标注.csv" in page for page in pages)  # the header is on every page
    # As wide as the page: a table of few rows is one page, however many columns it has.
    regressions = [page for page in pages if "q1d4" in page or "q5d4" in page]
    assert len(pages) <= 16 and 1 <= len(regressions) <= 3
    words = [say(Sentence(name)).split()[0] for name in ("interval_low", "p_adjusted", "sentence")]
    measures = [page for page in pages if "RR@10" in page and all(word in page for word in words)]
    assert len(measures) == 1  # its first column and its last on the same page
    assert f"1 / {len(pages)}" in first
