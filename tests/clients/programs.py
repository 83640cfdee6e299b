"""Answers and forwards as eleven mail programs put them together, plain and as HTML, from the habits of a language.

Every function takes who wrote the older mail and gives a body whose own words are `habits.own`; the markup is that of
the programs, reduced to what carries meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap

import msgspec

from tests.clients.habits import Habits

SUBJECT = "Torsdag åäö"


class Writer(msgspec.Struct, frozen=True):
    """Who wrote the older mail."""

    name: str
    address: str


Body = Callable[[Habits, Writer], str]


def _attribution(form: str, writer: Writer) -> str:
    return form.format(name=writer.name, address=writer.address)


def wrapped(line: str, width: int = 76) -> str:
    """As programs wrap plain text: at spaces, never within an address or at a narrow space."""
    return "\n".join(
        wrap(line.replace("\u202f", "\u2007"), width, break_long_words=False, break_on_hyphens=False)
    ).replace("\u2007", "\u202f")


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _divs(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _paragraphs(text: str) -> str:
    lines = text.split("\n")
    return "".join(f"<p class=MsoNormal><span>{escape(line) or '&nbsp;'}<o:p></o:p></span></p>" for line in lines)


def _fields(habits: Habits, writer: Writer, sent: str, space: str = " ") -> list[tuple[str, str]]:
    sender, _, to, copy, subject = habits.block
    return [
        (sender, f"{writer.name} <{writer.address}>"),
        (sent, habits.when),
        (to, "Support <support@example.com>"),
        (copy, "Berg, Olle <olle.berg@example.org>"),
        (subject, f"{SUBJECT}"),
    ]


def _plain_block(fields: list[tuple[str, str]], bold: str = "") -> str:
    return "\n".join(f"{bold}{name}:{bold} {value}" for name, value in fields)


def _html_block(fields: list[tuple[str, str]]) -> str:
    return "<br>\n".join(f"<b>{name.replace(chr(160), '&nbsp;')}:</b> {escape(value)}" for name, value in fields)


# --- Gmail, and Gmail on Android ---


def gmail(habits: Habits, writer: Writer) -> str:
    return f"{habits.own}\n\n{wrapped(_attribution(habits.gmail, writer))}\n\n{quoted(habits.old)}\n"


def _linked(form: str, writer: Writer) -> str:
    text = escape(form.format(name=writer.name, address="\0"))
    return text.replace("\0", f'<a href="mailto:{writer.address}">{writer.address}</a>')


def gmail_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<div dir="ltr">{_divs(habits.own)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">{_linked(habits.gmail, writer)}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f'<div dir="ltr">{_divs(habits.old)}</div></blockquote></div>'
    )


def android_gmail_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<div dir="auto">{_divs(habits.own)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{_linked(habits.gmail, writer)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">'
        f'<div dir="auto">{_divs(habits.old)}</div></blockquote></div>'
    )


# --- Outlook ---


def outlook_desktop(habits: Habits, writer: Writer) -> str:
    block = _plain_block(_fields(habits, writer, habits.block[1]))
    return f"{habits.own}\n\n{block}\n\n{habits.old}\n"


def outlook_desktop_plain_text(habits: Habits, writer: Writer) -> str:
    block = _plain_block(_fields(habits, writer, habits.block[1]))
    return f"{habits.own}\n\n-----{habits.original}-----\n{block}\n\n{habits.old}\n"


def outlook_desktop_linked(habits: Habits, writer: Writer) -> str:
    """As a server makes plain text of its HTML: bold fields, addresses with their link behind them."""
    fields = [
        (name, value.replace(">", f"<mailto:{writer.address}>>"))
        for name, value in _fields(habits, writer, habits.block[1])
    ]
    return f"{habits.own}\n\n{_plain_block(fields, '*')}\n\n{habits.old}\n"


def outlook_desktop_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=SV><div class=WordSection1>'
        f"{_paragraphs(habits.own)}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:"
        "solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><span>"
        f"{_html_block(_fields(habits, writer, habits.block[1]))}<o:p></o:p></span></p></div></div>"
        f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{_paragraphs(habits.old)}</div></body></html>"
    )


def outlook_web(habits: Habits, writer: Writer) -> str:
    block = _plain_block(_fields(habits, writer, habits.block[1]))
    return f"{habits.own}\n________________________________\n{block}\n\n{habits.old}\n"


def outlook_web_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<div class="elementToProof">{_divs(habits.own)}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font '
        f'style="font-size:11pt">{_html_block(_fields(habits, writer, habits.block[1]))}</font><div>&nbsp;</div></div>'
        f"<div>{_divs(habits.old)}</div>"
    )


def outlook_new(habits: Habits, writer: Writer) -> str:
    block = _plain_block(_fields(habits, writer, habits.dated))
    return f"{habits.own}\n\n{block}\n\n{habits.old}\n"


def outlook_new_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<div class="elementToProof">{_divs(habits.own)}</div><div class="elementToProof"><br></div>'
        '<div id="mail-editor-reference-message-container"><div style="border-top:1pt solid #B5C4DF;padding:3pt 0 0 0">'
        f"{_html_block(_fields(habits, writer, habits.dated))}</div><div><br></div>{_divs(habits.old)}</div>"
    )


def outlook_mobile(habits: Habits, writer: Writer) -> str:
    block = _plain_block(_fields(habits, writer, habits.block[1]))
    footer = f"{habits.outlook[0]}<https://aka.ms/o0ukef>"
    return f"{habits.own}\n\n{footer}\n________________________________\n{block}\n\n{habits.old}\n"


def outlook_mobile_html(habits: Habits, writer: Writer) -> str:
    footer = escape(habits.outlook[1]).replace("Outlook", '<a href="https://aka.ms/AAb9ysg">Outlook</a>')
    return (
        f'<div dir="ltr">{_divs(habits.own)}</div><div id="ms-outlook-mobile-body-separator-line" dir="ltr"><br></div>'
        f'<div id="ms-outlook-mobile-signature" dir="ltr">{footer}</div><div id="mail-editor-reference">'
        '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
        f"{_html_block(_fields(habits, writer, habits.block[1]))}</font></div>{_divs(habits.old)}</div>"
    )


# --- Apple ---


def apple_mail(habits: Habits, writer: Writer) -> str:
    return f"{habits.own}\n\n> {_attribution(habits.apple, writer)}\n> \n{quoted(habits.old)}\n\n"


def apple_mail_unmarked(habits: Habits, writer: Writer) -> str:
    return f"{habits.own}\n\n{_attribution(habits.apple, writer)}\n\n{quoted(habits.old)}\n\n"


def apple_mail_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<html><body style="x: y;">{_divs(habits.own)}<br id="lineBreakAtBeginningOfMessage"><div><br>'
        f'<blockquote type="cite"><div>{escape(_attribution(habits.apple, writer))}</div>'
        f'<br class="Apple-interchange-newline"><div>{_divs(habits.old)}</div></blockquote></div><br></body></html>'
    )


def ios(habits: Habits, writer: Writer) -> str:
    attribution = _attribution(habits.apple, writer)
    return f"{habits.own}\n\n{habits.iphone}\n\n> {attribution}\n> \n> \ufeff{quoted(habits.old)[2:]}\n"


def ios_bare(habits: Habits, writer: Writer) -> str:
    return f"{habits.own}\n\n{habits.ipad}\n\n{_attribution(habits.apple, writer)}\n\n{quoted(habits.old)}\n"


def ios_html(habits: Habits, writer: Writer) -> str:
    attribution = escape(_attribution(habits.apple, writer))
    return (
        f'<html><body dir="auto"><div dir="ltr">{_divs(habits.own)}<br id="lineBreakAtBeginning"><div dir="ltr">'
        f'{escape(habits.iphone)}</div><div dir="ltr"><br><blockquote type="cite">{attribution}'
        f'<br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{_divs(habits.old)}</div></blockquote>'
        "</div></body></html>"
    )


# --- Thunderbird, Yahoo, Samsung ---


def thunderbird(habits: Habits, writer: Writer) -> str:
    return f"{habits.own}\n\n{_attribution(habits.thunderbird, writer)}\n{quoted(habits.old)}\n"


def thunderbird_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<html><body><p>{escape(habits.own).replace(chr(10), "<br>")}</p><div class="moz-cite-prefix">'
        f'{escape(_attribution(habits.thunderbird, writer))}<br></div><blockquote type="cite" cite="mid:1@example.org">'
        f"<p>{escape(habits.old).replace(chr(10), '<br>')}</p></blockquote></body></html>"
    )


def yahoo(habits: Habits, writer: Writer) -> str:
    old = "\n".join(f"  {line}" for line in habits.old.split("\n"))
    return f" {habits.own}\n\n    {_attribution(habits.yahoo, writer)}\n \n {old}\n"


def yahoo_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr" data-x="1">{_divs(habits.own)}</div>'
        '<div><br></div></div><div id="ydp2yahoo_quoted_77" class="yahoo_quoted"><div style="color:#26282a">'
        f"<div>{escape(_attribution(habits.yahoo, writer))}</div><div><br></div><div><br></div>"
        f"<div>{_divs(habits.old)}</div></div></div></body></html>"
    )


def samsung(habits: Habits, writer: Writer) -> str:
    block = _plain_block([one for one in _fields(habits, writer, habits.dated) if one[0] != habits.block[3]])
    return f"{habits.own}\n\n\n{habits.galaxy}\n\n\n-------- {habits.original} --------\n{block} \n\n{habits.old}\n"


def samsung_html(habits: Habits, writer: Writer) -> str:
    fields = [one for one in _fields(habits, writer, habits.dated) if one[0] != habits.block[3]]
    block = "".join(f"<div>{name}: {escape(value)} </div>" for name, value in fields)
    return (
        f'<div dir="auto">{_divs(habits.own)}</div><div><br></div><div id="composer_signature" dir="auto"><div>'
        f'{escape(habits.galaxy)}</div></div><div dir="auto"><br></div><div align="left" dir="auto"><div>-------- '
        f"{escape(habits.original)} --------</div>{block}<div><br></div></div>{_divs(habits.old)}"
    )


REPLIES: dict[str, Body] = {
    function.__name__: function
    for function in (
        *(gmail, outlook_desktop, outlook_desktop_plain_text, outlook_desktop_linked, outlook_web, outlook_new),
        *(outlook_mobile, apple_mail, apple_mail_unmarked, ios, ios_bare, thunderbird, yahoo, samsung),
    )
}
HTML_REPLIES: dict[str, Body] = {
    function.__name__: function
    for function in (
        *(gmail_html, android_gmail_html, outlook_desktop_html, outlook_web_html, outlook_new_html),
        *(outlook_mobile_html, apple_mail_html, ios_html, thunderbird_html, yahoo_html, samsung_html),
    )
}


# --- forwards ---


def gmail_forward(habits: Habits, writer: Writer) -> str:
    """Gmail translates the name of the sender's field alone."""
    return (
        f"{habits.own}\n\n---------- Forwarded message ---------\n{habits.block[0]}: {writer.name} <{writer.address}>\n"
        f"Date: {habits.when}\nSubject: {SUBJECT}\nTo: <support@example.com>\n\n\n{habits.old}\n"
    )


