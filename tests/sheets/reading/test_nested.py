"""JSON of search and RAG tools, unfolded by structure: invented records in each tool's shape."""

import json
from pathlib import Path

import pytest

from core.errors import InputError
from core.sheets.meaning.importing import ImportChoices, ImportedTable, import_source, import_table
from core.sheets.reading.sources import read_source

ASKED = "发票丢了怎么办"
TEXTS = ("发票遗失可在三十日内申请补开。", "发票抬头可以在提交前修改。")


def _import(content: object, *, query: str | None = None, lines: bool = False) -> ImportedTable:
    records = content if lines and isinstance(content, list) else [content]
    text = "\n".join(
        json.dumps(record, ensure_ascii=False, indent=None if lines else 1) for record in records
    )
    return import_source(read_source(text.encode(), "导出.json"), ImportChoices(query=query))


TOOLS = {
    "retrieval test": {
        "query": {"content": ASKED, "tsne_position": None},
        "records": [
            {
                "segment": {"id": f"s{n}", "content": text, "document": {"id": "d", "name": "手册"}},
                "score": 0.9 - n / 4,
            }
            for n, text in enumerate(TEXTS)
        ],
    },
    "search engine": {
        "took": 3,
        "hits": {
            "total": {"value": 2, "relation": "eq"},
            "hits": [
                {"_id": f"s{n}", "_score": 9.5 - n, "_source": {"title": "手册", "content": text}}
                for n, text in enumerate(TEXTS)
            ],
        },
    },
    "chunks beside totals": {
        "code": 0,
        "data": {
            "question": ASKED,
            "chunks": [
                {"id": f"s{n}", "content": text, "similarity": 0.8 - n / 10, "document_id": "d"}
                for n, text in enumerate(TEXTS)
            ],
            "doc_aggs": [{"doc_name": "手册", "count": 2}],
            "total": 2,
        },
    },
    "parallel lists": {
        "ids": [["s0", "s1"]],
        "documents": [list(TEXTS)],
        "distances": [[0.12, 0.4]],
        "metadatas": [[{"page": 1}, {"page": 2}]],
    },
    "output list": {
        "data": {
            "query": ASKED,
            "outputList": [{"documentId": f"s{n}", "output": t} for n, t in enumerate(TEXTS)],
        }
    },
    "traced run": {
        "id": "run-1",
        "inputs": {"question": ASKED},
        "outputs": {
            "documents": [
                {"page_content": text, "metadata": {"source": "a"}, "id": f"s{n}"}
                for n, text in enumerate(TEXTS)
            ]
        },
    },
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tools_list_of_results_becomes_rows(name: str) -> None:
    has_query = ASKED in json.dumps(TOOLS[name], ensure_ascii=False)
    table = _import(TOOLS[name], query=None if has_query else ASKED)
    assert table.pairs.document == TEXTS
    assert table.pairs.query == (ASKED, ASKED)
    assert table.pairs.document_id == ("s0", "s1")
    if name != "parallel lists":
        assert table.pairs.initial_rank == (1, 2)
    scores = table.pairs.initial_score
    if name in ("output list", "traced run"):
        assert scores == (None, None)
    else:
        assert table.score_direction == ("asc" if name == "parallel lists" else "desc")
        assert None not in scores


def test_several_queries_keep_their_own_lists_and_labels() -> None:
    case = {
        "case_name": "客服",
        "queries": [
            {
                "query": f"问题 {q}",
                "docs": [{"id": f"{q}-{d}", "text": f"答复 {q} {d}", "rating": d} for d in range(2)],
            }
            for q in range(3)
        ],
    }
    table = _import(case)
    assert table.pairs.query == ("问题 0", "问题 0", "问题 1", "问题 1", "问题 2", "问题 2")
    assert table.pairs.label == (0, 1, 0, 1, 0, 1)


def test_positive_and_negative_texts_become_labels_in_an_order_that_tells_nothing() -> None:
    records = [
        {"query": f"how to do {q}", "positive": [f"yes {q}"], "negative": [f"no {q} {n}" for n in range(3)]}
        for q in range(40)
    ]
    table = _import(records, lines=True)
    labels = table.pairs.label
    assert len(labels) == 160 and sum(label == 1 for label in labels) == 40
    assert all(
        (label == 1) == text.startswith("yes")
        for text, label in zip(table.pairs.document, labels, strict=True)
    )
    first = sum(labels[place] == 1 for place in range(0, 160, 4))
    assert 2 <= first <= 20, "the positives do not lead"


def test_lists_of_plain_texts_stay_candidates() -> None:
    records = [
        {
            "user_input": f"问题 {q}？",
            "retrieved_contexts": [f"甲 {q} 文", f"乙 {q} 文"],
            "response": f"答 {q}",
            "reference": f"参 {q}",
        }
        for q in range(4)
    ]
    table = _import(records, lines=True)
    assert table.pairs.document[:2] == ("甲 0 文", "乙 0 文")
    assert table.pairs.query[:2] == ("问题 0？", "问题 0？")


def test_a_corpus_with_objects_beside_the_text_is_flat() -> None:
    lines = [
        {"_id": f"d{n}", "title": "t", "text": f"a passage about {n}", "metadata": {"url": "u"}}
        for n in range(3)
    ]
    table = _import(lines, query="passage", lines=True)
    assert table.pairs.document == tuple(f"a passage about {n}" for n in range(3))
    assert "metadata.url" in table.originals.columns


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (
            {"messages": [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "您好"}]},
            "messages[].content",
        ),
        ({"a": {"b": [{"vector": [0.1, 0.2]}]}}, "a.b[].vector"),
        ({"hits": {"total": 2}, "x": {"y": [{"n": 1}]}}, "x.y[].n"),
    ],
)
def test_what_is_unknown_is_refused_with_its_paths(content: object, named: str) -> None:
    with pytest.raises(InputError) as refused:
        _import(content)
    assert named in refused.value.message


def test_result_lists_without_queries_are_refused() -> None:
    hits = {"hits": {"hits": [{"_id": "1", "_source": {"text": "a text"}}]}}
    with pytest.raises(InputError, match="2 lists of results"):
        _import({"responses": [hits, hits]})


def test_a_json_object_in_a_cell_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "blobs.csv"
    rows = "".join(f'问题 {n} 怎么办？,"{{""a"": {n}, ""b"": ""文字很长很长很长很长""}}"\n' for n in range(6))
    path.write_text("query,document\n" + rows, encoding="utf-8")
    with pytest.raises(InputError, match="document"):
        import_table(path)


def test_positive_and_negative_texts_are_said_to_have_no_order() -> None:
    lists = b'{"query": "opening hours", "positive": ["From nine."], "negative": ["The pool is deep."]}\n'
    assert [one.kind for one in read_source(lists, "pairs.jsonl").grids[0].problems] == ["no_order"]
    hits = b'{"query": "opening hours", "hits": [{"text": "From nine.", "score": 2.0}]}\n'
    assert list(read_source(hits, "hits.jsonl").grids[0].problems) == []
