"""What this program says inside other frameworks."""

TEXTS = {
    "A ranker with a scorer of this process cannot be written to a file.": "使用本进程评分器的 ranker 无法写入文件。",
    "Use the url of a running server.": "请改用正在运行的服务器的 url。",
    "Reranking needs a query.": "重排序需要查询。",
    "The rerank server {url} did not answer: {problem}.": "重排序服务器 {url} 没有应答：{problem}。",
    "Is it running (python -m core serve), and is the address right?": "它是否在运行（python -m core serve）？地址是否正确？",
    "The rerank server {url} answered HTTP {status}: {problem}": "重排序服务器 {url} 返回 HTTP {status}：{problem}",
    "Address and key are those of the Connect page.": "地址和密钥见“接入”页面。",
    "{count} is not a number of documents.": "{count} 不是有效的文档数。",
    "Use 1 or more, or None for all.": "请用 1 或更大的数；None 表示全部。",
}