def gmail_forward_html(habits: Habits, writer: Writer) -> str:
    return (
        f'<div dir="ltr">{_divs(habits.own)}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- '
        f'Forwarded message ---------<br>{habits.block[0]}: <strong class="gmail_sendername">{escape(writer.name)}'
        f'</strong> <span dir="auto">&lt;<a href="mailto:{writer.address}">{writer.address}</a>&gt;</span><br>Date: '
        f"{habits.when}<br>Subject: {SUBJECT}<br>To: &lt;support@example.com&gt;<br></div><br><br>{_divs(habits.old)}"
        "</div></div>"
    )


def apple_forward(habits: Habits, writer: Writer) -> str:
    sender, _, to, _, subject = habits.block
    fields = [(sender, f"{writer.name} <{writer.address}>"), (subject, SUBJECT), (habits.dated, habits.when),
              (to, "support@example.com")]  # fmt: skip
    block = "\n".join(f"> {name}: {value}" for name, value in fields)
    return f"{habits.own}\n\n> {habits.begin}:\n> \n{block}\n> \n{quoted(habits.old)}\n"


def thunderbird_forward(habits: Habits, writer: Writer) -> str:
    sender, _, to, _, subject = habits.block
    rows = [
        (subject, SUBJECT),
        (habits.dated, habits.when),
        (sender, f"{writer.name} <{writer.address}>"),
        (to, "support@example.com"),
    ]
    block = "\n".join(f"{name + ':':10}\t{value}" for name, value in rows)
    return f"{habits.own}\n\n\n-------- {habits.forwarded} --------\n{block}\n\n\n\n{habits.old}\n"


