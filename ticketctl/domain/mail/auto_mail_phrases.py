"""What automatic mail writes in its subject, by language. Written as `machine.folded` leaves a subject: lower case,
without accents. Regular expressions, joined by `|`."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What mail programs and autoresponders put before the subject that they answer, or instead of it.
REPLY = {
    "en": r"auto(?:matic|mated|m\.)?[ -]?(?:e-?mail[ -]?)?re(?:ply|sponse|sponder)|automatic(?:ally)? generated reply"
    r"|out[ -]of[ -](?:the )?office(?:[ -](?:auto-?reply|reply|message|notice|notification|response))?"
    r"|away from (?:my|the) (?:office|desk|mail)|vacation (?:reply|message|response|notice|auto-?reply)|away message",
    "sv": r"auto(?:matiskt |mat)?svar|(?:ej|inte) pa kontoret|franvaro(?:meddelande|besked)",
    "no da": r"auto(?:matisk )?svar|ikke (?:pa kontoret|til stede)|fraværs(?:melding|besked|assistent)",
    "de": r"auto(?:matische |m\. )?(?:ruck)?antwort|abwesenheits(?:notiz|nachricht|benachrichtigung|meldung|assistent)"
    r"|nicht im buro|au(?:ss)er haus",
    "nl": r"auto(?:matisch )?antwoord|automatische beantwoording"
    r"|afwezigheids(?:bericht|melding|assistent)|niet op kantoor",
    "fr": r"reponse automatique|(?:message|reponse|notification|avis) (?:automatique )?d'absence|absen\w+ du bureau",
    "fi": r"automaattinen (?:vastaus|poissaoloilmoitus)|automaattivastaus"
    r"|poissaolo(?:viesti|ilmoitus)|poissa toimistosta",
    "es pt": r"(?:respuesta|contestacion|resposta) automatica|(?:mensaje|mensagem) automatic[oa]"
    r"|fuera de (?:la )?oficina|fora do escritorio",
    "it": r"risposta automatica|fuori (?:sede|ufficio)|(?:assente|assenza) dall'ufficio|messaggio automatico",
    "pl": r"automatyczna odpowiedz|odpowiedz automatyczna|autoodpowiedz|poza biurem|informacja o nieobecnosci",
    "cs sk": r"automaticka odpove[dtd]\w*|mimo kancelar\w*",
    "hu ro": r"automatikus valasz|hazon kivul|raspuns automat|in afara biroului",
    "et lv lt is": r"automaatvastus|automatiska atbilde|automatinis atsakymas|sjalfvirkt svar",
    "hr sl": r"automatski odgovor|samodejni odgovor|izvan ureda",
    "tr": r"otomatik yan[iı]t|otomatik cevap|ofis d[iı]s[iı]nda",
    "ru uk": r"автоматическии ответ|автоответ|автоматична відповідь",
    "el": r"αυτοματη απαντηση|εκτος γραφειου",
    "ja zh ko": r"自動応答|自動返信|自动答复|自动回复|自動回覆|不在通知|자동 (?:회신|응답)|부재 중",
}

# Whole sentences, which nobody makes the subject of a matter.
SENTENCES = {
    "en": r"i(?:'m| am|'ll be| will be) (?:currently )?(?:out of|away from) (?:the |my )?office",
    "sv": r"jag ar (?:inte pa kontoret|pa semester|bortrest|franvarande)",
    "no da": r"jeg er (?:ikke pa kontoret|pa ferie|bortreist|fraværende)",
    "de": r"ich bin (?:nicht im buro|im urlaub|abwesend|derzeit nicht)",
    "nl": r"ik ben (?:niet op kantoor|met vakantie|op vakantie|afwezig)",
    "fr": r"je suis (?:absente?|en conges?|en vacances)",
    "fi": r"olen (?:lomalla|poissa)",
    "es pt": r"estoy (?:fuera de la oficina|de vacaciones)|estou (?:fora|de ferias)",
    "it": r"sono (?:fuori ufficio|in ferie|assente)",
    "pl": r"jestem (?:poza biurem|na urlopie|nieobecn[ya])",
}

# Customers write about these too: they count only as the whole subject or before a colon, and with a header's support.
ABSENCE = {
    "en": r"auto|absent|absence|away|vacation|on (?:vacation|holiday|leave|annual leave)",
    "sv": r"franvaro|franvarande|semester|pa semester|bortrest",
    "no da": r"fravær|fraværende|ferie|pa ferie",
    "de": r"abwesend|abwesenheit|urlaub|im urlaub",
    "nl": r"afwezig|afwezigheid|(?:met|op) vakantie",
    "fr": r"absente?|en conges|conges|vacances",
    "fi": r"poissa|poissaolo|(?:vuosi|kesa|talvi)?lomalla",
    "es pt": r"ausente|ausencia|(?:de )?vacaciones",
    "it": r"assenza|assente|in ferie|in vacanza",
    "pl": r"nieobecnosc|nieobecn[ya]|urlop|na urlopie",
}

CHALLENGE = re.compile(
    r"(?:please )?(?:confirm|verify) (?:that you sent|your (?:message|e-?mail to))"
    r"|your (?:message|e-?mail)(?: to \S+)? (?:requires|awaits|needs) (?:your )?(?:confirmation|verification)"
    r"|.{0,60}\[(?:spamarrest|boxtrapper)\]|action required: verify your message|challenge[-/ ]response"
)

# What Lotus and HCL Domino put before the name of who is away: "AUTO: Anna Berg is out of the office (returning …)".
DOMINO = re.compile(r"auto:\s")
AWAY = re.compile(
    r"out of (?:the )?office|is away|on (?:vacation|holiday|leave)|(?:inte|ej) pa kontoret|franvarande|pa semester"
    r"|ikke (?:pa kontoret|til stede)|fravaer|fravær|nicht im (?:buro|haus)|au(?:ss)er haus|abwesend|im urlaub"
    r"|niet (?:op kantoor|aanwezig)|no esta en (?:la )?oficina"
    r"|afwezig|absente?\b|poissa|lomalla|fuera de|ausente|fora do|fuori (?:sede|ufficio)"
    r"|assente|poza biurem|nieobecn"
)
# "This answer … was sent automatically", a line of its own.
_THIS = r"this|detta|det har|dette|das|dies\w*|dit|deze|ceci|cette|ce|esta?|este|questa?|tama|to|ta"
_IS = r"is|was|has been|ar|har|skickades|er|ble|blev|ist|wurde|werd|est|a ete|es|fue|ha sido|e|foi|on|jest|zostala?"
SAID_SO = re.compile(
    rf"(?:(?:note|obs|hinweis|merk|nota|remarque|opmerking|huom)\W{{1,3}})?(?:{_THIS})\b.{{0,120}}?\b(?:{_IS})\b.{{0,40}}\bauto"
)

# Challenges in prose: that a mail is held back, what to do, and what for. All three are asked for, and a link.
HELD = re.compile(
    r"(?:is|are) holding (?:back )?your|your (?:e-?mail|message|mail)\b.{0,80}\b(?:is|are|has been|have been|is being) "
    r"(?:held|on hold|quarantined|waiting|blocked|pending)|not (?:yet )?on (?:my|the|our|his|her) [\w -]{0,30}list"
    r"|only (?:takes|accepts|receives) (?:e-?mails?|mails?|messages?) from|(?:halls|halles|haller) (?:kvar|inne)"
    r"|tar bara emot (?:mejl|e-?post|mail|meddelanden) fran|inte (?:med )?pa (?:min|var|listan|hans|hennes)\b"
    r"|holdes tilbage|holdt tilbake|tilbageholdt|(?:wird|wurde) zuruckgehalten|nimmt nur (?:e-?mails?|nachrichten) von"
    r"|nicht auf (?:meiner|der|unserer) [\w -]{0,30}liste|wordt vastgehouden|est (?:retenu|bloque|en attente)"
    r"|(?:esta|ha sido) (?:retenid|bloquead)|e (?:stato )?(?:trattenuto|bloccato)"
)
FOLLOW = re.compile(
    r"(?:^|[.!?:,>)\u2013-] ?)(?:(?:please|then|simply|just|bitte|veuillez|vanligen|var vanlig och|por favor) )?"
    r"(?:to [^.:]{3,60}?,? (?:please )?|for att [^.:]{3,60}, |um [^.:]{3,60}, (?:bitte )?|pour [^.:]{3,60}, )?"
    r"(?:click|follow|visit|use|open|confirm|verify|klicka|folj|besok|oppna|bekrafta|klik|klikk|klicken|folgen"
    r"|bestatigen|folg|bekreft|bekræft|cliquez|suivez|confirmez|haga clic|clicca|fare clic)\b"
)
LET_IN = re.compile(
    r"(?:permitted|approved|allowed|known|trusted|accepted|verified) senders?|white ?list|guest ?list|allow ?list"
    r"|(?:mail|message) will (?:then )?be (?:delivered|released)|(?:will|to) (?:be )?(?:delivered|released|let in)"
    r"|prove (?:that )?you(?:'re| are) (?:a )?human|godkand\w* avsandare|vitlist|vit lista"
    r"|(?:mejl|meddelande|brev)\w* (?:levereras|slapps|kommer fram)|tillatna avsandare|godkendte? afsender"
    r"|godkjente? avsender|hvidliste|hviteliste|(?:zugelassen|erlaubt|bekannt|freigegeben|genehmigt)\w* absender"
    r"|(?:wird|werden) (?:dann )?zugestellt|toegelaten afzender|liste (?:blanche|des expediteurs)|expediteurs? autoris"
    r"|lista blanca|remitentes? (?:permitid|autorizad)|mittent\w autorizzat"
)

# Junk complaints from before ARF: their subjects, and what the reporting provider adds to the reported mail.
COMPLAINED = re.compile(
    r"(?:fwd?: )?complaint about (?:the |a |your )?(?:message|e-?mail|mail) from|(?:e-?mail )?feedback report for"
    r"|client tos notification|spam (?:complaint|report)(?: \W.*| for .*| from \d.*|$)|abuse report (?:for|about) \S*\d"
    r"|\[spamcop \(|junk (?:mail )?(?:complaint|report)\b.{0,40}\d"
)
REPORTER = re.compile(r"(?im)^x-(?:hmxmroriginalrecipient|reporter-ip|spam-reporter|abuse-report-id)\s*:")

# Who speaks for a mailing list: programs by name, and the roles beside a list's own name.
LIST_ROBOT = re.compile(r"majordomo|mailman|sympa|listserv|listproc|listar|ecartis|ezmlm|smartlist|petidomo|mlmmj")
LIST_ROLE = re.compile(
    r"(?:[\w.+-]{1,64}[-_.+](?:admin|owner|request|bounces?|errors?|master|moderators?|help)|(?:owner|admin)[-_.][\w.+-]{1,64}"
    r"|listmaster)"
)
LOOP = re.compile(r"\bloop (?:alarm|alert|warning|detected)|mail(?:ing)? loop|slinga i e-?post|mailschleife|mailloop")

# The part of an address before the @ that says that nobody reads the answers.
NO_REPLY = re.compile(
    r"(?:no|do[-_.]?not|ne[-_.]?pas|nicht|inget|ej|ikke)[-_.]?"
    r"(?:reply|respond|answer|repondre|antworten|svar|svara)(?:[-_.+].*)?"
)

DAEMON = re.compile(
    r"mailer[-_.]?daemon.*|mail[-_.]?(?:daemon|delivery|system|router|admin|gateway|server)|post[-_.]?master|mdaemon"
    r"|bounces?|microsoftexchange\w*|e?mail[-_.]?(?:admin|gateway|server)|mmdf|uucp|daemon|listserv|smtp[-_.]?(?:error|daemon)"
)
DAEMON_NAME = re.compile(
    r"(?i)\b(?:mail (?:delivery|administrator|system|router)|mailer[- ]daemon|system administrator|post ?master"
    r"|delivery (?:sub)?system|internet mail delivery|microsoft (?:exchange|outlook)|systemadministrat\w+)\b"
)


def _either(phrases: Iterable[str]) -> str:
    return "|".join(f"(?:{phrase})" for phrase in phrases)


BEGINS = re.compile(rf"(?:{_either(REPLY.values())})\b")
HEADING = re.compile(rf"(?:{_either(REPLY.values())})\s*(?:$|[:!.(\[|\u2013\u2014-])")
STATEMENT = re.compile(_either(SENTENCES.values()))
ALONE = re.compile(rf"(?:{_either(ABSENCE.values())})(?:[\W\d_]*|\s*[:\u2013-]\s.*)", re.S)
EXCHANGE = re.compile(r"out of office auto-?reply:")  # so unmistakable that it may stand behind "Re: [list]"
PREFIX = re.compile(r"(?:(?:re|aw|sv|vs|antw|odp|rif|ref)\s*:\s*){1,3}")
COMPLAINT = re.compile(r'[{\s][^{}]*\{?\s*"(?:notificationType|eventType)"\s*:\s*"Complaint"')  # Amazon SES, as JSON
