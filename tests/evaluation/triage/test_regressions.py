from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.measures import parse_measure
from core.evaluation.per_query import evaluate_run
from core.evaluation.triage import CAUSES, Particulars, find_causes, regressions

NDCG = parse_measure("nDCG@10")
# The relevant document a was first; b overtook it.
BEFORE = Ranking("q", ("a", "b", "c"))


def keys(
    judged: JudgedQuery, evidence: Particulars, scores: tuple[float, ...] = (9.0, 5.0, 1.0)
) -> dict[str, tuple[str, ...]]:
    after = Ranking("q", ("b", "a", "c"), scores)
    return {found.cause.key: found.documents for found in find_causes(judged, BEFORE, after, NDCG, evidence)}


JUDGED = JudgedQuery("q", {"a": 1, "b": 0}, query="install GB/T 2260 on B-17")


def test_regressions_are_listed_with_both_orders_the_worst_first() -> None:
    judgements = {
        "small": JudgedQuery("small", {"a": 1}, "q1", group="g"),
        "large": JudgedQuery("large", {"a": 1}),
        "better": JudgedQuery("better", {"b": 1}),
        "same": JudgedQuery("same", {"a": 1}),
    }
    before = Run("before", {q: Ranking(q, ("a", "b", "c")) for q in judgements})
    after = Run(
        "after",
        {
            "small": Ranking("small", ("b", "a", "c"), (3.0, 2.0, 1.0)),
            "large": Ranking("large", ("b", "c", "a"), (3.0, 2.0, 1.0)),
            "better": Ranking("better", ("b", "a", "c"), (3.0, 2.0, 1.0)),
            "same": Ranking("same", ("a", "c", "b"), (3.0, 2.0, 1.0)),
        },
    )
    measured = [(run, evaluate_run(judgements, run, [NDCG])) for run in (before, after)]
    evidence = {"small": Particulars(texts={"a": "the answer"})}
    large, small = regressions(judgements, measured[0], measured[1], NDCG, evidence)
    assert (large.query_id, small.query_id) == ("large", "small")
    assert large.difference == -0.5
    assert (small.query, small.group) == ("q1", "g")
    assert [(d.rank, d.document, d.label) for d in small.order_after] == [
        (1, "b", None),
        (2, "a", 1),
        (3, "c", None),
    ]
    assert (small.order_before[0].score, small.order_after[0].score) == (None, 3.0)
    assert small.order_after[1].text == "the answer"
    assert [c.cause.key for c in small.causes] == ["unjudged_winner"]


def test_a_query_that_lost_its_relevant_document_altogether_is_a_regression() -> None:
    judgements = {"q": JudgedQuery("q", {"a": 1, "b": 0})}
    before, after = Run("x", {"q": BEFORE}), Run("y", {"q": Ranking("q", ("b",))})
    measured = [(run, evaluate_run(judgements, run, [NDCG])) for run in (before, after)]
    (found,) = regressions(judgements, measured[0], measured[1], NDCG)
    assert (found.before, found.after) == (1.0, 0.0)


def test_truncated_relevant_document_is_tagged() -> None:
    assert keys(JUDGED, Particulars(truncated=frozenset("ac"))) == {"truncated": ("a",)}
    assert keys(JUDGED, Particulars(truncated=frozenset("bc"))) == {}


def test_truncation_is_a_cause_only_where_the_querys_words_stand_in_what_was_not_read() -> None:
    judged = JudgedQuery("q", {"a": 1, "b": 0}, query="refund deadline")
    first, last = "All about deadline and refund. ", "Opening hours and parking. " * 4

    def named(text: str, read: int) -> set[str]:
        cut = Particulars(texts={"a": text}, truncated=frozenset("a"), read={"a": read})
        return set(keys(judged, cut))

    assert named(last + first, len(last)) == {"truncated"}
    assert named(first + last, len(first)) == set()


def test_near_tie_is_relative_to_the_querys_own_range() -> None:
    assert keys(JUDGED, Particulars(), (9.0, 8.93, 1.0)) == {"narrow_margin": ("a",)}
    assert keys(JUDGED, Particulars(), (9.0, 8.9, 1.0)) == {}


def test_exact_match_of_query_or_of_its_codes_is_noticed() -> None:
    codes = {"a": "Manual: gb/t 2260 and the b-17 unit", "b": "installing things"}
    assert keys(JUDGED, Particulars(texts=codes)) == {"exact_match_lost": ("a",)}
    longer = {"a": "gb/t 2260 and b-17", "b": "gb/t 22601 and b-170"}
    assert keys(JUDGED, Particulars(texts=longer)) == {"exact_match_lost": ("a",)}
    both = {"a": "gb/t 2260, b-17", "b": "also GB/T 2260 with B-17"}
    assert keys(JUDGED, Particulars(texts=both)) == {"words_alike": ("a",)}
    chinese = JudgedQuery("q", {"a": 1, "b": 0}, query="如何申请退款？")
    texts = {"a": "常见问题：如何申请退款", "b": "退款政策"}
    assert keys(chinese, Particulars(texts=texts)) == {"exact_match_lost": ("a",)}


