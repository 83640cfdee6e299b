"""What rules.yaml says, as values that the domain understands (config/ builds them, tests write them by hand)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

import msgspec

Role = Literal["admin", "agent", "viewer"]
Sensitive = Literal["payment_card", "personnummer", "iban", "organisationsnummer", "secret", "email", "phone", "ip"]
"""The kinds of content that are masked (domain.privacy.masking)."""


class Duration(msgspec.Struct, frozen=True, omit_defaults=True):
    """`4h`, `2d`, `30m`, `24 months`; business time unless `calendar`. A business day is one opening day: its end is
    the same time of day on the next opening day."""

    minutes: int = 0
    days: int = 0
    months: int = 0
    calendar: bool = False

    def __str__(self) -> str:
        amount = f"{self.months} months" if self.months else f"{self.days}d" if self.days else _clock(self.minutes)
        return f"calendar {amount}" if self.calendar else amount


_DURATION = r"(calendar\s+)?(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|months?|y|years?)"


def parse_duration(text: str) -> Duration:
    """ "4h", "2 days", "calendar 30m", "24 months" → Duration; raises ValueError that says what was expected."""
    match = re.fullmatch(_DURATION, text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write it as 30m, 4h, 5d, 2w or 24 months")
    calendar, amount, unit = bool(match[1]), int(match[2]), match[3]
    if unit.startswith("mo"):
        return Duration(months=amount, calendar=calendar)
    if unit.startswith("y"):
        return Duration(months=12 * amount, calendar=calendar)
    if unit.startswith("m"):
        return Duration(minutes=amount, calendar=calendar)
    if unit.startswith("h"):
        return Duration(minutes=60 * amount, calendar=calendar)
    return Duration(days=amount * (7 if unit.startswith("w") else 1), calendar=calendar)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


class Away(msgspec.Struct, frozen=True):
    """Both days included."""

    start: date
    end: date
    deputy: str = ""


class Agent(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`signature`: language ("" for any) → the text below replies."""

    name: str
    email: str
    login: str = ""
    role: Role = "agent"
    signature: dict[str, str] = {}
    away: tuple[Away, ...] = ()


class Hours(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Opening hours per weekday (0 = Monday): spans of minutes after local midnight, in order, not overlapping.
    `special` are days with hours of their own, whatever the week or `closed` says.
    `closed` has the public holidays of the country `holidays` ("": none) in it, for SE with `eves` also midsommarafton,
    julafton and nyårsafton."""

    timezone: str = "UTC"
    week: dict[int, tuple[tuple[int, int], ...]] = {}
    closed: frozenset[date] = frozenset()
    special: dict[date, tuple[tuple[int, int], ...]] = {}
    holidays: str = ""
    eves: bool = True

    def spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """The opening hours of that day; none where the desk is shut."""
        if day in self.special:
            return self.special[day]
        return () if day in self.closed else self.week.get(day.weekday(), ())

    def open_days(self, first: date, length: int) -> int:
        """Of so many days from `first` on, on how many the desk is open; all, where there are no opening hours."""
        if not any(self.week.values()):
            return length
        return sum(bool(self.spans(first + timedelta(days=one))) for one in range(length))


TargetKind = Literal["first_response", "next_response", "resolution"]
TARGET_KINDS: tuple[TargetKind, ...] = ("first_response", "next_response", "resolution")


class Target(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The promises of one priority; None is no promise."""

    first_response: Duration | None = None
    next_response: Duration | None = None
    resolution: Duration | None = None


class EscalationStep(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """At `used` (a share of a target, 1.0 = due), or when nobody has owned a ticket that waits for us so long as
    `unassigned` says, or so long as `promise` says before a date promised in a reply is due (zero: then), do `actions`:
    ("notify", "owner" | "team" | "deputy" | address), ("raise_priority", priority), ("assign", agent or "deputy"),
    ("label", label), ("reply", snippet, sent by itself), ("draft", snippet). `owner_away` asks in addition that the
    ticket's owner is, or is not, away. `name` is unique and tells which step has run."""

    name: str
    used: float = 0
    unassigned: Duration | None = None
    actions: tuple[tuple[str, str], ...] = ()
    owner_away: bool | None = None
    promise: Duration | None = None


def as_words(name: str) -> str:
    """A name of rules.yaml as people read it: "order_number" → "Order number"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


class FieldSpec(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A declared field: one of `values`, or text that fully matches `pattern` (RE2), or free text. `label` is what
    customers read for its name, by language, "" for all others; `value_labels` the same of its values."""

    name: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    required_at_close: bool = False
    label: dict[str, str] = {}
    value_labels: dict[str, dict[str, str]] = {}

    def label_in(self, language: str, value: str = "") -> str:
        """Of the field, or of one of its values; the name as words where that language has none."""
        labels = self.value_labels.get(value, {}) if value else self.label
        return labels.get(language) or labels.get("") or as_words(value or self.name)


class RetentionRule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Closed tickets with that status, label and `fields`, `age` after they were closed (status closed) and got the
    label: what happens. The label "spam" means tickets that are marked as spam. `open`: also such as are not closed."""

    then: Literal["anonymise", "delete"]
    age: Duration
    status: str = ""
    label: str = ""
    open: bool = False
    fields: dict[str, str] = {}


Ground = Literal["legitimate_interest", "contract", "legal_obligation", "consent"]


class Processor(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who handles personal data for the desk (Article 28): `does` what, in which country, and whether there is a
    contract (None: not said)."""

    name: str
    does: str = ""
    country: str = ""
    contract: bool | None = None


class Privacy(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`mask` is what is masked on arrival, `mask_shown` only where it is shown or sent; the originals are sealed for
    the public keys `seal_to`. `raw_mail` is how long original bytes are kept (None: as long as the ticket). `audit_key`
    is the file of the key that signs the audit log ("": the desk's own), `audit_keep` how long its records are kept
    (None: for ever). With `log_lists` it also has which tickets were listed; `reasons` are the kinds of reading that
    need a reason. `responsible` is the controller ("": the desk's name), `contact` where to write about personal data
    ("": the address that replies come from), `footer` a snippet below each reply, `breach_contact` whom to call in the
    team. `tested` are the days of the last "restore" and "erasure" that were tried; a breach is reported within
    `report_within`."""

    notice: str = ""
    mask: tuple[str, ...] = ()
    mask_shown: tuple[str, ...] = ()
    seal_to: tuple[str, ...] = ()
    retention: tuple[RetentionRule, ...] = ()
    raw_mail: Duration | None = None
    audit_key: str = ""
    audit_keep: Duration | None = None
    log_lists: bool = False
    reasons: tuple[str, ...] = ()
    responsible: str = ""
    contact: str = ""
    ground: Ground = "legitimate_interest"
    footer: str = ""
    processors: tuple[Processor, ...] = ()
    breach_contact: str = ""
    report_within: Duration = Duration(minutes=72 * 60, calendar=True)
    tested: dict[str, date] = {}


class Assistant(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`url` is the base of an API of OpenAI's shape (`…/v1`). Without `allow_remote` only this computer and private
    addresses (RFC 1918, RFC 4193) are asked."""

    url: str = ""
    model: str = ""
    allow_remote: bool = False

    @property
    def place(self) -> str:
        """Host and port."""
        from urllib.parse import urlsplit

        return urlsplit(self.url).netloc
