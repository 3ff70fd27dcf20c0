"""Texts on which an encoder in int8 is prepared, and other ones on which it is judged.

Both hold Chinese, English, code, a pair across languages, a long text and very short ones, so that neither
ranges nor judgement come from one kind of text. Each entry is a query with its documents, those that answer
among unrelated ones.
"""

from core.engine.guard import CALIBRATION

Probes = tuple[tuple[str, tuple[str, ...]], ...]

_LONG_ENGLISH: str = (
    "Chapter 4, care of the machine. Empty the water tank every evening and leave the lid open overnight. "
    "Descale the boiler when the lamp blinks orange, about every 200 cups: dissolve two sachets of citric "
    "acid in a litre of warm water, fill the tank to the mark, hold the steam button for five seconds and "
    "let the programme run to its end, which takes 25 minutes. Rinse twice with fresh water. Never use "
    "vinegar; it attacks the seals. The brewing unit comes out to the front after the red catch is "
    "pressed, and is washed under the tap without soap. Grease the rails once a year. If the display "
    "shows E3, the drip tray is missing or full. Spare parts are listed on page 31; the guarantee does "
    "not cover limescale."
)
_LONG_CHINESE: str = (
    "第三章 年休假。职工连续工作满十二个月以上的，享受带薪年休假。累计工作已满一年不满十年的，年休假五天；"
    "已满十年不满二十年的，年休假十天；已满二十年的，年休假十五天。国家法定休假日、休息日不计入年休假的假期。"
    "单位根据生产、工作的具体情况，并考虑职工本人意愿，统筹安排职工年休假。年休假在一个年度内可以集中安排，"
    "也可以分段安排，一般不跨年度安排。单位确因工作需要不能安排职工休年休假的，经职工本人同意，可以不安排，"
    "但应当按照该职工日工资收入的百分之三百支付报酬。第四章 加班。用人单位由于生产经营需要，经与工会和劳动者"
    "协商后可以延长工作时间，一般每日不得超过一小时。"
)

CALIBRATED: Probes = (
    *CALIBRATION,
    (
        "劳动合同试用期最长多久",
        (
            "劳动合同期限三年以上的，试用期不得超过六个月；同一用人单位与同一劳动者只能约定一次试用期。",
            "周末去爬山，记得带上登山杖和足够的水。",
        ),
    ),
    (
        "reset a forgotten e-mail password",
        (
            "Choose «Forgot password», type the address of your account and open the link that we send you.\n"
            "It works for 30 minutes; afterwards ask for a new one. (FAQ no. 12, v2.3)",
            "Basalt columns form when thick lava cools slowly and cracks into prisms with five or six sides.",
        ),
    ),
    (
        "binary search in a sorted list",
        (
            "fn search(xs: &[i32], x: i32) -> Option<usize> {\n    let (mut lo, mut hi) = (0, xs.len());\n"
            "    while lo < hi {\n        let mid = (lo + hi) / 2;\n"
            "        if xs[mid] < x { lo = mid + 1 } else { hi = mid }\n    }\n"
            "    (lo < xs.len() && xs[lo] == x).then_some(lo)\n}",
            '#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * 7); return 0; }',
        ),
    ),
    # In a text of few words the first token sees other neighbours than in a long one.
    ("退款", ("是", "", "3天")),
    ("password", ("yes", "Reset", "OK, 404")),
    ("年休假没休怎么补偿", (_LONG_CHINESE, "Unused leave is paid at three times the daily wage.")),
)

JUDGED: Probes = (
    (
        "发票可以重新开具吗",
        (
            "发票信息填写有误的，可在开票后三十天内申请作废并重新开具，原发票需要退回。",
            "电子发票会发送到您下单时填写的邮箱，请注意查收垃圾邮件文件夹。",
            "这款耳机支持主动降噪，一次充电可以连续播放三十小时。",
            "可以",
        ),
    ),
    (
        "which cable do I need for a second monitor",
        (
            "A second screen connects to the USB-C port with a DisplayPort cable; HDMI gives 60 Hz at most.",
            "Two monitors side by side take about 120 cm of a desk.",
            "Cables longer than ten metres should be laid along the wall.",
            "USB-C",
        ),
    ),
    (
        "remove duplicates from an array in JavaScript",
        (
            "const unique = (items) => [...new Set(items)];  // keeps the first of each",
            "array.sort((a, b) => a.price - b.price);",
            "用 Set 可以去掉数组里重复的元素，顺序保持不变。",
            "DELETE FROM sessions WHERE expires < now();",
        ),
    ),
    (
        "how often must the coffee machine be descaled?",
        (
            _LONG_ENGLISH,
            "指示灯闪橙色时就要除垢，大约每两百杯一次。",
            "The new café opens at seven and closes when the last guest has left.",
            "加班费按照劳动合同约定的工资标准计算。",
        ),
    ),
)
