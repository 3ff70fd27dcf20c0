"""The corpus that ships with the tool: a shop's help centre, manuals, a labour-law leaflet, and questions.

Written for this project, Chinese and English, as two CSV files that anybody can read and copy. A third of the
questions ask in the other language than the passage's, or have no answer in it.
"""

from pathlib import Path

from core.retrieval.passages import Corpus
from core.workflows.retrieve.adding import Added, add_files

NAME = "sample"
PASSAGES = Path(__file__).parent / "sample" / "passages.csv"
QUESTIONS = Path(__file__).parent / "sample" / "questions.csv"


def add_sample(corpus: Corpus) -> Added:
    """Put the sample's passages into a corpus."""
    return add_files(corpus, [PASSAGES])
