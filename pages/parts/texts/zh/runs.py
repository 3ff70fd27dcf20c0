"""Chinese for the list of runs and for runs compared."""

TEXTS: dict[str, str] = {
    # Runs
    "Runs": "任务",
    "There are no runs yet. The Batch page makes them.": "还没有任务，可在“批量”页创建。",
    "Tick one run to open, rename, tag or delete it; tick two or more to compare them.": (
        "勾选一个任务可打开、改名、加标记或删除；勾选两个或更多可比较。"
    ),
    "No run is like that.": "没有符合条件的任务。",
    "All data": "全部数据",
    "Data": "数据",
    "Tag": "标记",
    "Tags": "标记",
    "All tags": "全部标记",
    "Choose or type": "选择或输入",
    "Interval from": "区间下限",
    "to": "上限",
    "Seconds": "用时（秒）",
    "the default instruction": "默认指令",
    "the queries' own wording": "查询的原文",
    "Working out how runs came out: {count}": "正在计算任务的结论：{count} 个",
    "This table as {format}": "将此表存为 {format}",
    "runs": "任务",
    # Several runs compared
    "{measure} over the {count} queries of all": "{count} 个共同查询上的 {measure}",
    "the first run": "第一个任务",
    "minus the first run": "减去第一个任务",
    "Difference in {measure} from the first run, with its 95 % interval": (
        "{measure} 与第一个任务之差及其 95% 置信区间"
    ),
    "Each run is compared with the first, the oldest; each by the labels of its own file.": (
        "各任务都与第一个（最早的）比较，并各按自己文件中的标签计算。"
    ),
    "Queries that not all of these runs measured, left out: {count}.": (
        "不是所有任务都评估过的查询，未计入：{count} 个。"
    ),
    "Nothing of the run {name} can be measured: no query has a document labelled relevant.": (
        "任务 {name} 无从评估：没有查询含有标为相关的文档。"
    ),
    "No query was measured in all of these runs.": "没有任何查询在这些任务中都评估过。",
    "Compare runs of the same questions.": "请比较问题相同的任务。",
    "Not finished yet: {names}": "尚未完成：{names}",
    "How far each order agrees with that of {name}": "各排序与“{name}”的一致程度",
    "Compare them in Evaluate": "在“评估”页比较",
    "Name": "名称",
    "Kind": "类型",
    "State": "状态",
    "Created": "创建时间",
    "Evaluation": "评估",
    "Other": "其他",
    "Columns": "列",
    "{done} of {total}, {cached} from the cache": "{done} / {total}，其中 {cached} 个取自缓存",
    "Open": "打开",
    "Rename": "改名",
    "Delete": "删除",
    "The run and its results are removed. The score cache stays.": "将删除该任务及其结果，缓存的得分保留。",
    "Delete {name}": "删除 {name}",
    "Score cache": "得分缓存",
    "{entries} of at most {limit} scores are kept, {size} MB. An equal pair is never scored twice by the same "
    "model; runs keep their own scores.": (
        "已缓存 {entries} 个得分（上限 {limit}），占 {size} MB。同一模型不会对相同的查询文档对重复评分；任务另存自己的得分。"
    ),
    "Clear score cache": "清空得分缓存",
    # Two runs compared
    "{first} and {second}": "{first} 与 {second}",
    "Queries in both": "共同的查询",
    "Same first document": "首位相同",
    "Overlap of the first ten": "前十名重合",
    "Kendall's tau": "Kendall τ",
    "Spearman's rho": "Spearman ρ",
    "Rank-biased overlap": "RBO（偏重前列的重合度）",
    "Moves, on average": "平均移动名次",
    "Over the documents that both runs have; mean over the queries": "只计两个任务都有的文档，按查询取平均",
    "In places, over the common documents": "单位为名次，只计共同的文档",
    "Queries that differ most come first.": "差别最大的查询排在前面。",
    "Click a query to see both orders.": "点击某个查询查看两种排序。",
    "First run": "第一次任务",
    "Second run": "第二次任务",
    "{scale}, first": "{scale}（第一次）",
    "{scale}, second": "{scale}（第二次）",
    "Rank in the first run": "在第一次任务中的名次",
}
