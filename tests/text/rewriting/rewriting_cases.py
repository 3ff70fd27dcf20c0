"""Hand-written cases: (query, context, {source: wording}); an empty table means that nothing may change.

The glossary of all of them is `GLOSSARY`. Contexts name a product, a place or a person.
"""

from typing import NamedTuple

GLOSSARY = (
    ("term", "canonical", "aliases"),
    ("2FA", "two-factor authentication", "2-step verification|two step verification"),
    ("VPN", "virtual private network", ""),
    ("IT", "information technology", ""),
    ("API", "programming interface", ""),
    ("SSO", "single sign-on", "single sign on"),
    ("Wi-Fi", "Wi-Fi", "wifi|wi fi"),
    ("iPhone", "iPhone", "i-phone"),
    ("cell phone", "mobile phone", "cellphone|handset"),
    ("refund", "refund", "money back"),
    ("社保", "社会保险", ""),
    ("北大", "北京大学", ""),
    ("公积金", "住房公积金", ""),
    ("动态码", "短信验证码", "手机验证码"),
    ("刷脸", "人脸识别", ""),
    ("开票", "开具发票", "打发票"),
    ("微信", "微信", "WeChat"),
)


class Case(NamedTuple):
    """A query in a context, and the wording that each source must give; sources not named must give none."""

    query: str
    context: str
    expected: dict[str, str]


ROUTER = "I bought the Acme Router X2 from Best Buy last week."
OFFICE = "Our office is in Hamburg near Central Station."
DOCTOR = "My case is handled by Dr. Meyer at Acme Legal."
LUYOU = "我上个月在京东买了北辰路由器AX30。"
WANGDIAN = "我要去中国银行上海分行办业务"
JINGLI = "我的合同由张伟经理负责。"

