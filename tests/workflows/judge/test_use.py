"""What is judged, what that costs, how far to trust it, and that nothing is mixed in silence."""

import io
import threading
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest
from pydantic import SecretStr

from core.errors import BusyError, InputError
from core.judging.labels import Label, Source
from core.judging.panel import Panel
from core.judging.store import label_store
from core.recipes.evidence import Evidence
from core.settings import Settings
from core.workflows.evaluate.basis import basis_of, with_machine_grades
from core.workflows.evaluate.data import EvaluationData, from_bytes, to_bytes
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate
from core.workflows.evaluate.scores import ScoredSystem, score_data
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.use.recipe import with_judge
from core.workflows.evaluate.verdict import verdict_lines
from core.workflows.instructions.evidence import BY_MODEL, evidence_sentences
from core.workflows.judge.cost import Prices, expected_cost
from core.workflows.judge.endpoint import judging_endpoint, unagreed_host
from core.workflows.judge.pairs import Scope, Which, pairs_to_judge, shared_words
from core.workflows.judge.rounds import Asked, rounds, sole_judge, unfinished
from core.workflows.judge.use import agreement_with_people, labels_by
from tests.judging.fake_judge import FakeJudge, fake_judge
from tests.workflows.evaluate.labelled_sheet import TableScorer
from tests.workflows.judge.judged_sheet import DOCUMENTS, QUERIES, judged_sheet, text, truth

SET = "set"
MACHINE = Source("model", "m", "f1")


@pytest.fixture
def data(tmp_path: Path) -> EvaluationData:
    return read_labelled(judged_sheet(tmp_path / "sheet.csv"))


def _labels(data: EvaluationData, source: Source = MACHINE) -> list[Label]:
    """What a judge who is always right says of every pair."""
    grades = truth()
    return [
        Label(query, document, grades[data.judgements[query].query, one], source, 1.0)
        for query, texts in data.texts.items()
        for document, one in texts.items()
    ]


def _scored(data: EvaluationData) -> ScoredSystem:
    """A model that knows the true grades, with some noise that follows from the text's length."""
    logits = {one: 2.0 * grade + len(one) % 3 for (_, one), grade in truth().items()}
    return score_data(TableScorer(logits), data, None, name="model")


@pytest.mark.parametrize(("which", "count"), [("all", 80), ("unjudged", 40), ("judged", 40)])
def test_pairs_are_chosen_by_whether_people_judged_them(
    data: EvaluationData, which: Which, count: int
) -> None:
    pairs = pairs_to_judge(data, [data.initial], Scope(which))
    assert len(pairs) == count
    known = {(query, one) for query, judged in data.judgements.items() for one in judged.labels}
    inside = {(pair.query_id, pair.document_id) in known for pair in pairs}
    assert inside == {"all": {True, False}, "unjudged": {False}, "judged": {True}}[which]


def test_only_the_first_of_each_order_are_judged_and_what_people_judged_besides(data: EvaluationData) -> None:
    pairs = pairs_to_judge(data, [data.initial], Scope("all", top=2))
    assert len(pairs) == 8 * DOCUMENTS + (QUERIES - 8) * 2
    assert len(pairs_to_judge(data, [data.initial], Scope("unjudged", top=2))) == 16


def test_shared_words_are_a_share_of_the_querys_in_both_languages() -> None:
    assert shared_words("reset the kettle", "the kettle is hot") == pytest.approx(2 / 3)
    assert shared_words("退款期限", "退款需要七天") == pytest.approx(1 / 3)
    assert shared_words("", "x") == 0


