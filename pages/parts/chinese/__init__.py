"""Chinese for the interface: English template → Chinese template with the same `{fields}`.

One file per part of the program; this one joins them.
"""

from pages.parts.chinese.batch import BATCH_LABELS
from pages.parts.chinese.care import CARE
from pages.parts.chinese.engine_messages import ENGINE_MESSAGES
from pages.parts.chinese.evaluate_labels import EVALUATE_LABELS
from pages.parts.chinese.evaluate_runs import EVALUATE_RUNS
from pages.parts.chinese.evaluation_messages import EVALUATION_MESSAGES
from pages.parts.chinese.file_labels import FILE_LABELS
from pages.parts.chinese.interface import INTERFACE
from pages.parts.chinese.jobs_messages import JOBS_MESSAGES
from pages.parts.chinese.models_messages import MODELS_MESSAGES
from pages.parts.chinese.rerank_messages import RERANK_MESSAGES
from pages.parts.chinese.rewrite import REWRITE
from pages.parts.chinese.sandbox import SANDBOX
from pages.parts.chinese.sandbox_library import SANDBOX_LIBRARY
from pages.parts.chinese.sheets_messages import SHEETS_MESSAGES
from pages.parts.chinese.workflows_messages import WORKFLOWS_MESSAGES

PARTS: tuple[dict[str, str], ...] = (
    BATCH_LABELS,
    CARE,
    INTERFACE,
    FILE_LABELS,
    EVALUATE_LABELS,
    EVALUATE_RUNS,
    RERANK_MESSAGES,
    REWRITE,
    WORKFLOWS_MESSAGES,
    MODELS_MESSAGES,
    ENGINE_MESSAGES,
    JOBS_MESSAGES,
    SHEETS_MESSAGES,
    EVALUATION_MESSAGES,
    SANDBOX,
    SANDBOX_LIBRARY,
)
CHINESE: dict[str, str] = {english: chinese for part in PARTS for english, chinese in part.items()}
