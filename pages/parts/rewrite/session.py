"""What the Rewrite page remembers in a browser session, and the process's store of decisions."""

from dataclasses import dataclass

from core.errors import WorkbenchError
from core.jobs import InputFile, JobPlan
from core.sentences import Sentence
from core.text.rewriting.glossary import Glossary
from core.text.rewriting.variants import RULES, Rule
from core.workflows.rewrite.data import RewrittenData, ScoredRewriting
from core.workflows.rewrite.decisions import Decisions, DecisionStore
from core.workflows.rewrite.ledger import Ledger, Tally
from core.workflows.rewrite.one_query import RewriteResult
from pages.parts.frame.session import session_of
from pages.parts.frame.workbench import the_workbench


@dataclass(frozen=True, slots=True)
class Proposal:
    """A language model's wording. rejected: why the guard turned it down; None when it may be used."""

    text: str
    rejected: Sentence | None


@dataclass(slots=True)
class OpenedRewriting:
    """A finished run that is looked at. ledger: measured with the settings in ledger_key.

    decisions: as this tab knew them last; views: how often another tab had changed some of them since.
    accepted: the accepted rewrites together, for the wordings and settings in accepted_key.
    """

    job_id: str
    scored: ScoredRewriting
    decisions: Decisions
    views: int = 0
    ledger: Ledger | None = None
    ledger_key: tuple[object, ...] = ()
    accepted: Tally | None = None
    accepted_key: tuple[object, ...] = ()


@dataclass(slots=True)
class RewriteSession:
    """glossary: (file name, content) of the one in use, rules: those that may apply; for both modes.

    One query: proposals belong to (query, context); result belongs to result_key. On data: upload is the
    kept file; draft, plan: what it holds and what scoring takes, for the present choices.
    """

    glossary: tuple[str, Glossary] | None = None
    glossary_id: str = ""
    rules: tuple[Rule, ...] = RULES
    proposals: tuple[Proposal, ...] = ()
    proposals_key: tuple[str, str] = ("", "")
    result: RewriteResult | None = None
    result_key: tuple[object, ...] = ()
    error: WorkbenchError | None = None
    upload: InputFile | None = None
    upload_id: str = ""
    draft: RewrittenData | None = None
    draft_key: tuple[object, ...] = ()
    plan: JobPlan | None = None
    plan_key: tuple[object, ...] = ()
    job_id: str | None = None
    opened: OpenedRewriting | None = None


def rewrite_session() -> RewriteSession:
    """This browser session's Rewrite state."""
    return session_of(RewriteSession, "rewrite.session")


def decision_store() -> DecisionStore:
    """The decisions of the workbench's home folder."""
    return DecisionStore(the_workbench().settings.home)
