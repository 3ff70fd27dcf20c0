"""What `core.evaluation` says: verdicts, measures, hints, rules and judgement files: English → Chinese."""

TEXTS: dict[str, str] = {
    # Verdicts
    "Better by {difference} {measure}, {confidence} % interval {low} to {high}, {test}, {queries} queries.": (
        "变好：{measure} 提高 {difference}，{confidence}% 置信区间 {low} 至 {high}，{test}，共 {queries} 个查询。"
    ),
    "Worse by {loss} {measure}, {confidence} % interval of the difference {low} to {high}, {test}, "
    "{queries} queries.": (
        "变差：{measure} 降低 {loss}，差值的 {confidence}% 置信区间 {low} 至 {high}，{test}，"
        "共 {queries} 个查询。"
    ),
    "Cannot tell: difference {difference} {measure}, {confidence} % interval {low} to {high}, {test}, "
    "{queries} queries; about {more} more judged queries would be needed.": (
        "无法判断：{measure} 差值 {difference}，{confidence}% 置信区间 {low} 至 {high}，{test}，"
        "共 {queries} 个查询；约需再标注 {more} 个查询。"
    ),
    "Cannot tell: difference {difference} {measure}, {confidence} % interval {low} to {high}, {test}, "
    "{queries} queries; a difference this small would need more than {most} judged queries.": (
        "无法判断：{measure} 差值 {difference}，{confidence}% 置信区间 {low} 至 {high}，{test}，"
        "共 {queries} 个查询；差异如此之小，需要标注 {most} 个以上的查询才能判断。"
    ),
    "randomisation test p {p}": "随机化检验 p {p}",
    "randomisation test p {p} after Holm's correction": "随机化检验经 Holm 校正后 p {p}",
    "The interval reaches to 0 because the test cannot exclude «no difference»; {changed} queries changed.": (
        "检验无法排除“没有差异”，所以置信区间延伸到 0；有变化的查询为 {changed} 个。"
    ),
    "The test alone would decide; the interval includes 0, so the answer stays open.": (
        "仅凭检验可以下结论，但置信区间包含 0，因此仍无定论。"
    ),
    "No difference: {measure} is the same before and after for each of the {queries} queries.": (
        "没有差异：{queries} 个查询的 {measure} 在重排前后全都相同。"
    ),
    "Too few judged queries for a verdict: {queries}. Difference {difference} {measure}, "
    "better in {wins}, worse in {losses}; judge at least {fewest} queries.": (
        "已标注查询太少，无法下结论：{queries} 个。{measure} 差值 {difference}，"
        "{wins} 个变好，{losses} 个变差；请至少标注 {fewest} 个查询。"
    ),
    "No judged query can be compared.": "没有可以比较的已标注查询。",
    "Queries whose {measure} changed at all: {changed}; read the interval as a rough one.": (
        "{measure} 有变化的查询只有 {changed} 个，置信区间仅供粗略参考。"
    ),
    "The number of queries assumes that the true difference is the one seen so far, and an 80 % chance of "
    "showing it.": "所需查询数的前提：真实差异等于目前所见，且有 80% 的把握检出。",
    "{systems} systems were compared: p-values are Holm-corrected.": (
        "比较了 {systems} 个方案，p 值已作 Holm 校正。"
    ),
    "{groups} groups were compared: p-values are Holm-corrected.": (
        "比较了 {groups} 个分组，p 值已作 Holm 校正。"
    ),
    "{measure} was chosen first and decides; the other measures are secondary: their p-values are not "
    "corrected for how many there are.": (
        "以首先选定的 {measure} 为准；其他指标为次要指标，其 p 值未按指标个数校正。"
    ),
    "On those queries keeping everything reaches F{beta:g} {everything:.2f}, keeping the first {first} of each "
    "query {top:.2f}.": (
        "在这些查询上，全部保留的 F{beta:g} 为 {everything:.2f}，每个查询只保留前 {first} 条为 {top:.2f}。"
    ),
    "No threshold is recommended: on queries it was not chosen on, none is better beyond chance than keeping "
    "everything or the first {first} of each query (F{beta:g} {held_out:.2f}, {everything:.2f} and {top:.2f}).": (
        "不推荐任何阈值：在未参与选取的查询上，阈值并不显著优于全部保留或每个查询只保留前 {first} 条"
        "（F{beta:g} 分别为 {held_out:.2f}、{everything:.2f} 和 {top:.2f}）。"
    ),
    "Keeping the first {first} of each query does as well or better, within chance.": (
        "每个查询只保留前 {first} 条，效果至少相当（误差范围内）。"
    ),
    "Keeping everything does as well or better, within chance.": "全部保留，效果至少相当（误差范围内）。",
    "Every document was judged.": "所有文档均已标注。",
    # The report
    "There is no run to measure.": "没有可评估的排序结果。",
    "Two runs are both called «{name}».": "有两个排序结果同名：“{name}”。",
    "Give each run its own name.": "请为每个排序结果取不同的名称。",
    "Queries left out because none of their documents is relevant: {count}.": (
        "因没有任何相关文档而未计入的查询：{count} 个。"
    ),
    "Unjudged documents in «{run}», counted as not relevant: {unjudged} of {ranked}.": (
        "“{run}”中未标注、按不相关计的文档：{ranked} 个中有 {unjudged} 个。"
    ),
    "Judged queries that «{run}» does not answer, counted as 0: {count}.": (
        "“{run}”没有结果、按 0 计的已标注查询：{count} 个。"
    ),
    "Queries of «{run}» without any judgement, not measured: {count}.": (
        "“{run}”中没有任何标注、未参与评估的查询：{count} 个。"
    ),
    "Queries without a document graded {rel} or higher, where {measure} is 0 in any order: {count}.": (
        "没有等级达到 {rel} 的文档、无论怎样排序 {measure} 都为 0 的查询：{count} 个。"
    ),
    "best possible order": "最优排序",
    "all judged documents": "全部已标注文档",
    # Measures
    "Linear gain: a document graded 3 is worth 3 (trec_eval, scikit-learn).": (
        "线性增益：等级为 3 的文档计 3（trec_eval、scikit-learn）。"
    ),
    "Exponential gain: a document graded g is worth 2^g - 1 (Elasticsearch, OpenSearch).": (
        "指数增益：等级为 g 的文档计 2^g - 1（Elasticsearch、OpenSearch）。"
    ),
    "An unjudged document counts as not relevant and keeps its rank.": "未标注的文档按不相关计，名次保留。",
    "Queries without a relevant document are left out and counted.": "没有相关文档的查询不计入，但会注明数量。",
    "A judged query that the run does not answer counts as 0.": "已标注但没有结果的查询按 0 计。",
    "Labels below 0 count as not relevant.": "小于 0 的标签按不相关计。",
    "Recall, AP and the ideal of nDCG count every relevant document, also those not retrieved.": (
        "召回率、AP 和 nDCG 的理想值计入所有相关文档，包括未检索到的。"
    ),
    "«{measure}» is not a known measure.": "未知指标“{measure}”。",
    "Known measures: {known}.": "可用指标：{known}。",
    "{measure} needs a depth.": "{measure} 需要指定深度。",
    "Write for example {measure}@10.": "例如写作 {measure}@10。",
    "The depth of «{measure}» must be at least 1.": "“{measure}”的深度至少为 1。",
    "«{parameter}» is not a parameter of {measure}.": "“{parameter}”不是 {measure} 的参数。",
    "It takes: {accepted}.": "可用参数：{accepted}。",
    "only a depth, such as @10": "只能指定深度，如 @10",
    "Normalised discounted cumulative gain": "归一化折损累计增益",
    "How close the first k come to the best possible order, using the grades; 1 is perfect. "
    "A relevant document counts less the lower it stands.": (
        "按相关等级衡量前 k 个文档与最优排序的接近程度，1 为完美。相关文档越靠后，贡献越小。"
    ),
    "Reciprocal rank": "倒数排名",
    "1 divided by the rank of the first relevant document, 0 if there is none in the first k. "
    "Its mean is known as MRR.": "1 除以首个相关文档的名次；前 k 个中没有则为 0。其均值即 MRR。",
    "Recall at k": "前 k 召回率",
    "Precision at k": "前 k 精确率",
    "Share of all relevant documents that stand among the first k.": "全部相关文档中排进前 k 个的比例。",
    "Precision at the depth of as many documents as there are relevant ones.": (
        "有多少个相关文档就取前多少个文档，计算其精确率。"
    ),
    "Share of the first k that is relevant; divided by k even when fewer were returned.": (
        "前 k 个中相关文档的比例；返回不足 k 个时仍除以 k。"
    ),
    "Success (hit)": "命中率（Success）",
    "1 when at least one of the first k is relevant, else 0. Also called hit@k.": (
        "前 k 个中至少有一个相关则为 1，否则为 0。也称 hit@k。"
    ),
    "Average precision": "平均精确率",
    "Mean of the precision at the rank of every relevant document, found or not. Its mean is known as MAP.": (
        "每个相关文档（无论是否检索到）所在名次处精确率的均值。对各查询取均值即 MAP。"
    ),
    "R-precision": "R-精确率",
    "Discounted cumulative gain": "折损累计增益",
    "Sum of the gains of the first k, each divided by log2(rank + 1); not normalised, "
    "so queries with many relevant documents weigh more.": (
        "前 k 个文档的增益各除以 log2(名次 + 1) 后求和；未归一化，相关文档多的查询权重更大。"
    ),
    "Judged": "已标注比例",
    "Share of the first k that somebody judged. Where it is low, the other measures guess.": (
        "前 k 个文档中已标注的比例。比例低时，其他指标并不可靠。"
    ),
    # Ties, agreement
    "Documents are ordered by score; equal scores keep the order of the input.": (
        "文档按得分排序；同分时保持输入顺序。"
    ),
    "As trec_eval: scores are read as 32-bit numbers; equal scores are ordered by document id, descending.": (
        "与 trec_eval 一致：得分按 32 位浮点数读取；同分时按文档 ID 降序排列。"
    ),
    "Kendall's tau: share of document pairs in the same order minus share in reversed order.": (
        "Kendall τ：顺序一致的文档对比例减去顺序相反的比例。"
    ),
    "Spearman's rho: correlation of the ranks.": "Spearman ρ：名次的相关系数。",
    "Rank-biased overlap: agreement from 0 to 1, weighted towards the top.": (
        "RBO（偏重前列的重合度）：一致程度，0 至 1，靠前的名次权重更大。"
    ),
    "Share of the first {top} that both orders have in common.": "两种排序前 {top} 个中共有文档的比例。",
    "By how many places documents moved, on average.": "文档平均移动了多少个名次。",
    # Hints from scores alone
    "Hint: {documents} candidates score alike and, for this model, high (mean {mean:.1f}, standard "
    "deviation {deviation:.2f}). The query may be broad; a more specific one could tell them apart.": (
        "提示：{documents} 个候选文档得分相近，且对该模型而言偏高（均值 {mean:.1f}，标准差 {deviation:.2f}）。"
        "查询可能过于宽泛，更具体的查询或可区分它们。"
    ),
    "Hint: all scores are low for this model (best {best:.1f}; so low in 5 % of lists). The documents "
    "may not hold the answer, or the query or instruction may need work.": (
        "提示：对该模型而言得分都偏低（最高 {best:.1f}，这样低的只占 5%）。"
        "文档中可能没有答案，或者查询、指令需要改进。"
    ),
    "Hint: the first stands out from the second by {gap:.1f}, so far in 10 % of this model's lists; one "
    "document seems to answer.": (
        "提示：第一名领先第二名 {gap:.1f}，该模型只有 10% 的列表领先这么多，看来有一个文档回答了查询。"
    ),
    "Hint: first and second differ by only {gap:.2f}, so little in 10 % of this model's lists; their order "
    "may change with the wording or precision.": (
        "提示：前两名仅相差 {gap:.2f}，该模型只有 10% 的列表差距这么小；措辞或精度一变，顺序就可能互换。"
    ),
    # Thresholds
    "Unjudged documents count as not relevant, so precision is a lower bound.": (
        "未标注的文档按不相关计，因此精确率是下限。"
    ),
    "Query {query_id} lists document {document} more than once; its label {label} is that of a later row.": (
        "查询 {query_id} 多次列出文档 {document}；标签 {label} 取自后面的行。"
    ),
    "Documents of query {query_id} without a rank or score of before: {count}. They follow the others.": (
        "查询 {query_id} 中没有原名次或原得分的文档：{count} 个，排在其余文档之后。"
    ),
    "Unjudged documents are left out of precision.": "精确率不计未标注的文档。",
    "The run has no scores, so there is nothing to cut at.": "排序结果没有得分，无法设定阈值。",
    "No candidate is relevant, so no threshold can be chosen.": "没有相关的候选文档，无法选择阈值。",
    "Judge some documents, or lower the grade that counts as relevant.": (
        "请标注一些文档，或降低算作相关的最低等级。"
    ),
    "The share of queries to keep must lie between 0 and 1, not {share}.": (
        "要保留的查询比例须在 0 到 1 之间，不能是 {share}。"
    ),
    "Beta must be above 0, not {beta}.": "Beta 须大于 0，不能是 {beta}。",
    "Keep documents scored {threshold} or more: precision {precision:.0%}, recall {recall:.0%} of the relevant "
    "candidates; {empty:.0%} of the queries keep nothing.": (
        "保留得分不低于 {threshold} 的文档：精确率 {precision:.0%}，相关候选文档的召回率 {recall:.0%}；"
        "{empty:.0%} 的查询一个文档也不保留。"
    ),
    "Keep documents scored {threshold} or more: of the queries with a relevant candidate {share:.0%} keep one, "
    "precision {precision:.0%}; {empty:.0%} of all queries keep nothing.": (
        "保留得分不低于 {threshold} 的文档：有相关候选文档的查询中 {share:.0%} 至少保留一个，"
        "精确率 {precision:.0%}；全部查询中 {empty:.0%} 一个文档也不保留。"
    ),
    "Queries without a relevant candidate, which no threshold can help: {without} of {queries}.": (
        "没有相关候选文档、任何阈值都无济于事的查询：{queries} 个中有 {without} 个。"
    ),
    "On queries it was not chosen on, F{beta:g} is about {held_out:.2f} instead of {fitted:.2f}.": (
        "在未用于选取阈值的查询上，F{beta:g} 约为 {held_out:.2f}，而非 {fitted:.2f}。"
    ),
    # Causes of regressions
    "Truncated": "被截断",
    "A relevant document that fell is longer than the model reads, and words of the query stand only in the "
    "part that was not read.": "某个名次下降的相关文档超出模型可读长度，查询中的词只出现在未被读到的部分。",
    "Exact match lost": "精确匹配落后",
    "A relevant document that fell contains the whole query, or every number and code in it; the document "
    "that passed it does not.": (
        "某个名次下降的相关文档包含完整查询，或查询中的全部数字和代码；超过它的文档则不包含。"
    ),
    "Number missed": "数字不符",
    "The query gives or asks for a number, a date, a unit or a version; the relevant document has it, the "
    "one that passed it does not.": (
        "查询给出或询问数字、日期、单位或版本；相关文档中有，超过它的文档中没有。"
    ),
    "Negation missed": "忽略否定",
    "The query denies or leaves something out («without», «not», 不含); the relevant document does too, the "
    "one that passed it does not.": (
        "查询含有否定或排除（“without”“not”“不含”）；相关文档也有，超过它的文档则没有。"
    ),
    "Other thing": "对象不同",
    "The query names something; the relevant document has the name, the one that passed it does not.": (
        "查询提到了某个名称；相关文档中有该名称，超过它的文档中没有。"
    ),
    "Name left out": "未提及名称",
    "The query names something; the document that passed says the name, the relevant one does not: its "
    "title or context may have to be added.": (
        "查询提到了某个名称；超过它的文档写有该名称，相关文档没有：可能需要补上标题或上下文。"
    ),
    "Other language": "语言不同",
    "A relevant document in another language fell behind one in the language of the query.": (
        "某个语言不同的相关文档落在了与查询同语言的文档之后。"
    ),
    "Duplicates": "重复内容",
    "Documents that repeat one another passed a relevant one; with one of each, most of the loss would be gone.": (
        "彼此重复的文档超过了相关文档；若每份只留一个，损失的大部分就会消失。"
    ),
    "Label doubt": "标签存疑",
    "A document labelled not relevant passed a relevant one, and repeats a relevant one or was given a "
    "probability of at least 0.9: look at the label.": (
        "某个标为不相关的文档超过了相关文档，且与某个相关文档重复，或概率不低于 0.9：请核对标签。"
    ),
    "Unjudged winner": "未标注文档胜出",
    "An unjudged document passed a relevant one; it counts as not relevant until somebody judges it.": (
        "某个未标注的文档超过了相关文档；在有人标注之前按不相关计。"
    ),
    "Too generic": "过于笼统",
    "The document that passed lacks words of the query that the relevant one has: some that few candidates "
    "have, or a good part of what the query says.": (
        "超过它的文档缺少相关文档所含的查询词：要么是少数候选才有的词，要么占查询内容的一大部分。"
    ),
    "Alike in words": "仅用词相近",
    "The document that passed has as much of the query's words as the relevant one, or more: it only looks "
    "like an answer, or its label is wrong.": (
        "超过它的文档所含的查询词不少于相关文档：它只是看起来像答案，或者标签有误。"
    ),
    "Narrow margin": "分差很小",
    "A relevant document fell behind one whose score is less than 1 % of the query's score range higher.": (
        "某个相关文档被另一文档超过，而后者的得分优势不到该查询得分范围的 1%。"
    ),
    "All scores low": "得分普遍偏低",
    "No candidate reaches a probability of 0.1, and none of them is judged relevant: there may be no answer "
    "among them.": "没有候选文档的概率达到 0.1，其中也没有被标为相关的：可能没有答案。",
    # Judging
    "Unjudged, and among the first {top} of one order but not of every order: its label can change which "
    "order wins.": "未标注，且只进入部分排序的前 {top} 名：其标签可能改变哪种排序胜出。",
    "Unjudged, and among the first {top} of every order: its label changes the values, hardly the "
    "difference.": "未标注，且在所有排序中都进入前 {top} 名：其标签会改变指标值，但几乎不影响差值。",
    "Unjudged, further down.": "未标注，名次靠后。",
    "Already judged; shown again to check the label.": "已标注，再次显示以便核对标签。",
    # Judgement files
    "The file has no column {columns}.": "文件缺少列：{columns}。",
    "The first line should read: {expected}.": "第一行应为：{expected}。",
    "The file is empty.": "文件为空。",
    "No line of the file could be read; the first problem: {problem}": (
        "文件没有一行可以读取；第一个问题：{problem}"
    ),
    "Expected lines such as: {example}.": "每行应类似：{example}。",
    "Expected {expected} fields, found {found}.": "应有 {expected} 个字段，实有 {found} 个。",
    "«{value}» is not a whole-number label between -{largest} and {largest}.": (
        "“{value}”不是 -{largest} 到 {largest} 之间的整数标签。"
    ),
    "«{value}» is not a score.": "“{value}”不是得分。",
    "The query or document is blank.": "查询或文档为空白。",
    "Query {query} judges document {document} again; the later label counts.": (
        "查询 {query} 重复标注了文档 {document}，以后出现的标签为准。"
    ),
    "Query {query} ranks document {document} again with another score; the first counts.": (
        "查询 {query} 重复列出文档 {document} 且得分不同，以首次出现的为准。"
    ),
    "No query reads «{query}».": "没有内容为“{query}”的查询。",
    "{count} queries read «{query}»; the label goes to each.": (
        "有 {count} 个查询的内容为“{query}”，标签将用于每一个。"
    ),
    "The id «{value}» contains a space, which TREC files cannot hold.": "ID“{value}”含有空格，TREC 文件无法保存。",
    "Export as CSV instead, or rename the id.": "请改为导出 CSV，或修改该 ID。",
    "The label {label} is outside -{largest} to {largest}.": "标签 {label} 超出 -{largest} 到 {largest} 的范围。",
    "Labels are small whole numbers, for example 0 to 3. Is another column meant?": (
        "标签应为较小的整数，例如 0 到 3。是否选错了列？"
    ),
    "Document {document} is ranked twice.": "文档 {document} 被排了两次。",
    "{documents} documents but {scores} scores.": "有 {documents} 个文档，却有 {scores} 个得分。",
    "The score of document {document} is not a number.": "文档 {document} 的得分不是数值。",
    "Query {query_id} lists document {document} more than once; the first row counts.": (
        "查询 {query_id} 多次列出文档 {document}，以首行为准。"
    ),
    "Query {query_id} labels document {document} {first} and later {label}; the first label counts.": (
        "查询 {query_id} 先将文档 {document} 标为 {first}，后又标为 {label}，以首次的标签为准。"
    ),
}
