"""The weekly mail's HTML part: tables, and styles on each element, since mail programs drop the rest.

600 pixels wide, narrower where the screen is. No colours but greys, so that a mail program can show it dark; pictures
are shown by `cid:`, and where there is no matplotlib the bars are cells of a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import msgspec

from ticketctl.content.weekly.mail import Part, Weekly, finding, foot, heading, parts, room

FONT = "font-family:Arial,Helvetica,sans-serif"
TEXT = f"{FONT};font-size:14px;line-height:1.4"
TITLE = f"{FONT};font-size:16px;line-height:1.3;font-weight:bold;margin:12px 0 4px 0"
SMALL = f"{FONT};font-size:12px;line-height:1.4;color:#767676;margin:4px 0"
ROW = "margin:0 0 2px 0"
BAR = "#2b6cb0"
WIDE = 84  # columns of what to do; a narrow screen folds them
CELL = "padding:3px 8px 3px 0;border-bottom:1px solid #bbbbbb"


class Shown(msgspec.Struct, frozen=True):
    """A picture beside the HTML: where it is, and its pixels there."""

    source: str
    width: int
    height: int


def html(weekly: Weekly, pictures: Mapping[str, Shown]) -> str:
    """A whole document. `pictures` by name; a name that is not there is said by a table."""
    desk, week = (escape(one) for one in heading(weekly))
    body = [f'<p style="{FONT};font-size:18px;line-height:1.3;font-weight:bold;margin:0">{desk}</p>', _row(week)]
    (todo, most), _ = room(weekly)
    for part in parts(weekly, WIDE, todo, most):
        body += [f'<h2 style="{TITLE}">{escape(part.title)}</h2>'] if part.title else []
        body += [_table(part.rows)] if part.rows else []
        body += [_picture(weekly, part, pictures)] if part.picture else []
        style = SMALL if part.rows else ROW
        body += [f'<p style="{style}">{escape(one)}</p>' for one in part.lines]
    body += [f'<p style="{SMALL}">{escape(one)}</p>' for one in foot(weekly, most)]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(weekly.setting.language)}">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n</head>\n<body style="margin:0;padding:8px">\n'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" '
        'style="width:100%;max-width:600px"><tr>'
        f'<td style="{TEXT}">\n' + "\n".join(body) + "\n</td></tr></table>\n</body>\n</html>\n"
    )


def _row(said: str) -> str:
    return f'<p style="{ROW}">{said}</p>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = [_cells(head, "th"), *(_cells(one, "td") for one in rest)]
    return (
        '<table cellpadding="0" cellspacing="0" border="0" width="100%" style="border-collapse:collapse">'
        + "".join(f"\n<tr>{one}</tr>" for one in lines)
        + "\n</table>"
    )


def _cells(cells: Sequence[str], tag: str) -> str:
    last = len(cells) - 1
    found = []
    for at, cell in enumerate(cells):
        align = "right" if 0 < at < last else "left"
        weight = "normal" if tag == "th" else "inherit"
        unbroken = ";white-space:nowrap" if align == "right" else ""
        style = f"{TEXT};{CELL};font-weight:{weight};text-align:{align}{unbroken}"
        found.append(f'<{tag} align="{align}" valign="top" style="{style}">{escape(cell)}</{tag}>')
    return "".join(found)


def _picture(weekly: Weekly, part: Part, pictures: Mapping[str, Shown]) -> str:
    said = finding(weekly, part.picture)
    shown = pictures.get(part.picture)
    if shown:
        return (
            f'<p style="margin:8px 0 6px 0"><img src="{escape(shown.source)}" width="{shown.width}" '
            f'height="{shown.height}" alt="{escape(said)}" border="0" '
            f'style="display:block;width:100%;max-width:{shown.width}px;height:auto;{SMALL}"></p>'
        )
    return f'<p style="margin:12px 0 4px 0">{escape(said)}.</p>' + (_bars(weekly) if part.picture == "weeks" else "")


def _bars(weekly: Weekly) -> str:
    """Arrivals as coloured cells, with both numbers behind them."""
    words = weekly.words
    most = max(1, *(one.arrivals for one in weekly.weeks))
    rows = []
    for one in weekly.weeks:
        week = words["this_week"].format(week=one.window.first.isocalendar().week).replace(" ", "\u00a0")
        share = round(one.arrivals / most * 100)
        filled = f'<td width="{share}%" bgcolor="{BAR}" style="background-color:{BAR};font-size:9px">&nbsp;</td>'
        empty = f'<td width="{100 - share}%" style="font-size:9px">&nbsp;</td>'
        inner = (filled if share else "") + (empty if share < 100 else "")
        bar = f'<table cellpadding="0" cellspacing="0" border="0" width="100%"><tr>{inner}</tr></table>'
        cell = f"{FONT};font-size:12px;line-height:1.1;padding:1px 8px 1px 0"
        rows.append(
            f'<tr><td width="44" style="{cell}">{week}</td><td style="{cell}">{bar}</td>'
            f'<td width="32" align="right" style="{cell}">{one.arrivals}</td>'
            f'<td width="44" align="right" style="{cell}">{one.open}</td></tr>'
        )
    heads = f'<tr><td colspan="2"></td>{_head(words["bar_in"])}{_head(words["bar_open"])}</tr>'
    return f'<table cellpadding="0" cellspacing="0" border="0" width="100%">{heads}{"".join(rows)}</table>'


def _head(said: str) -> str:
    return f'<td align="right" style="{SMALL};padding:0 8px 0 0">{escape(said)}</td>'
