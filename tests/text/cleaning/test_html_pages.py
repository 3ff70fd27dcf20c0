"""HTML in which something is meant that looks like markup, raised figures, and tables."""

import pytest

from core.text.cleaning.html_pages import html_to_text

ADDRESSES = (
    (
        "<p>Contact John <john.doe@my-company.com> or <https://help.example.com/returns?id=5>.</p>",
        "Contact John <john.doe@my-company.com> or <https://help.example.com/returns?id=5>.",
    ),
    (
        "<p>Call the API with <order-id> and <your-api-key> set.</p>",
        "Call the API with <order-id> and <your-api-key> set.",
    ),
    (
        "- Write to <help-desk@acme-shop.com> or see <https://acme.com/returns>.<br>We answer within a day.",
        "- Write to <help-desk@acme-shop.com> or see <https://acme.com/returns>.\nWe answer within a day.",
    ),
    ("<p>请写信至 <客服-help@acme.com> 或 <service@acme-shop.com>。</p>", None),
    ("<p>The pages <https://acme.com/returns/> and <ftp://acme-shop.com> are old.</p>", None),
    # Word's elements, and a page's own ones that are closed.
    (
        '<p>Refunds<o:p></o:p> take<o:p> <w:sdt>three</w:sdt> <st1:place w:st="on">days</p>',
        "Refunds take three days",
    ),
    ("<p><my-card>Refunds</my-card> take <x:b>three</x:b> days.</p>", "Refunds take three days."),
    # What is never closed takes nothing away.
    ("<p>Choose an <object> here.</p><p>Then save.</p>", "Choose an here.\n\nThen save."),
)


@pytest.mark.parametrize(("before", "after"), ADDRESSES)
def test_only_markup_is_taken_away(before: str, after: str | None) -> None:
    expected = before.removeprefix("<p>").removesuffix("</p>") if after is None else after
    assert html_to_text(before)[0] == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Price $19<sup>99</sup>, warranty 30 days<sup>1</sup>, 10<sup>5</sup> cycles, "
            "fee 5%<sup>2</sup>.",
            "Price $19^99, warranty 30 days^1, 10^5 cycles, fee 5%^2.",
        ),
        ("面积 20 m<sup>2</sup>，保修 7 天<sup>1</sup>", "面积 20 m^2，保修 7 天^1"),
        ("10<sup>−3</sup> and (a+b)<sup><b>2</b></sup>", "10^−3 and (a+b)^2"),
        # Read well as they are.
        ("May 1<sup>st</sup>, Brand<sup>TM</sup>, Brand<sup>®</sup>", "May 1st, BrandTM, Brand®"),
        ("as it says<sup>[3]</sup> and H<sub>2</sub>O", "as it says[3] and H2O"),
    ],
)
def test_raised_figures_are_told_from_the_ones_before(before: str, after: str) -> None:
    assert html_to_text(before)[0] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<table><tr><th></th><th>Basic</th><th>Pro</th></tr>"
            "<tr><td>Price</td><td>10</td><td>20</td></tr></table>",
            "\tBasic\tPro\nPrice\t10\t20",
        ),
        ("<tr><td>a</td><td></td><td>c</td></tr><tr><td></td><td>b</td></tr>", "a\t\tc\n\tb"),
        (
            "<table><tr><td><p>Price</p></td><td><p>10</p></td><td><p>20</p></td></tr></table>",
            "Price\t10\t20",
        ),
        (
            "<table>\n<tr>\n <td><div>Price</div><div>net</div></td>\n <td>20<br>21</td>\n</tr>\n</table>",
            "Price net\t20 21",
        ),
        ("<table><tr><th><h3>Plan</h3></th><th><h3>Pro</h3></th></tr></table>", "Plan\tPro"),
        ("<table><tr><td>a</td></tr><tr><td> </td><td></td></tr><tr><td>b</td></tr></table>", "a\nb"),
        # End tags may be left out.
        (
            "<table><caption>Prices</caption><thead><tr><th>a<th>b<tbody><tr><td>1<td>2</table><p>x</p>",
            "Prices\na\tb\n1\t2\nx",
        ),
        # A raised figure that is never closed stays in its cell.
        ("<table><tr><td>x<sup>2</td><td>c<b>d</b></sup></td></tr></table>", "x2\tcd"),
    ],
)
def test_a_row_is_a_line_with_a_tab_between_cells(before: str, after: str) -> None:
    assert html_to_text(before)[0] == after


