"""Headers of labels, scores and ranks that people write, and those that only look like them."""

import pytest

from core.sheets.meaning.vocabulary import match_header

NAMED = {
    "label": "打分|评分|人工打分|打分(0-3)|打分（0~2）|满意度(1-5分)|满意度|是否命中|是否命中（1是0否）|"
    "人工评测结果|人工评分|"
    "人工标注|人工判断|人工判定|人工结果|人工复核|人工相关性|专家打分|专家评分|标注|标注结果|标注等级|"
    "标注分|评测结果|"
    "评测打分|质检结果|是否相关|是否有用|是否采纳|是否有帮助|是否包含答案|是否能回答|是否解决|相关性|"
    "相关性打分|"
    "相关性评分|相关与否|相关度评分|相关等级|相关程度|有用性|匹配等级|正确与否|对错|评级|星级|标签|"
    "命中情况|"
    "Human rating|human_label|Human Score|Human judgement|Manual label|Manual rating|Expert rating|"
    "Relevance|"
    "Relevance rating|Relevance (0-3)|relevance_label|Gold label|Annotator label|Judgment|Rating|Grade|"
    "Is relevant|is_relevant|Is correct|Contains answer|Helpfulness|Satisfaction score|Verdict|qrel|"
    "人工評分|"
    "標註結果|人工打分结果|标注员打分|张三人工打分|Label (0/1)|人工相关性判断",
    "initial_score": "得分|分数|相似度|相似度(%)|匹配度|匹配度（百分比）|匹配率|余弦相似度|语义相似度|"
    "向量相似度|向量得分|"
    "检索得分|召回得分|召回分数|BM25|BM25得分|bm25_score|初始得分|原始分数|置信度|系统得分|模型得分|"
    "模型打分|机器打分|"
    "粗排得分|粗排分|综合得分|混合得分|融合得分|关键词得分|向量距离|L2距离|余弦距离|Score|Similarity|"
    "Cosine similarity|cos_sim score|Similarity score|Match score|Retrieval score|search_score|dense_score|"
    "Hybrid score|RRF score|Confidence|relevance_score|distance|l2_distance|_distance|ES score|TF-IDF|"
    "Initial score|First-stage score|向量檢索得分|相似性|文本相似度",
    "initial_rank": "排名|名次|位次|位置|顺序|序位|召回排名|召回顺序|召回位置|检索排名|检索位次|"
    "初始排名|初始位置|原始排名|"
    "原始顺序|原排名|结果位置|结果排名|展示位置|曝光位置|搜索排名|文档排名|排序号|Rank|Position|Doc "
    "Position|"
    "doc_position|Result position|Result rank|Initial rank|Original rank|original_order|Baseline rank|"
    "BM25 rank|"
    "Current rank|Retrieval rank|Search rank|Hit rank|Pos|rank (before)|初排名次",
}
# Each of these names something else, or nothing.
OTHERWISE = (
    "距离|送货距离|标注人|标注员|标注时间|打分人|打分说明|评分人|评分理由|人工客服电话|人工客服|人工智能课程|标注备注|"
    "相关性说明|Annotator|"
    "Annotator ID|Label date|Label time|Rating comment|Relevance rationale|平均得分|总分合计|Average "
    "score|Mean rank|"
    "得分变化|Score threshold|重排得分|重排后排名|rerank_score|New rank|Rank after|Rank change|标注状态|"
    "标注批次|"
    "倒数名次|倒序排名|Reciprocal rank|reverse_rank|"
    "标注进度|Label status|Score reason|排名变化|阈值|User manual page|打分耗时|标注一致性"
)


@pytest.mark.parametrize(
    ("role", "header"), [(role, name) for role, names in NAMED.items() for name in names.split("|")]
)
def test_headers_of_values_are_known(role: str, header: str) -> None:
    match = match_header(header)
    assert match is not None and match.role == role


@pytest.mark.parametrize("header", OTHERWISE.split("|"))
def test_headers_that_only_look_like_values_name_none(header: str) -> None:
    match = match_header(header)
    assert match is None or match.role not in NAMED


def test_the_list_is_long_enough_to_mean_something() -> None:
    assert sum(len(set(names.split("|"))) for names in NAMED.values()) >= 150
