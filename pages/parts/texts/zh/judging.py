"""Chinese of labels: whose they are, model judges, agreement, what to label next."""

TEXTS = {
    # Labels
    "A grade is a whole number from {lowest} to {highest}, not {grade}.": (
        "评分应为 {lowest} 到 {highest} 的整数，而不是 {grade}。"
    ),
    "An inclusion probability is above 0 and at most 1, not {probability}.": (
        "入样概率应大于 0 且不超过 1，而不是 {probability}。"
    ),
    # Model judges
    "Median: the middle vote; between two middle ones, the lower.": "中位数：取中间的一票；有两票居中时取较低者。",
    "Majority: the most frequent vote; among equally frequent ones, the lowest.": (
        "多数：取票数最多的等级；票数相同时取最低者。"
    ),
    "No judging model is named.": "没有指定评判模型。",
    "Give the name by which the endpoint knows it.": "请填写该接口所用的模型名称。",
    "The rubric is empty.": "评分标准为空。",
    "Say what the grades 0 to 3 mean.": "请说明 0 到 3 各等级的含义。",
    "{what} must be between 1 and {most}, not {given}.": "{what} 应在 1 到 {most} 之间，而不是 {given}。",
    "votes": "票数",
    "documents in one request": "每次请求的文档数",
    "requests at a time": "同时请求数",
    "Judging was stopped; what was judged is kept.": "评判已停止，已完成的评判会保留。",
    "Start it again to go on: nothing that was answered is asked twice.": "再次启动即可继续，已回答的不会重复询问。",
    "Every answer is known already: nothing is sent and nothing is spent.": "所有回答均已保存：不会发送任何内容，也不产生费用。",
    "{pairs} pairs, {answers} answers, of which {known} are known already: {requests} requests, about {read} "
    "tokens to read and at least {written} to write.": (
        "{pairs} 个查询文档对，{answers} 个回答，其中 {known} 个已保存：需 {requests} 次请求，"
        "约 {read} 个输入 token，至少 {written} 个输出 token。"
    ),
    "At {price_in} and {price_out} per million that is about {money}.": (
        "按每百万 token {price_in}（输入）和 {price_out}（输出）计，约 {money}。"
    ),
    "What the endpoint charges is not known here; give its prices to see the sum.": (
        "此处不知道该接口的价格；填写价格即可看到金额。"
    ),
    "A price is a number of at least 0.": "价格应为不小于 0 的数。",
    "Another process is judging this file.": "另一个进程正在评判此文件。",
    "Wait for it; what it judges is found as it comes.": "请等待，它评判的结果会陆续出现在这里。",
    "Judging ended unexpectedly: {problem}": "评判意外结束：{problem}",
    "No model has judged this file.": "还没有模型评判过此文件。",
    "Have it judged first: python -m core judge FILE --endpoint URL --model MODEL.": (
        "请先评判：python -m core judge FILE --endpoint URL --model MODEL。"
    ),
    "«{wanted}» has judged nothing of this file.": "“{wanted}”没有评判过此文件。",
    "«{wanted}» has judged this file in more than one way.": "“{wanted}”以不止一种方式评判过此文件。",
    "Name one of: {known}.": "请指定其中之一：{known}。",
    # On what an evaluation rests
    "By a model's grades («{judge}», {machine} of {labels} labels): {said}": (
        "依据模型评分（“{judge}”，{labels} 个标注中的 {machine} 个）：{said}"
    ),
    "On questions that a model wrote ({synthetic} of {queries}): {said}": (
        "基于模型编写的问题（{queries} 个查询中的 {synthetic} 个）：{said}"
    ),
    "The labels of this file go up to {highest}, a model's grades to {most}: they cannot stand side by side.": (
        "此文件的标注最高为 {highest}，模型评分最高为 {most}，两者不能并用。"
    ),
    "Map the file's labels to 0 to 3 when it is read, or judge with people's labels left out.": (
        "读取文件时请将标注对应到 0 到 3，或者不使用人工标注进行评判。"
    ),
    "{machine} of the {labels} labels are by the model «{judge}», not by people.": (
        "{labels} 个标注中有 {machine} 个出自模型“{judge}”，而非人工。"
    ),
    # Agreement
    "Both graded {pairs} documents of {queries} queries: too few to say how well they agree; {fewest} "
    "queries are the least.": (
        "双方共同评过 {queries} 个查询的 {pairs} 个文档：太少，无法判断一致程度；至少需要 {fewest} 个查询。"
    ),
    "«{judge}» agrees with {people} {how}: weighted kappa {kappa:.2f}, 95 % interval {low:.2f} to "
    "{high:.2f}, on {pairs} documents of {queries} queries.": (
        "“{judge}”与{people}{how}：加权 kappa {kappa:.2f}，95% 区间 {low:.2f} 到 {high:.2f}，"
        "基于 {queries} 个查询的 {pairs} 个文档。"
    ),
    "almost perfectly": "几乎完全一致",
    "well": "较为一致",
    "moderately": "中等程度一致",
    "fairly": "一致程度一般",
    "hardly, or not surely": "几乎不一致，或无法确定",
    "people": "人工",
    "«{judge}» and {people} gave the same grade to each of {pairs} documents of {queries} queries.": (
        "“{judge}”与{people}对 {queries} 个查询的 {pairs} 个文档评分完全相同。"
    ),
    "«{judge}» grades higher than {people} by {mean:.2f} on average (interval {low:.2f} to {high:.2f}).": (
        "“{judge}”的评分平均比{people}高 {mean:.2f}（区间 {low:.2f} 到 {high:.2f}）。"
    ),
    "«{judge}» grades lower than {people} by {mean:.2f} on average (interval {low:.2f} to {high:.2f}).": (
        "“{judge}”的评分平均比{people}低 {mean:.2f}（区间 {low:.2f} 到 {high:.2f}）。"
    ),
    "No sign of grading too high or too low: mean difference {mean:.2f}, interval {low:.2f} to {high:.2f}.": (
        "没有评分偏高或偏低的迹象：平均差 {mean:.2f}，区间 {low:.2f} 到 {high:.2f}。"
    ),
    "It favours long documents (rank correlation {value:.2f}, interval {low:.2f} to {high:.2f}).": (
        "偏向较长的文档（秩相关 {value:.2f}，区间 {low:.2f} 到 {high:.2f}）。"
    ),
    "It favours short documents (rank correlation {value:.2f}, interval {low:.2f} to {high:.2f}).": (
        "偏向较短的文档（秩相关 {value:.2f}，区间 {low:.2f} 到 {high:.2f}）。"
    ),
    "It favours documents that share words with the query (rank correlation {value:.2f}, interval {low:.2f} "
    "to {high:.2f}).": "偏向与查询共有词语较多的文档（秩相关 {value:.2f}，区间 {low:.2f} 到 {high:.2f}）。",
    "It favours documents that share few words with the query (rank correlation {value:.2f}, interval "
    "{low:.2f} to {high:.2f}).": "偏向与查询共有词语较少的文档（秩相关 {value:.2f}，区间 {low:.2f} 到 {high:.2f}）。",
    # The page
    "By hand": "人工评判",
    "By a model": "模型评判",
    "Judging model": "评判模型",
    "OpenAI-compatible. A key comes from RERANK_LLM_KEY, or from the file keys/HOST in the home folder.": (
        "兼容 OpenAI 的地址。密钥取自 RERANK_LLM_KEY，或主目录中的文件 keys/HOST。"
    ),
    "Several, separated by commas, judge together.": "可填写多个，以逗号分隔，共同评判。",
    "Rubric and votes": "标准与票数",
    "What is judged": "评判范围",
    "Rubric": "评分标准",
    "Votes of each model": "每个模型的票数",
    "How votes are joined": "票数合并方式",
    "Median": "中位数",
    "Majority": "多数",
    "Documents in one request": "每次请求的文档数",
    "More cost less, but documents that are seen together influence one another's grades.": (
        "一次多评几个更省费用，但同时看到的文档会互相影响评分。"
    ),
    "Requests at a time": "同时请求数",
    "All of them": "全部",
    "Only what people have not judged": "仅人工未评的",
    "Only what people have judged, to see whether they agree": "仅人工已评的，用于检验一致程度",
    "Only the first so many of each order": "仅取每种排序的前若干个",
    "0: all of them.": "0 表示全部。",
    "Price of a million tokens read": "每百万输入 token 的价格",
    "… written": "……输出 token",
    "Any OpenAI-compatible address can judge: a model on this machine, or a hosted one.": (
        "任何兼容 OpenAI 的地址都可以评判：本机上的模型或托管的模型。"
    ),
    "No document is left to be judged.": "没有需要评判的文档。",
    "Start judging": "开始评判",
    "The last round of {judge} did not come to its end; it has judged {done} documents.": (
        "{judge} 的上一轮评判没有完成，已评判 {done} 个文档。"
    ),
    "Beginning …": "正在开始……",
    "without an answer: {count}": "没有回答：{count}",
    "{done} of {total} pairs judged": "已评判 {done} / {total} 对",
    "answers known before: {count}": "此前已有的回答：{count}",
    "requests: {count}": "请求：{count}",
    "tokens read and written: {read}, {written}": "输入与输出 token：{read}、{written}",
    "answers that could not be read: {count}": "无法读取的回答：{count}",
    "left without a label: {count}": "没有得到标注：{count}",
    "ties between votes: {count}": "平票：{count}",
    "What models have judged": "模型的评判",
    "People's labels only": "仅用人工标注",
    "«{judge}» where people gave none ({fingerprint})": "人工未标注处使用“{judge}”的评分（{fingerprint}）",
    "Labels that are measured by": "度量所依据的标注",
    "No document was judged by people and by this model: how far to trust it is not known. Judge some by "
    "hand.": "没有文档同时经人工和此模型评判：无法知道它是否可信。请先人工评判一些。",
    "{count} documents": "{count} 个文档",
    "a model's labels": "模型标注",
    "Grade by grade ({pairs} documents)": "逐级对照（{pairs} 个文档）",
    "By people": "人工",
    "Model: {grade}": "模型：{grade}",
    "{machine} of {labels} labels are by the model «{judge}», not by people.": (
        "{labels} 个标注中有 {machine} 个出自模型“{judge}”，而非人工。"
    ),
    # In the Settings sheet
    "labels by people": "人工标注数",
    "labels by a model": "模型标注数",
    "judging model": "评判模型",
    "questions that a model wrote": "模型编写的问题数",
    # By hand: names, the drawn sample, two opinions
    "Who judges": "评判人",
    "With a name each, two people can judge the same documents and see where they differ.": (
        "各自填写姓名后，两人可以评判相同的文档，并查看分歧。"
    ),
    "Deciding ones first": "先评能改变结论的",
    "Drawn sample": "随机抽样",
    "Judged by others": "他人已评",
    "Judged by others and not by you: {count}.": "他人已评而您未评：{count}。",
    "Queries judged of the sample: {judged}.": "样本中已评完的查询：{judged}。",
    "After {count} more it says something.": "再评 {count} 个后给出数值。",
    "Over all {total} queries the difference in {measure} is about {difference}, interval {low} to {high}.": (
        "就全部 {total} 个查询而言，{measure} 的差约为 {difference}，区间 {low} 到 {high}。"
    ),
    "Decided.": "已能得出结论。",
    "All queries are judged and it is not decided: more queries are needed.": (
        "所有查询都已评完，仍无法得出结论：需要更多查询。"
    ),
    "Judging all {left} queries that are left would probably not decide.": (
        "即使评完剩余的 {left} 个查询，大概也无法得出结论。"
    ),
    "About {count} more queries to decide.": "大约再评 {count} 个查询即可得出结论。",
    "Two opinions": "两人意见",
    "Graded differently and not settled: {count}. The earlier grade counts until then.": (
        "评分不同且尚未裁定：{count}。裁定之前以较早的评分为准。"
    ),
    "(no name)": "（未署名）",
}