def test_the_cost_is_told_before_and_shrinks_by_what_is_known(data: EvaluationData, tmp_path: Path) -> None:
    store, panel = label_store(tmp_path), Panel(("a", "b"), "h", "rubric", votes=2, together=2)
    pairs = pairs_to_judge(data, [data.initial], Scope())
    cost = expected_cost(store, panel, pairs, Prices(2.0, 10.0, "€"))
    # Four answers a pair; two and two and one document of each query in a request.
    assert (cost.pairs, cost.answers, cost.known, cost.requests) == (80, 320, 0, 16 * 3 * 4)
    assert cost.amount == pytest.approx((cost.read * 2 + cost.written * 10) / 1e6)
    assert "320 answers, of which 0 are known already: 192 requests" in cost.sentences[0].text
    assert "€2 and €10 per million" in cost.sentences[1].text
    answers = {panel.answer_key(m, v, pair): 1 for pair in pairs for m in ("a", "b") for v in (0, 1)}
    store.save(SET, [], dict(list(answers.items())[:300]))
    left = expected_cost(store, panel, pairs)
    assert left.known == 300 and left.read < cost.read / 8
    assert "not known here" in left.sentences[1].text
    store.save(SET, [], answers)
    (said,) = expected_cost(store, panel, pairs).sentences
    assert said.text.startswith("Every answer is known already")


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_is_refused(price: float) -> None:
    with pytest.raises(InputError):
        Prices(price, 0.0)


def test_texts_go_nowhere_without_consent_but_to_this_machine(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, llm_url="", send_to="")
    assert unagreed_host("http://localhost:11434/v1", settings) is None
    assert unagreed_host("https://api.example.com/v1", settings) == "api.example.com"
    assert (
        unagreed_host("https://api.example.com/v1", Settings(home=tmp_path, send_to="api.example.com"))
        is None
    )


def test_a_key_goes_to_its_own_host_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, llm_url="https://mine.example/v1", llm_key=SecretStr("sk-1"))
    assert judging_endpoint("https://mine.example/v1", "m", settings).key.get_secret_value() == "sk-1"
    assert judging_endpoint("https://other.example/v1", "m", settings).key.get_secret_value() == ""


