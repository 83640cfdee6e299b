"""The report for whoever owns the product, as Markdown and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ticketctl.content.terminal import line
from ticketctl.content.weekly.words import days
from ticketctl.content.words import percent
from ticketctl.domain.reports.product import Product, ProductRow
from ticketctl.usecases.views.product import ProductReport

# name: (Swedish, English)
WORDS = {
    "title": ("Vad produkten kostar oss", "What the product costs us"),
    "of": ("{desk}, {days}", "{desk}, {days}"),
    "sum": (
        "{count} ärenden stängdes, {before} i den lika långa perioden före.",
        "{count} tickets were closed, {before} in the period of the same length before.",
    ),
    "area": ("område", "area"),
    "cause": ("orsak", "cause"),
    "count": ("antal", "count"),
    "before": ("före", "before"),
    "change": ("ändring", "change"),
    "touches": ("av svaren", "of replies"),
    "business": ("av tiden", "of time"),
    "reopened": ("återöppnade", "reopened"),
    "none": ("ej angiven", "not given"),
    "other": ("övrigt ({folded} rader)", "other ({folded} rows)"),
    "fell": ("minskar", "falling"),
    "rose": ("ökar", "growing"),
    "no clear change": ("ingen tydlig ändring", "no clear change"),
    "too few": ("för få ärenden för att säga", "too few tickets to tell"),
    "lessons": ("Lärdomar", "Lessons"),
    "quotes": ("Med kundernas ord", "In the customers' words"),
    "key": (
        "”Av tiden” är öppettid från fråga till sista stängning, utan väntan på kunden. ”Ändring” är mot resten av "
        "ärendena. Rader med färre än fem ärenden är övrigt. Citat är utan det som rör en person.",
        "“Of time” is opening hours from question to last close, without waiting for the customer. “Change” is against "
        "the rest of the tickets. Rows of fewer than five tickets are other. Quotes are without anything personal.",
    ),
    "open": ("”", "“"),
    "close": ("”", "”"),
    "nothing": ("Inga ärenden stängdes.", "No tickets were closed."),
}
HEADS = ("area", "cause", "count", "before", "change", "touches", "business", "reopened")
MOST_LESSONS = 5


def words_of(language: str) -> dict[str, str]:
    """Swedish or English; other languages get English."""
    return {name: pair[0 if language == "sv" else 1] for name, pair in WORDS.items()}


def markdown(report: ProductReport) -> str:
    product, quotes, words = report.product, report.quotes, words_of(report.language)
    lines = [f"# {words['title']}", "", _plain(_of(report)), "", _sum(product, words), ""]
    if product.rows:
        lines += [f"| {' | '.join(words[name] for name in HEADS)} |", "|---|---|--:|--:|---|--:|--:|--:|"]
        lines += [f"| {' | '.join(map(_plain, _cells(row, report.language)))} |" for row in product.rows]
    for row, quoted in zip(product.rows, quotes, strict=True):
        if row.lessons or quoted:
            lines += ["", f"## {_plain(_name(row, words))}"]
        if row.lessons:
            lines += ["", f"{words['lessons']}:", "", *(f"- {_plain(one)}" for one in _lessons(row))]
        if quoted:
            lines += ["", f"{words['quotes']}:", "", *(f"- {_plain(_quote(one, words))}" for one in quoted)]
    return "\n".join([*lines, "", words["key"]]) + "\n"


def page(report: ProductReport) -> str:
    """A whole HTML document, which loads nothing."""
    from ticketctl.content.report_html import CSS

    product, quotes, words = report.product, report.quotes, words_of(report.language)
    heads = "".join(f'<th scope="col">{escape(words[name])}</th>' for name in HEADS)
    every = [[f"<td>{escape(one)}</td>" for one in _cells(row, report.language)] for row in product.rows]
    rows = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in every)
    parts = [f"<h1>{escape(words['title'])}</h1>", f"<p>{escape(_of(report))}</p>"]
    parts.append(f"<p>{escape(_sum(product, words))}</p>")
    if product.rows:
        parts.append(f"<div style='overflow-x:auto'><table>\n<thead><tr>{heads}</tr></thead>\n{rows}\n</table></div>")
    for row, quoted in zip(product.rows, quotes, strict=True):
        parts += list(_section(row, quoted, words))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(words['title'])}</title>\n<style>{CSS}td:nth-child(2), td:nth-child(5), th:nth-child(2), "
        "th:nth-child(5) { text-align: left; white-space: normal }</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + f"\n<footer><p>{escape(words['key'])}</p></footer>\n</body>\n</html>\n"
    )


def _section(row: ProductRow, quoted: Sequence[tuple[int, str]], words: dict[str, str]) -> Iterator[str]:
    if row.lessons or quoted:
        yield f"<h2>{escape(_name(row, words))}</h2>"
    if row.lessons:
        yield f"<p>{escape(words['lessons'])}</p><ul>{''.join(f'<li>{escape(one)}</li>' for one in _lessons(row))}</ul>"
    if quoted:
        told = "".join(f"<blockquote>{escape(_quote(one, words))}</blockquote>" for one in quoted)
        yield f"<p>{escape(words['quotes'])}</p>{told}"


def _of(report: ProductReport) -> str:
    window = report.product.window
    spelled = days(window.first, window.last, report.language)
    return words_of(report.language)["of"].format(desk=line(report.desk), days=spelled)


def _sum(product: Product, words: dict[str, str]) -> str:
    return words["sum"].format(count=product.count, before=product.before) if product.count else words["nothing"]


def _cells(row: ProductRow, language: str) -> tuple[str, ...]:
    words = words_of(language)
    if row.is_other:
        area, cause = words["other"].format(folded=row.folded), ""
    else:
        area, cause = _given(row.area, words), _given(row.cause, words)
    shares = (percent(one, language) for one in (row.touches, row.business, row.reopened.share))
    said = "" if row.is_other else words[row.change.says]
    return (area, cause, str(row.count), str(row.before), said, *shares)


def _name(row: ProductRow, words: dict[str, str]) -> str:
    if row.is_other:
        return words["other"].format(folded=row.folded)
    return f"{_given(row.area, words)}: {_given(row.cause, words)}"


def _given(value: str, words: dict[str, str]) -> str:
    return line(value) or words["none"]


def _lessons(row: ProductRow) -> list[str]:
    """The most frequent, with how many tickets taught them."""
    return [f"{line(text)} ({count})" for text, count in list(row.lessons.items())[:MOST_LESSONS]]


def _quote(quoted: tuple[int, str], words: dict[str, str]) -> str:
    return f"{words['open']}{line(quoted[1])}{words['close']} #{quoted[0]}"


def _plain(text: str) -> str:
    """As Markdown that says no more than the text: no link, no table, no HTML."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#!" else char for char in line(text))


def as_data(report: ProductReport) -> dict[str, object]:
    """For other programs; shares are 0 … 1."""
    product, quotes = report.product, report.quotes
    rows = [
        {
            "area": "" if row.is_other else row.area,
            "cause": "" if row.is_other else row.cause,
            "other": row.is_other,
            "count": row.count,
            "before": row.before,
            "says": row.change.says,
            "touches_share": row.touches,
            "business_share": row.business,
            "reopened": {"part": row.reopened.part, "whole": row.reopened.whole, "share": row.reopened.share},
            "lessons": row.lessons,
            "tickets": list(row.tickets),
            "quotes": [{"ticket": number, "text": text} for number, text in quoted],
        }
        for row, quoted in zip(product.rows, quotes, strict=True)
    ]
    window = product.window
    period = {"name": window.name, "first_day": str(window.first), "last_day": str(window.last)}
    return {"window": period, "count": product.count, "before": product.before, "rows": rows}
