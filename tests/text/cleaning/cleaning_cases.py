"""Hand-written texts before and after cleaning, Chinese and English; `None` marks those that must stay.

Each case is cleaned with all rules that change a text, so a rule that oversteps shows in another's cases.
"""

Case = tuple[str, str, str | None]

LINES: tuple[Case, ...] = (
    (
        "english paragraph",
        "Refunds are issued to the original payment method. It may take\n"
        "between three and five working days until the amount appears on\n"
        "your statement, depending on the bank.",
        "Refunds are issued to the original payment method. It may take between three and five working days "
        "until the amount appears on your statement, depending on the bank.",
    ),
    (
        "english word divided at the line's end",
        "The new version of the handbook contains more infor-\nmation about returns and about lost parcels.",
        "The new version of the handbook contains more information about returns and about lost parcels.",
    ),
    (
        "compound keeps its hyphen",
        "Customers can open the locker at any hour with their self-\nservice code, which is valid for a day.",
        "Customers can open the locker at any hour with their self-service code, which is valid for a day.",
    ),
    (
        "compound that the text writes elsewhere",
        "A battery-backed clock keeps the time. When the power fails, the battery-\nbacked clock goes on.",
        "A battery-backed clock keeps the time. When the power fails, the battery-backed clock goes on.",
    ),
    (
        "name with a number keeps its hyphen",
        "During the winter the clinic treated patients with COVID-\n19 in a building near the park.",
        "During the winter the clinic treated patients with COVID-19 in a building near the park.",
    ),
    (
        "capitals inside a broken sentence",
        "The parcel was sent on Monday from our warehouse in\n"
        "Rotterdam and is expected to reach the customer in\n"
        "Lyon before the end of the week, as the carrier says.",
        "The parcel was sent on Monday from our warehouse in Rotterdam and is expected to reach the "
        "customer in Lyon before the end of the week, as the carrier says.",
    ),
    (
        "list item that goes on",
        "- Open the settings, choose the account that you want to close and\n  confirm with your password.\n"
        "- Wait for the e-mail.",
        "- Open the settings, choose the account that you want to close and confirm with your password.\n"
        "- Wait for the e-mail.",
    ),
    (
        "two paragraphs",
        "The warranty covers defects in material and workmanship for two\nyears from the day of purchase.\n\n"
        "It does not cover damage that was caused by water or by opening\nthe case.",
        "The warranty covers defects in material and workmanship for two years from the day of purchase.\n\n"
        "It does not cover damage that was caused by water or by opening the case.",
    ),
    (
        "chinese paragraph",
        "用户在收到商品之日起七天内可以申请无理由退货，退货时商品应\n"
        "当保持完好，包装和配件齐全。退款将在仓库验收之后的三个工作\n"
        "日内原路退回到付款账户。",
        "用户在收到商品之日起七天内可以申请无理由退货，退货时商品应当保持完好，包装和配件齐全。退款将在仓库"
        "验收之后的三个工作日内原路退回到付款账户。",
    ),
    (
        "chinese with latin words",
        "本项目使用 Qwen3 系列模型对候选文档进行重新排序，并给出每一\n"
        "对查询与文档的相关概率，供检索增强生成系统在送入大模型之前\n"
        "筛选上下文。",
        "本项目使用 Qwen3 系列模型对候选文档进行重新排序，并给出每一对查询与文档的相关概率，供检索增强生成"
        "系统在送入大模型之前筛选上下文。",
    ),
    (
        "two chinese lines with an end",
        "如果您在五个工作日之内仍然没有收到退款，请携带订单编号\n联系在线客服处理。",
        "如果您在五个工作日之内仍然没有收到退款，请携带订单编号联系在线客服处理。",
    ),
    (
        "chinese heading above a broken paragraph",
        "退货政策\n用户在收到商品之日起七天内可以申请无理由退货，退货时商品应\n当保持完好，包装和配件齐全。",
        "退货政策\n用户在收到商品之日起七天内可以申请无理由退货，退货时商品应当保持完好，包装和配件齐全。",
    ),
    (
        "word divided at the end of the first line",
        "After the inspec-\ntion the amount is paid to the card within a week, or later if a bank is shut.",
        "After the inspection the amount is paid to the card within a week, or later if a bank is shut.",
    ),
    (
        "word divided in a narrow column",
        "Please keep the pack-\naging until then.",
        "Please keep the packaging until then.",
    ),
    (
        "list without marks whose first item is broken",
        "Free delivery on every order that costs more than\n80 euros in our country\n"
        "returns within sixty days of the purchase\nhelp by telephone around the clock\n"
        "gift paper for nearly all articles",
        "Free delivery on every order that costs more than 80 euros in our country\n"
        "returns within sixty days of the purchase\nhelp by telephone around the clock\n"
        "gift paper for nearly all articles",
    ),
    (
        "sentence without marks",
        "the parcel was handed over to the carrier on the\nsecond of May and is expected to arrive within\n"
        "a week unless the customs office holds it back",
        "the parcel was handed over to the carrier on the second of May and is expected to arrive within "
        "a week unless the customs office holds it back",
    ),
    (
        "narrow chinese column",
        "本机首次使用之前请先充满电，充\n电约需要三个小时。充电时指示灯\n为红色，充满以后变为绿色。请勿\n"
        "在潮湿的地方充电。",
        "本机首次使用之前请先充满电，充电约需要三个小时。充电时指示灯为红色，充满以后变为绿色。请勿"
        "在潮湿的地方充电。",
    ),
    # Counter-examples.
    (
        "list of small letters without marks",
        "replacement of worn parts without any charge\npick up service from every address in town\n"
        "loan device during the whole repair time\nwritten estimate before any work is done",
        None,
    ),
    ("parts of words", "Common first parts are the following:\npre-\npost-\nanti-", None),
    (
        "two columns of text",
        "Parcels leave at noon     Refunds go to the card\nfrom the warehouse and    that was used for the\n"
        "arrive in three days      order, never in cash\nafter that                and not by cheque",
        None,
    ),
    (
        "two chinese columns of text",
        "本店支持七天无理由退货，请  退款会在收到商品之后的三个\n"
        "保持商品与包装的完好，并将  工作日之内退回到您付款时所\n"
        "配件与发票一起寄回给仓库。  使用的账户，请您注意查收。",
        None,
    ),
    (
        "chinese couplets",
        "山中一夜听春雨，晓起开门见白云\n溪上小桥通旧路，林间新竹长清阴\n"
        "客来不问人间事，茶罢还吟月下文\n日暮归舟横渡口，风来远树入黄昏。",
        None,
    ),
    (
        "chinese slogans of one width",
        "全国联保两年，免费上门安装\n支持七天退货，运费由我承担\n三十分钟快充，续航提升一倍\n"
        "一级静音设计，夜里不扰睡眠。",
        None,
    ),
    (
        "chinese poem",
        "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
        None,
    ),
    (
        "chinese verses of two halves",
        "两个黄鹂鸣翠柳，一行白鹭上青天\n窗含西岭千秋雪，门泊东吴万里船",
        None,
    ),
    (
        "english sonnet",
        "Shall I compare thee to a summer's day?\n"
        "Thou art more lovely and more temperate,\n"
        "Rough winds do shake the darling buds of May\n"
        "And summer's lease hath all too short a date",
        None,
    ),
    ("english address", "Anna Schmidt\nHauptstraße 12\n10115 Berlin\nGermany", None),
    (
        "chinese address",
        "收件人：张三\n电话：13800000000\n地址：北京市海淀区中关村大街27号中关村大厦10层1001室",
        None,
    ),
    (
        "dashes as list",
        "- first open the box and take out the device with its cable\n"
        "- then connect the cable to the wall socket and wait\n"
        "- finally press the button on the back for three seconds",
        None,
    ),
    (
        "numbered list",
        "1. open the settings of your account on the website\n2. choose the address that you want to remove\n"
        "3. press the red button and confirm the question",
        None,
    ),
    (
        "chinese numbered list",
        "一、登录手机客户端并进入个人中心页面查看全部订单\n二、选择需要退款的订单并点击申请售后服务按钮\n"
        "三、填写退款原因并上传商品照片等待商家审核",
        None,
    ),
    (
        "steps in brackets",
        "（1）打开设备的电源开关并等待指示灯变为绿色常亮状态\n（2）在手机的无线设置中选择设备名称进行连接配对",
        None,
    ),
    (
        "python code",
        "def total(prices):\n    result = 0\n"
        "    for price in prices:\n        result += price\n    return result",
        None,
    ),
    (
        "fenced code",
        "Run this in the project folder before you start the service:\n```\n"
        "export MODEL=some/rather/long/path/to\n"
        "start the service in the background\n```",
        None,
    ),
    (
        "docstring of a function",
        'def total(prices):\n    """Add all the prices of an order together, without shipping,\n'
        '    and round the sum to the cent."""\n    return round(sum(prices), 2)',
        None,
    ),
    (
        "javascript",
        'const address = "https://example.org/";\nfunction open() {\n  return fetch(address);\n}',
        None,
    ),
    (
        "sql",
        "SELECT name, price, category, supplier_name\nFROM products\nWHERE price > 100\nORDER BY price",
        None,
    ),
    (
        "shell commands",
        "$ pip install a-package-with-a-long-name\n$ python -m a_package --option value",
        None,
    ),
    (
        "markdown table",
        "| model | width of the display | weight |\n|---|---|---|\n| A | 14 inches, matte | 1.2 kg |",
        None,
    ),
    ("table with tabs", "model\twidth of the display\tweight\nA\t14 inches, matte\t1.2 kg", None),
    (
        "aligned columns",
        "model        width of the display        weight\nA            14 inches, matte            1.2 kg",
        None,
    ),
    (
        "headings without blank lines",
        "2.1 How to return a parcel that was damaged on its way\n2.2 how to claim the costs of the return",
        None,
    ),
    (
        "markdown heading",
        "# Everything that you should know about returning\ngoods that you have ordered from us",
        None,
    ),
    (
        "chinese chapter titles",
        "第一章 总则与适用范围以及本办法所使用的术语和定义\n第二章 申请条件、申请材料和受理机关的职责与权限",
        None,
    ),
    (
        "list of chinese product titles",
        "华为 Mate60 Pro 12GB+512GB 雅川青 官方标配\n苹果 iPhone 15 Pro Max 256GB 原色钛金属\n"
        "小米 14 Ultra 16GB+512GB 钛金属特别版",
        None,
    ),
    (
        "list of english titles",
        "A Field Guide to the Birds of the Northern Coast\nCooking for Large Groups on a Small Budget\n"
        "The Complete History of the Mechanical Watch",
        None,
    ),
    (
        "two chinese headlines",
        "央行宣布下调存款准备金率零点五个百分点，释放长期资金一万亿元\n"
        "财政部提前下达今年部分专项债额度，支持地方项目建设",
        None,
    ),
    (
        "sentences one per line",
        "Refunds take three to five working days after the check.\n"
        "Vouchers cannot be paid out in cash or exchanged again.\n"
        "Gift cards are valid for three years from their purchase.",
        None,
    ),
    (
        "chinese sentences one per line",
        "退款审核通过后，款项将在1至3个工作日内原路退回您的账户。\n充值到账可能有几分钟的延迟，请刷新页面后再查看账户余额。",
        None,
    ),
    (
        "fields",
        "Name of the product: Wireless keyboard with numbers\nColour: grey\nbattery: two AAA cells, included",
        None,
    ),
    (
        "e-mail quotation",
        "> we would like to return the parcel that we received\n> yesterday because it is damaged",
        None,
    ),
    (
        "indented new paragraph",
        "The first paragraph of this chapter is rather short and it ends here\n"
        "    a second paragraph that begins with an indent and small letters",
        None,
    ),
    (
        "long address of a page",
        "The whole list is at https://example.org/returns/policies/long-\n"
        "version and on paper at the counter.",
        None,
    ),
    (
        "log lines",
        "2024-05-01 12:00:01 the service started with four workers\n2024-05-01 12:00:02 waiting for requests",
        None,
    ),
    ("one line", "Nothing is broken here.", None),
    (
        "song without full stops",
        "我走在长长的街上\n听见远处的钟声\n想起那年夏天\n你说过的话",
        None,
    ),
)