def test_the_grades_of_a_model_fill_only_gaps_and_the_verdict_says_whose_they_are(
    data: EvaluationData,
) -> None:
    assert basis_of(data).headings == ()
    filled = with_machine_grades(data, _labels(data))
    assert filled.labels == 80 and basis_of(filled).as_json() == {
        "people": 40,
        "model": 40,
        "judge": "m",
        "fingerprint": "f1",
        "synthetic_questions": 0,
    }
    assert data.labels == 40, "the data itself is not changed"
    outcome = evaluate(filled, [_scored(data)], EvaluateSettings("nDCG@10"))
    assert outcome.report is not None
    headline = outcome.report.systems[0].headline
    assert headline is not None
    prefix = "By a model's grades («m», 40 of 80 labels): "
    assert headline.sentence.text.startswith(prefix)
    assert verdict_lines(outcome)[0].sentence.text.startswith(prefix)
    assert str(outcome.report.as_json()["measures"]).count("By a model's grades") == 1
    book = openpyxl.load_workbook(io.BytesIO(evaluation_excel(outcome)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert sum(cell.startswith(prefix) for cell in cells) >= 2, "on the first page and under the verdict"
    assert {"labels by a model", "labels by people"} <= set(cells)


def test_a_recipe_keeps_how_many_of_its_labels_are_a_models(data: EvaluationData) -> None:
    evidence = Evidence(
        **{field.name: None for field in fields(Evidence)} | {"verdict": "better", "as_words": False}  # type: ignore[arg-type]
    )
    assert with_judge(evidence, data) == evidence
    kept = with_judge(replace(evidence, labels=80), with_machine_grades(data, _labels(data)))
    assert (kept.machine_labels, kept.judge) == (40, "m")
    said = [one.template for one in evidence_sentences(kept)]
    assert BY_MODEL in said and BY_MODEL not in [one.template for one in evidence_sentences(evidence)]


def test_people_keep_their_word_and_other_scales_are_taken_down(data: EvaluationData) -> None:
    wrong = [Label("q0", "q0d0", 3, MACHINE)]
    assert with_machine_grades(data, wrong).judgements == data.judgements
    binary = from_bytes(to_bytes(data))
    for judged in binary.judgements.values():
        for document in judged.labels:
            judged.labels[document] = min(1, judged.labels[document])  # type: ignore[index]
    filled = with_machine_grades(binary, _labels(binary))
    assert {label for judged in filled.judgements.values() for label in judged.labels.values()} == {0, 1}
    agreed = agreement_with_people(binary, _labels(binary), "m")
    assert agreed is not None and agreed.confusion[1][2] == agreed.confusion[1][3] == 0
    for judged in binary.judgements.values():
        for document in judged.labels:
            judged.labels[document] = 7  # type: ignore[index]
    with pytest.raises(InputError, match="cannot stand side by side"):
        with_machine_grades(binary, _labels(binary))


def test_synthetic_questions_are_said_before_every_verdict_and_survive_being_kept(
    data: EvaluationData,
) -> None:
    kept = from_bytes(to_bytes(replace(data, synthetic=frozenset({"q1", "q2"}))))
    assert kept.synthetic == {"q1", "q2"}
    outcome = evaluate(kept, [_scored(data)], EvaluateSettings("nDCG@10"))
    assert verdict_lines(outcome)[0].sentence.text.startswith("On questions that a model wrote (2 of 16): ")
    assert outcome.basis.as_json()["synthetic_questions"] == 2


def test_a_judge_is_found_by_name_or_fingerprint_and_never_guessed(
    data: EvaluationData, tmp_path: Path
) -> None:
    store = label_store(tmp_path)
    with pytest.raises(InputError, match="No model has judged"):
        labels_by(store, SET, "m")
    store.save(SET, _labels(data))
    assert len(labels_by(store, SET, "m")) == len(labels_by(store, SET, "f1")) == 80
    store.save(SET, _labels(data, Source("model", "m", "f2")))
    with pytest.raises(InputError, match="more than one way"):
        labels_by(store, SET, "m")
    with pytest.raises(InputError, match="judged nothing"):
        labels_by(store, SET, "n")


@pytest.mark.parametrize(
    ("profile", "over", "length"), [("right", 0, 0), ("over", 1, 0), ("longer", 1, 1), ("random", 0, 0)]
)
def test_a_judges_known_error_is_what_agreement_finds(
    data: EvaluationData, tmp_path: Path, profile: str, over: int, length: int
) -> None:
    with fake_judge(FakeJudge(truth(), profile=profile, long=len(text(10, 0)) + 5)) as model:  # type: ignore[arg-type]
        asked = Asked(model.url, Panel(("m",), "h", "rubric"), Scope("judged"))
        judging = rounds(tmp_path)
        pairs = pairs_to_judge(data, [data.initial], asked.scope)
        judging.start(judging_endpoint(model.url, "m", Settings(home=tmp_path)), asked, SET, pairs)
        watched = judging.wait(SET, 60)
    assert watched is not None and not watched.running and watched.error is None
    agreed = agreement_with_people(data, judging.store.labels(SET, asked.panel.source), "m")
    assert agreed is not None and agreed.pairs == 40 and agreed.kappa is not None
    if profile == "right":
        assert agreed.same == 1 and agreed.kappa.value == 1
        return
    assert agreed.over.sign == over or profile == "random"
    # A judge who errs by the true grade alone never varies within one, so there is no bias to measure.
    assert (agreed.length.sign if agreed.length else 0) == length
    if profile == "random":
        assert agreed.kappa.interval is not None and agreed.kappa.interval.low < 0.2


def test_a_round_is_stopped_kept_and_gone_on_with(data: EvaluationData, tmp_path: Path) -> None:
    with fake_judge(FakeJudge(truth(), gate=threading.Event(), after=6)) as model:
        asked = Asked(model.url, Panel(("m",), "h", "rubric"), Scope(), at_once=2)
        judging = rounds(tmp_path)
        where = judging_endpoint(model.url, "m", Settings(home=tmp_path))
        pairs = pairs_to_judge(data, [data.initial], asked.scope)
        judging.start(where, asked, SET, pairs)
        pause = threading.Event()
        for _ in range(300):
            if model.under_way == 2 and len(model.asked) == 8:
                break
            pause.wait(0.05)
        with pytest.raises(BusyError), sole_judge(tmp_path, SET):
            pass
        judging.stop(SET)
        assert model.gate is not None
        model.gate.set()
        watched = judging.wait(SET, 30)
        assert watched is not None and watched.error is not None
        assert "what was judged is kept" in watched.error.message
        assert unfinished(tmp_path, SET) == asked
        judging.start(where, asked, SET, pairs)
        watched = judging.wait(SET, 60)
        assert watched is not None and watched.standing is not None and watched.error is None
    assert watched.standing.labelled == 80 and watched.standing.known == 8
    assert unfinished(tmp_path, SET) is None
    assert max(model.judged.values()) == 1
