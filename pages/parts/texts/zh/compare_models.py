"""Chinese for comparing models."""

TEXTS: dict[str, str] = {
    "Or: compare several models": "或者：比较多个模型",
    "Compare other models on these candidates": "用这些候选文档比较其他模型",
    "Models": "模型",
    "Other rerankers": "其他重排序模型",
    "The makers of this model publish no scores to compare with.": "该模型的作者没有公布可供比对的得分。",
    "{model} (not here)": "{model}（本机没有）",
    "Choose, or type a folder or the address of a rerank server": "选择，或输入文件夹或重排序服务器地址",
    "Compare the models": "比较这些模型",
    "Not scored yet: {models}": "尚未评分：{models}",
    "Go on": "继续",
    "Try again what could not be had": "重试未能使用的模型",
    "Cost": "成本",
    "This machine, US$ an hour": "本机每小时费用（美元）",
    "unknown": "未知",
    "With it, and where every server's list price is known, cost is shown as money.": (
        "填写后，若所有服务器的目录价已知，成本以金额显示。"
    ),
    "{count} models": "{count} 个模型",
    "{done} of {total} queries": "{done}/{total} 个查询",
    "There are no labels, so quality is not known; here is what each model takes.": (
        "没有标签，因此质量未知；下面是各模型的开销。"
    ),
    "About these models": "关于这些模型",
    "Pairs/s": "对/秒",
    "One query after the other; known pairs are not counted": "逐个查询计时；已有得分的文档对不计",
    "ms per query": "毫秒/查询",
    "95 % within, ms": "95% 不超过（毫秒）",
    "US$ per 1,000 queries": "美元/千次查询",
    "Estimated from list prices and from the measured time": "按目录价和实测时间估算",
    "Front": "前沿",
    "None is as good for less": "没有更省且同样好的",
    "Licence": "许可证",
    "Every two compared in {measure}": "按 {measure} 两两比较",
    "compared with": "对比",
    "First ten in common": "前十重合",
    "Quality against cost": "质量与成本",
    "{pairs} pairs were compared: p-values are Holm-corrected.": "共比较 {pairs} 对：p 值经 Holm 校正。",
    "Too few judged queries to say which model is worth its cost: {queries}, at least {fewest} are needed.": (
        "已标注的查询太少（{queries} 个，至少需要 {fewest} 个），无法判断哪个模型值得其成本。"
    ),
    "No model beats the order before in {measure}: on these {queries} queries none is worth its cost.": (
        "在 {measure} 上没有模型确实优于原顺序：就这 {queries} 个查询而言，都不值得其成本。"
    ),
    "{best} is first in {measure} ({value}), but its lead over {cheaper} ({difference}), {cost}, may be chance "
    "on these {queries} queries: not shown to be worth its cost.": (
        "{best} 的 {measure} 最高（{value}），但它对 {cheaper}（{cost}）的领先（{difference}）在这 {queries} 个查询上"
        "可能只是偶然：尚不能证明值得其成本。"
    ),
    "{best} is better than every cheaper one: {difference} {measure} over {cheaper} (95 % interval {low} to "
    "{high}), {cost}; worth it where that gain is.": (
        "{best} 优于所有更便宜的：{measure} 比 {cheaper} 高 {difference}（95% 区间 {low} 至 {high}），{cost}；"
        "看重这一提升时值得。"
    ),
    "the order before": "原顺序",
    "{name}": "{name}",
    "which costs nothing beyond the search": "除检索外不花成本",
    "which takes 1/{factor} of the time": "耗时仅为其 1/{factor}",
    "for {factor} times the time": "耗时是后者的 {factor} 倍",
    "which costs 1/{factor}": "费用仅为其 1/{factor}",
    "for {factor} times the money": "费用是后者的 {factor} 倍",
    "for {milliseconds} ms a query on top of the search": "在检索之外每个查询多 {milliseconds} 毫秒",
    "for US${dollars} per 1,000 queries on top of the search": "在检索之外每千次查询多 {dollars} 美元",
    "Times and costs are of reranking alone: the search that brings the candidates is paid for in every "
    "line, the order before included.": ("时间和费用只算重排：检索候选文档的花费每一行都有，包括原顺序。"),
    "This run costs about {money}: {pairs} pairs, about {tokens} tokens, at {price} per million.": (
        "这次运行约需 {money}：{pairs} 个查询文档对，约 {tokens} 个 token，每百万 {price}。"
    ),
    "The price is that of the maker's list of {day}; tokens are estimated from the texts' characters.": (
        "价格取自服务商 {day} 的价目表；token 数按文本字符估算。"
    ),
    "What {model} charges is not known here.": "这里不知道 {model} 如何收费。",
    "Spend about {money}": "同意花费约 {money}",
    "The comparison was stopped.": "比较已停止。",
    "Start it again: what was scored is kept.": "重新开始即可：已打的分都保留。",
    "It needs about {needed:.1f} GB of memory, and {free:.1f} GB are free.": (
        "它约需 {needed:.1f} GB 内存，目前可用 {free:.1f} GB。"
    ),
    "End other programs, or give a smaller model or a server.": "请关闭其他程序，或改用更小的模型或服务器。",
    "It could not be scored: {problem}": "无法评分：{problem}",
    "The comparison ended early: {problem}": "比较提前结束：{problem}",
}
