"""What `core.workflows` says beyond a single reranking: presets, models, whole files: English → Chinese."""

TEXTS: dict[str, str] = {
    "There is no preset called «{name}».": "没有名为“{name}”的预设指令。",
    "Known presets: {known}.": "可用的预设指令：{known}。",
    "The download of {name} was stopped.": "{name} 的下载已停止。",
    "Run it again; it goes on where it stopped.": "请重新运行，会从中断处继续。",
    # Whole files
    "What was kept with this run is damaged ({reason}).": "此任务保存的内容已损坏（{reason}）。",
    "Run the file again; its scores come from the cache.": "请重新运行该文件，得分会取自缓存。",
    "The query and the instruction alone are longer than the model reads; the row was left out.": (
        "仅查询和指令就超出模型可读长度，该行未计入。"
    ),
    "The run {name} is not a batch, so it cannot be opened here.": "任务 {name} 不是批量任务，无法在此打开。",
    "This job was made for {wanted}, but {active} is in use.": "此任务为 {wanted} 创建，而当前使用的是 {active}。",
    "Switch the model on the Model page, then resume the job.": "请在“模型”页切换模型，然后继续任务。",
    "The texts of this run were prepared for {wanted}, so {active} cannot score them.": (
        "此任务的文本是为 {wanted} 准备的，{active} 无法对其评分。"
    ),
    "Run the file again with {active}; this run keeps its scores.": (
        "请用 {active} 重新运行该文件；此任务保留已有得分。"
    ),
    "{path} cannot be written: {reason}.": "无法写入 {path}：{reason}。",
    "Close the program that has it open, or choose another place; the scores are kept.": (
        "请关闭打开它的程序，或换个位置保存；得分均已保留。"
    ),
    "The text has {length} characters and was cut: an Excel cell holds {limit}. The CSV and Parquet files "
    "have all of it.": (
        "文本有 {length} 个字符，已被截短：Excel 单元格最多 {limit} 个。CSV 和 Parquet 文件中保留全文。"
    ),
    "{name} is no format that results are written in.": "结果不能写成 {name} 格式。",
    "Use a name that ends in {suffixes}.": "请使用以 {suffixes} 结尾的文件名。",
    "There is no folder {folder}.": "没有文件夹 {folder}。",
    "Make it, or choose another place.": "请先创建它，或换个位置。",
    "The results would replace the file {name} that they are made from.": "结果会覆盖其来源文件 {name}。",
    "Choose another name for the results.": "请为结果换一个文件名。",
    # Two runs compared
    "The two runs scored different files: {first} and {second}.": (
        "两次任务评分的文件不同：{first} 与 {second}。"
    ),
    "{count} queries have other candidates in one run than in the other.": (
        "有 {count} 个查询在两次任务中的候选文档不同。"
    ),
    "{first} queries of the first run and {second} of the second have no counterpart and are left out.": (
        "第一次任务有 {first} 个查询、第二次任务有 {second} 个查询在对方中不存在，未计入。"
    ),
    "They differ in the model: {first} and {second}.": "两者的模型不同：{first} 与 {second}。",
    "They differ in the precision: {first} and {second}.": "两者的数值精度不同：{first} 与 {second}。",
    "They differ in the instruction: {first} and {second}.": "两者的指令不同：{first} 与 {second}。",
    "They differ in the columns used: {first} and {second}.": "两者使用的列不同：{first} 与 {second}。",
    "They differ in document care.": "两者清洗与切分文档的设置不同。",
    "The run {name} is not finished; only its complete queries are compared.": (
        "任务 {name} 尚未完成，只比较其中已完成的查询。"
    ),
    "The runs {first} and {second} have no query in common.": "任务 {first} 与 {second} 没有共同的查询。",
    "Compare two runs of the same file.": "请比较同一文件的两次任务。",
    # Evaluation
    "{path} cannot be read: {problem}.": "无法读取 {path}：{problem}。",
    "The file has no label that can be read, so nothing can be measured.": "文件中没有可用的标签，无法评估。",
    "Name the column that holds them with --map label=COLUMN; they are whole numbers, 0 not relevant, 1 and "
    "more relevant.": ("请用 --map label=列名 指定标签列；标签须为整数，0 表示不相关，1 及以上表示相关。"),
    "No measure was chosen.": "没有选择指标。",
    "Choose at least one, for example nDCG@10.": "请至少选择一个，例如 nDCG@10。",
    "Rows beyond the first {depth} of their query: {count}. They are not reranked; their labels still count "
    "in recall and in the ideal order.": (
        "超出各自查询前 {depth} 行的有 {count} 行：不参与重排，但其标签仍计入召回率和理想排序。"
    ),
    "The number of candidates must be at least 1.": "候选文档数至少为 1。",
    "Scores are missing: {missing} of {pairs} pairs.": "缺少得分：{pairs} 个查询文档对中缺 {missing} 个。",
    "Resume the job; it scores only what is missing.": "请继续该任务，只会对剩余部分评分。",
    "The label {value} is not a whole number up to {largest}; the pair counts as unjudged.": (
        "标签 {value} 不是 {largest} 以内的整数，该查询文档对按未标注计。"
    ),
    "The run {name} is not an evaluation, so it cannot be opened here.": "任务 {name} 不是评估任务，无法在此打开。",
    "The run {name} has not scored anything yet.": "任务 {name} 尚未得出任何得分。",
    "A grade is one of {grades}, not {grade}.": "等级只能是 {grades} 之一，不能是 {grade}。",
    "Beyond row {depth} of their list all {count} rows are relevant, in {lists} of {queries} lists. If they "
    "were added because they are relevant, rerank only {depth} candidates per query: otherwise the answer is "
    "handed over.": (
        "{queries} 个列表中有 {lists} 个超出 {depth} 行，超出的 {count} 行全都相关。如果它们正因相关而被额外加入，"
        "请每个查询只重排 {depth} 个候选文档，否则等于直接给出答案。"
    ),
    "In {lists} of {queries} lists the last rows are all relevant, {count} in all, far more than chance "
    "allows. If they were added because they are relevant, the answer is handed over.": (
        "{queries} 个列表中有 {lists} 个以相关行结尾，共 {count} 行，远超偶然。如果它们正因相关而被额外加入，"
        "就等于直接给出答案。"
    ),
    "{system}, with these rows: {given} Without them: {without}": (
        "{system}：含这些行时，{given}去掉这些行时，{without}"
    ),
    "{system}: {given:.3f} {measure} with these rows, {without:.3f} without them.": (
        "{system}：含这些行时 {measure} 为 {given:.3f}，去掉后为 {without:.3f}。"
    ),
    # The verdict
    "{closed:.0%} of the possible {measure} gain was achieved: of what the best order of the same candidates "
    "would bring.": "同一批候选文档的最优排序所能带来的 {measure} 提升，已实现 {closed:.0%}。",
    "The best order of the same candidates would reach {best:.3f} {measure}; the new order is further from "
    "it than the old one.": (
        "同一批候选文档的最优排序可使 {measure} 达到 {best:.3f}；新排序比原排序离它更远。"
    ),
    "The order before was already the best possible one in {measure}.": (
        "就 {measure} 而言，重排前已是最优排序。"
    ),
    "Relevant documents among the candidates: {retrieved} of {relevant}. No order can bring recall above "
    "{recall:.3f}; the rest was missed by retrieval, not by ranking.": (
        "候选文档包含全部 {relevant} 个相关文档中的 {retrieved} 个。无论怎样排序，召回率都不会超过 {recall:.3f}；"
        "其余是检索遗漏，与排序无关。"
    ),
    "Every relevant document is among the candidates, so retrieval missed nothing that is labelled.": (
        "所有相关文档都在候选之中，检索没有遗漏任何已标注的相关文档。"
    ),
    "Queries without any relevant candidate, which no order can help: {count} of {queries}.": (
        "没有相关候选文档、任何排序都无济于事的查询：{queries} 个中有 {count} 个。"
    ),
    "Queries that got worse in {measure}: {count} of {queries}.": (
        "{measure} 变差的查询：{queries} 个中有 {count} 个。"
    ),
    "There are no labels, so whether the new order is better is not known; only what changed is.": (
        "没有标签，只能看出有何变化，无法得知新排序是否更好。"
    ),
    "Rank correlation with the order before: Kendall's tau {kendall:.2f}, Spearman's rho {spearman:.2f}.": (
        "与重排前名次的相关系数：Kendall τ {kendall:.2f}，Spearman ρ {spearman:.2f}。"
    ),
    "Of the first {top}, {overlap:.0%} are the same as before; the first document was kept in {first:.0%} "
    "of the queries.": ("前 {top} 名中有 {overlap:.0%} 与重排前相同；{first:.0%} 的查询首位文档未变。"),
    "Documents moved by {places:.1f} places on average.": "文档平均移动 {places:.1f} 个名次。",
    "The documents of this run were cleaned or cut, and an evaluation scores them as they are.": (
        "此次运行清洗或切分了文档，而评估按原文评分。"
    ),
    "Evaluate the file on the Evaluate page.": "请在“评估”页评估该文件。",
}
