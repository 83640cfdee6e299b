"""The report as one page that needs nothing else: no script, nothing remote, light or dark as the reader's system is.
The mail about a month, quarter or year is the same page without the chart, since mail programs drop SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ticketctl.content.report import Section, Setting, attention, foot, headline, sections, small_print, title
from ticketctl.domain.reports.figures import Figures, Step

CSS = """
:root { color-scheme: light dark;
  --ink: #1c1e21; --dim: #5f6670; --line: #d9dde2; --paper: #fff; --in: #2b6cb0; --gone: #2f855a }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --dim: #9aa2ad; --line: #3a4048; --paper: #17191c; --in: #63a4e8; --gone: #5fc490 } }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
.top { margin: 1rem 0; padding-left: 1.2rem }
small { font-size: 12px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th { font-weight: 600; color: var(--dim); font-size: .85rem }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 9rem;
  overflow-wrap: anywhere }
tr.total td { font-weight: 600 }
p { margin: .4rem 0; color: var(--dim) }
footer { margin-top: 2.5rem; font-size: .85rem }
svg { display: block; width: 100%; height: auto; margin: .5rem 0 }
svg.broad { display: none }
svg .in, .key .in { fill: var(--in); color: var(--in) }
svg .out, .key .out { fill: var(--gone); color: var(--gone) }
svg text { fill: var(--dim); font-size: 13px; text-anchor: middle }
svg line { stroke: var(--line) }
@media (min-width: 53rem) { svg.broad { display: block } svg.narrow { display: none } }
@media (max-width: 40rem) {
  body { margin: 1rem auto }
  th, td { padding: .3rem .15rem; font-size: 12.5px; white-space: normal; overflow-wrap: break-word; hyphens: auto }
  th { font-size: 12px }
  th:first-child, td:first-child { min-width: 5rem }
  .many, .many thead, .many tbody { display: block }
  .many tr { display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)) minmax(0, 1.4fr);
    border-bottom: 1px solid var(--line) }
  .many th, .many td { border-bottom: 0; min-width: 0; font-weight: 400 }
  .many :is(th, td):first-child { grid-column: 1 / -1; font-size: 14px }
  .marked tr { grid-template-columns: repeat(var(--n), minmax(0, 1fr)) }
  .marked td:last-child { grid-column: 1 / -1 }
  .many th:empty, .marked td:last-child:empty { display: none } }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } table { break-inside: avoid } }
