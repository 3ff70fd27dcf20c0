"""The GET routes, in words."""

# Path, what it answers in English and in Chinese.
ASKED = (
    ("/health", "200 as soon as a model answers, else 503", "模型可用时返回 200，否则 503"),
    ("/health/live", "200 while the process runs; needs no key", "进程在运行即返回 200，无需密钥"),
    ("/health/ready", "the status of /health alone; needs no key", "只有 /health 的状态码，无需密钥"),
    ("/info", "model, limits, self-test, in TEI's form", "模型、限制与自检结果，TEI 格式"),
    ("/v1/models", "the model that scores", "当前评分的模型"),
    ("/v1/models/{id}", "a card for any name", "任意名称的模型卡片"),
    ("/v1/cluster/auth", "no login is needed (Xinference asks)", "无需登录（Xinference 会询问）"),
    ("/metrics", "counters for Prometheus", "Prometheus 指标"),
    ("/openapi.json", "this page for programs", "供程序读取的接口描述"),
)
