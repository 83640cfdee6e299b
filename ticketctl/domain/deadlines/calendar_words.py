"""The words for days, months, counts, units and the clock, in English and Swedish: one list for what people type after
a command (date_words.py, strict: what is unclear is refused) and for what a reply promises (promise_times.py, which
passes over what is unclear)."""

from __future__ import annotations

import re

WEEKDAYS = (
    ("monday", "mon", "måndag", "mån"),
    ("tuesday", "tue", "tues", "tisdag", "tis"),
    ("wednesday", "wed", "onsdag", "ons"),
    ("thursday", "thu", "thur", "thurs", "torsdag", "tor", "tors"),
    ("friday", "fri", "fredag", "fre"),
    ("saturday", "sat", "lördag", "lör"),
    ("sunday", "sun", "söndag", "sön"),
)
MONTHS = (
    ("january", "januari", "jan"), ("february", "februari", "feb"), ("march", "mars", "mar"), ("april", "apr"),
    ("may", "maj"), ("june", "juni", "jun"), ("july", "juli", "jul"), ("august", "augusti", "aug"),
    ("september", "sept", "sep"), ("october", "oktober", "okt", "oct"), ("november", "nov"), ("december", "dec"),
)  # fmt: skip
WEEKDAY = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
WEEKDAY |= {f"{name}en": number for name, number in WEEKDAY.items() if name.endswith("dag")}
MONTH = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
COUNTS = {
    "a": 1, "an": 1, "one": 1, "en": 1, "ett": 1, "two": 2, "två": 2, "three": 3, "tre": 3, "four": 4, "fyra": 4,
    "five": 5, "fem": 5, "six": 6, "sex": 6, "seven": 7, "sju": 7, "eight": 8, "åtta": 8, "nine": 9, "nio": 9,
    "ten": 10, "tio": 10, "eleven": 11, "elva": 11, "twelve": 12, "tolv": 12, "fourteen": 14, "fjorton": 14,
}  # fmt: skip
HOUR = {word: count for word, count in COUNTS.items() if count <= 12 and word not in ("a", "an", "en")}
_HOUR = "|".join(sorted(HOUR, key=len, reverse=True))
_TURNS = {"halv": -30, "half past": 30, "kvart i": -15, "kvart över": 15, "quarter to": -15, "quarter past": 15}
_SPOKEN_HOUR = re.compile(
    rf"\b(?P<sure>klockan|kl\.?)\s+(?P<hour>{_HOUR})\b|\b(?P<before>at|by|before|före|innan)\s+(?P<number>{_HOUR})\b"
    r"(?=\s*(?:$|[,.)]|o'clock|i\s?dag|i\s?morgon|på\b|on\b|today|tomorrow|and\b|och\b))"
)
_SPOKEN_TURN = re.compile(rf"\b(?:a\s+)?(?P<turn>{'|'.join(_TURNS)})\s+(?P<hour>{_HOUR}|1[0-2]|[1-9])\b(?![:.]?\d)")
EITHER_HALF = "~"  # behind a time in figures: of the morning or of the afternoon, nobody has said which
AHEAD = {
    "today": 0, "idag": 0, "i dag": 0, "tomorrow": 1, "imorgon": 1, "i morgon": 1, "imorrn": 1, "i morrn": 1,
    "imorn": 1, "i morn": 1, "imorron": 1, "i morron": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
    "övermorgon": 2, "i övermorgon": 2, "iövermorgon": 2,
    "next working day": 1, "next business day": 1, "nästa arbetsdag": 1, "nästa vardag": 1,  # a shut day moves on
    "yesterday": -1, "igår": -1, "i går": -1, "i förrgår": -2, "iförrgår": -2, "the day before yesterday": -2,
}  # fmt: skip
# what stands behind a number that is an amount or a day, and not a ticket: `wait 2 3 dagar` is about ticket 2
BEHIND_A_NUMBER = (
    r"m|min|minut(?:er)?|minutes?|h|t|tim|timm(?:e|ar)|hours?|d|dag|dagar|dygn|days?|w|v|veck(?:a|or)|weeks?|mån"
    r"|månad(?:er)?|months?|år|years?|(?:arbets|bank|veck)dag(?:ar)?|vardag(?:ar)?|business|working|workdays?"
    r"|calendar(?= days?)|kalenderdag(?:ar)?|am|pm|(?:" + "|".join(sorted(MONTH, key=len, reverse=True)) + r")\.?"
)
OVER_DAYS = 180  # a day without its year that is longer past than this is one of next year
LAST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def in_figures(words: str) -> str:
    """`words` with the times of day that are written out in figures: "före klockan tio" → "före klockan 10", "halv nio"
    → "8:30~" (EITHER_HALF)."""
    words = _SPOKEN_TURN.sub(_turned, words)
    return _SPOKEN_HOUR.sub(
        lambda found: f"{found['sure'] or found['before']} {HOUR[found['hour'] or found['number']]}", words
    )


def _turned(found: re.Match[str]) -> str:
    hour = HOUR.get(found["hour"]) or int(found["hour"])
    full, minute = divmod(60 * hour + _TURNS[found["turn"]], 60)
    return f"{full or 12}:{minute:02}{EITHER_HALF}"
