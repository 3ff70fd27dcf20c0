"""What an analyst accepts of a rewriting, kept in the home folder beside its job, and the queries that win.

A rule is accepted or rejected as a whole; a single rewrite may be decided otherwise. Only what a person
decided is kept; an undecided rule follows the advice of the measure that is looked at.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import StorageError
from core.storage.exclusive import exclusive
from core.storage.private import replace_file
from core.text.rewriting.variants import Source
from core.workflows.rewrite.data import ScoredRewriting
from core.workflows.rewrite.ledger import Ledger, LedgerRow

log = logging.getLogger(__name__)

FOLDER = "rewritings"

CHOSEN_HERE = (
    "Chosen and measured on the same queries, so this is rather too good. What a rule is worth on new "
    "queries is said in its own row."
)
NOT_SAVED = "The decision could not be saved in {folder} ({reason})."
NOT_SAVED_HINT = "Free some space and allow writing there, or set RERANK_HOME to another folder."


@dataclass(frozen=True, slots=True)
class Decisions:
    """rules: by source. rewrites: (query id, wording's text) -> accepted; they go before the rules."""

    rules: Mapping[str, bool] = field(default_factory=dict)
    rewrites: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    def accepts(self, row: LedgerRow) -> bool:
        """Whether a rewrite is accepted, by itself or by its rule."""
        own = self.rewrites.get((row.query_id, row.variant.text))
        return self.rules.get(row.variant.source, False) if own is None else own

    def changed(
        self, rules: Mapping[str, bool], rewrites: Mapping[tuple[str, str], bool | None]
    ) -> "Decisions":
        """The same with further decisions; None takes the decision on a rewrite back."""
        merged = {**self.rewrites, **rewrites}
        decided = {one: accepted for one, accepted in merged.items() if accepted is not None}
        return Decisions({**self.rules, **rules}, decided)


@dataclass(frozen=True, slots=True)
class WinningQuery:
    """The wording a query goes on with. row: None where it keeps its own."""

    query_id: str
    original: str
    text: str
    source: Source | None
    row: LedgerRow | None


def advised(ledger: Ledger) -> Decisions:
    """The decisions that the statistics alone give: rules that are better beyond chance."""
    return Decisions({rule.name: rule.advice == "accept" for rule in ledger.rules})


def followed(ledger: Ledger, decided: Decisions) -> Decisions:
    """What counts under a ledger: what was decided, and its advice on the rules that nobody decided on."""
    return advised(ledger).changed(decided.rules, decided.rewrites)


def winning_queries(
    scored: ScoredRewriting, ledger: Ledger, decisions: Decisions
) -> tuple[WinningQuery, ...]:
    """Every query with its winning wording, in the order of the data.

    Of several accepted rewrites of a query the one with the highest measure wins, else that with all rules.
    """
    accepted: dict[str, LedgerRow] = {}
    for row in ledger.rows:
        if decisions.accepts(row):
            best = accepted.get(row.query_id)
            if best is None or _worth(row) > _worth(best):
                accepted[row.query_id] = row
    found = []
    for query_id, rewriting in scored.rewritten.rewritings.items():
        winner = accepted.get(query_id)
        text = winner.variant.text if winner else rewriting.query
        source = winner.variant.source if winner else None
        found.append(WinningQuery(query_id, rewriting.query, text, source, winner))
    return tuple(found)


def chosen_by_outcome(ledger: Ledger, decisions: Decisions) -> bool:
    """Whether the winners were picked by how they did on these very queries, as `CHOSEN_HERE` warns.

    Several rules compete for each query; rewrites decided one by one were seen with their outcome.
    """
    return len(ledger.rules) > 1 or bool(decisions.rewrites)


def _worth(row: LedgerRow) -> tuple[float, bool]:
    return (row.after or 0.0, row.variant.source == "all")


class DecisionStore:
    """The decisions of one home folder, a small file per job."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def read(self, job_id: str) -> Decisions | None:
        """What was decided on a job; None when nothing was."""
        path = self._path(job_id)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            rewrites = {(query, text): bool(accepted) for query, text, accepted in content["rewrites"]}
            return Decisions({rule: bool(accepted) for rule, accepted in content["rules"].items()}, rewrites)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("The decisions in %s cannot be read: %s", path, error)
            return None

    def change(
        self,
        job_id: str,
        rules: Mapping[str, bool] | None = None,
        rewrites: Mapping[tuple[str, str], bool | None] | None = None,
    ) -> Decisions:
        """Keep these decisions among those of a job, and return all; None takes one on a rewrite back."""
        with self._writing(), exclusive(self._folder):
            # Two tabs, or two programs, may decide at the same time: each changes what the file holds then.
            decisions = (self.read(job_id) or Decisions()).changed(rules or {}, rewrites or {})
            self.save(job_id, decisions)
        return decisions

    def save(self, job_id: str, decisions: Decisions) -> None:
        """Keep decisions; earlier ones are replaced."""
        rewrites = [[query, text, accepted] for (query, text), accepted in decisions.rewrites.items()]
        content = json.dumps({"rules": dict(decisions.rules), "rewrites": rewrites})
        with self._writing():
            replace_file(self._path(job_id), content.encode("utf-8"))

    def forget(self, job_id: str) -> None:
        """Remove a job's decisions; nothing happens where there are none."""
        try:
            self._path(job_id).unlink(missing_ok=True)
        except OSError as error:
            log.warning("The decisions on the run %s could not be removed: %s", job_id, error)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                NOT_SAVED,
                hint=NOT_SAVED_HINT,
                folder=str(self._folder),
                reason=error.strerror or str(error),
            ) from error

    def _path(self, job_id: str) -> Path:
        # A job's id is of letters and digits; whatever else an address holds is no file's name.
        safe = "".join(letter for letter in job_id if letter.isalnum() or letter in "-_")
        return self._folder / f"{safe}.json"


def forget_decisions(home: Path, job_id: str) -> None:
    """Remove what was decided on a job that is deleted."""
    DecisionStore(home).forget(job_id)
