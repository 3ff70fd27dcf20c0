from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.judging import JudgingSettings, judging_order

ONE = Run("one", {"q": Ranking("q", tuple("abcdef")), "calm": Ranking("calm", tuple("abc"))})
TWO = Run("two", {"q": Ranking("q", tuple("xbadfe")), "calm": Ranking("calm", tuple("bac"))})
SETTINGS = JudgingSettings(top=3)


def test_documents_that_can_change_the_decision_come_first() -> None:
    found = judging_order({"q": JudgedQuery("q", {"a": 1})}, [ONE, TWO], SETTINGS)
    reasons = [item.reason for item in found if item.query_id == "q"]
    assert reasons == ["decides"] * 2 + ["shared_top"] + ["unjudged"] * 3
    assert {i.document_id for i in found if i.query_id == "q" and i.reason == "decides"} == {"c", "x"}


def test_queries_with_more_to_decide_come_first_and_stay_together() -> None:
    found = judging_order({}, [Run("r", dict(reversed(ONE.rankings.items()))), TWO], SETTINGS)
    assert list(dict.fromkeys(item.query_id for item in found)) == ["q", "calm"]


def test_judged_documents_come_back_only_when_asked_for_and_last() -> None:
    judgements = {"q": JudgedQuery("q", {"a": 1, "x": 0})}
    assert not {"a", "x"} & {
        i.document_id for i in judging_order(judgements, [ONE, TWO]) if i.query_id == "q"
    }
    again = judging_order(judgements, [ONE, TWO], JudgingSettings(top=3, again=True))
    assert [i.reason for i in again if i.query_id == "q"][-2:] == ["judged", "judged"]


def test_order_is_blind_seeded_and_stable_while_judging() -> None:
    wide = Run("wide", {"q": Ranking("q", tuple(f"d{i:02}" for i in range(40)))})
    settings = JudgingSettings(top=40)
    first = [item.document_id for item in judging_order({}, [wide], settings)]
    assert first != list(wide.rankings["q"].documents)
    assert sorted(first) == sorted(wide.rankings["q"].documents)
    assert first == [item.document_id for item in judging_order({}, [wide], settings)]
    # judging one document leaves the others where they were
    rest = judging_order({"q": JudgedQuery("q", {first[0]: 2})}, [wide], settings)
    assert [item.document_id for item in rest] == first[1:]
    other = judging_order({}, [wide], JudgingSettings(top=40, seed=1))
    assert [item.document_id for item in other] != first
