"""The texts that int8 is tried on: some show what the inputs of every product look like, others judge.

Both have Chinese, English, code, a query across languages and a long document, each from answering to
unrelated; no text is in both, because scales fitted to a text look better on it than on others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.engine.model import FlatPack, flatten
from core.engine.packing import Group
from core.engine.prompt import PromptEncoder, TokenIds

# Queries with their documents.
Texts = tuple[tuple[str, tuple[str, ...]], ...]

CALIBRATION: Texts = (
    (
        "退款一般多久能到账？",
        (
            "退款审核通过后，款项会在1到3个工作日内原路退回您的支付账户。",
            "如果需要换货，请在订单详情页点击“申请换货”并选择原因。",
            "秋天的香山，红叶铺满了山坡，游客络绎不绝。",
        ),
    ),
    (
        "how do vaccines train the immune system",
        (
            "A vaccine shows the body a harmless part of a germ, so that memory cells recognise it later.",
            "The immune system has many kinds of cells; some live for decades in the bone marrow.",
            "The committee postponed its vote on the harbour bridge until the spring session.",
        ),
    ),
    (
        "read a CSV file line by line in Python",
        (
            "with open(path, newline='') as f:\n    for row in csv.reader(f):\n        handle(row)",
            "SELECT name, COUNT(*) FROM orders GROUP BY name HAVING COUNT(*) > 1;",
            "用 csv.reader 可以逐行读取文件，每一行是一个字符串列表。",
        ),
    ),
)
JUDGED: Texts = (
    (
        "签收后发现商品破损怎么办",
        (
            "签收后48小时内请拍照联系客服，核实后免费补发或退款，运费由我们承担。",
            "会员积分每年12月31日清零，请及时兑换。",
            "这座博物馆周一闭馆，参观需要提前三天预约。",
        ),
    ),
    (
        "router keeps losing the connection at night",
        (
            "If the router drops the line at fixed hours, turn off the scheduled restart in its settings.",
            "The router has four ports; the blue one is for the line of your provider.",
            "Migratory birds find their way by the stars and by the magnetic field of the earth.",
        ),
    ),
    (
        "sort a list of dictionaries by a key",
        (
            "items.sort(key=lambda row: row['price'], reverse=True)",
            "for (int i = 0; i < n; i++) {\n    total += prices[i];\n}",
            "字典本身没有先后，排序的是由字典组成的列表，sorted() 返回新的列表。",
        ),
    ),
    (
        "Is there compensation when an employment contract is not renewed?",
        (
            "劳动合同期满，用人单位不再续订的，应当按照劳动者在本单位工作的年限支付经济补偿，每满一年支付一个月工资；"
            "用人单位维持或者提高原有条件续订而劳动者不同意的，不在此列。六个月以上不满一年的，按一年计算；"
            "不满六个月的，支付半个月工资。月工资是指合同终止前十二个月的平均工资。工资高于当地上年度平均工资三倍的，"
            "按三倍计算，年限最高不超过十二年。补偿在办结工作交接时支付，逾期不付的，由劳动行政部门责令限期支付。",
            "The notice period is thirty days for either side and may be shortened in writing. During it the "
            "employee keeps all claims to pay and holidays; days that are not taken are paid out at the end.",
            "The canteen is open from eleven to one. Guests pay at the counter; trays go back to the shelf.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Probe:
    """Texts as one pack, and the positions of each query's documents in it."""

    pack: FlatPack
    queries: tuple[tuple[int, ...], ...]

    @staticmethod
    def of(groups: Sequence[Group], prefixes: Sequence[TokenIds], documents: Sequence[TokenIds]) -> "Probe":
        """From the same parts as `core.engine.model.flatten`."""
        return Probe(flatten(groups, prefixes, documents), tuple(group.candidates for group in groups))


def probe_of(texts: Texts, encoder: PromptEncoder) -> Probe:
    """These texts as a model reads them."""
    prefixes: list[TokenIds] = []
    documents: list[TokenIds] = []
    groups: list[Group] = []
    for query, candidates in texts:
        prefix = encoder.prefix(None, query)
        first = len(documents)
        documents += [document.ids for document in encoder.documents(candidates, len(prefix))]
        groups.append(Group(len(prefixes), tuple(range(first, len(documents)))))
        prefixes.append(prefix)
    return Probe.of(groups, prefixes, documents)
