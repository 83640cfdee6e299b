"""What may be said of a comparison, in Swedish or English: the estimate, its interval, and whether it is a change."""

from __future__ import annotations

from ticketctl.content.words import decimal, known
from ticketctl.domain.reports.measures import Effect, Side
from ticketctl.domain.statistics.change import Change

WORDS = {
    "en": {
        "times": "typically {estimate} × as long ({low}–{high})",
        "count": "{estimate} × as many ({low}–{high})",
        "share": "{estimate} percentage points ({low} to {high})",
        "cell": "{estimate} × ({low}–{high})",
        "cell_share": "{estimate} points ({low} to {high})",
        "fell": "fewer than before",
        "rose": "more than before",
        "fell_times": "shorter than before",
        "rose_times": "longer than before",
        "fell_share": "a smaller share than before",
        "rose_share": "a larger share than before",
        "no clear change": "no clear change",
        "too few": "too few tickets to tell",
        "alike": "neighbouring weeks are similar, so only a change that is 99% certain counts",
    },
    "sv": {
        "times": "typiskt {estimate} × så lång tid ({low}–{high})",
        "count": "{estimate} × så många ({low}–{high})",
        "share": "{estimate} procentenheter ({low} till {high})",
        "cell": "{estimate} × ({low}–{high})",
        "cell_share": "{estimate} enheter ({low} till {high})",
        "fell": "färre än förut",
        "rose": "fler än förut",
        "fell_times": "kortare än förut",
        "rose_times": "längre än förut",
        "fell_share": "en mindre andel än förut",
        "rose_share": "en större andel än förut",
        "no clear change": "ingen tydlig ändring",
        "too few": "för få ärenden för att säga",
        "alike": "närliggande veckor liknar varandra, så bara en ändring som är 99 % säker räknas",
    },
}


def says(change: Change, language: str) -> str:
    """ "fewer than before", "no clear change", "too few tickets to tell"."""
    words = WORDS[known(language)]
    return words.get(f"{change.says}_{change.measured}", words[change.says])


def size(change: Change, language: str) -> str:
    """ "typically 0.6 × as long (0.4–0.9)"; "" where there are too few cases."""
    if change.estimate is None or change.low is None or change.high is None:
        return ""
    write = _points if change.measured == "share" else _ratio
    values = {"estimate": change.estimate, "low": change.low, "high": change.high}
    written = {name: write(value, language) for name, value in values.items()}
    return WORDS[known(language)][change.measured].format(**written)


def amounts(change: Change, language: str) -> str:
    """In the cell of a table: "0.6 × (0.4–0.9)", "+12 points (−3 to +25)"; "" where there are too few cases."""
    if change.estimate is None or change.low is None or change.high is None:
        return ""
    write = _points if change.measured == "share" else _ratio
    values = {"estimate": change.estimate, "low": change.low, "high": change.high}
    cell = WORDS[known(language)]["cell_share" if change.measured == "share" else "cell"]
    return cell.format(**{name: write(value, language) for name, value in values.items()})


def sentence(change: Change, language: str) -> str:
    """ "0.5 × as many (0.4–0.7): fewer than before"; "too few tickets to tell"."""
    told = ": ".join(part for part in (size(change, language), says(change, language)) if part)
    return f"{told} ({WORDS[known(language)]['alike']})" if change.alike else told


def effect_words(effect: Effect, language: str) -> str:
    """ "20 → 10: 0.5 × as many (0.4–0.7): fewer than before"; the numbers are tickets a week."""
    if not effect.after.weeks:
        return says(effect.change, language)
    before, after = (per_week(side, language) for side in (effect.before, effect.after))
    return f"{before} → {after}: {sentence(effect.change, language)}"


def per_week(side: Side, language: str) -> str:
    """ "20", "4.6"; a dash where there is no whole week."""
    return number(side.per_week, language) if side.weeks else "–"


def number(value: float, language: str) -> str:
    """ "20", "4.6" """
    return decimal(f"{value:.0f}" if value >= 9.95 or value == int(value) else f"{value:.1f}", language)


def _ratio(value: float, language: str) -> str:
    """With one decimal; with two close to 0 and to 1, where one would hide the change."""
    if value >= 9.95:
        return f"{value:.0f}"
    near = 0.95 < value < 1.05 and abs(value - 1) >= 0.005
    return decimal(f"{value:.2f}" if near or value < 0.095 else f"{value:.1f}", language)


def _points(value: float, language: str) -> str:
    """ "+12", "−3" """
    points = round(value * 100)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}"
