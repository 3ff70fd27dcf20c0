"""Chinese of the verdict from few labels of people and many of a model."""

TEXTS = {
    # core.judging.inference
    "{basis}: better by {difference} {measure}, {confidence} % interval {low} to {high}.": (
        "{basis}：{measure} 提高 {difference}，{confidence}% 区间 {low} 至 {high}。"
    ),
    "{basis}: worse by {loss} {measure}, {confidence} % interval of the difference {low} to {high}.": (
        "{basis}：{measure} 下降 {loss}，差值的 {confidence}% 区间 {low} 至 {high}。"
    ),
    "{basis}: cannot tell, difference {difference} {measure}, {confidence} % interval {low} to {high}.": (
        "{basis}：无法判断，{measure} 差值 {difference}，{confidence}% 区间 {low} 至 {high}。"
    ),
    "With the model's labels": "加上模型的标注",
    "By people's labels alone": "仅凭人工标注",
    "Queries judged by people as {measure} needs it, and by the model: {judged}. From {fewest} on the "
    "model's labels of the others can help.": (
        "由人工按 {measure} 的需要标注、模型也标注了的查询：{judged} 个。达到 {fewest} 个后，模型对其余查询的标注才有帮助。"
    ),
    "Drawn documents that people judged and found relevant: {relevant}. From {fewest} on {measure} can be "
    "estimated.": "抽取的文档中由人工判为相关的：{relevant} 个。达到 {fewest} 个后才能估计 {measure}。",
    "By people's labels alone, of {judged} queries: {difference}, interval {low} to {high}.": (
        "仅凭 {judged} 个查询的人工标注：{difference}，区间 {low} 至 {high}。"
    ),
    "The model's labels of {further} more queries make it as good as {worth:.1f} × as many labels by people.": (
        "模型对另外 {further} 个查询的标注，使结果相当于 {worth:.1f} 倍的人工标注。"
    ),
    "The model's labels make it as good as {worth:.1f} × as many labels by people.": (
        "模型的标注使结果相当于 {worth:.1f} 倍的人工标注。"
    ),
    "The model's labels add nothing here: they do not go with people's closely enough, or are of too few "
    "further queries.": "模型的标注在此没有帮助：与人工标注不够一致，或另外标注的查询太少。",
    "This holds where the queries that people judged were chosen by chance, not for being easy or hard. "
    "Queries without a relevant document count as 0.": (
        "前提是人工标注的查询是随机选取的，而不是因为容易或困难。没有相关文档的查询计为 0。"
    ),
    "People's labels are of documents drawn by chance, each weighed by its probability of being drawn. "
    "Queries without a relevant document count as 0.": (
        "人工标注的是随机抽取的文档，每个按其入样概率加权。没有相关文档的查询计为 0。"
    ),
    "{used} instead of {measure}: labels of single documents estimate sums over documents, not the ideal "
    "order that {measure} needs.": (
        "用 {used} 代替 {measure}：单个文档的标注能估计对文档的求和，不能估计 {measure} 所需的理想排序。"
    ),
    "{measure} cannot be estimated from labels of drawn documents; nDCG, DCG and P can.": (
        "{measure} 无法由抽取文档的标注估计；nDCG、DCG 和 P 可以。"
    ),
    "Queries of which people judged only a part of what {measure} looks at, left out: {count}.": (
        "人工只标注了 {measure} 所看文档的一部分、因而未计入的查询：{count} 个。"
    ),
    "Queries that people judged and the model did not, left out: {count}.": (
        "人工标注了而模型没有标注、因而未计入的查询：{count} 个。"
    ),
    # Exports
    "Model labels": "模型标注",
    "model labels": "模型标注",
    "The model's labels": "模型的标注",
    "people_difference": "人工标注的差值",
    "people_interval_low": "人工区间下限",
    "people_interval_high": "人工区间上限",
    "worth": "相当于人工标注的倍数",
    "trust": "模型标注的权重",
    "judged_by_people": "人工标注的查询",
    "judged_by_model": "仅模型标注的查询",
    "labels": "标注来源",
}
