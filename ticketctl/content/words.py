"""What reports and mails say, in the language of the desk or the customer: one table, a row a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from itertools import groupby

from ticketctl.domain.ticket.message import MAIL, Message

STATUS = {
    "sv": {"new": "nytt", "open": "öppet", "waiting": "väntar", "closed": "stängt"},
    "en": {"new": "new", "open": "open", "waiting": "waiting", "closed": "closed"},
}
PRIORITY = {
    "sv": {"high": "hög", "medium": "medel", "low": "låg"},
    "en": {"high": "high", "medium": "medium", "low": "low"},
}
PROMISE = {
    "sv": {
        "first_response": "Första svar",
        "next_response": "Följande svar",
        "resolution": "Lösning",
        "promise": "Utlovat i svar",
    },
    "en": {
        "first_response": "First response",
        "next_response": "Next response",
        "resolution": "Resolution",
        "promise": "Promised in a reply",
    },
}
CHANNEL = {
    "sv": {
        "email": "e-post",
        "phone": "telefon",
        "visit": "besök",
        "form": "formulär",
        "chat": "chatt",
        "matrix": "Matrix",
        "telegram": "Telegram",
        "mattermost": "Mattermost",
        "webhook": "webhook",
        "system": "eget",
        "ours": "egna",
    },
    "en": {
        "email": "e-mail",
        "phone": "phone",
        "visit": "visit",
        "form": "form",
        "chat": "chat",
        "matrix": "Matrix",
        "telegram": "Telegram",
        "mattermost": "Mattermost",
        "webhook": "webhook",
        "system": "our own",
        "ours": "our own",
    },
}
WEEKDAYS = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

# name: (Swedish, English)
REPORT = {
    "report": ("Rapport", "Report"),
    "as_of": ("Läget gäller {instant}.", "Stock and workload are as of {instant}."),
    "aside": (
        "I karantän, och ingen har tittat på dem: {count}.",
        "In quarantine, and nobody has looked at them: {count}.",
    ),
    "will_delete": (
        "Raderas för gott inom en vecka: {numbers} ({why}). Ändra etiketten om det är fel.",
        "Will be deleted for good within a week: {numbers} ({why}). Change the label if that is wrong.",
    ),
    "will_anonymise": (
        "Avidentifieras inom en vecka: {numbers} ({why}).",
        "Will be anonymised within a week: {numbers} ({why}).",
    ),
    "closed_for": ("stängda i {age}", "closed for {age}"),
    "label_for": ("{label} i {age}", "{label} for {age}"),
    "label_closed_for": ("{label} och stängda i {age}", "{label} and closed for {age}"),
    "spam": ("skräppost", "spam"),
    "months": ("{count} månader", "{count} months"),
    "so_many_days": ("{count} dagar", "{count} days"),
    "made": ("Gjord {now}.", "Made {now}."),
    "few": ("få", "few"),
    "provisional": ("preliminärt", "provisional"),
    "few_told": (
        "”få” betyder färre än fem fall, ”preliminärt” att talet ännu kan ändras.",
        "“few” means fewer than five cases, “provisional” that the figure can still change.",
    ),
    "no_hours": (
        "Utan öppettider i rules.yaml räknas all tid.",
        "Without opening hours in rules.yaml all time counts.",
    ),
    "audit": ("Åtkomstloggen slutar med post {number}, {mac}.", "The audit log ends at record {number}, {mac}."),
    "fetched_at": ("Post från {source} hämtades senast {at}.", "Mail of {source} was last fetched {at}."),
    "unfetched": ("Post från {source} har aldrig hämtats.", "Mail of {source} was never fetched."),
    "fetch_fails": ("DET GÅR INTE NU.", "IT FAILS NOW."),
    "of": ("{part} av {whole}", "{part} of {whole}"),
    "total": ("summa", "total"),
    # a week compared
    "trend": ("Jämfört med de {count} veckorna före", "Compared with the {count} weeks before"),
    "trend_year": ("Jämfört med {weeks} för ett år sedan ({days})", "Compared with {weeks} a year ago ({days})"),
    "trend_week": ("veckan", "this week"),
    "trend_before": ("vanligt", "usual"),
    "trend_then": ("då", "then"),
    "trend_difference": ("skillnad", "difference"),
    "trend_arrivals": ("Inkomna", "Arrived"),
    "trend_closes": ("Stängda", "Closed"),
    "trend_backlog": ("Öppna sist", "Open at end"),
    "first_in_time": ("Första svar i tid", "First response in time"),
    "trend_fell": ("lägre", "lower"),
    "trend_rose": ("högre", "higher"),
    "trend_usual": (
        "”Vanligt” är spannet för åtta av tio veckor. Första svar: median av öppettid.",
        "“Usual” is the range of eight in ten weeks. First response: median of opening time.",
    ),
    "trend_year_told": (
        "”Då” är det minsta och det största av de fem veckorna.",
        "“Then” is the least and the most of the five weeks.",
    ),
    "trend_told": (
        "Inom parentes: var den vore om inget ändrats (antal, 95 %), eller kan vara (tid, andel, 90 %).",
        "In brackets: where it would be without a change (counts, 95%), or may be (times, shares, 90%).",
    ),
    # sections and rows
    "times": ("Tider", "Times"),
    "n": ("antal", "count"),
    "median": ("median", "median"),
    "p90": ("90 %", "90%"),
    "business_median": ("median, öppettid", "median, open"),
    "business_p90": ("90 %, öppettid", "90%, open"),
    "first_response": ("Första svar", "First response"),
    "first_response_chat": ("Första svar, chatt", "First response, chat"),
    "resolution_first": ("Lösning, första stängning", "Resolution, first close"),
    "resolution_last": ("Lösning, sista stängning", "Resolution, last close"),
    "waiting": ("– därav väntan på kunden", "– waiting for the customer"),
    "ours": ("Egna ärenden, lösning", "Our own tickets, resolution"),
    "kept": ("Löften som hölls", "Promises kept"),
    "met": ("hållna", "kept"),
    "share": ("andel", "share"),
    "no_targets": ("Inga löften i rules.yaml (targets).", "No promises in rules.yaml (targets)."),
    "quality": ("Svar och lösningar", "Answers and solutions"),
    "unanswered": ("Obesvarade", "Unanswered"),
    "oldest_is": ("äldst #{number}, {age}", "oldest #{number}, {age}"),
    "closed_unanswered": ("Stängda utan svar", "Closed without an answer"),
    "automatic_closes": ("Stängda automatiskt", "Closed automatically"),
    "reopened": ("Återöppnade av kunden inom 14 dagar", "Reopened by the customer within 14 days"),
    "touches": ("Svar per stängt ärende, median", "Replies per closed ticket, median"),
    "one_touch": ("Lösta med ett enda svar", "Solved with a single reply"),
    "rated": ("Kunder som svarade hur nöjda de är", "Customers who said how satisfied they are"),
    "satisfied": ("Nöjda kunder (4 eller 5 av 5)", "Satisfied customers (4 or 5 of 5)"),
    "flow": ("In och ut", "In and out"),
    "arrivals": ("in", "in"),
    "closes": ("stängda", "closed"),
    "net": ("netto", "net"),
    "reopened_count": ("återöppnade", "reopened"),
    "flow_provisional": (
        "Egna ärenden räknas preliminärt, så länge en kund kan skriva i dem.",
        "Our own tickets are counted provisionally while a customer may write in them.",
    ),
    "channels": ("In per kanal: {channels}", "In by channel: {channels}"),
    "backlog": ("Öppna ärenden efter ålder", "Open tickets by age"),
    "days": ("dagar", "days"),
    "on_us": ("väntar på oss", "waiting for us"),
    "on_customer": ("väntar på kunden", "waiting for the customer"),
    "workload": ("Arbetsläge", "Workload"),
    "owner": ("ansvarig", "owner"),
    "nobody": ("utan ansvarig", "unassigned"),
    "open": ("öppna", "open"),
    "overdue": ("försenade", "overdue"),
    "for_us": ("hos oss", "for us"),
    "oldest": ("äldst", "oldest"),
    "replies": ("svar i perioden", "replies in period"),
    "causes": ("Orsaker", "Causes"),
    "cause": ("orsak", "cause"),
    "coverage": (
        "Orsak finns på {part} av {whole} stängda ({share}).",
        "{part} of {whole} closed tickets have a cause ({share}).",
    ),
    "lessons": ("Lärdomar", "Lessons"),
    # parts of it
    "by": ("Per {name}", "By {name}"),
    "channel": ("kanal", "channel"),
    "priority": ("prioritet", "priority"),
    "label": ("etikett", "label"),
    "by_label_told": (
        "Ett ärende med flera etiketter räknas under var och en.",
        "A ticket with several labels counts under each of them.",
    ),
    "no_groups": ("Inga ärenden i perioden.", "No tickets in the period."),
    "none": ("(inget)", "(none)"),
    "unanswered_short": ("obesvarade", "unanswered"),
    "replies_short": ("svar", "replies"),
    "open_at_end": ("öppna sist", "open at end"),
    "over_day": ("Dag för dag", "Day by day"),
    "before_week": ("{count} veckor, {first} till {last}", "{count} weeks, {first} to {last}"),
    "before_month": ("{count} månader, {first} till {last}", "{count} months, {first} to {last}"),
    "first": ("första", "first"),
    "last": ("sista", "last"),
    "least": ("minst", "least"),
    "most": ("mest", "most"),
    "over_week": ("Vecka för vecka", "Week by week"),
    "over_month": ("Månad för månad", "Month by month"),
    "resolution": ("Lösning", "Resolution"),
    "in_time": ("i tid", "in time"),
    "of_head": ("av", "of"),
    "reopened_short": ("åter", "reopened"),
    "times_told": (
        "Median av kalendertid. ”I tid” är alla löften som föll in.",
        "Median of calendar time. “In time” is of all promises that were due.",
    ),
    "times_told_hours": (
        "Median av öppettid. ”I tid” är alla löften som föll in.",
        "Median of opening time. “In time” is of all promises that were due.",
    ),
    "head_flow": (
        "{arrivals} kom in, {closes} stängdes, {stock} är öppna.",
        "{arrivals} came in, {closes} were closed, {stock} are open.",
    ),
    "head_answers": ("Första svar: median {median}. {promises}", "First response: median {median}. {promises}"),
    "head_kept": ("{part} av {whole} löften hölls.", "{part} of {whole} promises were kept."),
    "head_no_promises": ("Inga löften föll in.", "No promises were due."),
    "head_waits": (
        "{count} väntar på ett svar, längst #{number}: {age}.",
        "{count} wait for an answer, longest #{number}: {age}.",
    ),
    "head_nobody_waits": ("Ingen väntar på ett svar.", "Nobody waits for an answer."),
    "no_causes": ("Inga orsaker angivna.", "No causes given."),
    "no_workload": ("Inga öppna ärenden.", "No open tickets."),
}


def report_words(language: str) -> dict[str, str]:
    """Swedish or English; other languages get English."""
    return {name: pair[0 if language == "sv" else 1] for name, pair in REPORT.items()}


def known(language: str) -> str:
    """The language itself where these tables have it, else "en"."""
    return language if language in WEEKDAYS else "en"


def weekday(number: int, language: str) -> str:
    return WEEKDAYS[known(language)][number]


def decimal(number: str, language: str) -> str:
    """ "0,5" in Swedish, "0.5" in English."""
    return number.replace(".", ",") if language == "sv" else number


def percent(share: float | None, language: str) -> str:
    """ "85 %" in Swedish, "85%" in English; a dash where there is nothing to divide."""
    if share is None:
        return "–"
    return f"{share * 100:.0f}{' ' if language == 'sv' else ''}%"


_BY_MODEL = {
    "en": "[Suggestion of the language model {model} from {tickets}: read it, change it, delete this line]",
    "sv": "[Förslag av språkmodellen {model} ur {tickets}: läs det, ändra det, ta bort den här raden]",
}
_FROM_PAST = {
    "en": "[Suggestion: the answer of {tickets}. Read it, change it, delete this line]",
    "sv": "[Förslag: svaret i {tickets}. Läs det, ändra det, ta bort den här raden]",
}


def suggested(text: str, tickets: Sequence[int], model: str, language: str) -> str:
    """A suggested draft below a line that says so, which is a place to be filled in, so that nobody sends it unread;
    "" for `model` where none wrote it."""
    lines = _BY_MODEL if model else _FROM_PAST
    named = ", ".join(f"#{number}" for number in tickets)
    first = lines.get(language, lines["en"]).format(model="".join(model.split("]"))[:60], tickets=named)
    return f"{first}\n\n{text.strip()}"


_TRANSCRIPT = {
    "en": {"head": "Our chat on {day}:", "you": "You", "we": "We"},
    "sv": {"head": "Vår chatt den {day}:", "you": "Du", "we": "Vi"},
}


def transcript(messages: Sequence[Message], *, language: str, here: tzinfo) -> str:
    """What was said in a chat, below the mail that goes on with it: the messages that its visitor has seen
    there, by day; "" where there are none. `language` is the customer's."""
    words = _TRANSCRIPT.get(language, _TRANSCRIPT["en"])
    said = [one for one in messages if one.channel != MAIL]
    parts = []
    for day, those in groupby(said, key=lambda one: one.at.astimezone(here).date()):
        lines = [words["head"].format(day=f"{day:%Y-%m-%d}")]
        for one in those:
            who = words["you"] if one.direction == "in" else one.author.capitalize() or words["we"]
            files = "".join(f" [{file.name}]" for file in one.attachments)
            text = f"{one.at.astimezone(here):%H:%M} {who}: {one.text}{files}"
            lines += [f"> {line}".rstrip() for line in text.split("\n")]
        parts.append("\n".join(lines))
    return "".join(f"\n\n{part}" for part in parts)


