"""The Sandbox page and the library of instructions: English → Chinese."""

TEXTS: dict[str, str] = {
    "Sandbox": "指令实验",
    "Sensitivity": "稳定性",
    "Library": "指令库",
    "One query": "单个查询",
    "On data": "整份数据",
    # Fields
    "Instructions": "指令",
    "Instruction {letter}": "指令 {letter}",
    "{name} · version {number}": "{name} · 第 {number} 版",
    "default ({what})": "默认指令（{what}）",
    "the query alone": "仅查询",
    "default": "默认指令",
    "Default": "默认指令",
    "own words": "自定义",
    "Own words": "自定义",
    "Add an instruction": "添加指令",
    "Remove this instruction": "移除该指令",
    "At most {count} are compared at once.": "一次最多比较 {count} 条指令。",
    "{model} takes no instruction. Here they are tried as words in front of the query, which says little of "
    "Qwen3-Reranker.": (
        "{model} 不支持指令。此处把指令文字放在查询前面来试，其结果不能代表 Qwen3-Reranker。"
    ),
    "Tried as words in front of the query, because {model} takes no instruction.": (
        "指令作为查询前的文字试用，因为 {model} 不支持指令。"
    ),
    "Given to {model} as its instruction.": "已作为指令交给 {model}。",
    "Copy from Rerank": "从“重排序”复制",
    "Ranks, movements and scores under each instruction appear here. What has been scored once is not scored "
    "again. Nothing leaves this machine.": (
        "此处显示各条指令下的名次、升降和得分。已评过分的内容不会重复评分。数据不会离开本机。"
    ),
    "Give at least two instructions to compare.": "请至少提供两条指令进行比较。",
    "Add one beside the default.": "请在默认指令之外再添加一条。",
    "At most {limit} instructions are compared at once.": "一次最多比较 {limit} 条指令。",
    "The instructions {first} and {second} are the same.": "指令 {first} 与 {second} 相同。",
    "Instruction {letter} is empty.": "指令 {letter} 为空。",
    "Write it, or remove it.": "请填写，或将其移除。",
    "Change or remove one of them.": "请修改或移除其中一条。",
    # One query
    "{scored} pairs scored, {known} known": "新评分 {scored} 对，已有 {known} 对",
    "Side by side": "并排对比",
    "Ranks": "名次",
    "Probabilities": "概率",
    "Logits": "Logit",
    "First": "第一名",
    "Highest logit": "最高 logit",
    "Mean probability": "平均概率",
    "Mean similarity": "平均相似度",
    "Similarities": "相似度",
    "Share of the first {top} that the default has there, too": "前 {top} 名中与默认指令相同的比例",
    "Agreement with the order of the default, from −1 to 1": "与默认指令排序的一致程度，−1 到 1",
    "Documents on another rank than by default": "名次与默认指令不同的文档数",
    "Show only what differs": "只显示有差异的",
    "No document stands on another rank: these instructions give the same order.": (
        "所有文档名次不变：这些指令给出相同的排序。"
    ),
    "Arrows compare with the default. Click a row to read its whole text.": (
        "箭头表示相对默认指令的升降。点击一行可阅读全文。"
    ),
    "rank {rank}, logit {logit}, {scale} {value}": "第 {rank} 名，logit {logit}，{scale} {value}",
    "The {count} documents that move most.": "名次变化最大的 {count} 个文档。",
    "Ranks under each instruction": "各条指令下的名次",
    "Scores under each instruction": "各条指令下的得分",
    "logit": "logit",
    # On data
    "Table of queries and documents": "查询与文档表格",
    "A table with a query, a document and a label in each row. Every instruction scores all of it. Half of "
    "the queries choose the winner, the other half confirms it. Without labels you see how much each "
    "instruction "
    "changes the order. Nothing leaves this machine.": (
        "每行含查询、文档和标签的表格。每条指令都会对全部内容评分。用一半查询选出最佳指令，用另一半验证。"
        "没有标签时，可看到每条指令使排序改变多少。数据不会离开本机。"
    ),
    "{count} instructions": "{count} 条指令",
    "{queries} queries × {variants} instructions: {pairs} pairs, {labels} labels": (
        "{queries} 个查询 × {variants} 条指令：{pairs} 对，{labels} 个标签"
    ),
    "The instructions in the table are set aside; those on the left are tried.": (
        "表格中自带的指令不采用，只试左侧的指令。"
    ),
    "There are no labels: you will see what changes, not whether it is better.": (
        "没有标签：只能看到变化，无法判断是否更好。"
    ),
    "Try the instructions": "开始实验",
    "Earlier trials": "以往的实验",
    "New trial": "新实验",
    "First places compared, for what changed": "比较变化时所看的前几名",
    "The run {name} is not a trial of instructions, so it cannot be opened here.": (
        "运行记录 {name} 不是指令实验，无法在此打开。"
    ),
    # The verdict
    "«{winner}» is better than the default, and not by luck: chosen on {choosing} queries ({first:+.3f} "
    "{measure}), confirmed on the other {confirming} by {difference:+.3f}, {confidence} % interval "
    "{low:+.3f} to {high:+.3f}.": (
        "“{winner}”优于默认指令，并非侥幸：在 {choosing} 个查询上选出（{measure} {first:+.3f}），"
        "在其余 {confirming} 个查询上得到验证：{difference:+.3f}，{confidence}% 置信区间 {low:+.3f} 至 {high:+.3f}。"
    ),
    "«{winner}» was best on the {choosing} queries it was chosen on ({first:+.3f} {measure}), but the other "
    "{confirming} do not confirm it: {difference:+.3f}, {confidence} % interval {low:+.3f} to {high:+.3f}. "
    "Keep the default, or label more queries.": (
        "“{winner}”在用于挑选的 {choosing} 个查询上最好（{measure} {first:+.3f}），但其余 {confirming} 个查询未能"
        "验证：{difference:+.3f}，{confidence}% 置信区间 {low:+.3f} 至 {high:+.3f}。请保留默认指令，或标注更多查询。"
    ),
    "«{winner}» was best on the {choosing} queries it was chosen on ({first:+.3f} {measure}), but it is "
    "worse "
    "on the other {confirming}: {difference:+.3f}, {confidence} % interval {low:+.3f} to {high:+.3f}.": (
        "“{winner}”在用于挑选的 {choosing} 个查询上最好（{measure} {first:+.3f}），但在其余 {confirming} 个查询上"
        "更差：{difference:+.3f}，{confidence}% 置信区间 {low:+.3f} 至 {high:+.3f}。"
    ),
    "No instruction beat the default in {measure} on the {choosing} queries used for choosing, so there is "
    "nothing to confirm.": (
        "在挑选用的 {choosing} 个查询上，没有任何一条指令的 {measure} 超过默认指令，因此无需验证。"
    ),
    "Too few labelled queries to choose on one half and confirm on the other: {queries}; at least {fewest} "
    "are needed.": "有标签的查询太少，无法一半挑选、一半验证：现有 {queries} 个，至少需要 {fewest} 个。",
    "The queries were divided once, by the fixed seed {seed}: {choosing} to choose, {confirming} to confirm.": (
        "查询按固定随机种子 {seed} 只划分一次：{choosing} 个用于挑选，{confirming} 个用于验证。"
    ),
    "Evenly within each of {count} groups.": "{count} 个分组各自对半划分。",
    "Instructions and measures": "指令与指标",
    "Order before reranking": "重排前的顺序",
    "Mean over {queries} queries; in brackets the difference from the default with its 95 % interval. "
    "✓ better, ✗ worse, after correction for the number of instructions.": (
        "{queries} 个查询的平均值；括号内为与默认指令的差值及其 95% 置信区间。"
        "✓ 更好，✗ 更差，均已按指令条数校正。"
    ),
    "all queries": "全部查询",
    "choosing half": "挑选用的一半",
    "confirming half": "验证用的一半",
    "Difference in {measure} from the default, with its 95 % interval": (
        "{measure} 与默认指令的差值及其 95% 置信区间"
    ),
    "instruction minus default": "该指令减默认指令",
    "With it": "采用后",
    "p, corrected": "校正后的 p",
    "Holm's correction: the more instructions are tried, the stricter": "Holm 校正：试的指令越多，标准越严",
    "Whoever picks the best of several picks luck along with it. So the winner is chosen on one half of the "
    "queries and compared with the default on the other, which had no say. The seed is fixed, so that nobody "
    "looks for a split that suits them.": (
        "从多条指令中挑最好的，难免把运气也挑了进去。因此用一半查询选出最佳，再在未参与挑选的另一半上与默认指令"
        "比较。随机种子固定，以免有人反复划分直到结果如愿。"
    ),
    # What changed
    "What changes against the default": "相对默认指令的变化",
    "First place kept": "第一名不变",
    "Queries changed": "有变化的查询",
    "Queries that change most under": "变化最大的查询，指令为",
    "This instruction changes no order.": "该指令没有改变任何排序。",
    "yes": "是",
    "no": "否",
    "Click a row to see both orders: the default's on the left, the instruction's on the right.": (
        "点击一行查看两种排序：左侧为默认指令，右侧为该指令。"
    ),
    # Keeping it
    "Keep an instruction": "保存指令",
    "Save the winner with its evidence": "保存最佳指令及其依据",
    "Save with its evidence": "连同依据保存",
    "Save without evidence": "保存（无依据）",
    "Without labels there is no evidence.": "没有标签，因此没有依据。",
    "Saved as `{name}`, version {number}. It can be chosen on every page, as `preset:{name}` over HTTP, and "
    "with "
    "`--preset` on the command line.": (
        "已保存为 `{name}`，第 {number} 版。各页面均可选用；HTTP 请求中写 `preset:{name}`，命令行用 `--preset`。"
    ),
    "Won against the default on {file}: {difference:+.3f} {measure} on {queries} queries, confirmed by "
    "{confirmed:+.3f} on {other} held-out ones; {tried} tried, {model}, {date}.": (
        "在 {file} 上胜过默认指令：{queries} 个查询 {measure} {difference:+.3f}，另有 {other} 个留出查询验证 "
        "{confirmed:+.3f}；共试 {tried} 条，{model}，{date}。"
    ),
    "Best of {tried} on {file}: {difference:+.3f} {measure} on {queries} queries, but not confirmed: "
    "{confirmed:+.3f} on {other} held-out ones; {model}, {date}.": (
        "在 {file} 上为 {tried} 条中最佳：{queries} 个查询 {measure} {difference:+.3f}，但未得到验证："
        "{other} 个留出查询 {confirmed:+.3f}；{model}，{date}。"
    ),
    "Best of {tried} on {file}: {difference:+.3f} {measure} on {queries} queries, but worse on {other} "
    "held-out "
    "ones: {confirmed:+.3f}; {model}, {date}.": (
        "在 {file} 上为 {tried} 条中最佳：{queries} 个查询 {measure} {difference:+.3f}，但在 {other} 个留出查询上"
        "更差：{confirmed:+.3f}；{model}，{date}。"
    ),
    "Did not beat the default on the half of {file} used for choosing; on all {queries} queries "
    "{difference:+.3f} {measure}; {tried} tried, {model}, {date}.": (
        "在 {file} 用于选择的一半查询上未胜过默认指令；全部 {queries} 个查询 {measure} {difference:+.3f}；"
        "共试 {tried} 条，{model}，{date}。"
    ),
    "Not the best of {tried} on the half of {file} used for choosing; on all {queries} queries "
    "{difference:+.3f} {measure}; {model}, {date}.": (
        "在 {file} 用于选择的一半查询上不是 {tried} 条中最佳；全部 {queries} 个查询 {measure} "
        "{difference:+.3f}；{model}，{date}。"
    ),
    "Too few queries to confirm anything on {file}: {difference:+.3f} {measure} on {queries} queries; "
    "{tried} "
    "tried, {model}, {date}.": (
        "{file} 的查询太少，无法验证：{queries} 个查询 {measure} {difference:+.3f}；共试 {tried} 条，"
        "{model}，{date}。"
    ),
}