def thunderbird_forward_html(habits: Habits, writer: Writer) -> str:
    sender, _, to, _, subject = habits.block
    rows = [
        (subject, SUBJECT),
        (habits.dated, habits.when),
        (sender, f"{writer.name} <{writer.address}>"),
        (to, "support@example.com"),
    ]
    table = "".join(f'<tr><th nowrap align="RIGHT">{n}: </th><td>{escape(value)}</td></tr>' for n, value in rows)
    return (
        f'<p>{escape(habits.own).replace(chr(10), "<br>")}</p><div class="moz-forward-container"><br><br>-------- '
        f'{habits.forwarded} --------<table class="moz-email-headers-table"><tbody>{table}</tbody></table>'
        f"<br><br><p>{escape(habits.old).replace(chr(10), '<br>')}</p></div>"
    )


FORWARDS: dict[str, Body] = {
    function.__name__: function
    for function in (
        *(gmail_forward, apple_forward, thunderbird_forward, outlook_desktop, outlook_web, outlook_new),
        *(outlook_mobile, samsung),
    )
}
HTML_FORWARDS: dict[str, Body] = {
    function.__name__: function
    for function in (
        *(gmail_forward_html, thunderbird_forward_html, outlook_desktop_html, outlook_web_html, outlook_new_html),
        *(outlook_mobile_html, samsung_html),
    )
}