def test_unjudged_document_that_passed_a_relevant_one_is_tagged() -> None:
    assert keys(JudgedQuery("q", {"a": 1}), Particulars()) == {"unjudged_winner": ("b",)}


def test_low_scores_throughout_are_tagged_only_when_known_and_no_candidate_is_relevant() -> None:
    low = Particulars(probabilities={"a": 0.02, "b": 0.09, "c": 0.01})
    assert keys(JUDGED, low) == {}  # a is relevant and stands among them
    lost = Ranking("q", ("b", "c"), (5.0, 1.0))
    found = find_causes(JUDGED, BEFORE, lost, NDCG, low)
    assert [(one.cause.key, one.documents) for one in found] == [("all_low", ("b",))]
    higher = Particulars(probabilities={"a": 0.02, "b": 0.1})
    assert find_causes(JUDGED, BEFORE, lost, NDCG, higher) == ()


def test_a_cause_that_explains_little_of_the_loss_is_not_named() -> None:
    """a and b fell; b only behind c by a hair, which cost next to nothing beside the fall of a."""
    judged = JudgedQuery("q", {"a": 2, "b": 1, "c": 0, "d": 0, "e": 0})
    before = Ranking("q", tuple("abcde"))
    after = Ranking("q", tuple("decba"), (9.0, 8.0, 5.01, 5.0, 1.0))
    assert find_causes(judged, before, after, NDCG, Particulars()) == ()
    alone = JudgedQuery("q", {"b": 1, "c": 0})
    swapped = Ranking("q", tuple("acbde"), (9.0, 5.01, 5.0, 2.0, 1.0))
    found = find_causes(alone, before, swapped, NDCG, Particulars())
    assert [one.cause.key for one in found] == ["narrow_margin"]


def test_confident_winner_labelled_irrelevant_or_a_copy_raises_doubt_of_the_label() -> None:
    assert keys(JUDGED, Particulars(probabilities={"b": 0.95, "a": 0.3})) == {"label_doubt": ("b",)}
    copies = Particulars(texts={"a": "Same  text.", "b": "same text"})
    assert keys(JUDGED, copies) == {"label_doubt": ("b",)}
    assert keys(JUDGED, Particulars(texts={"a": "", "b": ""})) == {}


def test_document_of_higher_grade_that_rises_is_no_culprit() -> None:
    assert keys(JudgedQuery("q", {"a": 1, "b": 2}), Particulars(truncated=frozenset("a"))) == {}


def test_every_cause_carries_its_rule() -> None:
    assert len({cause.key for cause in CAUSES}) == len(CAUSES) == 14
    assert all(cause.title and cause.rule.endswith(".") for cause in CAUSES)


def test_an_exclusion_a_name_a_number_and_a_language_are_told_from_one_another() -> None:
    def named(query: str, relevant: str, winner: str) -> set[str]:
        judged = JudgedQuery("q", {"a": 1, "b": 0}, query=query)
        return set(
            keys(judged, Particulars(texts={"a": relevant, "b": winner, "c": "别的内容 something else"}))
        )

    assert named("soap without perfume", "A soap that has no perfume.", "A soap with perfume.") == {
        "negation"
    }
    assert named("有没有香皂", "没有香味的香皂。", "香皂带香味。") == {"words_alike"}
    assert named("Where does the Foyle rise", "The Foyle rises in the west.", "The Bann rises here.") == {
        "entity"
    }
    assert named("保修多久", "保修 24 个月。", "保修请拨客服电话。") == {"numbers"}
    assert named("保修多久", "Two years of warranty.", "保修多久请问客服。") >= {"language"}


def test_a_cause_is_undone_only_where_it_holds() -> None:
    """c is a hair before a, but b passed it by far: without c the document a would still be second."""
    judged = JudgedQuery("q", {"a": 1, "b": 0, "c": 0, "d": 0})
    before = Ranking("q", tuple("abcd"))
    after = Ranking("q", tuple("bcad"), (9.0, 5.005, 5.0, 1.0))
    assert find_causes(judged, before, after, NDCG, Particulars()) == ()


def test_duplicates_are_named_when_one_of_them_would_have_cost_little() -> None:
    copies = [f"c{number}" for number in range(10)]
    judged = JudgedQuery("q", {"a": 1, **dict.fromkeys(copies, 0)}, query="opening hours of the pool")
    texts = {"a": "The baths are open from seven."} | dict.fromkeys(copies, "Opening of the new pool.")
    before, after = Ranking("q", ("a", *copies)), Ranking("q", (*copies, "a"))
    found = find_causes(judged, before, after, NDCG, Particulars(texts=texts))
    assert "duplicates" in [one.cause.key for one in found]
    two = Ranking("q", (*copies[:2], "a", *copies[2:]))
    found = find_causes(judged, before, two, NDCG, Particulars(texts=texts))
    assert "duplicates" not in [one.cause.key for one in found]


def test_words_of_another_statement_make_no_copy() -> None:
    other = Particulars(
        texts={"a": "Supported from Android 9 onwards.", "b": "Supported from Android 12 onwards."}
    )
    assert keys(JudgedQuery("q", {"a": 1, "b": 0}), other) == {}
