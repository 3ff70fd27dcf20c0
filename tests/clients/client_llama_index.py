"""LlamaIndex's postprocessors."""

import os
from typing import Any

import pytest
from questions import DOCUMENTS, KEY, LOGITS, PROBABILITIES, QUERY, SERVER, assert_right, copied

NUMBER = len(DOCUMENTS)


def nodes() -> list[Any]:
    from llama_index.core.schema import NodeWithScore, TextNode

    return [
        NodeWithScore(node=TextNode(text=text, id_=str(at)), score=0.5) for at, text in enumerate(DOCUMENTS)
    ]


def ranked(postprocessor: Any) -> list[tuple[int, float]]:  # noqa: ANN401
    found = postprocessor.postprocess_nodes(nodes(), query_str=QUERY)
    return [(int(one.node.node_id), one.score) for one in found]


def test_tei() -> None:
    from llama_index.postprocessor.tei_rerank import TextEmbeddingInference

    # Its texts are decorated with metadata keys where there are any; here there are none.
    found = ranked(TextEmbeddingInference(top_n=NUMBER, base_url=SERVER, model_name="m"))
    assert_right(found)


def test_tei_with_a_token_that_stands_alone() -> None:
    from llama_index.postprocessor.tei_rerank import TextEmbeddingInference

    assert_right(ranked(TextEmbeddingInference(top_n=NUMBER, base_url=SERVER, auth_token=KEY)))


def test_cohere() -> None:
    from llama_index.postprocessor.cohere_rerank import CohereRerank

    assert_right(ranked(CohereRerank(top_n=NUMBER, api_key=KEY, base_url=SERVER)))


def test_jina() -> None:
    from llama_index.postprocessor.jinaai_rerank import JinaRerank

    assert_right(ranked(JinaRerank(top_n=NUMBER, api_key=KEY, base_url=f"{SERVER}/v1")))


def test_xinference() -> None:
    from llama_index.postprocessor.xinference_rerank import XinferenceRerank

    assert_right(ranked(XinferenceRerank(top_n=NUMBER, base_url=SERVER, model="m")))


def test_siliconflow() -> None:
    from llama_index.postprocessor.siliconflow_rerank import SiliconFlowRerank

    assert_right(ranked(SiliconFlowRerank(top_n=NUMBER, api_key=KEY, base_url=f"{SERVER}/v1/rerank")))


def test_dashscope(monkeypatch: pytest.MonkeyPatch) -> None:
    import dashscope
    from llama_index.postprocessor.dashscope_rerank import DashScopeRerank

    monkeypatch.setattr(dashscope, "base_http_api_url", f"{SERVER}/api/v1")
    assert_right(ranked(DashScopeRerank(top_n=NUMBER, api_key=KEY)))


def test_nvidia() -> None:
    os.environ["NVIDIA_API_KEY"] = KEY
    from llama_index.postprocessor.nvidia_rerank import NVIDIARerank

    found = ranked(NVIDIARerank(model="embedded", base_url=f"{SERVER}/v1", api_key=KEY, top_n=NUMBER))
    assert_right(found, LOGITS)


def test_fewer_than_all() -> None:
    from llama_index.postprocessor.cohere_rerank import CohereRerank

    assert_right(ranked(CohereRerank(top_n=2, api_key=KEY, base_url=SERVER)), PROBABILITIES[:2])


def test_what_the_connect_page_gives_to_copy() -> None:
    best: Any = copied("LlamaIndex", nodes=nodes())
    assert_right((int(one.node.node_id), one.score) for one in best)
