"""What `core.models` says of finding, fetching, checking and testing models: English → Chinese."""

TEXTS: dict[str, str] = {
    # Names, devices, settings
    'No model is called "{name}".': "没有名为“{name}”的模型。",
    "Known models: {names}. The path of a model folder works too.": (
        "可用模型：{names}。也可填写模型文件夹的路径。"
    ),
    'Unknown device "{device}".': "未知设备“{device}”。",
    "Use one of: {devices}, or cuda:1 for the second GPU.": "可选：{devices}；第二块 GPU 写作 cuda:1。",
    'The device "{device}" is not available on this machine ({count} found).': (
        "本机没有设备“{device}”（找到 {count} 个）。"
    ),
    "Use auto or cpu, or install the torch build for this device.": (
        "请改用 auto 或 cpu，或安装支持该设备的 torch 版本。"
    ),
    'Unknown precision "{precision}".': "未知精度“{precision}”。",
    "Use one of: {precisions}.": "可选：{precisions}。",
    'Unknown way to read long documents: "{way}".': "未知的长文档读取方式“{way}”。",
    "Use one of: {ways}.": "可选：{ways}。",
    # On this machine
    "{model} is not on this machine.": "本机没有 {model}。",
    "{model} is not whole on this machine: {problem}": "本机的 {model} 不完整：{problem}",
    "Download it ({gigabytes} GB) on the Model page, or give the path of a folder that has it.": (
        "请在“模型”页下载（{gigabytes} GB），或填写已有模型的文件夹路径。"
    ),
    'There is no folder "{path}".': "文件夹“{path}”不存在。",
    "Give the folder that holds config.json and the safetensors files.": (
        "请填写含有 config.json 和 safetensors 文件的文件夹。"
    ),
    "The download is not finished.": "下载尚未完成。",
    "Start the download again; it goes on where it stopped.": "请重新开始下载，会从中断处继续。",
    "{file} is missing or has changed since it was downloaded.": "{file} 缺失，或在下载后被改动。",
    "Start the download again; it fetches only what is missing.": "请重新开始下载，只会补下缺少的部分。",
    "{file} is damaged.": "{file} 已损坏。",
    "Start the download again; it checks what is there and fetches only what is missing.": (
        "请重新开始下载，会先核对已有文件，只补下缺少的部分。"
    ),
    # Checks of a model folder
    "Use the files of Qwen/Qwen3-Reranker-0.6B, -4B or -8B as Qwen publishes them.": (
        "请使用 Qwen 官方发布的 Qwen/Qwen3-Reranker-0.6B、-4B 或 -8B 的原始文件。"
    ),
    "Download the model again, or copy the whole folder.": "请重新下载模型，或复制完整的文件夹。",
    "Run build/start.sh --setup-only to install the pinned versions.": (
        "请运行 build/start.sh --setup-only 安装指定版本。"
    ),
    "transformers {version} does not know Qwen3; {needed} or newer is needed.": (
        "transformers {version} 不支持 Qwen3，需要 {needed} 或更新的版本。"
    ),
    "There is no model folder here.": "此处没有模型文件夹。",
    "The model folder has no {file}.": "模型文件夹中没有 {file}。",
    "The model folder has no weights.": "模型文件夹中没有权重。",
    "These are only the changes of a fine-tuning (an adapter), without the model that they change.": (
        "这里只有微调的改动（适配器），没有被改动的模型本身。"
    ),
    "Merge them into the model (peft: merge_and_unload, save_pretrained) and give that folder.": (
        "请先把它们合并进模型（peft：merge_and_unload、save_pretrained），再使用合并后的文件夹。"
    ),
    "If it is a reranker that was trained from another Qwen3, say in a file rerank_recipe.json how it is "
    "asked (docs/models.md shows one); else use the files of Qwen3-Reranker as Qwen publishes them.": (
        "如果它是由其他 Qwen3 训练出的重排模型，请用 rerank_recipe.json 说明如何提问（示例见 docs/models.md）；"
        "否则请使用 Qwen 官方发布的 Qwen3-Reranker 文件。"
    ),
    "The model is a {found}, not a {expected}.": "该模型是 {found}，而不是 {expected}。",
    "The model's weights are quantised ({method}), which the workbench does not read.": (
        "模型权重已量化（{method}），工作台无法读取。"
    ),
    "Use the published bf16 weights; the workbench quantises them itself with precision int8.": (
        "请使用官方的 bf16 权重；精度选 int8 时，工作台会自行量化。"
    ),
    "The vocabulary has {found} entries instead of {expected}: this is not a Qwen3-Reranker.": (
        "词表有 {found} 项，而应为 {expected} 项：这不是 Qwen3-Reranker。"
    ),
    "config.json gives no usable {key}.": "config.json 中没有可用的 {key}。",
    "The weights hold no {name}: the output head would be initialised at random.": (
        "权重中没有 {name}：输出头将被随机初始化。"
    ),
    "{name} has the shape {found} instead of {expected}.": "{name} 的形状是 {found}，而应为 {expected}。",
    'The output head has the same row for "yes" and "no": every score would be 0.5.': (
        "输出头中“yes”和“no”两行相同：所有得分都会是 0.5。"
    ),
    "{count} of {total} weights are missing ({example} …): they would be initialised at random.": (
        "{total} 个权重中缺少 {count} 个（{example} …）：它们将被随机初始化。"
    ),
    "The model's {file} is not a tokenizer.": "模型的 {file} 不是分词器文件。",
    'The tokenizer gives "{token}" the id {found} instead of {expected}.': (
        "分词器中“{token}”的 ID 是 {found}，而应为 {expected}。"
    ),
    "The model's {file} cannot be read: {reason}.": "无法读取模型的 {file}：{reason}。",
    "The model's {file} is not a JSON object.": "模型的 {file} 不是 JSON 对象。",
    "The model's {file} names no weights.": "模型的 {file} 没有列出任何权重。",
    "{file} is a Git LFS pointer, not the weights.": "{file} 只是 Git LFS 指针，不是权重本身。",
    "Run `git lfs pull` in the model folder.": "请在模型文件夹中运行 `git lfs pull`。",
    "{file} is damaged: it does not begin with a safetensors header.": (
        "{file} 已损坏：开头不是 safetensors 文件头。"
    ),
    "{file} is not whole: {size} bytes instead of {expected}.": (
        "{file} 不完整：{size} 字节，而应为 {expected} 字节。"
    ),
    "The model folder holds {count} weight files but no {file} that joins them.": (
        "模型文件夹中有 {count} 个权重文件，但缺少把它们合为一体的 {file}。"
    ),
    "The model's weights are in a pickle format, which can run code when it is read.": (
        "模型权重是 pickle 格式，读取时可能执行其中的代码。"
    ),
    "The model's weights are in GGUF format, which the workbench does not read.": (
        "模型权重是 GGUF 格式，工作台无法读取。"
    ),
    "Use the safetensors weights that Qwen publishes.": "请使用 Qwen 官方发布的 safetensors 权重。",
    "{count} of {total} weight files are missing: {files}.": (
        "{total} 个权重文件中缺少 {count} 个：{files}。"
    ),
    # Downloads
    "{model} comes with the workbench and is not downloaded.": "{model} 随工作台提供，无需下载。",
    "No model hub can be reached: neither {modelscope} nor {huggingface} answers.": (
        "无法连接任何模型站点：{modelscope} 和 {huggingface} 均无响应。"
    ),
    "The embedded model works without. Check the network, or copy the model folder to this machine.": (
        "内置模型不受影响。请检查网络，或把模型文件夹复制到本机。"
    ),
    "{hub} cannot be reached at {endpoint} ({reason}).": "无法连接 {hub}：{endpoint}（{reason}）。",
    "Check the network, or copy the model folder to this machine and give its path.": (
        "请检查网络，或把模型文件夹复制到本机并填写路径。"
    ),
    "{hub} has no model called {model}.": "{hub} 上没有名为 {model} 的模型。",
    "{hub} lists no weights for {model}.": "{hub} 没有列出 {model} 的权重。",
    "{hub} answered in a form that is not known.": "{hub} 的响应格式无法识别。",
    "The hub refuses {file} with status {status}.": "模型站点拒绝提供 {file}，状态码 {status}。",
    "{file} arrived damaged twice: its content is not what the hub lists.": (
        "{file} 两次下载均已损坏：内容与站点所列不符。"
    ),
    "Try again later, or use the other hub.": "请稍后再试，或改用另一个站点。",
    "the connection was cut": "连接中断",
    "the hub takes no connection": "无法连接到模型站点",
    "the hub sent nothing for {seconds:.0f} seconds": "模型站点 {seconds:.0f} 秒内没有发送数据",
    "the hub answered with status {status}": "模型站点返回状态码 {status}",
    "the hub does not go on where it stopped": "模型站点无法续传",
    "The download of {file} broke off {attempts} times: {reason}.": (
        "{file} 的下载中断了 {attempts} 次：{reason}。"
    ),
    "The download failed unexpectedly: {reason}.": "下载意外失败：{reason}。",
    "The download was stopped.": "下载已停止。",
    "The disk is too full: {needed} are needed and {free} are free.": (
        "磁盘空间不足：需要 {needed}，剩余 {free}。"
    ),
    "Free some space, or set RERANK_HOME to a folder on another disk.": (
        "请清理空间，或将 RERANK_HOME 设为其他磁盘上的文件夹。"
    ),
    "The disk became full during the download.": "下载过程中磁盘已满。",
    "Free some space and start again; the download goes on where it stopped.": (
        "请清理空间后重新开始，下载会从中断处继续。"
    ),
    "The model folder cannot be written: {reason}.": "无法写入模型文件夹：{reason}。",
    "Set RERANK_HOME to a folder that you may write.": "请将 RERANK_HOME 设为有写入权限的文件夹。",
    # The embedded model
    "embedded: bi-encoder similarity, not a cross-encoder, not Qwen3; uncalibrated": (
        "内置模型：双编码器相似度，不是交叉编码器，也不是 Qwen3；得分未经校准"
    ),
    "No embedded model is installed: neither {first} nor {second} was found.": (
        "未安装内置模型：没有找到 {first} 或 {second}。"
    ),
    "The package {package}, which carries the embedded model, is not installed.": (
        "未安装内置模型所在的软件包 {package}。"
    ),
    "Install the pinned requirements again.": "请重新安装指定版本的依赖。",
    "The embedded model's file {name} cannot be read: {reason}.": "无法读取内置模型的文件 {name}：{reason}。",
    "The embedded model's file {name} is not the expected one: its SHA-256 begins with {found}, "
    "not with {expected}.": (
        "内置模型的文件 {name} 与预期不符：其 SHA-256 开头为 {found}，而应为 {expected}。"
    ),
    "Scoring was stopped; the pairs scored so far were handed over.": "评分已停止；已得出的得分均已交付。",
    # Self-test
    "The published values are Qwen3-Reranker's, and its weights are not loaded.": (
        "公开的参考值属于 Qwen3-Reranker，而当前未加载其权重。"
    ),
    "The scores are those of Qwen3-Reranker-0.6B reading its input without the template.": (
        "这些得分等于 Qwen3-Reranker-0.6B 在未套用模板时的得分。"
    ),
    "The scores agree with the published ones.": "得分与公开值一致。",
    "The scores differ from the published ones: do not rely on this model as it is loaded here. If it was "
    "downloaded, «python -m core models --download NAME» repairs its files; then start again.": (
        "得分与公开值不符：请勿依赖当前加载的这个模型。若它是下载得到的，可运行 "
        "`python -m core models --download 名称` 修复其文件，然后重新启动。"
    ),
    "The folder's scores agree with those published for Qwen3-Reranker-0.6B.": (
        "该文件夹中模型的得分与 Qwen3-Reranker-0.6B 的公开值一致。"
    ),
    "Only the order was checked: no values are published for these weights.": (
        "只核对了顺序：这些权重没有公开的参考值。"
    ),
    "The right document did not come first: do not rely on this model as it is loaded here.": (
        "正确的文档没有排在首位：请勿依赖当前加载的这个模型。"
    ),
}
