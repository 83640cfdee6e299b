"""Texts and HTML made to be slow to read: everything that a scanner looks at, almost and very often.

Each shape is a function from a size in characters to a text of about that size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ticketctl.domain.text import phrases

Shape = Callable[[int], str]

ATTRIBUTION = "On Tue, 5 Mar 2024 at 14:03, Anna <anna@example.org> wrote"
HEADERS = "From: Anna <anna@example.org>\nSent: Tuesday 14:03\nTo: b@example.org\nSubject: x\n"


def _repeated(piece: str) -> Shape:
    return lambda size: piece * (size // len(piece) + 1)  # whole ones, so that every size ends alike


def _halved(opening: str, closing: str) -> Shape:
    """As many openings as closings, nested."""
    return lambda size: (
        opening * (size // (len(opening) + len(closing))) + closing * (size // (len(opening) + len(closing)))
    )


PIECES = {
    "one letter": "a",
    "words on one line": "word ",
    "short lines": "a\n",
    "empty lines": "\n",
    "spaces": " ",
    "lines of spaces": " " * 70 + "\n",
    "non-breaking spaces": "\u00a0",
    "narrow and zero-width": "\u200b\u202f\ufeff",
    "carriage returns": "\r",
    "mixed line ends": "a\r\n\r\n\n\r",
    "quote marks": ">",
    "quote marks and spaces": "> ",
    "lines of quote marks": "> > > >\n",
    "quoted lines": "> quoted line of text\n",
    "quote and answer in turn": "> quoted\nanswer\n",
    "quote and empty in turn": "> quoted\n\n",
    "wrapped quotes": "> " + "word " * 14 + "\nwrapped rest\n",
    "On ": "On ",
    "Den ": "Den ",
    "On, by line": "On \n",
    "Am … schrieb": "Am 5. März 2024 um 14:03 Uhr schrieb\n",
    "attributions": ATTRIBUTION + ":\n",
    "attributions and empty lines": ATTRIBUTION + ":\n\n",
    "almost attributions": ATTRIBUTION + "\n",
    "attribution glued": "word " + ATTRIBUTION + ":\n> x\n",
    "attributions on one line": ATTRIBUTION + ": ",
    "verbs": "wrote: skrev: schrieb: ",
    "verbs by line": "wrote:\n",
    "half attributions": "On Tue, 5 Mar 2024 at 14:03\n",
    "parentheses": "(",
    "closing parentheses by line": "Anna)\nwrote 2024-03-05 14:03:\n",
    "addresses": "anna@example.org ",
    "addresses glued": "a@",
    "angle brackets": "<",
    "mailto": "<mailto:",
    "header block": HEADERS,
    "header blocks of one field": "From: Anna <anna@example.org>\n",
    "header-like lines": "Word: value\n",
    "fields and empty lines": "From: a\n\n",
    "recipients without end": "To: a@example.org;\n a@example.org;\n",
    "colons": ":",
    "full-width colons": "\uff1a\n",
    "banner": "-----Original Message-----\n",
    "almost banners": "-----Original Message\n",
    "forwarded banners": "---------- Forwarded message ----------\n",
    "banners of unknown words": "----- words of ours -----\n",
    "banners with glued fields": "----- words ----- From: a@example.orgTo: b@example.orgSubject: x\n",
    "almost glued fields": "From: To: Cc: Date: \n",
    "quoted colons": "> Here it comes:\n>\n> Word: value\n",
    "fields of unknown names": "> Here:\n> Ord: a@example.org\n> Dag: 2024-03-05 14:03\n> Sak: x\n",
    "forward that loses its marks": "Forwarded message:\n\n> From: a@example.org\n> To: b@example.org\na\n",
    "attributions without verb above pipes": "2024/03/05 Anna <anna@example.org>\n| a\n",
    "cautions": "CAUTION: this e-mail came from outside the organization. ",
    "accounts with dots": "NO.93.",
    "digits and extensions": "1 2 3 4 5 6 7 8 9 ext. ",
    "labels of telephone numbers": "Office: answering at 12 34 56 78 ",
    "rules": "________________________________\n",
    "rules and headers": "________________________________\nFrom: a@example.org\nSent: x\n",
    "dashes": "-",
    "dashes by line": "--\n",
    "signature delimiters": "-- \n",
    "equals": "=",
    "closings": "Mvh\n",
    "closings and names": "Med vänlig hälsning\nAnna Berg\n",
    "names": "Anna Berg\n",
    "thanks": "Tack\n",
    "footers": "Skickat från min iPhone\n",
    "footers apart": "Skickat från min iPhone\n\n",
    "almost footers": "Sent from " + "my " * 30 + "\n",
    "links behind words": "word <https://example.org/a>\n",
    "open links": "<https://example.org/",
    "disclaimers": "This e-mail is confidential\n\n",
    "almost disclaimers": "This e-mail is\n\n",
    "telephone numbers": "+46 8 123 45 67 ",
    "digits": "1234567890",
    "digits and spaces": "1 ",
    "digits and dashes": "1-",
    "card numbers": "4111 1111 1111 1111 ",
    "personal numbers": "900101-2385 ",
    "IBAN": "SE35 5000 0000 0549 1000 0003 ",
    "IP addresses": "10.0.0.1 ",
    "dots": ".",
    "combining marks": "a\u0301",
    "many combining marks": "\u0301",
    "Turkish capital i": "İ",
    "Japanese": "日本語のメール",
    "Thai without spaces": "ภาษาไทย",
    "emoji": "\U0001f469\u200d\U0001f680",
    "right to left": "\u202eabc\u202c",
    "lone surrogates": "\ud800",
    "NUL": "\0",
    "control characters": "\x1b[31m",
    "tabs": "\t",
    "form feeds": "\f\v\x1c",
    "list items": "- item\n",
    "markers": "| quoted\n",
    "initials": "AL> quoted\n",
    "snips": "[snip]\n> x\n",
    "uuencode": "begin 644 a\nM\n",
    "uuencode lines": "begin 644 a.txt\n" + "M" + "A" * 60 + "\n",
    "base64 in text": "begin-base64 644 a\nYWJj\n",
    "PGP armour": "-----BEGIN PGP SIGNED MESSAGE-----\n\n",
    "PGP signatures": "-----BEGIN PGP SIGNATURE-----\n",
    "bounce words": "could not be delivered to a@example.org 550 5.1.1 unknown user\n",
}  # fmt: skip

TEXTS: dict[str, Shape] = {name: _repeated(piece) for name, piece in PIECES.items()}
TEXTS |= {
    "one long line, then an attribution": lambda size: "a " * (size // 2) + f"\n\n{ATTRIBUTION}:\n> x\n",
    "quotes that grow": lambda size: _growing(size),
    "nested quotes": lambda size: "".join(f"{'>' * (n % 90)} text\n" for n in range(size // 50)),
    "every phrase": lambda size: _repeated("\n".join(_phrases()) + "\n")(size),
    "every phrase and a colon": lambda size: _repeated(":\n".join(_phrases()) + ":\n")(size),
    "an attribution wrapped for ever": lambda size: (
        "On Tue, 5 Mar 2024\n" + "word word word\n" * (size // 15) + "wrote:\n"
    ),
}

MARKUP = {
    "open tags": "<div>",
    "open blockquotes": "<blockquote>",
    "open tables": "<table><tr><td>",
    "open cells": "<td>x",
    "open rows": "<tr>",
    "open lists": "<ul><li>",
    "open links": '<a href="https://example.org/">',
    "links": '<a href="https://example.org/a">text</a> ',
    "open paragraphs": "<p>",
    "open spans": "<span style='color:red'>",
    "open pre": "<pre>\n",
    "closing tags": "</div>",
    "closing quotes": "</blockquote></table></td>",
    "breaks": "<br>",
    "rules": "<hr>",
    "images": '<img alt="word">',
    "almost tags": "<",
    "almost tags and letters": "<a",
    "tags never closed": "<a ",
    "attributes": "<a " + "x=y " * 200 + ">",
    "open attribute": '<a href="',
    "quotes in attributes": "<a x='\"'>",
    "comments": "<!-- x -->",
    "open comments": "<!--",
    "almost comments": "<!- ",
    "declarations": "<!DOCTYPE x>",
    "open declarations": "<!",
    "processing": "<?xml ?>",
    "conditional comments": "<!--[if mso]>x<![endif]-->",
    "scripts": "<script>x</script>",
    "open scripts": "<script>",
    "open styles": "<style>a{b:c}",
    "half-open scripts": "<script></scrip",
    "hidden": '<div style="display:none">x</div>',
    "open hidden": '<div style="display:none">',
    "entities": "&amp;",
    "entities without semicolon": "&amp",
    "unknown entities": "&abcdefgh;",
    "numeric entities": "&#65;",
    "huge entities": "&#99999999999;",
    "ampersands": "&",
    "quote containers": '<div class="gmail_quote">x</div>',
    "open quote containers": '<div class="gmail_quote">',
    "attributions": f'<div class="gmail_attr">{ATTRIBUTION}:</div><blockquote>x</blockquote>',
    "header blocks": "<div><b>From:</b> a@example.org<br><b>Sent:</b> 14:03<br><b>To:</b> b<br></div>",
    "paragraphs of Word": "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
    "non-breaking spaces": "&nbsp;",
    "base64 images": '<img src="data:image/png;base64,' + "A" * 900 + '">',
    "plain text": "word ",
    "upper case": "<DIV><BR></DIV>",
    "nested frames": "<blockquote><table><tr><td><div class=gmail_quote>",
}  # fmt: skip

HTMLS: dict[str, Shape] = {name: _repeated(piece) for name, piece in MARKUP.items()}
HTMLS |= {
    "nested tags": _halved("<div>", "</div>"),
    "nested quotes": _halved("<blockquote>x", "</blockquote>"),
    "nested tables": _halved("<table><tr><td>x", "</td></tr></table>"),
    "nested lists": _halved("<ul><li>x", "</li></ul>"),
    "nested spans": _halved("<span>", "</span>"),
    "one attribute": lambda size: f'<a href="{"x" * size}">y</a>',
    "one style": lambda size: f'<div style="{"display:" * (size // 8)}">y</div>',
    "one tag": lambda size: f"<{'a' * size}>",
    "one comment": lambda size: f"<!--{'-' * size}>",
    "one entity": lambda size: f"&{'a' * size};",
    "one table": lambda size: f"<table>{'<tr><td>a</td><td>b</td></tr>' * (size // 29)}</table>",
    "one row": lambda size: f"<table><tr>{'<td>a</td>' * (size // 10)}</tr></table>",
    "one cell": lambda size: f"<table><tr><td>{'a<br>' * (size // 5)}</td></tr></table>",
    "one list": lambda size: f"<ol>{'<li>a</li>' * (size // 10)}</ol>",
    "one link": lambda size: f'<a href="https://example.org">{"a " * (size // 2)}</a>',
}


def _growing(size: int) -> str:
    lines: list[str] = []
    total = depth = 0
    while total < size:
        depth += 1
        lines.append(">" * depth)
        total += depth + 1
    return "\n".join(lines)


def _phrases() -> Iterator[str]:
    """Every phrase of the table, as a client could write it."""
    for language in phrases.languages().values():
        for field in language.__struct_fields__:
            yield from (phrase.capitalize() for phrase in phrases.words(getattr(language, field)))