CHARACTERS: tuple[Case, ...] = (
    ("windows line ends", "one\r\ntwo\r\n", "one\ntwo\n"),
    ("old mac line ends", "one\rtwo", "one\ntwo"),
    ("null and bell", "re\x00fund\x07 paid", "refund paid"),
    ("zero width space", "退\u200b款\u200b到账", "退款到账"),
    ("byte-order mark", "\ufeffHello there", "Hello there"),
    ("soft hyphen", "in\u00adfor\u00admation", "information"),
    ("soft hyphen at the line's end", "infor\u00ad\nmation", "information"),
    ("hard space", "10\u00a0kg", "10 kg"),
    ("line separator", "one\u2028two", "one\ntwo"),
    ("windows codes read as latin-1", "pages 1\x964, \x93sold out\x94", "pages 1–4, “sold out”"),
    ("direction marks", "\u200eOrder 12\u200f", "Order 12"),
    ("full-width letters and digits", "型号ＡＢＣ－１２３", "型号ABC-123"),
    ("full-width address", "ｓｅｒｖｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "service@example.com"),
    ("full-width percent", "优惠５０％", "优惠50%"),
    ("full-width price", "原价￥２，５８０．５０，现价￥１，９９９", "原价¥2,580.50，现价¥1,999"),
    ("price with full-width comma", "售价¥12，800元", "售价¥12,800元"),
    ("full-width time", "营业时间０９：３０－２１：００", "营业时间09:30-21:00"),
    ("full-width space", "姓名\u3000张三", "姓名 张三"),
    # Counter-examples.
    ("chinese punctuation", "您好，请问：退款多久到账？（急！）“谢谢”；【订单】", None),
    ("sign of the yuan", "￥299起，满￥1000减￥50", None),
    ("full-width comma between numbers", "第3，4，125条；编号7，208", None),
    ("chinese colon between digits", "比分是3：2。", None),
    ("sign between chinese words", "苹果／香蕉＋梨", None),
    ("emoji family", "👨\u200d👩\u200d👧 and ❤\ufe0f", None),
    ("arabic with direction marks", "\u200fمرحبا 123\u200e", None),
    ("accents and symbols", "Café, naïve, 25 °C, ½, ①, Ⅳ, ㎡", None),
    ("tab", "a\tb", None),
    ("japanese", "コーヒーを一杯ください。", None),
)

HTML: tuple[Case, ...] = (
    ("paragraphs", "<p>Refunds take three days.</p><p>Ask us.</p>", "Refunds take three days.\n\nAsk us."),
    ("bold words", "Refunds take <b>three</b> days.", "Refunds take three days."),
    ("line break", "Line one<br/>line two", "Line one\nline two"),
    ("list", "<ul><li>fast</li><li>cheap</li></ul>", "- fast\n- cheap"),
    (
        "script and style",
        "<style>p {color: red}</style><p>退款规则</p><script>var x = 1 < 2; track()</script>",
        "退款规则",
    ),
    ("comment", "<div>退款<!-- internal -->到账</div>", "退款到账"),
    ("table row", "<table><tr><td>price</td><td>20 €</td></tr></table>", "price\t20 €"),
    (
        "heading",
        "<h2>退款</h2><p>三个工作日到账。</p>",
        "## 退款\n\n三个工作日到账。",
    ),
    (
        "entities in html",
        "<p>Tom &amp; Jerry &lt;3 &#39;cheese&#39;&nbsp;pie</p>",
        "Tom & Jerry <3 'cheese' pie",
    ),
    ("entities alone", "Terms &amp; conditions &quot;apply&quot;", 'Terms & conditions "apply"'),
    ("link", '退款请<a href="https://example.org/?a=1&b=2">点此</a>申请', "退款请点此申请"),
    ("image", '<p>Before <img src="a.png" alt="a red bag"> after</p>', "Before a red bag after"),
    (
        "whole page",
        "<!DOCTYPE html><html><head><title>Help</title><script>x()</script></head>"
        "<body><div>Call us.</div></body></html>",
        "Help\nCall us.",
    ),
    ("code in a page", "<p>Write:</p><pre>const x = 1;\n  y();</pre>", "Write:\n\nconst x = 1;\n  y();"),
    ("less than in a page", "<p>It holds if a < b and b > c.</p>", "It holds if a < b and b > c."),
    (
        "unknown element in a page",
        "<p>The type vector<int> is enough.</p>",
        "The type vector<int> is enough.",
    ),
    # Counter-examples.
    ("comparison", "It holds if a < b and c > d.", None),
    ("comparison without spaces", "if x<y and y>z then stop", None),
    ("generics", "Use List<String> or Map<String, List<Integer>> for that.", None),
    ("component", 'return <div className="box"><b>{name}</b></div>;', None),
    ("template", "<div>{{ name }}</div><p>{% if x %}y{% endif %}</p>", None),
    ("talk about a tag", "To make text bold, use the <b> and </b> tags.", None),
    ("talk about a tag in chinese", "用 <br> 换行，用 <p></p> 标签分段。", None),
    ("tag in backticks", "Wrap it in `<div>…</div>` and close it.", None),
    ("code fence", "Example:\n```\n<p>text</p>\n```", None),
    ("other markup", "<order><id>17</id><name>bag</name></order>", None),
    ("arrows and hearts", "I <3 this -> really <- yes", None),
    ("e-mail in brackets", "Anna <anna@example.org> wrote to us", None),
    ("address with parameters", "https://example.org/?a=1&copy=2&lt=3", None),
    ("talk about entities", "The entity &amp; stands for the ampersand.", None),
    ("escape in code", "const text = 'a &amp; b';", None),
)