def test_a_table_for_the_layout_keeps_its_lines() -> None:
    inner = "<table><tr><td>Order</td><td>17</td></tr></table>"
    mail = f"<table><tr><td><h1>Hello</h1><p>It was sent.</p>{inner}<p>Bye</p></td></tr></table>"
    assert html_to_text(mail)[0] == "# Hello\n\nIt was sent.\n\nOrder\t17\nBye"
    long = "Refunds take three working days. " * 9
    columns = f"<table><tr><td>Menu</td><td><p>{long}</p><p>{long}</p></td></tr></table>"
    assert html_to_text(columns)[0] == f"Menu\n{long.strip()}\n\n{long.strip()}"
    code = "<table><tr><td><pre>1\n2</pre></td><td><pre>a\n  b</pre></td></tr></table>"
    assert html_to_text(code)[0] == "1\n2\na\n  b"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<p>010-5566-7788<img alt="Service map">open daily</p>', "010-5566-7788 Service map open daily"),
        ('<p><img src="x.png" alt="尺码表">129元</p>', "尺码表 129元"),
        ("<p>Length<span>12 cm</span></p>", "Length 12 cm"),
        (
            "<div><span>Small</span><span>Medium</span><span>4</span><span>XL</span></div>",
            "Small Medium 4 XL",
        ),
        ("<nav><a href='/'>home</a><a href='/faq'>FAQ</a></nav>", "home FAQ"),
        ("<p><button>Add</button><button>compare</button></p>", "Add compare"),
        ("<p><label>E-mail</label><input>required</p>", "E-mail required"),
        # One word of which a part is marked, and signs that belong to it.
        ("<p>re<b>fund</b>able, H<sub>2</sub>O, <b>T</b>otal</p>", "refundable, H2O, Total"),
        (
            "<p><span>un</span><span>believable</span> <b>AX</b>30 <i>Mac</i>Book</p>",
            "unbelievable AX30 MacBook",
        ),
        ("<p><span>$</span><span>1,299</span><span>.</span><span>00</span>!</p>", "$1,299.00!"),
        ("<p>退<em>款</em>到<span>账</span>，<b>30</b>天</p>", "退款到账，30天"),
        ("<p>Press (<button>OK</button>).</p>", "Press (OK)."),
    ],
)
def test_a_blank_stands_where_the_page_shows_a_gap(before: str, after: str) -> None:
    assert html_to_text(before)[0] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<p>Sales</p><svg><style>.a{}</style><title>By quarter</title><path d='M0'/><g><text>Q3</text>"
            "<text><tspan>81</tspan></text></g></svg><p>End</p>",
            "Sales\n\nBy quarter Q3 81\nEnd",
        ),
        ("<p>Up</p><svg><path d='M0 0'></path></svg><p>Down</p>", "Up\n\nDown"),
        (
            "<p>Colour <select><option value=1>Sand<option selected>Night blue</select> in stock</p>",
            "Colour\n- Sand\n- Night blue\nin stock",
        ),
        (
            "<select><optgroup label='尺码'><option>大</option><option>小</option></optgroup></select>",
            "尺码\n- 大\n- 小",
        ),
        ("<p>Never closed: <svg> here.</p><p>Then save.</p>", "Never closed: here.\n\nThen save."),
    ],
)
def test_words_of_drawings_and_choices_stay(before: str, after: str) -> None:
    assert html_to_text(before)[0] == after