"""
CSS += " ".join(f".n{n} {{ --n: {n} }}" for n in range(3, 14)) + "\n"
SHORT = 8  # characters of a cell that is not broken
MANY = 5  # columns that a telephone shows beside each other
BROAD, NARROW, HEIGHT, FLOOR, LABEL = 840, 350, 150, 120, 40


def page(figures: Figures, setting: Setting, *, chart: bool = True) -> str:
    """A whole HTML document."""
    heading = escape(title(figures, setting)[0])
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(setting.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{heading}</title>\n<style>{CSS}</style>\n</head>\n<body>\n"
        + body(figures, setting, chart=chart)
        + "\n</body>\n</html>\n"
    )


def body(figures: Figures, setting: Setting, *, chart: bool = True) -> str:
    """What is in the page, without its style: no attribute of it needs one."""
    heading, days = (escape(part) for part in title(figures, setting))
    parts = [f"<h1>{heading}</h1>\n<p>{days}</p>"]
    parts += ["<ul class=top>", *(f"<li>{escape(told)}</li>" for told in headline(figures, setting)), "</ul>"]
    parts += [f"<p><strong>{escape(told)}</strong></p>" for told in attention(setting)]
    for section in sections(figures, setting):
        parts.append(f"<section>\n<h2>{escape(section.title)}</h2>")
        if chart and section.name == "flow":
            parts.append(_chart(figures.flow.steps, setting))
        parts.append(f"{_table(section)}</section>")
    footer = "".join(f"<p>{escape(line)}</p>" for line in foot(figures, setting))
    footer += f"<p><small>{escape(small_print(setting))}</small></p>" if small_print(setting) else ""
    return "\n".join(parts) + f"\n<footer>{footer}</footer>"


def _table(section: Section) -> str:
    """The alignment is also said in the old way, for mail programs that drop the style sheet."""
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in section.notes)
    if not section.rows:
        return notes
    head = "".join(f'<th{_align(at)} scope="col">{escape(name)}</th>' for at, name in enumerate(section.heads))
    head = f"<thead><tr>{head}</tr></thead>\n" if any(section.heads) else ""
    last = len(section.rows) - 1
    rows = "\n".join(
        _row(row, total=at == last and section.name in ("flow", "backlog")) for at, row in enumerate(section.rows)
    )
    columns = len(section.heads)  # of many, the name gets a line of its own on a narrow screen: no column is lost
    marked = "" if section.heads and section.heads[-1] else " marked"  # and so do the marks of a row
    many = f' class="many n{columns - 2}{marked}"' if columns > MANY else ""
    return f'<table cellpadding="4"{many}>\n{head}<tbody>\n{rows}\n</tbody></table>\n{notes}'


def _row(cells: Sequence[str], *, total: bool) -> str:
    inner = "".join(f"<td{_align(at)}>{escape(_unbroken(cell) if at else cell)}</td>" for at, cell in enumerate(cells))
    return f"<tr{' class=total' if total else ''}>{inner}</tr>"


def _unbroken(cell: str) -> str:
    """ "1 av 12" and "42 %" in one line, also on a telephone; a longer cell may break."""
    return cell.replace(" ", "\u00a0") if len(cell) <= SHORT else cell


def _align(at: int) -> str:
    return ' align="right"' if at else ' align="left"'


def _chart(steps: Sequence[Step], setting: Setting) -> str:
    """Arrivals and closes side by side, a pair of bars a step. The table below it says the same in figures."""
    most = max((max(step.arrivals, step.closes) for step in steps), default=0)
    if not most:
        return ""
    words = setting.words
    key = (
        f'<p class="key"><span class="in">■</span> {escape(words["arrivals"])} '
        f'<span class="out">■</span> {escape(words["closes"])}</p>'
    )
    return "\n".join([key, *(_drawn(steps, most, name, width, words["flow"]) for name, width in _SIZES)]) + "\n"


_SIZES = (("broad", BROAD), ("narrow", NARROW))  # each is shown at about its own size, so that letters stay readable


def _drawn(steps: Sequence[Step], most: int, name: str, width: int, label: str) -> str:
    room = width / len(steps)
    every = -(-len(steps) // (width // 44))
    bars = [_pair(step, at * room, room, most) for at, step in enumerate(steps)]
    bars += [_day(step, (at + 0.5) * room, width) for at, step in enumerate(steps) if at % every == 0]
    return (
        f'<svg class="{name}" viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{escape(label)}">\n'
        f'<line x1="0" y1="{FLOOR}" x2="{width}" y2="{FLOOR}"/>\n' + "\n".join(bars) + "\n</svg>"
    )


def _pair(step: Step, left: float, room: float, most: int) -> str:
    wide = min(room * 0.36, 28)
    middle = left + room / 2
    parts = []
    for name, count, x in (("in", step.arrivals, middle - wide - 1), ("out", step.closes, middle + 1)):
        high = (FLOOR - 18) * count / most
        box = f'x="{x:.1f}" y="{FLOOR - high:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        parts.append(f'<rect class="{name}" {box}/>')
        if count and wide > 8:
            parts.append(f'<text x="{x + wide / 2:.1f}" y="{FLOOR - high - 4:.1f}">{count}</text>')
    return "".join(parts)


def _day(step: Step, middle: float, width: int) -> str:
    """The day below its bars; the first and the last stay inside the picture."""
    x = min(max(middle, LABEL / 2), width - LABEL / 2)
    return f'<text x="{x:.1f}" y="{FLOOR + 16}">{step.day.day}/{step.day.month}</text>'
