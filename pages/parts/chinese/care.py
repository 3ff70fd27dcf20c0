"""Document care: cleaning, chunks, and why a document has its score."""

CARE: dict[str, str] = {
    "There is no cleaning rule called «{name}».": "没有名为“{name}”的清洗规则。",
    "Known rules: {known}.": "可用规则：{known}。",
    "A chunk of {tokens} tokens is too small.": "每块 {tokens} 个词元太少。",
    "Take at least {least} tokens.": "请至少取 {least} 个词元。",
    "Overlap and least length do not fit chunks of {tokens} tokens.": "重叠或最短长度与每块 {tokens} 个词元不相称。",
    "Take at most half of a chunk for the overlap and at most a chunk for the least length.": "重叠不超过半块，最短长度不超过一块。",
    "At least one chunk must count.": "至少要有一块计入得分。",
    "This model cannot count tokens, so the length of chunks is an estimate.": "该模型无法计算词元数，因此分块长度是估计值。",
    "The text is a single clause; without it nothing would be left to score.": "文本只有一个分句，去掉它就没有内容可以打分了。",
}
