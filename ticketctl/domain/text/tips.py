"""What a mail host puts above the text of mail from outside: first-contact tips, `[External]`, CAUTION lines.

They are no words of the sender's. Only the very top of a text is looked at, and only whole sentences are taken: what
stands below them, on the next line too, is the sender's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ticketctl.domain.text.attributions import ADDRESS
from ticketctl.domain.text.quote_markers import Scan, is_rule, lines_of, unglued

LINES = 6  # of a tip
LENGTH = 300  # characters of each
DEEPEST = 12  # lines in which a tip begins; empty ones and rules stand above it

_TAG = re.compile(
    r"(?i)\W{1,6}(?:external|externt?|externe[rs]?|externo|esterno|ekstern|ulkoinen)"
    r"(?: (?:e-?mail|mail|sender|message|e-?post|avsändare|mejl|absender|nachricht))?\W{1,6}"
)
_MAIL = re.compile(
    r"(?i)e-?mail|message|\bmail|mejl|meddelande|e-?post|\bbrev|sender|avsänd|absender|nachricht|besked|melding|avsender"
    r"|afsender|afzender|bericht|courriel|courrier|expéditeur|correo|mensaje|remitente|messaggio|mittente|viesti|sähköposti"
    r"|wiadomość"
)
_SIGNAL = (
    r"caution|warning|attention|notice|alert|external|important|be careful|beware|varning|obs|observera|försiktigt"
    r"|var försiktig|externt?|vorsicht|achtung|warnung|hinweis|advarsel|forsigtig|forsiktig|ekstern|let op|waarschuwing"
    r"|attention|avertissement|prudence|atención|precaución|advertencia|attenzione|avviso|varo|huomio|uwaga"
)
_ORGANISATION = (
    r".{0,30}?(?:organi|företag|kommun|bolag|virksom|bedrift|firma|unternehm|bedrijf|entrepr|empresa|aziend)"
)
_OUTSIDE = (
    r"(?:from|sent|originat\w*) (?:an? )?(?:outside|external)|external (?:source|sender|e-?mail|address|party|domain)"
    r"|extern\w* (?:avsändare|e-?post|mejl|mail|källa|absender|e-mail|quelle|afzender|bron)|\bexterne\b|\bexterno\b"
    r"|ekstern\w* (?:afsender|avsender|kilde|e-post|mail)|\besterno\b|ulkopuol|z zewnątrz|zewnętrzn"
    rf"|(?:utanför|außerhalb|ausserhalb|udenfor|utenfor|udefra|utenfra|van buiten|extérieur|fuera de){_ORGANISATION}"
)
_CAUTION = re.compile(rf"(?i)\W{{0,6}}(?:{_SIGNAL})\b.{{0,200}}?(?:{_OUTSIDE})")
_PLAIN = re.compile(
    r"(?i)\W{0,6}(?:this (?:e-?mail|message|mail) (?:originated|originates|was sent|came|comes|is) (?:from )?(?:an? )?"
    r"(?:outside|external)|(?:detta|det här|den här) (?:e-?post\w*|mejl\w*|mail\w*|meddeland\w*|brev\w*)"
    r" (?:kommer|har skickats|skickades|är skickat) (?:från|utifrån)? ?(?:en )?(?:utanför|extern)"
    r"|diese (?:e-?mail|nachricht) (?:stammt|kommt|wurde) von (?:außerhalb|einem externen)"
    r"|(?:denne|dette) (?:e-?mail|e-?post\w*|besked\w*|meldingen?) (?:kommer|er sendt|stammer)(?: fra)?"
    r" (?:utenfor|udenfor|utenfra|udefra|en ekstern))"
)
_FIRST_CONTACT = re.compile(
    r"(?i)(?:you don't often get|some people who received this message don't often get|du får inte ofta"
    r"|sie erhalten nicht|du får ikke ofte|vous n'obtenez pas souvent|no suele recibir|u ontvangt niet vaak"
    r"|et saa usein|non si ricevono spesso|(?:você )?não (?:costuma|recebe)|nie otrzymujesz często"
    r"|this is the first time you)\b"
)
_WHY = re.compile(
    r"(?i)\b(?:why|varför|hvorfor|warum|pourquoi|por qué|waarom|miksi|perché|por que|dlaczego|proč|почему)\b.{0,60}"
    r"(?:import|viktig|vigtig|wichtig|belangrijk|tärke|ważn|důležit|важно)\w*(?: \w{1,8})?"
    r"(?:\W{0,3}https?://\S{1,200})?\W{0,3}$"
)
_LINK = re.compile(r"(?i)aka\.ms/learnaboutsenderidentification\S{0,5}\W{0,3}$")
_ADVICE = re.compile(
    r"(?i)(?:do not|don't|never|please do not|avoid|klicka inte|öppna inte|undvik|klik ikke|klikk ikke|åbn ikke"
    r"|åpne ikke|nicht klicken|klicken sie nicht|öffnen sie keine|klik niet|open geen|ne cliquez pas|n'ouvrez pas"
    r"|no haga clic|no abra|non cliccare|non fare clic|non aprire|älä|nie klikaj)\b.{0,200}"
    r"(?:link|länk|attach|bilag|vedlegg|vedhæft|anhäng|anhang|bijlage|pièces? jointe|enlace|adjunt|allegat|liite)"
    r"|unless you (?:recogni[sz]e|know|trust)|om du inte (?:känner|litar|vet)|be (?:careful|cautious)|exercise caution"
    r"|report (?:this|suspicious)|rapportera misstänkt|var försiktig|seien sie vorsichtig"
)
_SENTENCE = re.compile(r"(?<=[.!?\]>])\s+(?=[^\s])")


def below(lines: Sequence[str]) -> int:
    """The first line that is not part of the mail host's tips at the top of a text; 0 where there are none."""
    found = index = 0
    while index < min(len(lines), DEEPEST):
        if not lines[index].strip(" >\t|*") or is_rule(lines[index]):
            index += 1
            continue
        length = _tip(lines[index : index + LINES])
        if not length:
            break
        found = index = index + length
    while found and found < len(lines) and is_rule(lines[found]):
        found += 1
    return found