_LINKS = {
    "en": {
        "subject": "Your links",
        "intro": "Somebody asked for new links to your cases with {desk}. Was it not you? Then you need do nothing.",
        "line": "Case {number}, of {day}:\n{link}",
        "end": "Whoever has a link can read that case and write in it. Do not pass it on.",
    },
    "sv": {
        "subject": "Dina länkar",
        "intro": "Någon har bett om nya länkar till dina ärenden hos {desk}. Var det inte du? Då behöver du inte göra\n"
        "något.",
        "line": "Ärende {number}, från {day}:\n{link}",
        "end": "Den som har en länk kan läsa ärendet och skriva i det. Lämna den inte vidare.",
    },
}


def links_mail(lines: Iterable[tuple[int, date, str]], desk: str, language: str) -> tuple[str, str]:
    """Subject and text of a mail with new links to a customer's pages; `lines` are the number of a ticket, the day on
    which it came, the address of its page. It holds nothing that anybody wrote: who knows an address must not be able
    to make us send their words there."""
    texts = _LINKS.get(language, _LINKS["en"])
    parts = [texts["intro"].format(desk=desk)]
    for number, day, link in lines:
        parts.append(texts["line"].format(number=number, day=day, link=link))
    parts.append(texts["end"])
    return texts["subject"], "\n\n".join(parts) + "\n"
