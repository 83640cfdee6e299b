"""A moment that a reply of ours promises: "vi återkommer senast fredag", "we will be back within 24 hours".

A sentence promises where it says that *we* do something (or that the customer gets something), and names one moment
that is still ahead. Passed over, since a wrong date is worse than none: questions, quoted lines, conditions ("om ni
skickar …"), demands on the customer ("svara senast fredag"), hopes ("kanske", "we hope"), refusals ("hinner inte"),
moments that bound something else ("efter fredag", "until Monday", "mötet på torsdag") and what can be read in two ways
("3/4" in English, "nästa fredag", Friday said on a Friday). Takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from ticketctl.domain.deadlines.calendar_words import in_figures
from ticketctl.domain.deadlines.promise_times import Times, times
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.query import fold

LONGEST = 20_000  # characters of a reply that are looked at
SENTENCE = 600
_ABBREVIATION = re.compile(
    r"\b(kl|ca|t|ex|bl|a|d|v|s|k|f|m|e|st|nr|tel|jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)\.$"
)
_END = re.compile(r"[.!?…:;]+(?=\s|$)|\n(?=\s*\n)|\n(?=\s*[-*•])")


class Found(msgspec.Struct, frozen=True):
    """`at` (UTC) is promised by `sentence`, as it is written."""

    at: datetime
    sentence: str


def promised(text: str, now: datetime, hours: Hours) -> Found | None:
    """The earliest moment that the text promises, None where it promises none, or none that is certain."""
    found = [one for one in (_in(each, now, hours) for each in _sentences(text)) if one]
    return min(found, key=lambda one: one.at, default=None)


def _in(sentence: str, now: datetime, hours: Hours) -> Found | None:
    words = in_figures(" ".join(fold(sentence[:SENTENCE]).replace("’", "'").split()))
    if not _WE.search(words) or _blocked(words):
        return None
    moments = {one.at for one in _free(words, times(words, now, hours))}
    if len(moments) != 1 or None in moments:
        return None
    at = moments.pop()
    return Found(at, " ".join(sentence.split())) if at is not None and at > now else None


def _sentences(text: str) -> Iterator[str]:
    """The sentences of our own, without quotes, signature and questions."""
    own = []
    for line in text[:LONGEST].splitlines():
        if line.rstrip(" ") == "--":
            break
        if not line.lstrip().startswith((">", "|")):
            own.append(line)
    whole = "\n".join(own)
    start = 0
    for end in _END.finditer(whole):
        piece = whole[start : end.start()]
        if end[0] == "." and _ABBREVIATION.search(piece[-12:].lower() + "."):
            continue
        if not end[0].startswith("?"):
            yield piece
        start = end.end()
    yield whole[start:]


# --- who does it, and what makes it no promise ---

_WE = re.compile(
    r"\b(?:"
    # Swedish: subject and a verb of what we do, in either order; subjectless "återkommer"
    r"(?:vi|jag|teknikern|leverantören|kollegan|en kollega|min kollega|våra tekniker|supporten|ekonomi"
    r"|lagret)\s+(?:\w+\s+){0,3}?"
    r"(?:ska|skall|kommer|lovar|räknar|återkommer|hör\s+av|ringer|skickar|svarar|meddelar|lämnar|ger|löser"
    r"|fixar|åtgärdar"
    r"|levererar|rättar|betalar|krediterar|uppdaterar|informerar|kontaktar|mejlar|mailar|undersöker|tittar"
    r"|kollar|ordnar"
    r"|gör|har\s+(?:\w+\s+){0,4}?(?:klar\w*|färdig\w*|löst|svar|besked|en\s+lösning)|är\s+klara"
    r"|är\s+tillbaka\s+senast|blir\s+klara|byter|installerar|publicerar|följer|bokar|hämtar|lägger|tar)"
    r"|(?:återkommer|ringer|skickar|svarar|meddelar|lämnar|ger|löser|fixar|åtgärdar|levererar|rättar"
    r"|krediterar|kontaktar"
    r"|mejlar|mailar|undersöker|tittar|kollar|ordnar|ska|skall|kommer|räknar|lovar|har|hör"
    r"|byter)\s+(?:\w+\s+)?(?:vi|jag)\b"
    r"|^(?:jag\s+|vi\s+)?(?:återkommer|hör\s+av\s+(?:mig|oss)|ringer|lovar\s+återkomma|kollar|fixar)"
    r"|\båterkommer\s+(?:till\s+(?:dig|er)\s+)?(?:senast|inom|före|innan|i|på|under|imorgon|med)"
    r"|(?:du|ni)\s+(?:kommer\s+(?:att\s+)?(?:få|höra|kontaktas)|hör\s+(?:från|av)|har\s+(?:\w+\s+)?(?:svar"
    r"|besked|varan|pengarna|den|det)"
    r"|får\s+(?:\w+\s+){0,2}?(?:svar|besked|återkoppling|uppdatering|en|ett|din|ditt|dina|er|ert|pengarna"
    r"|ersättning|leverans\w*"
    r"|faktur\w+|information|mer|den|det|hem|allt|nytt|ny|varan|retursedel\w*))"
    r"|har\s+(?:du|ni)\s+(?:\w+\s+)?(?:svar|besked|varan|pengarna|den|det)"
    r"|får\s+(?:du|ni)\s+(?:svar|besked|återkoppling|uppdatering|en|ett|din|ditt|dina|pengarna|ersättning"
    r"|leverans\w*|mer|den|det|hem|veta)"
    r"|\bkommer\s+(?:till\s+(?:dig|er)\s+)?(?:senast|i\s?dag|i\s?morgon|i\s?eftermiddag|på|under|inom)\b"
    r"|\boch\s+(?:\w+\s+)?(?:återkommer|ringer|skickar|uppdaterar|meddelar|svarar|hör\s+av|ger\s+besked)\b"
    r"|(?:vår|våra|vårt)\s+\w+\s+(?:kommer|ringer|skickar|hör|besöker|släpper|levererar|återkommer|byter)\b"
    r"|\w{3,}(?:na|en|et)\s+(?:släpper|levererar|ringer|skickar|hör\s+av|återkommer|kommer\s+ut|lagar|hämtar)\b"
    r"|leveransen?\s+(?:sker|kommer|blir|är)\b|nästa\s+(?:besked|uppdatering|statusuppdatering)\b"
    r"|(?:vi|jag)\s+(?:siktar|planerar|kör|lägger|sätter|släpper|felsöker|fortsätter)\b"
    r"|så\s+(?:har\s+(?:du|ni)|(?:du|ni)\s+har)\b|(?:du|ni)\s+ska(?:ll)?\s+(?:ha|få)\b"
    r"|(?:öppnas\s+igen|låses\s+upp|aktiveras|släpps|byts\s+ut|uppdateras|hämtas|makuleras)\b"
    r"|(?:skickas|levereras|åtgärdas|löses|rättas|utbetalas|betalas\s+(?:ut|tillbaka)|återbetalas"
    r"|krediteras|publiceras|repareras|installeras)"
    r"|(?:är|blir|kommer\s+(?:att\s+)?(?:vara|bli)|ska\s+(?:vara|bli)"
    r"|bör\s+vara)\s+(?:\w+\s+){0,2}?(?:klar\w*|färdig\w*|löst|åtgärda[td]|igång|uppe|fixa[td]|lagad|lagat"
    r"|tillbaka\s+senast|på\s+plats)"
    # English
    r"|\b(?!you\b)\w+\s+will\s+(?!be\b|not\b|have\b)\w+|\bwill\s+be\s+(?:un\w+ed|on\s+your|with\s+you|in\s+touch|back)\b"
    r"|(?:we|i)(?:'re|'m|\s+are|\s+am)\s+(?:shipping|sending|issuing|releasing|refunding|crediting|replacing"
    r"|publishing|calling)\b|(?:we|i)(?:'ve|\s+have)\s+scheduled\b|next\s+update\b|\bthe\s+courier\b"
    r"|(?:we|i)\s?(?:'ll|'re\s+going\s+to|'m\s+going\s+to|\s+(?:will|shall|expect|aim|plan|promise"
    r"|are\s+going\s+to|am\s+going\s+to|guarantee))\b"
    r"|(?:(?:our|the|a|my)\s+(?:\w+\s+)?(?:team|technicians?|engineers?|developers?|colleagues?|supplier"
    r"|warehouse|courier|specialists?|accounts?|finance|manager))\s+will\b"
    r"|(?:^(?:(?:i|we)\s+)?|\band\s+)(?:will\s+(?:get|be|call|send|come|reply|respond|let|follow|update"
    r"|fix|check)|back\s+(?:to|with)\s+you|expect\s+(?:an?|our|my)\s+(?:\w+\s+)?(?:answer|reply|update"
    r"|response|call|fix))"
    r"|you\s?(?:'ll|\s+will|\s+can\s+expect|\s+should)\s+(?:\w+\s+)?(?:hear|receive|get|have"
    r"|be\s+(?:contacted|notified|refunded|called)|an?|our|to\s+hear)\b"
    r"|(?:it|this|that|they|these|\w+(?:\s+\w+)?)\s?(?:'ll|\s+will"
    r"|\s+should)\s+(?:all\s+)?be\s+(?:\w+\s+)?(?:fixed|sent|ready|done|delivered|resolved|solved|shipped"
    r"|refunded|available|corrected|repaired|restored|back|complete|completed|replaced|installed|paid"
    r"|credited|processed|published|deployed|dispatched)"
    r"|(?:is|are|gets?)\s+(?:being\s+)?(?:shipped|sent|delivered|refunded|fixed|dispatched"
    r"|due\s+to\s+be\s+(?:fixed|ready|back))|(?:ships|goes\s+out|arrives|will\s+arrive|will\s+ship)"
    r")"
)
_POLITE = re.compile(
    r"\b(?:please\s+(?:note|be\s+advised|be\s+assured|excuse|accept|rest|bear|know)"
    r"|(?:vänligen\s+)?(?:notera|observera)"
    r"|no(?:t)?\s+later\s+than|inte\s+senare\s+än|(?:do\s+not|don't|not)\s+(?:worry|hesitate)"
    r"|oroa\s+(?:dig|er)\s+inte|inte\s+bara|not\s+only)\b"
)
_NO_PROMISE = re.compile(
    # conditions
    r"\b(?:if|unless|once|as\s+soon\s+as|provided|in\s+case|depending|subject\s+to|otherwise|assuming"
    r"|when\s+(?:we|you|it|they)"
    r"|så\s+snart|så\s+fort|såvida|ifall|förutsatt|beroende\s+på|annars|när\s+(?:vi|ni|du|det|den|jag)"
    r"|om\s+(?:vi|ni|du|inte|något|jag|allt|vädret|felet|problemet|delen))\b"
    r"|(?:^|[,:–-] ?)om\s+(?!\d|en\s|ett\s|två|tre|fyra|fem|sex)"
    # hopes and doubts
    r"|\b(?:hope\w*|hoping|try|tries|trying|might|(?<!\d\s)may(?!\s\d)|maybe|perhaps|possibly|probably|likely|could|would"
    r"|wish|want|like\s+to|unsure|not\s+sure|estimate\w*|approximately|around|roughly"
    r"|hoppas|försöker|försöka|kanske|eventuellt|troligen|troligtvis|förmodligen|antagligen|möjligen"
    r"|skulle|önskar|preliminärt|ungefär|cirka|omkring|runt|vill|kan|osäker\w*|tror|gissar|bör\s+kunna)\b|\bca\b"
    # refusals
    r"|\b(?:not|cannot|can't|won't|unable|never|no\s+longer|isn't|doesn't|don't|inte|ej|aldrig|ingen|inget"
    r"|inga|varken)\b"
    # demands on the customer, and what we wait for ourselves
    r"|\b(?:please|kindly|must|need\w*|have\s+to|has\s+to|require\w*|waiting|await\w*|look\s+forward"
    r"|be\s+sure\s+to|make\s+sure|expect\s+(?:you|your|payment)"
    r"|vänligen|snälla|måste|behöver|behövs|behöva|krävs|kräver|väntar|inväntar|vänta|önskemål"
    r"|ser\s+fram\s+emot|se\s+till|tänk\s+på|glöm|hör\s+gärna\s+av|återkom|skicka\s+(?:in|oss|gärna)"
    r"|svara\s+(?:oss|gärna|på)|betala\s+(?:in|senast)|vill\s+ha)\b"
    # closed, away: a fact about us and no promise
    r"|\b(?:closed|away|out\s+of\s+(?:the\s+)?office|on\s+(?:holiday|vacation|leave)|off\s+work|charge"
    r"|suspend\w*|cancel\w*|stänger|stängt|stängda|semester|ledig\w*|tjänstledig|frånvarande|bortrest\w*"
    r"|föräldraledig|avslutar|avslutas|makuler\w*|spärrar|stänger\s+av|talk|see\s+you|hörs|ses)\b"
    r"|\bclose\s+(?:the|this|your)\b"
    # what runs its own course
    r"|\b(?:expire\w*|renew\w*|ends|end\s+on|valid|begins?|starts?|opens?|takes?\s+place|payable|trial|deadline|förnya\w*"
    r"|gäller|går\s+ut|löper\s+ut|förfaller|börjar|öppnar|slutar|(?<!vi )(?<!jag )startar|öppettider\w*|kampanj\w*)\b"
    # every week is no moment
    r"|\b(?:every|each|always|usually|normally|weekdays|daily|weekly|varje|alltid|vanligtvis|normalt"
    r"|dagligen|vardagar\s+mellan|brukar|oftast)\b"
)


def _blocked(words: str) -> bool:
    return _NO_PROMISE.search(_POLITE.sub(" ", words)) is not None


_BOUNDS_ELSE = re.compile(
    r"(?:\b(?:(?<!klart )(?<!klar )(?<!klara )(?<!färdigt )(?<!löst )(?:till|fram\s+till)"
    r"|after|since|until|from|not\s+before|earliest|of|dated|efter|sedan|från|tills"
    r"|t\.?o\.?m\.?|fr\.?o\.?m\.?|tidigast|ända\s+till|av|daterad|inför|kring|ordered|placed"
    r"|sent|received|reported|mentioned|called|paid|bought|wrote|discussed|requested|"
    r"beställde|skickade|fick|köpte|ringde|betalade|skrev|rapporterade|mötet|möte|meeting|mail|mejl|mejlet"
    r"|mailet|email|e-post|brev|brevet|fakturan|beställning(?:en)?|order|last|förra|förfallodatum"
    r"|förfaller|webinar|demo|kickoff|due\s+date)"
    r"(?:\s+(?:on|the|den|på|i|of|as\s+of|för|your|ditt|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday))*)\s*$"
)
_BOUND_BEHIND = re.compile(
    r"^\s*(?:at\s+the\s+earliest|tidigast|onwards|och\s+framåt|or\s+later|eller\s+senare|'s\s+(?!end\b))"
)


def _free(words: str, found: list[Times]) -> list[Times]:
    """Those that bound what we do, and nothing else ("efter fredag", "your mail of 3 December")."""
    return [
        one
        for one in found
        if not _BOUNDS_ELSE.search(words[max(0, one.start - 40) : one.start])
        and not _BOUND_BEHIND.search(words[one.end : one.end + 20])
    ]