ENGLISH_CHANGED = (
    # Pronouns and deictics
    Case("What is its warranty?", ROUTER, {"reference": "What is Acme Router X2's warranty?"}),
    Case("Does it support WPA3?", ROUTER, {"reference": "Does Acme Router X2 support WPA3?"}),
    Case("It's not charging", ROUTER, {"reference": "Acme Router X2 is not charging"}),
    Case("it's been broken since May", ROUTER, {"reference": "Acme Router X2 has been broken since May"}),
    Case(
        "What is the best way to clean it?",
        ROUTER,
        {"reference": "What is the best way to clean Acme Router X2?"},
    ),
    Case("Is it possible to return it?", ROUTER, {"reference": "Is it possible to return Acme Router X2?"}),
    Case(
        "does this device support error E17", ROUTER, {"reference": "does Acme Router X2 support error E17"}
    ),
    Case("is this waterproof?", ROUTER, {"reference": "is Acme Router X2 waterproof?"}),
    Case("any accessories for that?", ROUTER, {"reference": "any accessories for Acme Router X2?"}),
    Case("What is his phone number?", DOCTOR, {"reference": "What is Dr. Meyer's phone number?"}),
    Case("When is she in the office?", DOCTOR, {"reference": "When is Dr. Meyer in the office?"}),
    Case("where can I park there?", OFFICE, {"reference": "where can I park at Central Station?"}),
    # Missing subject
    Case("how to reset?", ROUTER, {"subject": "how to reset Acme Router X2?"}),
    Case("price?", ROUTER, {"subject": "Acme Router X2 price?"}),
    Case("doesn't turn on", ROUTER, {"subject": "Acme Router X2 doesn't turn on"}),
    Case("what about the warranty?", ROUTER, {"subject": "what about the warranty of Acme Router X2?"}),
    # Glossary
    Case("enable 2FA for admins", "", {"abbreviation": "enable two-factor authentication for admins"}),
    Case("vpn drops every hour", "", {"abbreviation": "virtual private network drops every hour"}),
    Case("wifi keeps dropping", "", {"terminology": "Wi-Fi keeps dropping"}),
    Case("IPHONE trade in", "", {"terminology": "iPhone trade in"}),
    Case("cellphone contract", "", {"synonym": "mobile phone contract"}),
    Case("Money back for a late parcel", "", {"synonym": "Refund for a late parcel"}),
    Case("ＶＰＮ setup", "", {"abbreviation": "virtual private network setup"}),
    Case(
        "IT department phone number",
        ROUTER,
        {"abbreviation": "information technology department phone number"},
    ),
    # Question form
    Case("Hello, how do I change my password?", "", {"question": "How to change my password?"}),
    Case("Could you please tell me what the limit is?", "", {"question": "What is the limit?"}),
    Case("cancel my order please", "", {"question": "how to cancel my order"}),
    Case("Hello, where is my parcel?", "", {"question": "Where is my parcel?"}),
    Case("where is my parcel, please?", "", {"question": "where is my parcel?"}),
    Case(
        "Could you tell me if I can return opened software?",
        "",
        {"question": "Can I return opened software?"},
    ),
    Case("Can you tell me where my parcel is?", "", {"question": "Where is my parcel?"}),
    Case("Could you tell me why my parcel is late?", "", {"question": "Why my parcel is late"}),
    Case(
        "Could you tell me where the store is and what the opening hours are?",
        "",
        {"question": "Where the store is and what the opening hours are"},
    ),
    Case("请问怎么冻结银行卡", "", {"question": "如何冻结银行卡"}),
    Case("Can you tell me which bank is open?", "", {"question": "Which bank is open?"}),
    Case("could you tell me how I can close my account", "", {"question": "how to close my account"}),
    Case(
        "change the phone number on my order, thanks",
        "",
        {"question": "how to change the phone number on my order"},
    ),
    Case("reset the router thanks", "", {"question": "how to reset the router"}),
    # Several rules
    Case(
        "How do I turn off 2FA on it?",
        ROUTER,
        {
            "reference": "How do I turn off 2FA on Acme Router X2?",
            "abbreviation": "How do I turn off two-factor authentication on it?",
            "all": "How do I turn off two-factor authentication on Acme Router X2?",
        },
    ),
    Case(
        "how do I return this?",
        ROUTER,
        {
            "reference": "how do I return Acme Router X2?",
        },
    ),
)
ENGLISH_UNCHANGED = tuple(
    Case(query, context, {})
    for query, context in (
        # Expletive and idiomatic «it»
        ("it is raining", ROUTER),
        ("Is it going to snow tomorrow?", ROUTER),
        ("what time is it in Tokyo", ROUTER),
        ("Is it safe to drink tap water?", ROUTER),
        ("how long does it take to ship", ROUTER),
        ("does it matter which cable I use", ROUTER),
        ("when it comes to taxes, who pays", ROUTER),
        ("it is too late to cancel", ROUTER),
        ("what does it cost to ship to Norway", ROUTER),
        # The antecedent stands in the query
        ("The printer jams when I touch it", ROUTER),
        ("My phone fell into water, is it repairable", ROUTER),
        ("Can the Contoso Hub 5 work if it is offline", ROUTER),
        ("Why does water expand when it freezes", ROUTER),
        ("What did the president say in his speech", DOCTOR),
        ("When did Luther widen his attacks", DOCTOR),
        # Deictics with a noun of their own, existential «there», conjunction «that»
        ("this error keeps coming back", ROUTER),
        ("this phone number is wrong", ROUTER),
        ("is there a manual", ROUTER),
        ("prove that you are human", ROUTER),
        ("deadline this week", ROUTER),
        # Quotations, capitals, plural
        ('what does "it" mean', ROUTER),
        ("are they compatible", ROUTER),
        # The query names the entity itself; the context names none of that kind
        ("Is the Acme Router X2 better than it looks?", ROUTER),
        ("where does he work", ROUTER),
        # A subject is there
        ("doesn't the router support WPA3?", ROUTER),
        ("price list", ROUTER),
        ("how to reset a password", ROUTER),
        # Aliases inside words, identifiers, paths, addresses and quotations
        ("APIs for beginners", ""),
        ("set API_KEY on the server", ""),
        ("what is my-api-key for", ""),
        ("open https://api.example.com/vpn", ""),
        ("edit /etc/vpn/config", ""),
        ("VPNs compared", ""),
        ('error "VPN not found"', ""),
        ("2FA-token lost", ""),
        ("call client.API.get()", ""),
        # Everyday words that an abbreviation looks like, canonical forms, capitals at the start
        ("can it be sent", ""),
        ("two-factor authentication (2FA)", ""),
        ("Wi-Fi password", ""),
        ("Refund policy", ""),
        ("Single sign-on setup", ""),
        # Numbers and codes
        ("error 404 on page 2", ""),
        ("ORA-00942 table or view", ""),
        # No question form to change
        ("how do you do", ""),
        ("return address label", ""),
        ("HOW DO I RESET IT", ROUTER),
        # Not what the asker does, or what happens to the asker
        ("How can you refuse my refund?", ""),
        ("How could you charge me twice?", ""),
        ("How do you protect my data?", ""),
        ("How can someone else use my card?", ""),
        ("How can one party terminate the contract?", ""),
        ("How can I be charged twice?", ""),
        # A whether that cannot be asked alone; politeness that is asked about; a fact, not a way
        ("Could you tell me if opened software can be returned?", ""),
        ("how to respond to a thank you", ""),
        ("what to say instead of please", ""),
        ("return my order refund time", ""),
        ("open the app crashes", ""),
        # Usual forms of a question are worth no wording of their own
        ("How do I change my password?", ""),
        ("cancel my order", ""),
        # «it» is a department
        ("it department phone number", ROUTER),
        ("call the it helpdesk", ROUTER),
        # «former» and «latter» of a noun
        ("does the former owner have to sign", ROUTER),
        ("latter half of the contract", ROUTER),
    )
)
CHINESE_CHANGED = (
    Case("它的保修期多久", LUYOU, {"reference": "北辰路由器AX30的保修期多久"}),
    Case("它支持Mesh组网吗", LUYOU, {"reference": "北辰路由器AX30支持Mesh组网吗"}),
    Case("这个多少钱", LUYOU, {"reference": "北辰路由器AX30多少钱"}),
    Case("这款路由器支持5G吗", LUYOU, {"reference": "北辰路由器AX30支持5G吗"}),
    Case("该产品能退货吗", LUYOU, {"reference": "北辰路由器AX30能退货吗"}),
    Case("这是什么", LUYOU, {"reference": "北辰路由器AX30是什么"}),
    Case("那里几点开门", WANGDIAN, {"reference": "中国银行上海分行几点开门"}),
    Case("他的电话是多少", JINGLI, {"reference": "张伟经理的电话是多少"}),
    Case("它支持几个人用", "《云帆协同》", {"reference": "《云帆协同》支持几个人用"}),
    Case("它贵不贵", "智能门锁", {"reference": "智能门锁贵不贵"}),
    Case("支持无线充电吗", LUYOU, {"subject": "北辰路由器AX30支持无线充电吗"}),
    Case("保修期多久", LUYOU, {"subject": "北辰路由器AX30的保修期多久"}),
    Case("为什么连不上", LUYOU, {"subject": "北辰路由器AX30为什么连不上"}),
    Case("社保断缴有影响吗", "", {"abbreviation": "社会保险断缴有影响吗"}),
    Case("刷脸登录失败", "", {"synonym": "人脸识别登录失败"}),
    Case("手机验证码收不到", "", {"synonym": "短信验证码收不到"}),
    Case("wechat支付失败", "", {"synonym": "微信支付失败"}),
    Case("ｗｉｆｉ密码", "", {"terminology": "Wi-Fi密码"}),
    Case("请问发票抬头写什么", "", {"question": "发票抬头写什么"}),
    Case("你好，运费谁出", "", {"question": "运费谁出"}),
    Case("为啥退款这么慢", "", {"question": "为什么退款这么慢"}),
    Case("请问怎么注销账号", "", {"question": "如何注销账号"}),
    Case("你好，怎么取消自动续费", "", {"question": "如何取消自动续费"}),
    Case("请问没有发票怎么报销", "", {"question": "没有发票如何报销"}),
    Case("我想问一下怎么查我的订单", "", {"question": "如何查我的订单"}),
    Case("我想咨询下退款流程", "", {"question": "退款流程"}),
    Case("请问下怎么退款", "", {"question": "如何退款"}),
    Case("我想问问退款多久到账", "", {"question": "退款多久到账"}),
    Case("我想问个问题，运费谁出", "", {"question": "运费谁出"}),
    Case("我想问下单多久发货", "", {"question": "下单多久发货"}),
    Case("请问问题怎么解决", "", {"question": "问题如何解决"}),
    Case("请问一下子女怎么投保", "", {"question": "子女如何投保"}),
    Case("请问有没有学生折扣", "", {"question": "是否有学生折扣"}),
    Case("麻烦问下订单能不能改地址", "", {"question": "订单能否改地址"}),
    Case(
        "怎么把它重置",
        LUYOU,
        {
            "reference": "怎么把北辰路由器AX30重置",
        },
    ),
    Case(
        "怎么重置？",
        LUYOU,
        {
            "subject": "北辰路由器AX30怎么重置？",
        },
    ),
    Case(
        "请问它开票要多久E1001",
        LUYOU,
        {
            "reference": "请问北辰路由器AX30开票要多久E1001",
            "abbreviation": "请问它开具发票要多久E1001",
            "all": "北辰路由器AX30开具发票要多久E1001",
        },
    ),
)
CHINESE_UNCHANGED = tuple(
    Case(query, context, {})
    for query, context in (
        # 其它, 它们, 其他, 他人, quotations and titles
        ("其它问题找谁", LUYOU),
        ("它们的区别", LUYOU),
        ("其他品牌支持吗", JINGLI),
        ("冒用他人身份证", JINGLI),
        ("“它”字几画", LUYOU),
        ("《它》票房多少", LUYOU),
        # 这个 and 该 with another noun, or as another word
        ("这个词是什么意思", LUYOU),
        ("这个月的账单", LUYOU),
        ("这个会议几点开始", LUYOU),
        ("这款手机壳多少钱", LUYOU),
        ("应该选哪个套餐", LUYOU),
        ("这样可以吗", LUYOU),
        ("哪里买便宜", WANGDIAN),
        # The antecedent stands in the query
        ("路由器坏了，它还能修吗", LUYOU),
        ("手机掉水里了，它会短路吗", LUYOU),
        ("屏幕碎了它还能修吗", LUYOU),
        ("路德什么时候将他的攻击扩大", JINGLI),
        ("伊斯兰国缺乏国际社会给予它什么", LUYOU),
        # The query names the entity itself
        ("北辰路由器AX30和它的配件", LUYOU),
        # A subject is there
        ("会员卡支持退款吗", LUYOU),
        ("退货政策在哪里看", LUYOU),
        # Aliases inside longer words, beside the canonical form, inside titles
        ("东北大学录取线", ""),
        ("社保卡丢失", ""),
        ("住房公积金提取", ""),
        ("北京大学（北大）招生", ""),
        ("《刷脸》是谁写的", ""),
        ("微信支付限额", ""),
        # Numbers, codes, dates
        ("错误码E1001", ""),
        ("第三期账单2026年5月", ""),
        ("满300减50", ""),
        # 怎么 that asks for the reason or the state; A-not-A without an object
        ("怎么还没发货", ""),
        ("怎么回事", ""),
        ("屏幕不怎么亮", ""),
        ("怎么登录不了", ""),
        ("怎么收不到验证码", ""),
        ("怎么没到账", ""),
        ("怎么扣了我两次钱", ""),
        ("怎么快递还没到", ""),
        ("怎么退款这么慢", ""),
        ("怎么被限制登录", ""),
        ("怎么收我手续费", ""),
        ("怎么显示已签收", ""),
        ("怎么可以骗人", ""),
        ("咨询公司地址", ""),
        ("我想咨询律师", ""),
        ("订单怎么了", ""),
        ("你吃了没有", ""),
        ("行不行", ""),
        ("用户协议第5条", ""),
        # Usual forms of a question are worth no wording of their own
        ("怎么冻结银行卡", ""),
        ("有没有学生折扣", ""),
        ("订单能不能改地址", ""),
        # An English phrase is no better known in Chinese
        ("vpn连不上", ""),
        ("怎么开通2FA", ""),
        # 其 within other words
        ("其中第三条怎么理解", LUYOU),
        ("极其严重怎么办", LUYOU),
        ("其余路由器有货吗", LUYOU),
    )
)
CHANGED = (*ENGLISH_CHANGED, *CHINESE_CHANGED)
UNCHANGED = (*ENGLISH_UNCHANGED, *CHINESE_UNCHANGED)
