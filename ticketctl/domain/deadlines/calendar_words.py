"""The words for days, months, counts and units of time, in English and Swedish: one list for what people type after a
command (moments.py) and for what a reply promises (promise_times.py)."""

from __future__ import annotations

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
AHEAD = {
    "today": 0, "idag": 0, "i dag": 0, "tomorrow": 1, "imorgon": 1, "i morgon": 1, "imorrn": 1, "i morrn": 1,
    "i morron": 1, "day after tomorrow": 2, "the day after tomorrow": 2, "övermorgon": 2, "i övermorgon": 2,
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