def scan(text: str) -> Scan:
    """The lines of a text, ready to be searched for marks."""
    return scan_lines(unglued(lines_of(text)))


def scan_lines(lines: list[str]) -> Scan:
    """The same of lines: empty ones stand in place of tips, so that what follows stands where it stood."""
    end = below(lines)
    return Scan([*([""] * end), *lines[end:]] if end else lines, lines[:end])


def _tip(lines: Sequence[str]) -> int:
    """How many of these lines are a tip, the longest run of whole sentences that are nothing else."""
    best, joined = 0, ""
    for count, line in enumerate(lines, 1):
        if not line.strip() or len(line) > LENGTH:
            break
        joined = f"{joined} {line.strip(' |*')}".strip()
        if _is_tip(joined):
            best = count
    return best


def _is_tip(text: str) -> bool:
    """Whether this is a tip and nothing else."""
    text = text.replace("\u2019", "'")
    return _TAG.fullmatch(text) is not None or _is_first_contact(text) or _is_caution(text)


def _is_first_contact(text: str) -> bool:
    """ "You don't often get email from ann@example.com. Learn why this is important", as Microsoft 365 writes it."""
    address = ADDRESS.search(text)
    if address is None or len(text) > LENGTH + 100:
        return False
    if _LINK.search(text):
        return True
    rest = text[address.end() :]
    return _FIRST_CONTACT.match(text) is not None and (not rest.strip(" .>)") or _WHY.search(rest) is not None)


def _is_caution(text: str) -> bool:
    """ "CAUTION: This email originated from outside of the organization. Do not click …"."""
    first, *others = _SENTENCE.split(text)
    if others and len(first) < 30:  # "CAUTION! This email …"
        first, *others = f"{first} {others[0]}", *others[1:]
    opened = (_CAUTION.match(first) or _PLAIN.match(first)) and _MAIL.search(first)
    return bool(opened) and all(_ADVICE.search(one) or _PLAIN.match(one) or _WHY.search(one) for one in others)
