"""Requests over HTTP: what they are refused for, and the page about them."""

TEXTS = {
    "This model cannot count tokens, so no document was cut.": "该模型无法统计 token 数，因此没有截断任何文档。",
    "Longer than the request allows; only a part was scored.": "超出请求允许的长度；只对其中一部分评分。",
    "{count} requests are waiting already; yours would wait for {seconds} seconds.": "已有 {count} 个请求在等待；您的请求预计要等 {seconds} 秒。",
    "Try again later.": "请稍后再试。",
    "The request was given up.": "请求已被放弃。",
    "The answer would come after the time-out that you sent: {seconds} seconds.": "结果将晚于您给出的超时时间：{seconds} 秒。",
    "Raise the client's time-out, or send fewer documents at a time.": "请调大客户端的超时时间，或每次发送更少的文档。",
}
