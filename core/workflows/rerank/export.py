"""A reranking as files: Excel, CSV, JSON, and the `curl` call that gives the same answer.

Machine outputs are English whatever the interface language. Which cells are safe is `core.sheets`' matter.
"""

import json
import shlex
from typing import Any

from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS, ChunkedScore, Notice, Score
from core.sentences import Say, english
from core.sheets.columns import record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.exports import csv_bytes
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.care.cells import care_record
from core.workflows.home.provenance import (
    identity_rows,
    instruction_words,
    note_rows,
    settings_sheet,
    written_rows,
)
from core.workflows.rerank.front_page import front_page
from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.tables import people_columns, ranked_columns

_CURL = "curl -s http://localhost:{port}/rerank -H 'Content-Type: application/json' -d"


def reranking_excel(result: Reranking, say: Say = english) -> bytes:
    """A workbook with the sheets Overview, Results and Settings; query and document come first."""
    columns = people_columns(result)
    results = record_table("Results", columns, lambda: result.ranked)
    return workbook_bytes(
        (results, _settings(result)), cover=front_page(result), wording=Wording(say, result.query)
    )


def reranking_csv(result: Reranking) -> bytes:
    """UTF-8 with a byte-order mark, safe to open in a spreadsheet."""
    return csv_bytes(_results(result))


def reranking_json(result: Reranking) -> bytes:
    """The record of `reranking_record`, indented, UTF-8."""
    text = json.dumps(reranking_record(result), ensure_ascii=False, indent=2)
    return text.encode("utf-8", errors="replace")


def reranking_record(result: Reranking, top: int | None = None) -> dict[str, Any]:
    """Plain data, best first; `top` limits the results. Ranks count from 1, indexes from 0."""
    return {
        "query": result.query,
        "instruction": result.instruction,
        "model": result.scorer.name,
        "device": result.scorer.device,
        "precision": result.scorer.precision,
        "seconds": round(result.seconds, 4),
        "results": [
            {
                "index": r.index,
                "new_rank": r.new_rank,
                "original_rank": r.original_rank,
                "movement": r.movement,
                **_score_fields(r.scored),
                **({"blend": round(r.blend, PROBABILITY_DECIMALS)} if r.blend is not None else {}),
                **(
                    {"calibrated_score": round(r.calibrated, PROBABILITY_DECIMALS)}
                    if r.calibrated is not None
                    else {}
                ),
                "near_tie": r.near_tie,
                "document": r.document,
                **({"care": care_record(r.care)} if r.care else {}),
            }
            for r in result.ranked[:top]
        ],
        "warnings": [notice_line(n) for n in result.notices],
        "notes": list(result.scorer.notes),
        **({"care": result.care.stored()} if result.care else {}),
        **({"recipe": result.recipe.title} if result.recipe else {}),
        **({"two_looks": result.scorer.two_looks} if result.scorer.two_looks else {}),
        **({"reranked": False} if result.kept_first else {}),
    }


def _score_fields(score: Score | None) -> dict[str, object]:
    """What the model said; null where a recipe's gate left the query to the first stage."""
    if score is None:
        return {"probability": None, "logit": None}
    return {
        "probability": round(score.probability, PROBABILITY_DECIMALS),
        "logit": round(score.logit, LOGIT_DECIMALS),
        "tokens": score.tokens,
        "truncated": score.truncated,
        **chunk_fields(score),
    }


def chunk_fields(score: Score) -> dict[str, int]:
    """Which chunk of a document that was read in chunks won, counted from 0; nothing for other documents."""
    if not isinstance(score, ChunkedScore):
        return {}
    return {"winning_chunk": score.winning_chunk, "chunks": score.chunks}


def notice_line(notice: Notice) -> str:
    """A notice on one English line, its place first."""
    return f"{notice.where}: {notice.message}" if notice.where else notice.message


def request_body(result: Reranking) -> bytes:
    """The `/rerank` request that gives this answer: JSON, UTF-8. It sends cleaned texts, whole ones."""
    body: dict[str, Any]
    if result.recipe is not None:
        body = {"query": result.query, "documents": list(result.given), "recipe": result.recipe.name}
    else:
        documents = [r.scored_text for r in sorted(result.ranked, key=lambda r: r.index)]
        body = {"query": result.query, "documents": documents}
        body |= {"instruction": result.instruction} if result.instruction else {}
    try:
        return json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # lone surrogates travel escaped
        return json.dumps(body).encode("ascii")


def curl_command(result: Reranking, port: int) -> str:
    """The same request as one shell command, safely quoted."""
    return f"{_CURL.format(port=port)} {shlex.quote(request_body(result).decode('utf-8'))}"


def curl_file_command(port: int) -> str:
    """The same request, its body in a file `request.json`."""
    return f"{_CURL.format(port=port)} @request.json"


def _results(result: Reranking) -> SheetTable:
    return record_table("Results", ranked_columns(result), lambda: result.ranked)


def _settings(result: Reranking) -> SheetTable:
    scorer = result.scorer
    rows = [
        ("query", result.query),
        ("instruction", instruction_words(result.instruction)),
        *identity_rows(scorer),
        *((("two looks, places at the top", str(scorer.two_looks)),) if scorer.two_looks else ()),
        *((("recipe", result.recipe.title),) if result.recipe else ()),
        *(result.care.rows() if result.care else ()),
        ("seconds", f"{result.seconds:.3f}"),
        *written_rows(),
        *note_rows(scorer),
        *[("warning", notice_line(n)) for n in result.notices],
    ]
    return settings_sheet(rows)
