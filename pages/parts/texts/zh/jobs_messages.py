"""What `core.jobs` says of runs, their storage and their queue: English → Chinese."""

TEXTS: dict[str, str] = {
    # Storage
    "The database {file} is locked by another program.": "数据库 {file} 被其他程序锁定。",
    "The folder {folder} is in use by another program.": "文件夹 {folder} 正被其他程序使用。",
    "The disk that holds {file} is full.": "{file} 所在的磁盘已满。",
    "The file {file} cannot be written.": "无法写入文件 {file}。",
    "The disk failed while reading or writing {file}.": "读写 {file} 时磁盘出错。",
    "The database {file} is damaged.": "数据库 {file} 已损坏。",
    "The database {file} is damaged and was set aside as {kept}.": "数据库 {file} 已损坏，已另存为 {kept}。",
    "The database {file} was written by a newer version of this program.": (
        "数据库 {file} 由本程序的更新版本写入。"
    ),
    "The folder {folder} cannot be created ({reason}).": "无法创建文件夹 {folder}（{reason}）。",
    "The folder {folder} cannot be written ({reason}).": "无法写入文件夹 {folder}（{reason}）。",
    "The file {name} could not be saved in {folder} ({reason}).": (
        "无法把文件 {name} 保存到 {folder}（{reason}）。"
    ),
    "Free some space and allow writing there, or set RERANK_HOME to another folder.": (
        "请清理空间并开放写入权限，或将 RERANK_HOME 设为其他文件夹。"
    ),
    "Close the program that uses it, then try again.": "请关闭占用它的程序，然后重试。",
    "Free some space, then try again.": "请清理空间，然后重试。",
    "Allow writing to it, or set RERANK_HOME to another folder.": (
        "请开放写入权限，或将 RERANK_HOME 设为其他文件夹。"
    ),
    "Check the disk and its free space, then try again.": "请检查磁盘及其剩余空间，然后重试。",
    "Put a backup in its place, or move it away to start anew.": "请用备份替换它，或将它移走以重新开始。",
    "Start again to go on with an empty one, or put a backup in its place.": (
        "重新启动将使用空数据库；也可用备份替换它。"
    ),
    "Update the program, or start it with another home folder (RERANK_HOME).": (
        "请更新程序，或换用其他数据文件夹启动（RERANK_HOME）。"
    ),
    "Choose another home folder with RERANK_HOME.": "请用 RERANK_HOME 指定其他数据文件夹。",
    # The queue
    "Another workbench process ({process}) is running jobs in {folder}.": (
        "另一个工作台进程（{process}）正在 {folder} 中运行任务。"
    ),
    "Wait until it has finished, or work in its window; results can be read here.": (
        "请等它完成，或在它的窗口中操作；此处可以查看结果。"
    ),
    "The program is closing and takes no more jobs.": "程序正在关闭，不再接受新任务。",
    "There is no job {job}.": "没有任务 {job}。",
    "It may have been deleted; see the list of runs.": "它可能已被删除，请查看任务列表。",
    "The job {job} is {state}.": "任务 {job} 的状态为 {state}。",
    "The job {job} is already finished.": "任务 {job} 已经结束。",
    "Cancel it first.": "请先取消它。",
    "The name is empty.": "名称为空。",
    "Type at least one character.": "请至少输入一个字符。",
    "There is nothing to score.": "没有可评分的内容。",
    "Choose a file with at least one query and one document.": "请选择至少含一个查询和一个文档的文件。",
    # How a job ended
    "The program ended while this job was not finished.": "任务尚未完成时程序已退出。",
    "The program was closed before this job was finished.": "任务尚未完成时程序被关闭。",
    "Resume it to score what is missing.": "继续该任务即可对剩余部分评分。",
    "The job stopped because of an unexpected error ({kind}: {error}).": (
        "任务因意外错误而停止（{kind}: {error}）。"
    ),
    "What was scored is kept; resume it to try again.": "已得出的得分均已保留；继续任务即可重试。",
    "This job began with {old} and cannot go on with {new}: their scores do not mix.": (
        "此任务以 {old} 开始，不能改用 {new} 继续：两者的得分不可混用。"
    ),
    "Load {old} again, or start this job from scratch.": "请重新加载 {old}，或从头开始此任务。",
    "The model gave no number as the score of pair {pair}.": "模型给第 {pair} 个查询文档对的得分不是数值。",
    "Run the self-test of this model, or use another precision.": "请对该模型运行自检，或换用其他精度。",
    "The model reported {reported} scores for {expected} pairs.": (
        "共 {expected} 个查询文档对，模型却给出了 {reported} 个得分。"
    ),
    "Run it again; what was scored is kept.": "请重新运行；已得出的得分均已保留。",
    "Scoring was stopped before its end.": "评分在完成前被停止。",
}
