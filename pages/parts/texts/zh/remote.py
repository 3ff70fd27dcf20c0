"""Remote scorers in Chinese."""

TEXTS: dict[str, str] = {
    '"{name}" is not the address of a server.': "“{name}”不是服务器地址。",
    "It looks like http://localhost:8000 or https://host/v1/rerank#MODEL.": (
        "地址形如 http://localhost:8000 或 https://host/v1/rerank#MODEL。"
    ),
    "The address of a server must not hold a key, a user name or a «?».": (
        "服务器地址中不能包含密钥、用户名或“?”。"
    ),
    "Set the key as the environment variable {variable}.": "请用环境变量 {variable} 设置密钥。",
    "The key file {path} can be read by others.": "密钥文件 {path} 可被其他用户读取。",
    "Make it yours alone: chmod 600 {path}": "请改为仅自己可读：chmod 600 {path}",
    "The list of hosts that texts may be sent to is damaged.": "允许发送文本的主机列表已损坏。",
    "Delete the file {path} and agree again.": "请删除文件 {path}，然后重新同意。",
    "Queries and documents would be sent to {host}, which is not this machine.": (
        "查询和文档将被发送到 {host}，它不是本机。"
    ),
    "Agree on the Model page, or set RERANK_SEND_TO={host}.": (
        "请在“模型”页同意，或设置 RERANK_SEND_TO={host}。"
    ),
    "The server {host} cannot be reached.": "无法连接服务器 {host}。",
    "Is it running, and is the address right?": "它是否在运行，地址是否正确？",
    "The server {host} did not answer within {seconds} seconds.": "服务器 {host} 在 {seconds} 秒内没有应答。",
    "The server {host} refused the key (HTTP {status}).": "服务器 {host} 拒绝了密钥（HTTP {status}）。",
    "Set {variable} to a key that is valid there.": "请将 {variable} 设为该服务器的有效密钥。",
    "The server {host} does not know {path} (HTTP 404).": "服务器 {host} 上没有 {path}（HTTP 404）。",
    "Give the whole address of its rerank route, for example https://host/v1/rerank.": (
        "请给出重排接口的完整地址，例如 https://host/v1/rerank。"
    ),
    "The server {host} is busy: it answered HTTP {status} {tries} times.": (
        "服务器 {host} 繁忙：已 {tries} 次返回 HTTP {status}。"
    ),
    "Try again later; what was scored is kept.": "请稍后再试；已评分的结果会保留。",
    "The server {host} answered with an error: HTTP {status}, {problem}": (
        "服务器 {host} 返回错误：HTTP {status}，{problem}"
    ),
    "The answer of the server {host} is not JSON.": "服务器 {host} 的应答不是 JSON。",
    "The answer of the server is not what {title} answers: {problem}.": (
        "服务器的应答不符合 {title} 的格式：{problem}。"
    ),
    'There is no kind of server called "{kind}".': "没有名为“{kind}”的服务器类型。",
    "Kinds: {kinds}.": "可用类型：{kinds}。",
    "What answers at {host} is no rerank server that is known here.": "{host} 上的服务不是已知的重排服务器。",
    "Name its kind in front of the address, for example {example}, or give the whole address of its rerank "
    "route. Kinds: {kinds}.": (
        "请在地址前写明类型，例如 {example}，或给出重排接口的完整地址。可用类型：{kinds}。"
    ),
    "{title} has several models, and the address names none.": "{title} 有多个模型，而地址没有指明其中之一。",
    "Put the model behind the address: {example}#MODEL": "请把模型写在地址后面：{example}#MODEL",
    "The server {host} did not apply Qwen3-Reranker's template: its scores are near random.": (
        "服务器 {host} 没有使用 Qwen3-Reranker 的模板，其评分接近随机。"
    ),
    "Start it with --chat-template deploy/qwen3_reranker.jinja; docs/servers.md has the whole command.": (
        "启动时请加上 --chat-template deploy/qwen3_reranker.jinja；完整命令见 docs/servers.md。"
    ),
    "The server {host} has «yes» and «no» swapped: it puts the right answer last.": (
        "服务器 {host} 把“yes”和“no”弄反了：正确答案被排在最后。"
    ),
    'For vLLM the override reads "classifier_from_token": ["no", "yes"]; docs/servers.md has it.': (
        'vLLM 的参数应为 "classifier_from_token": ["no", "yes"]，见 docs/servers.md。'
    ),
    "The server {host} gives every document the same score.": "服务器 {host} 给每个文档的评分都相同。",
    "Scored by a server elsewhere: queries and documents left this machine.": (
        "由其他机器上的服务器评分：查询和文档已离开本机。"
    ),
    "Logits were computed from the server's rounded probabilities; where those saturate, ties appear.": (
        "logit 由服务器返回的舍入概率换算而来；概率饱和时会出现并列。"
    ),
    "Whether the server cut long documents is not known.": "无法得知服务器是否截断了长文档。",
    "The server did not put the right answer of the self-test first; read its order with care.": (
        "服务器没有把自检的正确答案排在首位，请谨慎看待它的排序。"
    ),
}
