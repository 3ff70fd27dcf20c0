"""Every error the workbench raises on purpose.

    WorkbenchError
    ├── InputError              the user's input is at fault          exit 2, HTTP 400
    │   └── TooLargeError       … because it is too much              exit 2, HTTP 413
    ├── ModelError              a model cannot be used
    │   ├── ModelRejectedError  the files are not a usable Qwen3-Reranker
    │   ├── ModelMissingError   not on this machine
    │   ├── NoNumberError       its score of a document is NaN or infinite
    │   └── DownloadError       a hub was reached but the download failed
    │       └── HubUnreachableError   no hub answers: a normal state offline
    ├── NotReadyError           the model is still loading            HTTP 503
    ├── BusyError               too many requests are waiting         HTTP 429
    ├── TooLateError            nobody waits any longer               HTTP 504
    ├── StorageError            a file of the home folder fails: locked, full, damaged
    ├── IncompleteError         what was made lacks something or has it twice   exit 4
    └── StoppedError            stopped before the end, resumable     exit 3

An error says what happened, where, and what to do next. The sentence is an English template and its
facts are kept apart (`core.sentences`), so that the pages can show it in another language. This module
knows neither exit codes nor HTTP: `core.cli` and `core.api` translate, each in one place.
"""

from typing import Self

from core.sentences import Sentence


class WorkbenchError(Exception):
    """Base of all deliberate errors.

    template: one English sentence with `{name}` fields, filled from `facts`.
    where: the place at fault as the user knows it («document 3», «Sheet1!B7», a file name); may be empty.
    hint: what to do next, one English sentence template; may be empty.
    """

    def __init__(self, template: str, *, where: str = "", hint: str = "", **facts: object) -> None:
        self.sentence = Sentence(template, facts)
        self.advice = Sentence(hint, facts)
        self.where = where
        super().__init__(self.message)

    @classmethod
    def saying(cls, sentence: Sentence, *, where: str = "", hint: str = "") -> Self:
        """An error of a sentence that was made elsewhere; the hint is filled from the same facts."""
        return cls(sentence.template, where=where, hint=hint, **sentence.facts)

    def at(self, where: str) -> Self:
        """The same error at a place that its raiser could not know."""
        return type(self).saying(self.sentence, where=where, hint=self.advice.template)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.sentence.text

    @property
    def hint(self) -> str:
        """The advice in English; empty when there is none."""
        return self.advice.text

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint) if part)


class InputError(WorkbenchError):
    """The user's input is at fault: empty, contradictory, unreadable."""


class TooLargeError(InputError):
    """The input is well formed but more than a stated limit."""


class ModelError(WorkbenchError):
    """A model cannot be used."""


class ModelRejectedError(ModelError):
    """A model folder was found, but its content would give wrong scores or none."""


class ModelMissingError(ModelError):
    """The model is not on this machine and was not asked to be downloaded."""


class NoNumberError(ModelError):
    """A model gave NaN or infinity as a score. query, document: positions in the caller's lists, from 0."""

    query = document = 0

    @classmethod
    def of(cls, query: int, document: int, *, queries: int, text: str) -> Self:
        """The error for one document among those of `queries` queries; it shows how the text begins."""
        beginning = " ".join(text[:200].split())[:60]
        one = "The model gave no number as the score of document {document}, which begins: {beginning}"
        many = (
            "The model gave no number as the score of document {document} of query {query}, "
            "which begins: {beginning}"
        )
        error = cls(
            one if queries == 1 else many,
            where=f"document {document + 1}"
            if queries == 1
            else f"query {query + 1}, document {document + 1}",
            hint="Use precision fp32; if it runs in fp32 already, run the self-test of this model.",
            query=query + 1,
            document=document + 1,
            beginning=beginning,
        )
        error.query, error.document = query, document
        return error


class DownloadError(ModelError):
    """A hub answered, but the model did not arrive whole (disk full, wrong hash, cut connection)."""


class HubUnreachableError(DownloadError):
    """No model hub answers. Offline is a normal state; the embedded model keeps working."""


class NotReadyError(WorkbenchError):
    """The model is still loading; try again shortly."""


class BusyError(WorkbenchError):
    """Too many requests are waiting for the model. retry_after: seconds until trying again makes sense."""

    retry_after = 1


class TooLateError(WorkbenchError):
    """The time within which its sender wanted an answer has passed."""


class StorageError(WorkbenchError):
    """A file of the home folder cannot be used: locked, disk full, read-only, damaged or too new."""


class IncompleteError(WorkbenchError):
    """What a run has made lacks results, or has some twice."""


class StoppedError(WorkbenchError):
    """Work was stopped before its end; what was scored is kept and the work can be resumed."""
