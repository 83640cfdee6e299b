"""The HTML part says what the text says: no word more or less, nothing that runs or loads, marked up where it helps."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear, filled
from ticketctl.content.mail_html import mail_html

TAGS = {"html", "head", "meta", "body", "div", "p", "br", "ul", "ol", "li", "blockquote", "pre", "a"}


class Read(HTMLParser):
    """What a mail program finds: its texts, its tags, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [str(value) for name, value in attrs if name == "href"]
        self.text += f"{dict(attrs).get('value', '')} " if tag == "li" else " " if tag != "a" else ""

    def handle_endtag(self, tag: str) -> None:
        self.text += " " if tag != "a" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def body(text: str) -> str:
    html = mail_html(text, "sv")
    return html[html.index("<div") : html.rindex("</div>")].partition("\n")[2].rstrip()


def paragraphs(text: str) -> list[str]:
    return re.sub(r' style="[^"]*"', "", body(text)).split("\n")


def words(text: str) -> list[str]:
    """Without the marks of quotes and lists, which are drawn, and white space."""
    bare = re.sub(r"(?m)^(?:> ?){1,20}", "", text)
    bare = re.sub(r"(?m)^ {0,3}(?:[-*•–]|(\d+)[.)]) +(?=\S)", r"\1 ", bare)
    return re.sub(r"[-*•–.)]", " ", bare).split()


def test_paragraphs_and_lines() -> None:
    assert paragraphs("Hej Åsa!\n\nDen kommer i morgon.\nHälsningar\nBo") == [
        "<p>Hej Åsa!</p>",
        "<p>Den kommer i morgon.<br>",
        "Hälsningar<br>",
        "Bo</p>",
    ]


def test_lines_that_only_an_editor_broke_run_on() -> None:
    text = (
        "Fungerar det inte som det ska, eller undrar du över något mer? Svara på\n"
        "det här mejlet, så tittar vi på det på nytt, så snart som vi bara hinner\n"
        "med det.\nStorgatan 1"
    )
    assert paragraphs(text)[0].endswith("Svara på")
    assert paragraphs(text)[1].endswith("hinner")
    assert paragraphs(text)[2:] == ["med det.<br>", "Storgatan 1</p>"]
    long_lines = f"{'ord ' * 30}\nslut"
    assert "<br>" in body(long_lines), "no editor wraps at 120 columns"


def test_lists_keep_the_writers_numbers() -> None:
    text = "Ta med:\n- legitimation\n- koden,\n  som du fick\n\n1. Gå dit\n3) Visa"
    assert paragraphs(text) == [
        "<p>Ta med:</p>",
        "<ul>",
        "<li>legitimation</li>",
        "<li>koden,<br>",
        "som du fick</li>",
        "</ul>",
        "<ol>",
        '<li value="1">Gå dit</li>',
        '<li value="3">Visa</li>',
        "</ol>",
    ]
    assert "<ul" not in body("Hälsningar\n- Bo"), "a dash before a name begins no list"


def test_quotes_are_nested_and_the_signature_stands_apart() -> None:
    html = body("Ja!\n\n> Kommer den?\n>> Vi ser efter.\n> Åsa\n\n-- \nBo\n08-123")
    assert html.count("<blockquote") == 2
    assert html.index("Kommer den?") < html.index("Vi ser efter.") < html.index("</blockquote>") < html.index("Åsa")
    assert html.endswith("-- <br>\nBo<br>\n08-123</p>")


def test_a_table_in_fixed_width_stays_one() -> None:
    assert "<pre" in body("    Kanna   349,00\n    Frakt    59,00")
    assert "Kanna   349,00\nFrakt    59,00</pre>" in body("    Kanna   349,00\n    Frakt    59,00")
    assert "a&nbsp; &nbsp; b" in body("a    b")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Se https://exempel.example/å?a=1&b=2.", ["https://exempel.example/å?a=1&b=2"]),
        ("(http://exempel.example/a_(b))", ["http://exempel.example/a_(b)"]),
        ("<https://exempel.example>, tack!", ["https://exempel.example"]),
        ("Skriv till retur@exempel.example!", ["mailto:retur@exempel.example"]),
        ("javascript:alert(1) data:text/html,x file:///etc/passwd //x.example ftp://x.example", []),
        ('https://exempel.example/"onmouseover="alert(1)', ["https://exempel.example/"]),
        ("x@y a@b.example@c.example", ["mailto:a@b.example"]),
    ],
)
def test_links_lead_where_they_say(text: str, links: list[str]) -> None:
    read = Read(mail_html(text, "sv"))
    assert read.links == links
    assert all(link.removeprefix("mailto:") in text for link in links)


@given(st.text(alphabet=st.sampled_from("aå1 \n\n\t>-*.)(<&\"'@:/x;=]—"), max_size=300))
def test_whatever_is_written_says_the_same_and_runs_nothing(text: str) -> None:
    read = Read(mail_html(text, "sv"))
    assert read.tags <= TAGS
    assert read.attributes <= {
        "lang", "http-equiv", "content", "name", "style", "type", "href", "value"
    }  # fmt: skip
    assert re.sub(r"\W", "", read.text) == re.sub(r"\W", "", text)


def test_every_word_of_a_whole_reply_is_there() -> None:
    text = (
        "Hej!\n\n- ett\n- två\n\n    kod  kod\n\nDen fre 20 nov. 2026 kl 10:00 skrev Åsa:\n"
        "> <script>alert(1)</script>\n"
        "> > & \"citat\" 'så'\n\nhttps://exempel.example/?a=1&amp;b=2\n-- \nBo"
    )
    assert words(Read(mail_html(text, "sv")).text) == words(text)


@pytest.mark.parametrize(
    "piece", [">", "> ", "- a\n", "https://x.example/)", "a@", "(", "1. a\n", "  \n", "a@a.a.", "\n"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert_linear(lambda size: mail_html(filled(piece, size), "sv"), 200_000)
