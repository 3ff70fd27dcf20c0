"""The files of other tools that the Evaluate page takes and gives: their names and endings.

How they look inside is for `core.evaluation.judgements`.
"""

from core.evaluation.judgements import Format
from pages.parts.frame.language import t

# What a format is called, and the ending of a file of it.
FORMATS: dict[Format, tuple[str, str]] = {
    "csv": ("CSV", "csv"),
    "trec": ("TREC qrels", "txt"),
    "quepid": ("Quepid CSV", "csv"),
}
# What the name of a file of it says.
WRITTEN_AS: dict[Format, str] = {"csv": "judgements", "trec": "qrels", "quepid": "quepid"}
RUN_TYPES = ["run", "txt", "trec", "res"]
JUDGEMENT_TYPES = ["csv", "txt", "qrels", "trec"]


def judgements_label() -> str:
    """The label of a field for a file of judgements."""
    return t("Judgements: {formats}", formats=", ".join(title for title, _ in FORMATS.values()))
