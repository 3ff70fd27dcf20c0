"""Other rerankers by name: downloaded, found in the hubs' caches, tested by their card's examples."""

from pathlib import Path

import pytest

import core.models.cross_encoder.selftest as selftest_module
from core.models import load_scorer, run_selftest
from core.models.catalogue import entry
from core.models.cross_encoder.folder import check_cross_encoder, published_name
from core.models.cross_encoder.selftest import NOTHING_PUBLISHED, published_scores
from core.models.hub import download
from core.models.local import search_entry
from core.models.selftest import Vector
from core.settings import Settings
from tests.models.cross_encoder.models import write_model
from tests.models.downloading import QUICK
from tests.models.fake_hub import FakeHub, refusing_url, running

NAME = "BAAI/bge-reranker-base"


def test_a_known_reranker_is_downloaded_verified_and_loaded_by_its_name(tmp_path: Path) -> None:
    original = write_model(tmp_path / "original", "xlm-roberta", positions=514)
    files = {path.name: path.read_bytes() for path in original.iterdir()}
    with running(FakeHub("huggingface", NAME, files)) as hub:
        settings = Settings(home=tmp_path / "home", modelscope_endpoint=refusing_url(), hf_endpoint=hub.url)
        folder = download(entry(NAME), settings, patience=QUICK)
    assert folder.name == "bge-reranker-base"
    scorer = load_scorer("bge-reranker-base", settings=settings)
    assert (scorer.info.kind, scorer.info.name, scorer.info.max_tokens) == ("cross-encoder", NAME, 512)
    plain = load_scorer(str(original), settings=settings)
    texts = ["a refund takes three days", "mars is red"]
    found = [one.logit for one in scorer.score("refund", texts)]
    assert found == pytest.approx([one.logit for one in plain.score("refund", texts)], abs=1e-6)


@pytest.mark.parametrize(
    "place",
    [
        "hub/models--mixedbread-ai--mxbai-rerank-base-v2/snapshots/0a1b2c",
        "models/mixedbread-ai--mxbai-rerank-base-v2/snapshots/master",
        "models/mixedbread-ai/mxbai-rerank-base-v2",
    ],
)
def test_a_recipe_is_found_wherever_the_hubs_keep_a_model(tmp_path: Path, place: str) -> None:
    folder = write_model(tmp_path / place, "qwen2", causal=True)
    assert published_name(folder) == "mxbai-rerank-base-v2"
    found = check_cross_encoder(folder)
    assert found.from_table and found.recipe.true_token == "1"
    assert load_scorer(str(folder), settings=Settings(home=tmp_path)).info.kind == "cross-encoder"


def test_dots_that_were_written_as_underscores_are_read(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "Qwen3-Reranker-0___6B-seq-cls", "qwen3")
    assert published_name(folder) == "Qwen3-Reranker-0.6B-seq-cls"
    assert check_cross_encoder(folder).recipe.uses_instruction


def test_a_known_reranker_lies_in_the_hugging_face_cache(tmp_path: Path) -> None:
    home = tmp_path / "hf"
    write_model(home / "hub" / "models--BAAI--bge-reranker-base" / "snapshots" / "abc", "xlm-roberta")
    found = search_entry(entry(NAME), Settings(home=tmp_path), {"HF_HOME": str(home), "HOME": str(tmp_path)})
    assert found.found is not None and found.found.source == "Hugging Face cache"


def test_published_examples_decide_and_a_changed_model_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "bge-reranker-v2-m3", "xlm-roberta", positions=514)
    scorer = load_scorer(str(folder), settings=Settings(home=tmp_path))
    report = run_selftest(scorer)  # random weights are not BGE's
    assert report.verdict == "failed" and report.vectors[0].expected == (-8.1875, 5.26171875)
    texts = ("mars is red", "reset your password")
    logits = tuple(one.logit for one in scorer.score("planet", texts))
    best = max(range(2), key=lambda place: logits[place])
    known = Vector("1", "planet", texts, logits, (best,), "here")
    monkeypatch.setitem(selftest_module.PUBLISHED_SCORES, "bge-reranker-v2-m3", ((known,), 0.01))
    assert run_selftest(scorer).verdict == "passed"


def test_where_nothing_is_published_nothing_is_claimed(tmp_path: Path) -> None:
    scorer = load_scorer(str(write_model(tmp_path / "mine", "bert")), settings=Settings(home=tmp_path))
    report = run_selftest(scorer)
    assert (report.verdict, report.explanation) == ("not run: no weights", NOTHING_PUBLISHED)
    assert published_scores("Alibaba-NLP/gte-multilingual-reranker-base") is not None
