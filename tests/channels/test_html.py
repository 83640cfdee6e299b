"""HTML bodies become text that people can read and in which quotes are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear, filled
from ticketctl.channels.email.parse.html import to_text
from ticketctl.domain.text.quotes import split


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hej</p><p>Två</p>", "Hej\n\nTvå"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("x<br/>y", "x\ny"),
        ("  en \n rad\tmed   luft ", "en rad med luft"),
        ("<p class=MsoNormal>Hej,</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Mvh</p>", "Hej,\n\nMvh"),
        ("<ul><li>ett<li>två<ul><li>in</ul><li>tre</ul>efter", "- ett\n- två\n  - in\n- tre\n\nefter"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        (
            "<table><tr><th>Namn</th><th>Pris</th></tr><tr><td>Pärm</td><td>12 kr</td></tr></table>",
            "Namn | Pris\nPärm | 12 kr",
        ),
        ("<table><tr><td>a<tr><td>b</table>c", "a\nb\n\nc"),
        ("<table><tr><td><table><tr><td>x</td></tr></table></td><td>z<br>w</td></tr></table>", "x\nz\nw"),
        ("<pre>rad 1\n  rad 2</pre>", "rad 1\n  rad 2"),
        ("x<hr>z", "x\n________________________________\nz"),
        ("&aring;&auml;&ouml; &#229; &#xE5; &lt;b&gt; &nosuch;", "åäö å å <b> &nosuch;"),
        ("a < b och c > d", "a < b och c > d"),
        ("<p>oavslutad <b>fet", "oavslutad fet"),
        ('<a title="a > b" href="https://example.org/x">Klicka</a>', "Klicka <https://example.org/x>"),
        ('<a href="https://example.org/">https://example.org</a>', "https://example.org"),
        ('<a href="http://www.example.org">www.example.org</a>', "www.example.org"),
        ('<a href="mailto:a@example.org">a@example.org</a>', "a@example.org"),
        ('<a href="mailto:a@example.org?subject=x">Anna</a>', "Anna <a@example.org>"),
        ('<a href="javascript:alert(1)">Klicka</a>', "Klicka"),
        ('<img alt="Vår logga"><img alt="image001.png">', "[Vår logga]"),
        (
            "<html><head><style>p{}</style><title>t</title></head><body>x<script>"
            "if (a<b) alert(1)</script>y</body></html>",
            "xy",
        ),
        ('<span style="display:none">dolt</span>synligt', "synligt"),
        ('<div style="display: none">bara dolt</div>', "bara dolt"),
        ("<!-- <p>borta</p> -->kvar<![endif]>", "kvar"),
        ("", ""),
        ("ingen html alls", "ingen html alls"),
    ],
)
def test_readable_text(html: str, text: str) -> None:
    assert to_text(html) == text


GMAIL = (
    '<div dir="ltr">Ja tack!<div><br></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    'Den tis 5 mars 2024 kl 14:03 skrev Anna &lt;<a href="mailto:a@example.org">a@example.org</a>&gt;:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Hej<blockquote>djup</blockquote>Slut</blockquote></div>'
)
OUTLOOK = (
    '<p class="MsoNormal">Ja tack!<o:p></o:p></p><p class="MsoNormal">&nbsp;</p>'
    '<div style="border:none;border-top:solid">'
    '<p class="MsoNormal"><b>Från:</b> Olle &lt;o@example.org&gt;<br><b>Skickat:</b> den 5 mars 2024 14:03<br>'
    '<b>Till:</b> Anna<br><b>Ämne:</b> Test</p></div><p class="MsoNormal">Gammalt</p>'
)
OUTLOOK_WEB = (
    '<div>Ja tack!</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
    '<div id="divRplyFwdMsg">'
    "<font><b>Från:</b> Olle &lt;o@example.org&gt;<br><b>Skickat:</b> den 5 mars 2024 14:03<br><b>Till:</b> Anna<br>"
    "<b>Ämne:</b> Test</font><div>&nbsp;</div></div><div>Gammalt</div>"
)
APPLE = (
    '<body>Ja tack!<br><div><br><blockquote type="cite"><div>'
    "5 mars 2024 kl. 14:03 skrev Anna &lt;a@example.org&gt;:</div>"
    "<br><div>Gammalt</div></blockquote></div></body>"
)
THUNDERBIRD = (
    '<p>Ja tack!</p><div class="moz-cite-prefix">Den 2024-03-05 kl. 14:03, skrev Anna:<br></div>'
    '<blockquote type="cite"><p>Gammalt</p></blockquote>'
)
YAHOO = (
    '<div>Ja tack!</div><div class="yahoo_quoted"><div>'
    "Den tisdag 5 mars 2024 14:03:11 CET skrev Anna &lt;a@example.org&gt;:"
    "</div><div>Gammalt</div></div>"
)
UNKNOWN = (
    '<div>Ja tack!</div><div id="yiv1_yahoo_quoted"><div>Rad på ett språk som vi inte kan</div><div>Gammalt</div></div>'
)
SAMSUNG = (
    "<div>Ja tack!</div><div><br></div><div>-------- Originalmeddelande --------</div><div>"
    "Från: Anna &lt;a@example.org&gt;"
    "</div><div>Datum: 2024-03-05 14:03 (GMT+01:00)</div><div>Till: o@example.org</div><div>"
    "Rubrik: Test</div><div>Gammalt</div>"
)


@pytest.mark.parametrize("html", [GMAIL, OUTLOOK, OUTLOOK_WEB, APPLE, THUNDERBIRD, YAHOO, UNKNOWN, SAMSUNG])
def test_the_quotes_of_all_clients_are_found(html: str) -> None:
    body = split(to_text(html))
    assert body.new_text == "Ja tack!"
    assert "Gammalt" in body.quoted or "Slut" in body.quoted


def test_answers_between_quotes_stay_with_them() -> None:
    html = "<blockquote>Fråga 1?</blockquote><p>Svar 1</p><blockquote>Fråga 2?</blockquote><p>Svar 2</p>"
    assert split(to_text(html)).new_text == "> Fråga 1?\n\nSvar 1\n\n> Fråga 2?\n\nSvar 2"


def test_nested_quotes_show_their_depth() -> None:
    assert "> Hej\n>\n>> djup\n>\n> Slut" in to_text(GMAIL)


@given(st.text(alphabet="<>/ab\"'=-!&#;p \n\u00e5\x00", max_size=300))
def test_never_raises(html: str) -> None:
    assert isinstance(to_text(html), str)


@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "<tr>",
                "<td>",
                "</td>",
                "</tr>",
                "</table>",
                "<div class=gmail_quote>",
                "</div>",
                "<blockquote>",
                "</blockquote>",
                "<ul>",
                "<li>",
                "</ul>",
                "<a href=x>",
                "</a>",
                "<pre>",
                "w ",
            ]
        )
    )
)
def test_no_word_is_lost_in_broken_nesting(parts: list[str]) -> None:
    assert to_text("".join(parts)).count("w") == parts.count("w ")


WORST = ["<", "<a", "<a ", "<!--", "<![", "</", "<div>", "<blockquote>", "<table><tr><td>", "<td>", "</td>",
         "<tr>", '<a href="',
         "<script>", "<style", "</style", "&", "&#", "&amp;", "<p>", "<li>", "<ul>", "</div>", "<pre>\n",
         "<a>", "</a>", "\x00",
         '<div class="gmail_quote">', '<div style="display:none">', "<a href='x'>y", "<!-- <script>", "a", " ",
         "\u00a0"]  # fmt: skip


@pytest.mark.parametrize("piece", WORST, ids=repr)
def test_linear(piece: str) -> None:
    assert_linear(lambda size: to_text(filled(piece, size)), 300_000)


@pytest.mark.parametrize("how", [
    "hidden", 'class="a" hidden', 'style="display:none"', 'style="max-height: 0; overflow:hidden"', 'style="opacity:0"',
    'style="mso-hide:all"', 'style="VISIBILITY:hidden"',
])  # fmt: skip
def test_what_is_hidden_is_not_read(how: str) -> None:
    assert to_text(f"<div {how}>Förhandstext</div><p>Hej!</p>") == "Hej!"


@pytest.mark.parametrize(
    "how", ['title="the hidden thing"', 'data-hidden="x"', 'style="font-size:0px"', 'class="hidden"']
)
def test_what_is_only_called_hidden_is_read(how: str) -> None:
    assert to_text(f"<div {how}><span style='font-size:13px'>Hej!</span></div><p>Åsa</p>") == "Hej!\n\nÅsa"


def test_lists_begin_where_they_say() -> None:
    assert to_text('<ol start="3"><li>tre<li>fyra</ol>') == "3. tre\n4. fyra"
    assert to_text('<ol start="x"><li>ett</ol>') == "1. ett"
