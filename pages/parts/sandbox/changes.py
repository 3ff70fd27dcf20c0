"""How much each instruction changes the order, and in which queries; needs no label."""

import streamlit as st

from core.evaluation.agreement import EXPLANATIONS
from core.evaluation.judged import Ranking
from core.evaluation.triage import PlacedDocument
from core.workflows.sandbox.matrix import Matrix, most_changed
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.address import keep_in_address, opened_row, take_from_address
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import draw_clickable
from pages.parts.labelled.orders import draw_orders
from pages.parts.sandbox.instructions import variant_title

HEIGHT = 380


def draw_changes(matrix: Matrix) -> None:
    """A line per instruction, then the queries of the chosen one, those that change most first."""
    st.subheader(t("What changes against the default"))
    others = [row for row in matrix.rows if row.agreement is not None]
    names = {row.variant.name: variant_title(row.variant) for row in others}
    number = st.column_config.NumberColumn(format="%.3f")
    explained = {
        name: st.column_config.NumberColumn(format="%.3f", help=t(EXPLANATIONS[name.lower()]))
        for name in ("Kendall", "RBO")
    }
    st.dataframe(
        [
            {
                t("Instruction"): names[row.variant.name],
                t("In common"): _percent(row.agreement.overlap),
                t("First place kept"): _percent(row.agreement.first_kept),
                "Kendall": row.agreement.kendall,
                "RBO": row.agreement.rbo,
                t("Moved by"): row.agreement.mean_movement,
                t("Queries changed"): len(most_changed(row)),
            }
            for row in others
            if row.agreement is not None
        ],
        hide_index=True,
        key="sandbox.agreements",
        column_config={
            **explained,
            t("Moved by"): number,
            t("In common"): st.column_config.TextColumn(
                help=t(EXPLANATIONS["overlap"], top=matrix.settings.top)
            ),
        },
    )
    key = "sandbox.changed"
    take_from_address(key, "show", lambda word: word if word in names else None)
    chosen = draw_choice(t("Queries that change most under"), names, key)
    keep_in_address(key, "show", chosen, next(iter(names)))
    _draw_queries(matrix, chosen)


def _draw_queries(matrix: Matrix, name: str) -> None:
    row = matrix.row(name)
    changed = most_changed(row)
    if not changed:
        st.caption(t("This instruction changes no order."))
        return
    judgements = matrix.trial.data.judgements
    number = st.column_config.NumberColumn(format="%.3f", width=80)
    clicked = draw_clickable(
        [
            {
                t("Query"): judgements[one.query_id].query or one.query_id,
                t("Group"): judgements[one.query_id].group or "",
                t("In common"): f"{one.overlap:.0%}",
                t("First place kept"): t("yes") if one.first_kept else t("no"),
                "Kendall": one.kendall,
                "RBO": one.rbo,
                t("Largest move"): one.largest_movement,
            }
            for one in changed
        ],
        len(changed),
        "sandbox.changes",
        {
            t("Query"): st.column_config.TextColumn(width=380),
            "Kendall": number,
            "RBO": number,
        },
        in_full=9,
        height=HEIGHT,
    )
    st.caption(
        t("Click a row to see both orders: the default's on the left, the instruction's on the right.")
    )
    opened = opened_row(clicked, [one.query_id for one in changed], "sandbox.opened")
    if opened is not None:
        query = changed[opened].query_id
        st.markdown(f"**{plain(judgements[query].query or query)}**")
        default, run = matrix.runs[0], matrix.runs[matrix.rows.index(row)]
        before, after = _placed(matrix, default.rankings[query]), _placed(matrix, run.rankings[query])
        texts = matrix.trial.data.texts[query]
        documents = [texts[document] for document in matrix.trial.data.initial.rankings[query].documents]
        draw_hand_over("sandbox.changed", judgements[query].query, documents, row.variant.instruction)
        draw_orders(before, after, len(before), matrix.settings.evaluate.rel)


def _placed(matrix: Matrix, ranking: Ranking) -> tuple[PlacedDocument, ...]:
    data = matrix.trial.data
    labels, texts = data.judgements[ranking.query_id].labels, data.texts[ranking.query_id]
    scores = ranking.scores or (None,) * len(ranking.documents)
    return tuple(
        PlacedDocument(rank, document, labels.get(document), score, texts[document])
        for rank, (document, score) in enumerate(zip(ranking.documents, scores, strict=True), start=1)
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
