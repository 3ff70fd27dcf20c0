"""What `core.sheets` says of files, their sheets and their rows: English → Chinese."""

TEXTS: dict[str, str] = {
    # Labels
    "The labels were read as grades: {table}.": "标签按等级读取：{table}。",
    "These labels are no numbers and no known words: {words}.": "这些标签既不是数字，也不是已知的词：{words}。",
    "Give each a grade; on the command line with --grades {example}.": (
        "请为每个标签指定等级；命令行用 --grades {example}。"
    ),
    "No label says «not relevant»: the labels are {labels}. Every order of relevant documents is perfect.": (
        "没有表示“不相关”的标签：标签有 {labels}。文档全都相关时，怎样排序都是满分。"
    ),
    "Say which are relevant: --rel GRADE gives the lowest relevant one, --grades a grade for each label.": (
        "请说明哪些算相关：--rel 指定最低的相关等级，--grades 为每个标签指定等级。"
    ),
    "The labels look like scores: {count} different numbers between {low} and {high}.": (
        "标签像是得分：{low} 到 {high} 之间有 {count} 个不同的数。"
    ),
    "«{argument}» is not LABEL=GRADE.": "“{argument}”不是“标签=等级”的形式。",
    # Nested JSON
    "The JSON is nested, and no list of texts was found in it; paths: {paths}.": (
        "JSON 是嵌套的，其中没有找到文本列表；路径：{paths}。"
    ),
    "The texts come as relevant and not relevant ones, in no order of their own. They stand in an order made "
    "from their letters, so the order before means nothing.": (
        "文本只分相关与不相关，本身没有顺序。现按文字内容排出一个顺序，因此“重排前”的顺序没有意义。"
    ),
    "The JSON holds several lists of texts: {paths}.": "JSON 中有多个文本列表：{paths}。",
    "The JSON holds {count} lists of results but not the queries they answer.": (
        "JSON 中有 {count} 个结果列表，但没有对应的查询。"
    ),
    'Give one object per pair, such as {{"query": "…", "document": "…"}}, or one list of results per query.': (
        '请每个查询文档对给一个对象，如 {{"query": "…", "document": "…"}}，或每个查询给一个结果列表。'
    ),
    "The header names {role}, but the cells hold JSON objects, which are no texts.": (
        "表头指向 {role}，但单元格是 JSON 对象，不是文本。"
    ),
    "The cell holds {count} questions and not one query; give each a row of its own. The row was left out.": (
        "单元格里有 {count} 个问题，不是一个查询；请每个问题单独一行。该行已略过。"
    ),
    "The text stands under the id {other} with another label in row {first}; both are kept.": (
        "同一文本在第 {first} 行以 ID {other} 出现，但标签不同；两者都保留。"
    ),
    # Files that cannot be read
    "The file is empty: it holds no data.": "文件为空，没有数据。",
    "Choose another file.": "请选择其他文件。",
    "There is no file {name}.": "没有文件 {name}。",
    "{name} is a folder, not a file.": "{name} 是文件夹，不是文件。",
    "The file {name} cannot be opened: {reason}.": "无法打开文件 {name}：{reason}。",
    "The file has {megabytes} MB; the limit is {limit} MB.": "文件大小为 {megabytes} MB，上限为 {limit} MB。",
    "Split it into smaller files.": "请拆分成较小的文件。",
    "The file is {what}, not a spreadsheet.": "文件类型为“{what}”，不是表格。",
    "Upload .xlsx, .xls, .ods, .csv, .txt, .jsonl or .parquet.": (
        "请上传 .xlsx、.xls、.ods、.csv、.txt、.jsonl 或 .parquet 文件。"
    ),
    "a PDF document": "PDF 文档",
    "a picture": "图片",
    "a sound, a film or a picture": "音频、视频或图片",
    "a rich text document": "RTF 文档",
    "a gzip archive": "gzip 压缩包",
    "a 7-Zip archive": "7-Zip 压缩包",
    "a RAR archive": "RAR 压缩包",
    "a bzip2 archive": "bzip2 压缩包",
    "an xz archive": "xz 压缩包",
    "an SQLite database": "SQLite 数据库",
    "a program": "程序",
    "a Python pickle, which is never opened": "Python pickle（本程序从不打开）",
    "an old Office document": "旧版 Office 文档",
    "The file is a web page, not a spreadsheet.": "该文件是网页，不是表格。",
    "Some programs export web pages named .xls: open it in Excel and save it as .xlsx.": (
        "有些程序会导出扩展名为 .xls 的网页：请用 Excel 打开并另存为 .xlsx。"
    ),
    "The file is XML, not a spreadsheet this program reads.": "该文件是 XML，不是本程序可读的表格。",
    "Open it in Excel and save it as .xlsx.": "请用 Excel 打开并另存为 .xlsx。",
    "The file is not text and not a spreadsheet this program knows.": "该文件既不是文本，也不是本程序认识的表格。",
    "Save it as .xlsx or .csv and upload that.": "请另存为 .xlsx 或 .csv 后上传。",
    "There is no encoding named {encoding}.": "没有名为 {encoding} 的编码。",
    "Try utf-8, gb18030, big5, utf-16 or cp1252.": "请尝试 utf-8、gb18030、big5、utf-16 或 cp1252。",
    "The file is not in {encoding}: line {line} does not decode.": (
        "文件不是 {encoding} 编码：第 {line} 行无法解码。"
    ),
    "Choose another encoding, or leave the choice to the importer.": "请选择其他编码，或让程序自动识别。",
    "The file begins like JSON but is not valid: {reason}.": "文件开头像 JSON，但格式无效：{reason}。",
    "Save it as JSON Lines, one object per line, or as .csv.": (
        "请另存为 JSON Lines（每行一个对象）或 .csv。"
    ),
    "Entry {n} of the JSON list is not an object with named fields.": (
        "JSON 列表的第 {n} 项不是带字段名的对象。"
    ),
    'Every entry should look like {{"query": "…", "document": "…"}}.': (
        '每一项应类似 {{"query": "…", "document": "…"}}。'
    ),
    # Workbooks that are refused
    "Open it in Excel or WPS, save it as a new .xlsx and upload that.": (
        "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后上传。"
    ),
    "Split it into smaller files, or save the sheet as .csv or .parquet.": (
        "请拆分成较小的文件，或将工作表另存为 .csv 或 .parquet。"
    ),
    "The workbook is damaged or incomplete.": "工作簿已损坏或不完整。",
    "The Parquet file is damaged or incomplete.": "Parquet 文件已损坏或不完整。",
    "Write it again and upload that.": "请重新生成该文件后上传。",
    "The workbook is protected by a password.": "工作簿有密码保护。",
    "Remove the password in Excel (File, Info, Protect Workbook) and upload it again.": (
        "请在 Excel 中移除密码（文件 → 信息 → 保护工作簿）后重新上传。"
    ),
    "The workbook declares XML entities, which no spreadsheet program does; it was not opened.": (
        "工作簿中声明了 XML 实体，正常的表格软件不会这样做，因此没有打开。"
    ),
    "The file is an archive, but not a spreadsheet.": "该文件是压缩包，不是表格。",
    "Upload .xlsx, .xls, .ods or .csv.": "请上传 .xlsx、.xls、.ods 或 .csv 文件。",
    "The workbook is packed so tightly that a part of it unpacks to {megabytes} MB; it was not opened.": (
        "工作簿压缩率异常，其中一部分解压后达 {megabytes} MB，因此没有打开。"
    ),
    "The workbook unpacks to {megabytes} MB; the limit is {limit} MB.": (
        "工作簿解压后为 {megabytes} MB，上限为 {limit} MB。"
    ),
    "A sheet has cells so far apart that it spans {rows} rows and {columns} columns.": (
        "某工作表的单元格相距太远，跨越 {rows} 行、{columns} 列。"
    ),
    "Delete the stray cells at its end (Ctrl+End finds them), or copy the table into a new workbook.": (
        "请删除末尾多余的单元格（按 Ctrl+End 可找到），或把表格复制到新工作簿。"
    ),
    "A sheet has more than {limit} rows.": "某工作表超过 {limit} 行。",
    "A sheet has {count} cells; the limit is {limit}.": "某工作表有 {count} 个单元格，上限为 {limit} 个。",
    "The cells hold {megabytes} MB of text together; the limit is {limit} MB.": (
        "单元格文本合计 {megabytes} MB，上限为 {limit} MB。"
    ),
    "A single row is longer than {megabytes} MB.": "有一行超过 {megabytes} MB。",
    "The file needs more memory than it may use ({limit} MB).": "读取该文件所需内存超过允许的 {limit} MB。",
    "The system ended the reader of this file, most likely because memory ran out.": (
        "系统结束了此文件的读取进程，很可能是内存不足。"
    ),
    "Close other programs, or split the file, and try again.": "请关闭其他程序或拆分文件后重试。",
    "The file was not read within {limit} seconds.": "未能在 {limit} 秒内读完文件。",
    "The file cannot be read: its content makes the reader fail.": "无法读取文件：其内容导致读取程序出错。",
    "Line {line} has {count} fields; a table has at most {limit} columns.": (
        "第 {line} 行有 {count} 个字段；表格最多 {limit} 列。"
    ),
    "Check the separator and the quotation marks of the file.": "请检查文件的分隔符和引号。",
    "The records have {names} different field names, which makes {cells} cells.": (
        "各条记录共有 {names} 个不同的字段名，将产生 {cells} 个单元格。"
    ),
    "Give all records the same few fields.": "请让所有记录使用相同的少数字段。",
    # What was read otherwise than it stands
    "The file is named {suffix}, but its content is {format}; it was read as {format}.": (
        "文件扩展名为 {suffix}，内容却是 {format}，已按 {format} 读取。"
    ),
    "{count} characters could not be read in the encoding {encoding} and are shown as «�».": (
        "有 {count} 个字符无法按 {encoding} 编码读取，显示为“�”。"
    ),
    "{count} NUL characters were taken out of the text.": "已从文本中去除 {count} 个 NUL 字符。",
    "Line {line} opens a quotation mark that would swallow the rows after it; it was read as text.": (
        "第 {line} 行的引号没有闭合，会吞掉后面的行，已按普通文本读取。"
    ),
    "The line is not valid JSON: {reason}.": "该行不是有效的 JSON：{reason}。",
    "The line is JSON but not an object with named fields.": "该行是 JSON，但不是带字段名的对象。",
    # Headers and rows
    "There is no row {row} to be the header.": "没有可作表头的第 {row} 行。",
    "No header row was found; the columns are named by their position.": "没有找到表头，各列按位置命名。",
    "The column name {name} occurs more than once; this one is now called {renamed}.": (
        "列名 {name} 重复出现，此列改称 {renamed}。"
    ),
    "A column without a name is now called {renamed}.": "有一列没有名称，现称 {renamed}。",
    "The row above the table is taken for a note and left out: «{text}».": (
        "表格上方的一行被视为说明，未计入：“{text}”。"
    ),
    "The row below the table is taken for a note and left out: «{text}».": (
        "表格下方的一行被视为说明，未计入：“{text}”。"
    ),
    "The row repeats the header and was left out.": "该行与表头重复，未计入。",
    "The row has {found} fields, fewer than the {expected} of the header.": (
        "该行有 {found} 个字段，少于表头的 {expected} 个。"
    ),
    "The row has {found} fields, more than the {expected} of the header; left out: «{text}».": (
        "该行有 {found} 个字段，多于表头的 {expected} 个；多出部分未计入：“{text}”。"
    ),
    "The cell holds the error {error} and counts as blank.": "单元格的内容是错误值 {error}，按空白计。",
    "{count} more cells hold errors and count as blank.": "另有 {count} 个单元格为错误值，按空白计。",
    "{count} formulas in this column have no saved result, so their cells are blank. "
    "Open the file in Excel once and save it.": (
        "此列有 {count} 个公式没有保存计算结果，单元格为空白。请用 Excel 打开文件并保存一次。"
    ),
    "The cells hold formulas without saved results, so there is nothing to read.": (
        "单元格只有公式，没有保存计算结果，无内容可读。"
    ),
    "Open the file in Excel once, save it, and upload it again.": "请用 Excel 打开文件并保存一次，然后重新上传。",
    # Why a column is taken for what it is
    "The header names it.": "表头已指明。",
    "The header holds a word for it.": "表头含有相应的词。",
    "Its content looks like it.": "从内容看像是。",
    "It is the only column of text.": "这是唯一的文本列。",
    "Another column is as likely: {other}.": "另一列同样可能：{other}。",
    "One of {count} numbered columns.": "{count} 个带编号的列之一。",
    "The header names {role}, but the content is not numeric.": "表头指明为 {role}，但内容不是数值。",
    "The header names {role}, but the content is all numbers, so it is taken for an id.": (
        "表头指明为 {role}，但内容全是数字，因此视为 ID。"
    ),
    "It is not certain which column is the {role}; candidates: {candidates}.": (
        "无法确定哪一列是 {role}；可能是：{candidates}。"
    ),
    "No column looks like the {role}; the columns are: {candidates}.": (
        "没有像 {role} 的列；现有的列：{candidates}。"
    ),
    "Choose the column; on the command line with --map {role}=COLUMN.": (
        "请选择该列；命令行中用 --map {role}=列名 指定。"
    ),
    "There is no column role {role}; the roles are: {roles}.": "没有名为 {role} 的列角色；可用角色：{roles}。",
    "There is no column {column}; the columns are: {columns}.": "没有列 {column}；现有的列：{columns}。",
    # Sheets and layouts
    "There is no sheet {sheet}; the sheets are: {sheets}.": "没有工作表 {sheet}；现有的工作表：{sheets}。",
    "Only hidden sheets hold data: {sheets}.": "只有隐藏的工作表含有数据：{sheets}。",
    "Choose the sheet explicitly.": "请明确选择工作表。",
    "Every cell holds an error value such as #DIV/0!; there is nothing to import.": (
        "所有单元格都是 #DIV/0! 之类的错误值，没有可导入的内容。"
    ),
    "Repair the formulas, save the file and upload it again.": "请修正公式，保存文件后重新上传。",
    "The layout needs a second sheet or file with the documents, and none was found.": (
        "此布局需要另一个含文档的工作表或文件，但没有找到。"
    ),
    "Choose the sheet or the file that holds them.": "请选择文档所在的工作表或文件。",
    "The table has documents in {count} columns but the layout {layout} takes one.": (
        "表格有 {count} 列文档，而 {layout} 布局只用一列。"
    ),
    "The file holds documents but no queries.": "文件中有文档，但没有查询。",
    "Give the query with --query, or name its column with --map query=COLUMN.": (
        "请用 --query 给出查询，或用 --map query=列名 指定其所在的列。"
    ),
    "The file gives no query–document pair. {reason}": "文件中没有查询文档对。{reason}",
    "Its table has no rows.": "表格没有数据行。",
    "Check which columns are the query and the document.": "请核对查询和文档各是哪一列。",
    "The file makes {count} pairs; the limit is {limit}.": "文件共产生 {count} 个查询文档对，上限为 {limit} 个。",
    "Give each query its own candidates, or split the file.": "请为每个查询单独列出候选文档，或拆分文件。",
    # Pairs
    "The query is blank; the row was left out.": "查询为空白，该行未计入。",
    "The document is blank; it was left out.": "文档为空白，未计入。",
    "The label «{value}» is not a number; the pair counts as unjudged.": (
        "标签“{value}”不是数值，该查询文档对按未标注计。"
    ),
    "The cell holds {labels} labels for {documents} documents; the pairs count as unjudged.": (
        "单元格中有 {labels} 个标签，而文档有 {documents} 个，这些查询文档对按未标注计。"
    ),
    "The initial rank «{value}» is not a number of 0 or more and is ignored.": (
        "初始名次“{value}”不是大于等于 0 的数值，已忽略。"
    ),
    "The scores in {column} rise down the list, as distances do, but high ones were taken as better. "
    "If low ones are, map the column as {column}:asc.": (
        "“{column}”中的得分沿列表上升（像距离一样），但目前按得分高者为优处理。"
        "如果得分低者为优，请将该列映射为 {column}:asc。"
    ),
    "The scores in {column} fall down the list, but low ones were taken as better, as of a distance. "
    "If high ones are, map the column as {column}:desc.": (
        "“{column}”中的得分沿列表下降，但目前按低者为优（如距离）处理。"
        "如果得分高者为优，请将该列映射为 {column}:desc。"
    ),
    "The initial score «{value}» is not a number and is ignored.": "初始得分“{value}”不是数值，已忽略。",
    "The same query and document were already in row {first}; both are kept.": (
        "第 {first} 行已有相同的查询和文档，两行均保留。"
    ),
    "The same query and document have another label in row {first}; both are kept.": (
        "第 {first} 行有相同的查询和文档但标签不同，两行均保留。"
    ),
    "The query id {id} stands for another text in row {first}; each row keeps its own text.": (
        "查询 ID {id} 在第 {first} 行对应另一段文本，各行保留各自的文本。"
    ),
    "{count} blank queries were filled from the row above, because the column is mostly blank.": (
        "该列大多为空白，因此有 {count} 个空白查询沿用了上一行的内容。"
    ),
    "The id {id} has no match on the other sheet; the row was left out.": (
        "ID {id} 在另一工作表中没有对应项，该行未计入。"
    ),
    "No document belongs to the query id {id}.": "没有文档属于查询 ID {id}。",
    # Documents
    "The file has no column of documents.": "文件中没有文档列。",
    'Name the column that holds them "document" or «文档».': "请将文档所在的列命名为“document”或“文档”。",
    "The file holds no documents.": "文件中没有文档。",
    "The document is blank; the row was left out.": "文档为空白，该行未计入。",
    "The file holds {count} different queries; all their documents were read as one list.": (
        "文件中有 {count} 个不同的查询，其全部文档已合并为一个列表读取。"
    ),
    # Writing
    "A workbook needs at least one sheet.": "工作簿至少需要一个工作表。",
    "The table {name} has {count} columns; an Excel sheet holds {limit}.": (
        "表格 {name} 有 {count} 列，而 Excel 工作表最多 {limit} 列。"
    ),
    "Export it as CSV or Parquet.": "请导出为 CSV 或 Parquet。",
    "The table {name} has no columns.": "表格 {name} 没有列。",
}
