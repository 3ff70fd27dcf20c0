"""The labelled table that ships with the tool: 64 questions with ten documents each, Chinese and English.

Made of the sample corpus: each question with the first ten passages that its words and its embedding find in
turn, and the corpus's labels; what is not labelled there is not relevant. Nine questions have no answer.
"""

from pathlib import Path

from core.jobs import InputFile, keep_upload

NAME = "sample.csv"
TABLE = Path(__file__).parent / "sample" / "questions_and_documents.csv"


def keep_sample(home: Path) -> InputFile:
    """The table as if it had been uploaded. Raises StorageError when the home folder cannot be written."""
    with TABLE.open("rb") as stream:
        return keep_upload(home, NAME, stream)
