"""What `core.models.embedding` says: English → Chinese."""

TEXTS: dict[str, str] = {
    "Making vectors was stopped; those made so far were handed over.": "向量生成已停止；已生成的向量均已保存。",
    'No embedding model is called "{name}".': "没有名为“{name}”的向量模型。",
    "Known models: {names}. A folder's path and a server's address work too.": (
        "已知模型：{names}。也可以填写模型文件夹路径或服务器地址。"
    ),
    "The tokenizer is not Qwen3-Embedding's: it has no {token} of the id {expected}.": (
        "分词器不属于 Qwen3-Embedding：其中没有ID 为 {expected} 的 {token}。"
    ),
    "{asked} dimensions are not possible: the model gives {fewest} to {most}.": (
        "不支持 {asked} 维：该模型可输出 {fewest} 到 {most} 维。"
    ),
    "Embedded by a server elsewhere: queries and passages left this machine.": (
        "向量由其他服务器生成：查询和段落已离开本机。"
    ),
    "The answer of the server {host} holds no embeddings for the {count} texts sent.": (
        "服务器 {host} 的应答中没有所发送的 {count} 条文本的向量。"
    ),
    "The server {host} gave a vector of {found} dimensions; those before had {expected}.": (
        "服务器 {host} 返回了 {found} 维向量，而此前为 {expected} 维。"
    ),
    "The similarities agree with the published ones.": "相似度与公开值一致。",
    "The similarities differ from the published ones: do not rely on this model as it is loaded here. If it "
    "was downloaded, «python -m core models --download NAME» repairs its files; then start again.": (
        "相似度与公开值不符：请勿依赖当前加载的这个模型。若它是下载得到的，可运行 "
        "`python -m core models --download 名称` 修复其文件，然后重新启动。"
    ),
    "The similarities agree with those published for {model}.": "相似度与 {model} 的公开值一致。",
    "Only the order was checked: no similarities are published for this model and its dimensions.": (
        "只核对了顺序：该模型及其维数没有公开的相似度。"
    ),
    "A query was nearer to the passage that does not answer it: do not rely on this model as it is loaded here.": (
        "有查询更接近答非所问的段落：请勿依赖当前加载的这个模型。"
    ),
}
