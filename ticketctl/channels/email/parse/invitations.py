"""What a calendar file says, in a sentence: an invitation, its cancellation, an answer to one (RFC 5545, RFC 5546)."""

from __future__ import annotations

import re

LENGTH = 100_000  # characters that are read
LINE = 2_000  # characters of each line
_NAME = re.compile(r';CN="?([^";:]{1,100})', re.I)
_ZONE = re.compile(r';TZID="?([^";:]{1,60})', re.I)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d{0,2}(Z?))?")
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentatively accepted"}
_METHODS = {
    "REQUEST": "invitation",
    "CANCEL": "cancelled invitation",
    "COUNTER": "another time is proposed for the invitation",
    "PUBLISH": "calendar entry",
    "ADD": "further dates of the invitation",
}


def sentence(calendar: str) -> str:
    """ "invitation: Möte om avtal, 2026-12-01 10:00 (Europe/Stockholm), Rum 3 (Anna Åberg)"; "" where it is none."""
    if "BEGIN:VEVENT" not in calendar[:LENGTH].upper():
        return ""
    fields = _fields(calendar)
    method = fields.get("METHOD", ("", ""))[1].strip().upper()
    where = _plain(fields.get("LOCATION", ("", ""))[1])
    parts = [_plain(fields.get("SUMMARY", ("", ""))[1]) or "without a title", _moment(*fields.get("DTSTART", ("", "")))]
    told = ", ".join(filter(None, (*parts, where)))
    if method == "REPLY":
        answer = re.search(r";PARTSTAT=([A-Z-]{1,20})", fields.get("ATTENDEE", ("", ""))[0], re.I)
        return f"{_ANSWERS.get(answer[1].upper() if answer else '', 'answered')} the invitation: {told}"
    host = _person(*fields.get("ORGANIZER", ("", "")))
    return f"{_METHODS.get(method, 'calendar entry')}: {told}{f' ({host})' if host else ''}"


def is_answer(calendar: str) -> bool:
    """Whether it answers an invitation of ours, which a click in a calendar sends, and nobody added a comment."""
    fields = _fields(calendar)
    return fields.get("METHOD", ("", ""))[1].strip().upper() == "REPLY" and not fields.get("COMMENT", ("", ""))[1]


def _fields(calendar: str) -> dict[str, tuple[str, str]]:
    """Parameters and value of the first field of each name, of the whole and of its first entry (VEVENT)."""
    text = calendar[:LENGTH].replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    fields: dict[str, tuple[str, str]] = {}
    outer = True  # time zones and reminders have fields of the same names
    for line in text.split("\n"):
        head, value = _cut(line[:LINE])
        name, _, parameters = head.partition(";")
        name = name.strip().upper()
        if name in ("BEGIN", "END"):
            if name == "END" and value.upper() == "VEVENT":
                break
            outer = (name, value.upper()) in (("BEGIN", "VEVENT"), ("END", "VALARM"), ("BEGIN", "VCALENDAR"))
            outer = outer or (name == "END" and value.upper() == "VTIMEZONE")
        elif outer:
            fields.setdefault(name, (f";{parameters}", value))
    return fields


def _cut(line: str) -> tuple[str, str]:
    """Name with parameters, and value: at the first colon that stands in no quotes."""
    colon = line.find(":")
    while colon >= 0 and line.count('"', 0, colon) % 2:
        colon = line.find(":", line.find('"', colon) + 1) if '"' in line[colon:] else -1
    return (line[:colon], line[colon + 1 :].strip()) if colon >= 0 else (line, "")


def _moment(parameters: str, value: str) -> str:
    match = _MOMENT.match(value)
    if match is None:
        return ""
    year, month, day, hour, minute, utc = match.groups()
    zone = _ZONE.search(parameters)
    told = f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")
    return f"{told} UTC" if utc else f"{told} ({zone[1]})" if zone and hour else told


def _person(parameters: str, value: str) -> str:
    name = _NAME.search(parameters)
    return _plain(name[1]) if name else re.sub(r"(?i)^mailto:", "", value)[:100]


def _plain(value: str) -> str:
    """A text value with its escapes undone, on one line, shortened."""
    text = value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    return " ".join(text.split())[:200]
