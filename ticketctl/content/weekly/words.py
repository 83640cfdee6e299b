"""What the weekly mail says, in Swedish and English, and figures as they are written there."""

from __future__ import annotations

from datetime import date

# name: (Swedish, English)
WORDS = {
    "subject": ("[{desk}] v. {week}: {told}", "[{desk}] W{week}: {told}"),
    "late": ("{count} sena", "{count} late"),
    "one_late": ("1 sent", "1 late"),
    "unassigned": ("{count} utan ansvarig", "{count} unassigned"),
    "answered": ("svarstid {length}", "answered in {length}"),
    "quiet": ("inget brådskande", "nothing urgent"),
    "title": ("Vecka {week}, {days}", "Week {week}, {days}"),
    # to do now
    "todo": ("Att göra nu", "To do now"),
    "nothing": ("Inget brådskande.", "Nothing urgent."),
    "more": ("… och {count} till", "… and {count} more"),
    "why_late": ("sent sedan {due}", "late since {due}"),
    "why_lost": ("svaret kom inte fram", "reply not delivered"),
    "why_promised": ("utlovat till {due}", "promised by {due}"),
    "why_away": ("ansvarig är borta", "owner is away"),
    "why_unassigned": ("ingen ansvarig", "unassigned"),
    "nobody": ("utan ansvarig", "unassigned"),
    "aside": (
        "I karantän, ingen har tittat på dem: {count}",
        "In quarantine, not looked at: {count}",
    ),
    "down": ("Ingen post hämtas från {source}", "No mail is fetched from {source}"),
    "undelivered": ("Mejl som inte kom fram: {count}", "Mails that were not delivered: {count}"),
    # the week
    "week": ("Veckan", "The week"),
    "this_week": ("v. {week}", "W{week}"),
    "usual": ("vanligt", "usual"),
    "arrivals": ("Inkomna", "Arrived"),
    "closes": ("Stängda", "Closed"),
    "backlog": ("Öppna sist", "Open at end"),
    "first_response": ("Första svar", "First answer"),
    "in_time": ("Svar i tid", "In time"),
    "fell": ("lägre än vanligt", "lower than usual"),
    "rose": ("högre än vanligt", "higher than usual"),
    "no clear change": ("ingen tydlig ändring", "no clear change"),
    "too few": ("för få ärenden för att säga", "too few tickets to tell"),
    "key": (
        "”Vanligt” är spannet för åtta av tio av de föregående {count} veckorna.",
        "“Usual” is the range of eight in ten of the previous {count} weeks.",
    ),
    "key_few": ("Det finns ännu ingen vecka att jämföra med.", "There is no week to compare with yet."),
    "year_ago": ("Mot {weeks} för ett år sedan: {told}.", "Against {weeks} a year ago: {told}."),
    "year_ago_one": ("{name} {now}, då {then}", "{name} {now}, then {then}"),
    "year_ago_fell": ("lägre: {told}", "lower: {told}"),
    "year_ago_rose": ("högre: {told}", "higher: {told}"),
    "median": (
        "Första svar: median, i öppettid.",
        "First answer: median, in opening hours.",
    ),
    "median_all": ("Första svar: median.", "First answer: median."),
    # pictures
    "arrived_bars": ("inkomna per vecka", "arrived per week"),
    "open_line": ("öppna vid veckans slut", "open at the week's end"),
    "usual_band": ("inkomna, vanligt", "arrived, usual"),
    "bar_in": ("in", "in"),
    "bar_open": ("öppna", "open"),
    "alt_weeks": (
        "{now} inkomna v. {week}, vanligt {low}–{high}; öppna vid veckans slut {before} → {after} på {count} veckor",
        "{now} arrived in W{week}, usual {low}–{high}; open at the week's end {before} → {after} over {count} weeks",
    ),
    "alt_weeks_new": (
        "{now} inkomna v. {week}; {after} öppna vid veckans slut",
        "{now} arrived in W{week}; {after} open at the week's end",
    ),
    "hours": ("När ärenden kommer, {count} veckor", "When tickets arrive, {count} weeks"),
    "alt_hours": (
        "Flest ärenden kommer {day} kl. {hour}–{next}: {most} av {whole} på {count} veckor",
        "Most tickets arrive on {day} {hour}–{next}: {most} of {whole} in {count} weeks",
    ),
    # what is coming in
    "coming": ("På väg in", "Coming in"),
    "grows": ("Ökar: {name}, {count} ärenden", "Growing: {name}, {count} tickets"),
    "new": ("Nytt: {name}, {count} ärenden", "New: {name}, {count} tickets"),
    "measures": ("Åtgärder", "Measures"),
    "lessons": ("Lärdomar", "Lessons"),
    # foot
    "window": (
        "Gäller {first} – {last}. Skräppost, automatiska mejl och testärenden är inte med.",
        "{first} – {last}. Spam, automatic mail and tests are left out.",
    ),
    "provisional": (
        "Preliminärt, * : en stängning eller ett svar kan ännu ändra talet.",
        "Provisional, * : a close or an answer can still change the figure.",
    ),
    "made": ("Skapat {now}.", "Created {now}."),
}
_MONTHS = {
    "sv": ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def weekly_words(language: str) -> dict[str, str]:
    """Swedish or English; other languages get English."""
    return {name: pair[0 if language == "sv" else 1] for name, pair in WORDS.items()}


def day(when: date, language: str) -> str:
    """ "16 nov", "16 Nov"."""
    return f"{when.day} {_MONTHS['sv' if language == 'sv' else 'en'][when.month - 1]}"


def days(first: date, last: date, language: str) -> str:
    """ "16–22 nov 2026", "28 dec 2026 – 3 jan 2027"."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)} {last.year}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{day(first, language)}{year} – {day(last, language)} {last.year}"


def weeks_named(first: date, last: date, language: str) -> str:
    """ "v. 45–49", "W45–W49"."""
    one, other = (day.isocalendar().week for day in (first, last))
    return f"v. {one}–{other}" if language == "sv" else f"W{one}–W{other}"


def length(minutes: float, language: str) -> str:
    """ "12 min", "2 tim 10 min", "2 h 10 min", "27 tim"."""
    hours, rest = divmod(round(minutes), 60)
    hour = "tim" if language == "sv" else "h"
    if not hours:
        return f"{rest} min"
    return f"{hours} {hour} {rest} min" if rest and hours < 24 else f"{round(minutes / 60)} {hour}"


def lengths(low: float, high: float, language: str) -> str:
    """A range in one unit: "12–40 min", "0,5–2,2 tim", "12–30 h"."""
    if high < 90:
        return f"{round(low)}–{round(high)} min"
    digits = 0 if low >= 600 else 1
    text = f"{low / 60:.{digits}f}–{high / 60:.{digits}f} {'tim' if language == 'sv' else 'h'}"
    return text.replace(".", ",") if language == "sv" else text
