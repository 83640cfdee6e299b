"""What mail servers write in delivery reports that have no fields, by language. Regular expressions, joined by `|`.

Repetitions are bounded, or end at a character that they can't take themselves, so that each search is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def either(phrases: Iterable[str], before: str = "") -> re.Pattern[str]:
    """Any of the phrases, whatever their case."""
    return re.compile(f"(?i){before}(?:{'|'.join(phrases)})", re.M)


# That something did not arrive. Looked for only in what looks like a report.
FAILURE = either(
    (
        # en
        r"not (?:yet )?(?:been |be )?(?:successfully )?(?:delivered|deliverable|reached?|received|sent\b)",
        r"undeliver(?:able|ed)",
        r"(?:un|not |n't |not been )able to (?:be )?(?:deliver|send)",
        r"could ?n[o']t (?:deliver|send|be (?:delivered|sent|reached))",
        r"(?:cannot|can't|can not) (?:be )?(?:deliver|sen[dt]\b)",
        r"deliver[\w ]{0,40}(?:fail|error|problem|delay|impossible)",
        r"(?:trouble|problem)s? delivering",
        r"fail[\w ]{0,40}deliver|(?:following )?address\S* failed",
        r"returned (?:mail|message|to sender)|rejected|bounce|postponed|encountered an error",
        r"did not (?:reach|receive)|fatal errors?",
        r"(?:user|recipient|address|mailbox|host|domain) (?:is )?unknown",
        r"unknown (?:user|recipient|address|host|domain)",
        r"no such (?:user|recipient|mailbox|address|domain|person)|(?:un|non-?)existent (?:user|mailbox)",
        r"(?:mailbox|quota|account|user)[\w ]{0,30}(?:full|exceeded|over|disabled|unavailable|inactive|suspended)",
        r"over quota|unrouteable|does(?:n't| not) (?:exist|have an?)",
        r"not (?:a )?(?:valid|known|listed|found|our customer|recogni[sz]ed|accepted)",
        r"invalid (?:recipient|address|user|mailbox)|(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])",
        r"(?:is|are) not known (?:at|here|to)|no (?:more )?(?:room|space) (?:is )?(?:left )?in\b",
        # not … delivered, in one sentence, by language: the stems are of carrying mail only
        # and behind a verb that disclaimers ("non possono copiare o consegnare") do not have
        r"\b(?:kunde|kan|har|gick|blev) (?:\S+ )?(?:inte|ej)\b[^.]{0,60}lever",
        r"\b(?:kunne|kan|er|blev|ble|har) (?:\S+ )?ikke\b[^.]{0,60}lever",
        r"\b(?:konnte|kann|wurde|ist)\b[^.]{0,60}\bnicht\b[^.]{0,60}(?:zugestellt|zustellen|ausgeliefert|übermittelt)",
        r"\b(?:kon|kan|is|werd)\b[^.]{0,60}\bniet\b[^.]{0,60}(?:bezorg|afgelever)",
        r"(?:n['’]a (?:pas|pu)|pas (?:pu|été)|impossible de)\b[^.]{0,60}(?:remis|remettre|livr[ée]|distribu|achemin)",
        r"\bno (?:se|fue|ha|pudo|puede|pude)\b[^.]{0,60}entreg",
        r"\bn[ãa]o (?:se|foi|p[ôo]de|conseguimos)\b[^.]{0,60}entreg",
        r"\bnon (?:è|e'|può|puo|siamo|abbiamo)\b[^.]{0,60}(?:recapit|consegn)|impossibile[^.]{0,40}(?:recapit|consegn)",
        r"\bnie (?:można|został[ao]?|udało|mogła|może)\b[^.]{0,60}(?:dostarcz|doręcz)",
        r"\bei\b[^.]{0,60}(?:toimit|perille)|nelze doručit|nedoručen|nepodařilo[^.]{0,40}doručit|nem[^.]{0,40}kézbesít",
        r"не (?:был[оа]? |удалось )?(?:доставлен|доставить)|teslim edile?medi",
        # the address is unknown, the mailbox is full
        r"(?:adress|mottagar|användar|konto|brevlåd)\w*[^\n]{0,80}(?:finns inte|existerar inte|är okänd|är full)",
        r"okänd (?:mottagare|adress|användare)|ukendt (?:modtager|adresse)|ukjent (?:mottaker|adresse)",
        r"postkassen er full|unbekannte[rs]? (?:empfänger|adresse|benutzer)",
        r"(?:adresse|empfänger|postfach)[^\n]{0,80}(?:existiert nicht|unbekannt|voll\b)",
        r"(?:adresse|destinataire|utilisateur)[^\n]{0,80}(?:inconnu|n'existe pas)|bo[îi]te[^\n]{0,40} pleine",
        r"(?:direcci[óo]n|destinatario|usuario|buz[óo]n)[^\n]{0,80}(?:no existe|desconocid|lleno)",
        # sv, da, no
        r"(?:kunde|kan) inte leverera|inte levererats|gick inte att leverera|misslycka\w*",
        r"(?:kunne|kan) ikke (?:leveres|afleveres)|ikke (?:leveret|levert)|uleverbar",
        # de, nl
        r"unzustellbar|nicht (?:zugestellt|zustellbar)|zustellung[\w ]{0,30}fehlgeschlagen",
        r"niet (?:worden )?(?:afgeleverd|bezorgd)|onbestelbaar",
        # fr, es, it, pt
        r"pas pu [êe]tre (?:remis|d[ée]livr|distribu|envoy)|non[ -]remis|échec",
        r"no se (?:ha podido|pudo|puede|han podido) entregar|no (?:se )?entregad",
        r"impossibile recapitare|non (?:è stato )?(?:recapitat|consegnat)|não (?:foi|pôde)[\w ]{0,12} entreg",
        # pl, fi, ja
        r"nie można dostarczyć|nie (?:został[oay]? )?dostarczon|niedostarcz",
        r"ei (?:voitu|voi|pystytty|onnistu)[\w ]{0,20}toimitt|epäonnistui",
        r"配信不能|配信できま|届けられ|送信できま|宛先不明",
    )
)

# How the subject of a report begins.
SUBJECT = either(
    (
        # en
        r"undeliver(?:able|ed)|non[- ]?deliver\w*|delivery (?:subsystem|notification)|failure notice",
        r"(?:(?:e?mail|message) )?delivery (?:has )?(?:fail|status|report|error|problem|delay|warning|unsuccessful)",
        r"(?:(?:e?mail|message) )?delivery (?:has )?(?:incomplete|notification)|problem delivering|ndn:",
        r"(?:e?mail|message) (?:delivery )?(?:undeliverable|failed|failure|error|status|delay|could not|not delivered)",
        r"(?:e?mail|message) (?:was not|you sent)|mail (?:system )?error|processing error",
        r"failed (?:mail|delivery|message)|returned (?:e?mail|message)|delayed (?:mail|delivery|message)",
        r"(?:could not|cannot|unable to) (?:send|deliver)|rejected(?: posting|:| mail| message)",
        r"warning: (?:could not|message|e?mail|delay)|(?:your )?message (?:couldn't|to \S+ (?:could|was|has))",
        # sv, da, no
        r"kan inte leverera|går inte att leverera|olevererbar\w*|misslyckad leverans|kunde inte leverera",
        r"(?:ditt|dit|din|ihre?|votre|su|il tuo|uw|je|twoja) (?:e-?mail\w*|e-?post\w*|mejl\w*|mail\w*|meddelande\w*"
        r"|brev\w*|besked|melding|nachricht|message|courriel|mensaje|correo|messaggio|bericht|wiadomość)(?: \w+ \S+)?"
        r" (?:kunde|kan|gick|blev|har|kunne|konnte|wurde|n'a|non|no|kon|is|nie)\b",
        r"meddelandet kunde inte|oleverans\w*|(?:e-?post)?meddelandet har inte levererats|leveransfel",
        r"(?:kan|kunne) ikke leveres|uleverbar|ikke leveret|ikke levert|levering mislyk\w*|leveringsfeil",
        # de, nl
        r"unzustellbar|rückläufer|unbekannter empfänger|mailzustellung|e-?mail konnte nicht|nicht zugestellt",
        r"zustellung[\w ]{0,30} fehlgeschlagen|(?:nachricht|mail) nicht zugestellt|zustellungsfehler",
        r"onbestelbaar|niet[ -]bezorg|onbezorgbaar|niet afgeleverd|bezorging mislukt",
        # fr, es, it, pt
        r"non[ -]remis|échec|courrier non|message non|no se puede entregar|no entregado|devuelto|correo devuelto",
        r"(?:mensaje|correo) no entreg|no se ha podido entregar|no se pudo entregar|error de entrega",
        r"(?:messaggio )?non recapitabile|mancato recapito|impossibile recapitare|mancata consegna|n[ãa]o entregue",
        r"recapito non riuscito|errore di recapito|n[ãa]o (?:foi )?(?:poss[íi]vel entregar|entregu)",
        # pl, fi
        r"niedostarcz|nie (?:można dostarczyć|dostarczono|udało się dostarczyć)",
        r"ei voi(?:tu)? toimittaa|toimitus epäonnistui|toimittamatta|viestiä ei voi",
    ),
    before=r"(?:\*+\s*|\[[^\]]*\]\s*)?",
)

# A person answers or passes on what a server wrote.
PASSED_ON = re.compile(r"(?i)\s*(?:re|aw|sv|vs|antw|odp|ref|fwd?|vb|vl|wg|tr|rv|i|doorst|pd|enc)\s*:")

# How a person begins.
GREETING = re.compile(
    r"(?i)\s*(?:hej(?:san)?|hallå|hei|heisann|moi|hi|hello|dear|hallo|guten (?:tag|morgen)|sehr geehrte\w*|bonjour|hola"
    r"|buen\w* d[ií]as?|ciao|salve|buongiorno|beste|geachte|dzień dobry|cześć|go(?:d|od) (?:dag|morgon|morning|day))\b"
)

# How the text of a report begins. Customers begin otherwise, or do not also name an address and a code.
OPENING = either(
    (
        r"created automatically by mail delivery software",
        r"i'm (?:sorry to have to inform you that|afraid i wasn't able)",
        r"this is (?:the|an?) (?:mail(?:er)?|automat\w+|e?mail|postfix|qmail\S*|smtp)"
        r"[\w .-]{0,60}(?:system|program|agent|software|notification|daemon)",
        r"your message\s+(?:to|cannot|could|was|did|has|wasn't|couldn't|(?:\w{1,20}:[^\n]*\n\s*){1,4}(?:did|was))\b",
        r"(?:the )?following (?:recipient|address|message)|failed (?:address|recipient)|non-delivery report",
        r"deliver\w* (?:to|of) (?:the )?(?:following|this|your message|message)|undeliverable|message from \S+\.\s",
        r"(?:trouble|problems?|an error) delivering your",
        r"(?:an|the) (?:e-?mail|message) (?:that )?you sent|pas pu [êe]tre (?:remis|d[ée]livr)",
        r'^\{[^{}]*\{?\s*"(?:notificationType|eventType)"\s*:\s*"Bounce"',  # Amazon SES, as JSON
    )
)
# One of these, in lower case, is in all that OPENING finds: asked first, because it is cheap.
OPENING_WORDS = ("deliver", "recipient", "message", "address", "mail", "smtp", "wasn't able", "type", "pas pu")

# What only a mail server writes: a status code (RFC 3463), a reply code before words, a command of SMTP.
CODED = either(
    (
        r"(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])|(?<![\d.])[45]\d\d[ -][#<\w]|error code:? [45]\d\d",
        r'rcpt to|mailer-daemon|postmaster|"bouncedRecipients"|permanent(?:ly)? (?:error|fail|fatal)',
    )
)

# The line that announces the returned mail.
MARK = either(
    (
        r"(?:below this line is|this is|here is|included is|the following is|below is|attached is|following is)"
        r"[\w ]{0,20} (?:a )?(?:copy|original|first)\b|a copy of (?:your|the) message",
        r"(?:the )?(?:original|returned|unsent|undelivered|bounced|failed|rejected) (?:e-?mail|message|mail)"
        r"(?: (?:follows|headers?|text|below|was|body|is attached|included))*[\W_]*$",
        r"(?:your )?(?:original )?message (?:headers? )?(?:follows|begins|reads)",
        r"message (?:headers?|text|contents?)(?: follows?)?[\W_]*$",
        r"(?:headers?|copy) of (?:the |your )?(?:original|returned)? ?(?:message|mail)",
        r"(?:original|returned) message headers",
        r"start of (?:the )?(?:returned|original)|ursprung\w+ (?:meddelande|nachricht)|ursprüngliche nachricht",
    ),
    before=r"[\W_]*",
)

# Not yet, as opposed to not at all.
DELAY = either(
    (
        r"delayed|not yet (?:been )?|will (?:continue|keep|be (?:re)?tr|try|re-?try|be attempt|still)|transient",
        r"still (?:try|being|attempt)|(?:do not|no) need to re-?send|attempts? will (?:continue|be made)",
        r"only a (?:warning|temporary)|this is not an? (?:error|bounce)|warning message|postponed",
        r"fördröj|försena|ännu inte|forsink|verzöger|noch nicht zugestellt|retardé|vertraagd|retrasad|ritardat",
        r"opóźnion|viivästy|försening",
    )
)

# A line with one of these speaks of a recipient when it holds an address …
RECIPIENT_WORDS = either(
    (
        r"deliver|recipient|rcpt|unknown|reject|fail|refus|invalid|user|mailbox|quota|exist|full|bounce|unreach",
        r"\b[45]\d\d\b|\b[45]\.\d\.\d|address|could not|n't",
        r"leverer|zugestellt|zustell|remis|bezorg|entreg|recapit|dostarcz",
    )
)
# … and one with these of somebody else.
OTHER_WORDS = either(
    (
        r"mail from|sender|\bfrom:|message-id|in-reply-to|reply-to|return-path|envelope-from|expanded from|\bsubject:",
        r"contact|questions?\b|support|report this|https?:|help ?desk|please (?:e?mail|send|write)",
    )
)
