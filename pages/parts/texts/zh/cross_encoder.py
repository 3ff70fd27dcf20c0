"""Other rerankers in Chinese."""

TEXTS: dict[str, str] = {
    "This model brings its own program ({file}), which is never run here.": (
        "该模型自带程序（{file}），本工具从不运行此类程序。"
    ),
    "Run it in a server of your own, and give that server's address as the model (docs/servers.md).": (
        "请在自己的服务器中运行它，并把该服务器的地址作为模型（见 docs/servers.md）。"
    ),
    "The weights are only there as {file}, a format that can hold programs.": (
        "权重只有 {file} 一种格式，而这种格式可能含有程序。"
    ),
    "Use a folder with safetensors files, as the model's makers publish them today.": (
        "请使用模型作者目前发布的 safetensors 格式文件夹。"
    ),
    "The model is a {found}: neither a classifier of pairs nor one whose words are a score.": (
        "该模型是 {found}：既不是文本对分类器，也不以词作为评分。"
    ),
    "Nothing says how this {found} is asked for a score: which prompt, and which of its words count.": (
        "没有信息说明如何让这个 {found} 给出评分：用哪个提示词，看哪些词。"
    ),
    "Put a file rerank_recipe.json into the folder (docs/models.md shows one), or give the folder the name "
    "under which the model is published.": (
        "请在文件夹中放入 rerank_recipe.json（示例见 docs/models.md），或把文件夹改为模型发布时的名称。"
    ),
    "The model sorts pairs into {count} classes; a reranker has one, or two, of them the second «relevant».": (
        "该模型把文本对分为 {count} 类；重排模型只有一类，或两类且第二类表示“相关”。"
    ),
    "The weights hold no classification head: it would be made up at random.": (
        "权重中没有分类头：加载时会被随机生成。"
    ),
    "The recipe of this model cannot be used: {problem}.": "该模型的 rerank_recipe 无法使用：{problem}。",
    "The query leaves no room for a document: the model reads {longest} tokens.": (
        "查询过长，没有给文档留下空间：模型最多读取 {longest} 个 token。"
    ),
    "Shorten the query.": "请缩短查询。",
    "{count} weights are missing ({example} …): they would be made up at random.": (
        "缺少 {count} 个权重（{example} …）：加载时会被随机生成。"
    ),
    "transformers does not know the architecture {name}.": "transformers 不支持架构 {name}。",
    "This form of the gte architecture is not known here: {problem}.": "不支持这种形式的 gte 架构：{problem}。",
    "The tokenizer has no single token for «{word}», whose logit would be the score.": (
        "分词器没有与“{word}”对应的单个 token，无法以它的 logit 作为评分。"
    ),
    "The logit is this model's own: it cannot be compared with that of another model.": (
        "logit 只属于该模型，不能与其他模型的 logit 比较。"
    ),
    "The head {name} has the shape {found} instead of {expected}.": (
        "输出头 {name} 的形状是 {found}，而应为 {expected}。"
    ),
    "The head {name} gives every document the same score.": "输出头 {name} 给所有文档相同的得分。",
    "Use the folder as its makers publish it, or convert the model again.": (
        "请使用作者发布的原始文件夹，或重新转换模型。"
    ),
    "This model also sees, and is read here for texts alone.": "该模型也能看图，这里只用它读文本。",
    "The licence of this model forbids commercial use.": "该模型的许可证禁止商业用途。",
    "This model runs in fp32 or bf16, not in {precision}.": "该模型只能以 fp32 或 bf16 运行，不支持 {precision}。",
}
