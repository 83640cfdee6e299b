"""What mail clients and people write in each language: one table, made to be extended.

To add a language, add an entry to `LANGUAGES`; to teach a phrase, add it to its line. Phrases are separated by `|`,
are compared without regard to case, and need no punctuation: `Från` matches `Från:`, `*Från:*` and `FRÅN :`.

    reply, forward   subject prefixes, without the colon
    opener, wrote    first and deciding word of the line above a quote: "On … wrote:", "Den … skrev …:"
    quoting          stands before a name in that line: "Quoting …:"
    sender, sent, to, copy, subject   names of the fields above an old message; `copy` holds all that is merely skipped
    forwarded, original   what stands between dashes, or before a colon, above an old message
    closing          opens a signature even with nothing below it; `thanking` does so only above a name
    mobile           beginnings of what apps add
    excusing         how a sentence may go on behind that: "…, please excuse my brevity"
    app              the same where people write so too ("sent via DHL"): counts only with a word of `APPS`
    disclaimer       beginnings of what companies and mailing lists add; believed with a stem of `legal` in that text
    thanks           what a message may consist of that only says thank you
    owing            words that may follow such a phrase: "tack *för* …", "thanks *so* much"
    unless           words that make it more than a thank-you: "men", "in *advance*"
    greeting         how messages begin
    attaching        says that something is attached to the mail at hand; not what asks somebody to attach something
    common           frequent short words, by which the language is recognised
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

import msgspec

# Apps and devices, or the beginnings of words for them, that tell "sent with …" from what a customer writes.
APPS = (
    "iphone ipad ios android galaxy samsung huawei xiaomi oneplus pixel nokia xperia motorola blackberry windows"
    " outlook yahoo gmail aol gmx web.de proton tutanota tuta spark airmail k-9 bluemail typeapp edison zoho"
    " fastmail hotmail icloud mymail canary superhuman mailspring thunderbird smartphone mobil mobiel móvil movil"
    " handy telefon téléphone telefoon teléfono puhelim matkapuhelim laitte cellulare tablet surfplatta"
    " smarttelefon phone device enhet enhed gerät dispositivo appareil apparaat urządzen aplikac correo mail-app"
    " mail app"
)


class Phrases(msgspec.Struct, frozen=True, kw_only=True):
    """The phrases of one language; every field is a `|`-separated list."""

    reply: str = ""
    forward: str = ""
    opener: str = ""
    wrote: str = ""
    quoting: str = ""
    sender: str = ""
    sent: str = ""
    to: str = ""
    copy: str = ""
    subject: str = ""
    forwarded: str = ""
    original: str = ""
    closing: str = ""
    thanking: str = ""
    mobile: str = ""
    app: str = ""
    excusing: str = ""
    disclaimer: str = ""
    legal: str = ""
    thanks: str = ""
    owing: str = ""
    unless: str = ""
    greeting: str = ""
    attaching: str = ""
    common: str = ""


LANGUAGES: dict[str, Phrases] = {
    "en": Phrases(
        reply="re | reply | response",
        forward="fw | fwd | forward | forwarded",
        opener="on | at | in",
        wrote="wrote | writes | sent | said",
        quoting="quoting | in reply to | original message from",
        sender="from | sender",
        sent="sent | date | sent at | sent on",
        to="to | recipient | recipients",
        copy="cc | bcc | reply-to | reply to | importance | priority | attachments | attachment | organization"
        " | resent-from | in-reply-to | message-id | sensitivity | when | where",
        subject="subject",
        forwarded="forwarded message | begin forwarded message | forwarded by | start of forwarded message"
        " | forwarded email | forwarded mail | forward message | fwd | forwarded",
        original="original message | original mail | original e-mail | original email | reply message"
        " | message original | previous message | original appointment | reply above this line"
        " | please reply above this line | please type your reply above this line"
        " | please do not write below this line | reply above this line to respond"
        " | original message processed by david®",
        closing="regards | best regards | kind regards | warm regards | warmest regards | kindest regards"
        " | many regards | best | all the best | best wishes | with best wishes | with kind regards | with regards"
        " | with best regards | sincerely | yours sincerely | sincerely yours | yours faithfully | yours truly"
        " | respectfully | cordially | cheers | br | rgds | brgds | kr | take care | have a nice day"
        " | have a great day | warmly",
        thanking="thanks | thank you | many thanks | thanks and regards | thanks & regards | thanks in advance | thx"
        " | thanks again | thank you very much | thank you in advance | thank you and best regards | ty | tia",
        mobile="sent from my | sent from mail for windows | sent from outlook | sent from yahoo | sent from samsung"
        " | sent from mailbox | sent from windows mail | sent from gmail | sent from proton | sent from typeapp"
        " | sent from nine | sent from bluemail | sent from aol | sent from a mobile | sent from blue"
        " | sent from acompli | sent from spark | sent with proton | sent with spark | sent with airmail"
        " | sent with mailspring | sent via blackberry | sent via the samsung | sent via iphone | sent using zoho"
        " | sent using hey | sent wirelessly | sent on the go | sent from ipad | sent from iphone"
        " | sent from android | get outlook for | get bluemail for | via mobile | from my iphone | from my mobile"
        " | yahoo mail on | sent from a phone | sent by iphone | sent with shift"
        " | yahoo mail: search, organize, conquer | sent from a samsung",
        app="sent from | sent with | sent via | sent using | sent by",
        excusing="excuse | please excuse | sorry for | apologies for | apologies if | forgive"
        " | please forgive | pardon | please pardon",
        disclaimer="disclaimer | confidentiality notice | confidentiality note | this e-mail is confidential"
        " | this email is confidential | this message is confidential | this e-mail and any | this email and any"
        " | this message and any | this e-mail message | the information contained in this | the information in this e"
        " | you are receiving this because | you received this message because | to unsubscribe from"
        " | please consider the env | this email was scanned | this email has been scanned | virus-free"
        " | this message contains confidential | this communication is | this communication may"
        " | privileged and confidential",
        legal="confiden | privileged | unlawful | virus | malware | unsubscrib | mailing list | subscribed"
        " | view it on | intended solely | before printing",
        thanks="thank you | thanks | thank u | thx | many thanks | thank you so much | thank you very much"
        " | thanks a lot | thanks again | much appreciated | appreciate it | appreciate your help | great help"
        " | works now | it works | that works | works great | works fine | perfect | great | awesome | excellent"
        " | wonderful | super | ty | cheers | works | it works now | that worked | it worked | that solved it | solved"
        " | problem solved | that did it | all good now | got it",
        owing="for | so | very | a | again | to | all | everyone | much | indeed | guys | team | and | now | perfectly"
        " | fine",
        unless="but | however | still | not | advance | if | could | can | when | please | unfortunately | though"
        " | except | also | need | doesn't | don't | isn't | one more | another | would | until",
        greeting="hi | hello | hey | dear | good morning | good afternoon | good evening",
        attaching="attached | attaching | i attach | we attach | "
        "in the attachment | see attachment | see the attachment | enclosed | enclosing",
        common="the | and | to | of | is | that | it | you | for | with | have | this | are | was | not | be | on | my"
        " | we | i | but | your | please | can | from | has | would | hello | when | what | there | an | or | if"
        " | will | do | been | our | they | which | a",
    ),
    "sv": Phrases(
        reply="sv | svar | ang",
        forward="vb | vbf | vidarebefordrat",
        opener="den | d. | på",
        wrote="skrev | skriver | skickade",
        quoting="citerar | citat från | som svar på",
        sender="från | avsändare",
        sent="skickat | datum | skickad | skickades",
        to="till | mottagare",
        copy="kopia | kopia till | hemlig kopia | prioritet | bifogade filer | svara till | bilagor | svar till",
        subject="ämne | ärende | rubrik",
        forwarded="vidarebefordrat meddelande | vidarebefordrat brev | vidarebefordrat mejl | vidarebefordrat mail"
        " | vidarebefordrat e-postmeddelande | vidarebefordrat e-brev | vidarebefordrade brevet"
        " | vidarebefordrar meddelande | börja vidarebefordrat meddelande | start på vidarebefordrat meddelande",
        original="ursprungligt meddelande | originalmeddelande | ursprungligt mail | ursprungligt mejl | originalmail"
        " | ursprungligt brev | ursprunglig avtalad tid | tidigare meddelande | ursprungsmeddelande"
        " | skriv ditt svar ovanför den här raden | svara ovanför den här raden",
        closing="med vänlig hälsning | vänligen | hej då | hejdå | väl mött | med vänliga hälsningar | vänlig hälsning"
        " | vänliga hälsningar | mvh | m.v.h | med vänliga hälsning | bästa hälsningar | bästa hälsning | hälsningar"
        " | hälsning | hälsar | hälsn | vh | bh | varma hälsningar | allt gott | med bästa hälsningar"
        " | med varma hälsningar | hej så länge | ha det gott | ha det bra | ha en fin dag | ha en bra dag"
        " | ha en trevlig helg | trevlig helg | trevlig dag | högaktningsfullt | många hälsningar | soliga hälsningar"
        " | kram | kramar | ha det fint | ha en fin kväll",
        thanking="tack | tack på förhand | tack så mycket | tackar | tack och hej | tusen tack | stort tack"
        " | tack för hjälpen | tacksam för svar | tack och mvh | tack och vänliga hälsningar | tack på förhand och mvh",
        mobile="skickat från min | skickat från mitt | skickat från outlook | skickat från e-post för windows"
        " | skickat från yahoo | skickat från min samsung | skickat från samsung | skickat från mail"
        " | skickad från min | skickad från mitt | hämta outlook för | skaffa outlook för | skickat med proton"
        " | sänt från min | sänt från mitt | skickat från gmail | skickat från iphone | skickat från ipad"
        " | skickat ifrån | från min iphone | från min mobil | skickat från android | skickat från mobil"
        " | skickat från proton | skickat från surfplatta | skickades från e-post | skickades från mail",
        app="skickat från | skickat via | skickat med | skickades från | skickat av | skickad via | sänt från"
        " | sänt via",
        excusing="ursäkta | förlåt | ursäkta ev | ursäkta eventuella",
        disclaimer="detta e-postmeddelande | detta meddelande kan innehålla | detta meddelande är | detta mail är"
        " | detta mail kan | detta mejl är | detta mejl kan | den här e-posten | informationen i detta"
        " | tänk på miljön | ansvarsfriskrivning | sekretess | när du skickar e-post | när du mejlar | så behandlar vi"
        " | läs om hur vi behandlar | information om hur vi behandlar | observera att detta",
        legal="konfiden | sekretess | förtrolig | virus | personuppgift | gdpr | obehörig | avsedd | miljön"
        " | skriva ut | skriver ut",
        thanks="tack | många tack | tackar | tack så mycket | tusen tack | stort tack | tack för hjälpen"
        " | tack för svar | tackar så mycket | tack för svaret | tack för snabbt svar | tack för snabb hjälp"
        " | tack för snabb återkoppling | toppen | perfekt | jättebra | bra | suveränt | kanon | utmärkt"
        " | nu fungerar det | det fungerar nu | då fungerar det | fungerar nu | super | underbart | fantastiskt"
        " | det fungerar | det fungerade | det funkar | nu funkar det | det funkar nu | funkar nu | det funkade | löst"
        " | det löste sig | det löste problemet",
        owing="för | så | till | igen | allihop | alla | mycket | jätte | ska | och | nu | bra | snälla",
        unless="men | dock | fortfarande | inte | förhand | om | kan | kunde | när | tyvärr | också | behöver"
        " | en sak till | ännu | skulle | snart | väntar | vill",
        greeting="hej | hejsan | hallå | god morgon | god dag | goddag | tjena | hej hej | tja",
        attaching="bifogar | bifogat | bifogad | bifogade | bifogas | se bilaga | se bilagan | "
        "i bilagan | i bilaga | som bilaga | bilägger | bilagt | bilagd | bilagda",
        common="och | att | det | som | är | inte | jag | på | för | med | har | till | vi | kan | ett | från | ni"
        " | så | när | men | ska | hej | om | av | var | mig | min | mitt | den | en | i | er | vill | skulle | mycket"
        " | hur | också | eller | efter | går | får | något | någon | tack | här | där | nu",
    ),
    "no": Phrases(
        reply="sv | svar",
        forward="vs | vb | videresendt",
        opener="den | på | d.",
        wrote="skrev | skreiv | skriver",
        quoting="siterer",
        sender="fra | avsender",
        sent="sendt | dato | sendt den",
        to="til | mottaker",
        copy="kopi | kopi til | blindkopi | prioritet | vedlegg | svar til",
        subject="emne",
        forwarded="videresendt melding | videresendt e-post | videresendte melding | videresendt | vidaresendt melding"
        " | start på videresendt melding | begynnelse på videresendt melding",
        original="opprinnelig melding | opprinnelig e-post | original melding | opphavleg melding | opprinnelig avtale",
        closing="med vennlig hilsen | vennlig hilsen | vennlige hilsener | hilsen | beste hilsen | mvh | hilsener | vh"
        " | med hilsen | med venleg helsing | venleg helsing | helsing | ha en fin dag | ha en god dag | god helg"
        " | beste hilsener | med beste hilsen | med vennlige hilsener | hjertelig hilsen",
        thanking="takk | tusen takk | på forhånd takk | takk på forhånd | mange takk | takk for hjelpen"
        " | takk for hjelpa",
        mobile="sendt fra min | sendt fra mitt | sendt fra outlook | sendt fra e-post for windows"
        " | sendt fra samsung | skaff deg outlook for | last ned outlook for | hent outlook for | sendt fra yahoo"
        " | sendt fra iphone | sendt frå min | få outlook for | sendt fra e-post | sendt fra mobil"
        " | sendt fra android",
        app="sendt fra | sendt via | sendt med",
        excusing="unnskyld | beklager | vennligst unnskyld",
        disclaimer="denne e-posten | denne meldingen | informasjonen i denne | taushetsplikt | tenk på miljøet",
        legal="konfiden | taushet | fortrolig | personopplysning | uvedkommende | miljøet",
        thanks="takk | tusen takk | mange takk | takk for hjelpen | takk for svar | takk skal du ha"
        " | takk for rask hjelp | flott | supert | perfekt | kjempebra | nå fungerer det | det fungerer nå | så bra"
        " | topp",
        owing="for | så | til | igjen | alle | mye | skal | og | nå",
        unless="men | fortsatt | ikke | forhånd | hvis | om | kan | kunne | når | dessverre | også | trenger",
        greeting="hei | heisann | god morgen | god dag | hallo",
        attaching="vedlagt | vedlagte | vedlegger | legger ved | lagt ved | se vedlegg | i vedlegget | som vedlegg",
        common="og | det | er | jeg | ikke | på | som | for | med | har | til | vi | kan | et | fra | dere | når | men"
        " | skal | hei | av | meg | min | mitt | den | en | i | vil | noe | noen | hva | hvor | etter | mye | bare"
        " | også | da | nå | å | ble | blir | deg | oss | må | fått | gjøre | hvordan | eller | at | om | lenger"
        " | fungerer | fordi | bli | kommer",
    ),
    "da": Phrases(
        reply="sv | svar",
        forward="vs | vb | videresendt",
        opener="den | d. | på",
        wrote="skrev | skriver",
        quoting="citerer",
        sender="fra | afsender",
        sent="sendt | dato | sendt den",
        to="til | modtager",
        copy="kopi | cc | bcc | prioritet | vedhæftede filer | svar til | vedhæftet",
        subject="emne",
        forwarded="videresendt besked | videresendt meddelelse | videresendt mail | videresendt e-mail | videresendt"
        " | start på videresendt besked | begyndelsen af videresendt meddelelse | start på videresendt meddelelse",
        original="oprindelig meddelelse | original meddelelse | oprindelig besked | oprindelig mail"
        " | oprindelig e-mail | oprindelig aftale | original besked",
        closing="med venlig hilsen | venlig hilsen | venlige hilsner | de bedste hilsner | bedste hilsner | hilsen"
        " | mvh | vh | bedste hilsen | hilsner | kh | kærlig hilsen | mange hilsner | med venlige hilsner | med hilsen"
        " | dbh | hav en god dag | god weekend | på forhånd tak og venlig hilsen",
        thanking="tak | mange tak | på forhånd tak | tusind tak | tak for hjælpen | tak på forhånd",
        mobile="sendt fra min | sendt fra mit | sendt fra outlook | sendt fra mail til windows | sendt fra samsung"
        " | hent outlook til | sendt fra yahoo | få outlook til | sendt fra iphone | sendt fra mail"
        " | sendt fra mobil | sendt fra android | download outlook til",
        app="sendt fra | sendt via | sendt med",
        excusing="undskyld | beklager",
        disclaimer="denne e-mail | denne mail | denne meddelelse | oplysningerne i denne | tænk på miljøet",
        legal="fortrolig | personoplysning | uvedkommende | miljøet",
        thanks="tak | mange tak | tusind tak | tak for hjælpen | tak for svar | tak skal du have | fedt | super"
        " | perfekt | tak for hurtig hjælp | tak for det | nu virker det | det virker nu | fantastisk | dejligt",
        owing="for | så | til | igen | alle | meget | skal | og | nu",
        unless="men | stadig | ikke | forhånd | hvis | om | kan | kunne | når | desværre | også | mangler",
        greeting="hej | hejsa | goddag | god morgen | kære",
        attaching="vedhæftet | vedhæftede | vedhæfter | vedlagt | vedlagte | vedlægger | se bilag | i bilaget",
        common="og | det | er | jeg | ikke | på | som | for | med | har | til | vi | kan | et | fra | i | når | men"
        " | skal | hej | af | mig | min | mit | den | en | vil | noget | nogen | hvad | hvor | efter | meget | kun"
        " | også | da | nu | at | blev | bliver | dig | os | må | fået | gøre | hvordan | eller | om | jer | være"
        " | gerne | så | længere | virker | fordi | blive | kommer",
    ),
    "fi": Phrases(
        reply="vs | vast | re",
        forward="vl | fw",
        opener="on",
        wrote="kirjoitti | kirjoittaa | kirjoitettu",
        quoting="lainaus",
        sender="lähettäjä | keneltä | saatja",
        sent="lähetetty | päivämäärä | päiväys | pvm",
        to="vastaanottaja | kenelle | vastaanottajat",
        copy="kopio | piilokopio | tärkeys | liitteet | vastausosoite",
        subject="aihe | otsikko",
        forwarded="välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa"
        " | alkuperäinen viesti välitetty | välitetyn viestin alku | fwd.msg | edelleen lähetetty viesti",
        original="alkuperäinen viesti | alkuperäinen sähköposti | alkuperäinen tapaaminen",
        closing="ystävällisin terveisin | terveisin | parhain terveisin | yt | yst. terv | terv | terveiset"
        " | hyvää päivänjatkoa | ystävällisesti | kunnioittavasti | mukavaa päivää | yst.terv | lämpimin terveisin",
        thanking="kiitos | kiitos etukäteen | kiitoksia | kiitos paljon | kiitos jo etukäteen | kiittäen",
        mobile="lähetetty iphonesta | lähetetty ipadista | lähetetty laitteesta | lähetetty samsung | hanki outlook"
        " | lähetetty outlook | lähetetty sähköpostista | lähetetty puhelimesta | lähetetty android"
        " | lähetetty yahoo | lähetetty windows | lähetetty galaxy | lähetetty mobiili | lähetetty matkapuhelimesta"
        " | lähetetty älypuhelimesta",
        app="lähetetty",
        excusing="anteeksi | pahoittelut | pahoittelen",
        disclaimer="tämä viesti | tämä sähköposti | tämän viestin",
        legal="luottamuk | salassapi",
        thanks="kiitos | kiitoksia | kiitos paljon | paljon kiitoksia | suuri kiitos | kiitos avusta"
        " | kiitos vastauksesta | hienoa | mahtavaa | loistavaa | hyvä | toimii nyt | nyt toimii | kiitti"
        " | erinomaista",
        owing="avusta | vastauksesta | paljon | nopeasta | teille | ja | tiedosta",
        unless="mutta | vielä | ei | etukäteen | jos | voisitteko | voitko | kun | valitettavasti | myös",
        greeting="hei | moi | terve | hyvää päivää",
        attaching="liitteenä | ohessa | oheinen | liitteestä | liitteessä | liitän | liitämme | liitetty",
        common="ja | on | ei | että | se | en | ole | olen | oli | mutta | kun | niin | hei | minun | joka | tämä"
        " | voi | meillä | mitä | kuin | jos | vai | tai | sen | ovat | nyt | vielä | myös | voisitteko | onko | miten"
        " | meidän | teidän | olisi | kanssa | saa | pitäisi | sitä | kiitos",
    ),
    "de": Phrases(
        reply="aw | antw | antwort | re",
        forward="wg | weitergeleitet | wtr",
        opener="am | vom | von | um",
        wrote="schrieb | geschrieben | schreibt",
        quoting="zitat von | zitiere | auszug von",
        sender="von | absender",
        sent="gesendet | datum | gesendet am | versendet",
        to="an | empfänger",
        copy="kopie | kopie (cc) | blindkopie | antwort an | priorität | wichtigkeit | anlagen | anhänge | bcc",
        subject="betreff | betrifft",
        forwarded="weitergeleitete nachricht | anfang der weitergeleiteten nachricht | weitergeleitete mail"
        " | weitergeleitete e-mail | weitergeleitet von | anfang der weitergeleiteten e-mail | weiterleitung",
        original="ursprüngliche nachricht | originalnachricht | original-nachricht | original nachricht"
        " | antwort nachricht | ursprüngliche mail | ursprüngliche e-mail | originalmail | ursprünglicher termin"
        " | der originaltext | bitte antworten sie oberhalb dieser zeile",
        closing="mit freundlichen grüßen | freundliche grüße | viele grüße | beste grüße"
        " | mfg | mit freundlichem gruß | liebe grüße | lg | vg | gruß | grüße | herzliche grüße | schöne grüße"
        " | mit besten grüßen | besten gruß"
        " | mit herzlichen grüßen | hochachtungsvoll | freundlichst | schönen gruß | mit lieben grüßen"
        " | mit vielen grüßen | bg | herzlichst",
        thanking="danke | vielen dank | besten dank | danke im voraus | vielen dank im voraus | danke und gruß"
        " | dankeschön | danke und viele grüße | vielen dank und viele grüße | vielen dank und freundliche grüße"
        " | herzlichen dank",
        mobile="von meinem iphone | von meinem ipad | von meinem handy | diese nachricht wurde von meinem"
        " | holen sie sich outlook | von unterwegs gesendet | von meinem samsung | von meinem mobiltelefon"
        " | von meinem/meiner | von samsung mobile gesendet | von yahoo mail | gesendet von mail"
        " | gesendet von meinem | outlook für ios herunterladen | outlook für android herunterladen"
        " | outlook für ios beziehen | outlook für android beziehen",
        app="gesendet von | gesendet mit | gesendet über | gesendet aus | von meiner | versendet mit | gesendet vom",
        excusing="entschuldig | bitte entschuldig | bitte verzeih | verzeih | tippfehler",
        disclaimer="diese e-mail enthält | diese nachricht enthält | der inhalt dieser e-mail"
        " | vertraulichkeitshinweis | diese e-mail ist vertraulich | bitte denken sie an die umwelt"
        " | haftungsausschluss | diese e-mail und",
        legal="vertraulich | viren | unbefugt | umwelt | datenschutz",
        thanks="danke | vielen dank | besten dank | dankeschön | herzlichen dank | danke schön | super | perfekt"
        " | toll | prima | danke für die hilfe | vielen dank für die hilfe | danke für die schnelle antwort"
        " | jetzt funktioniert es | es funktioniert jetzt | klasse | danke sehr | wunderbar"
        " | vielen dank für die schnelle hilfe | lieben dank",
        owing="für | sehr | nochmals | schön | an | und | euch | ihnen",
        unless="aber | noch | nicht | voraus | wenn | könnten | kann | leider | auch | brauche | bitte",
        greeting="hallo | guten tag | guten morgen | liebe | lieber | sehr geehrte",
        attaching="anbei | im anhang | angehängt | angehängte | beigefügt | beigefügte | in der anlage | als anhang",
        common="und | der | die | das | ist | nicht | ich | zu | mit | sie | ein | eine | auf | für | den | von | wir"
        " | es | im | dem | haben | habe | kann | auch | sich | aber | wie | noch | bei | wird | nach | oder | bitte"
        " | hallo | mein | meine | uns | ihre | wurde | bin | was | wenn | dass | sind | an | als | einen",
    ),
    "nl": Phrases(
        reply="antw | re",
        forward="doorst | fw",
        opener="op | in",
        wrote="schreef | geschreven | schrijft",
        quoting="citeren",
        sender="van | afzender",
        sent="verzonden | datum | verzonden op",
        to="aan | ontvanger",
        copy="cc | bcc | kopie | prioriteit | bijlagen | antwoorden aan | urgentie | bijlage",
        subject="onderwerp | betreft",
        forwarded="doorgestuurd bericht | begin doorgestuurd bericht | doorgestuurde mail | doorgestuurde e-mail"
        " | doorgezonden bericht",
        original="oorspronkelijk bericht | origineel bericht | oorspronkelijke e-mail | oorspronkelijke afspraak",
        closing="met vriendelijke groet | met vriendelijke groeten | vriendelijke groet | vriendelijke groeten | groet"
        " | groeten | hartelijke groet | hartelijke groeten | mvg | m.v.g | beste groeten | groetjes | hoogachtend"
        " | gr | met groet | met hartelijke groet | grt | fijne dag",
        thanking="bedankt | dank u | dank je | alvast bedankt | bij voorbaat dank | dank u wel | dankjewel"
        " | hartelijk dank",
        mobile="outlook downloaden voor | download outlook | verstuurd van mijn | verzonden van mijn"
        " | verzonden vanaf mijn | verstuurd vanaf mijn | verzonden vanuit mail | verstuurd vanuit mail"
        " | outlook voor ios downloaden | outlook voor android downloaden | outlook voor ios ophalen"
        " | outlook voor android ophalen",
        app="verzonden met | verzonden via | verzonden vanaf | verzonden vanuit | verstuurd via | verstuurd met"
        " | verstuurd vanaf | verstuurd vanuit | vanaf mijn",
        excusing="excuseer | excuses voor | sorry voor",
        disclaimer="dit bericht | deze e-mail | de informatie in deze | denk aan het milieu",
        legal="vertrouwelijk | onbevoegd | milieu",
        thanks="bedankt | dank je | dank u | dank u wel | dank je wel | dankjewel | hartelijk dank | heel erg bedankt"
        " | top | super | perfect | geweldig | bedankt voor de hulp | bedankt voor je hulp | bedankt voor uw hulp"
        " | fijn | mooi",
        owing="voor | zeer | nogmaals | en | allemaal",
        unless="maar | nog | niet | voorbaat | als | kunt | kan | helaas | ook | alvast",
        greeting="hallo | beste | goedemorgen | goedemiddag | hoi | dag",
        attaching="bijgevoegd | bijgevoegde | in de bijlage | als bijlage | bijgaand | bijgaande | zie bijlage",
        common="de | het | een | en | van | ik | te | dat | is | niet | met | voor | op | zijn | aan | wij | we | u"
        " | kan | er | maar | om | heb | deze | naar | nog | bij | ook | wordt | mijn | hallo | hebben | als | heeft"
        " | dit | kunt | hoe | wat | geen | graag | jullie | of | al | uit | je",
    ),
    "fr": Phrases(
        reply="re | ré | rép",
        forward="tr | tfr | fwd",
        opener="le | a | au",
        wrote="écrit | ecrit | écrivait",
        quoting="citation de | selon",
        sender="de | expéditeur",
        sent="envoyé | date | envoyé le | envoyée",
        to="à | pour | destinataire | a",
        copy="cc | cci | copie à | copie | répondre à | importance | pièces jointes | pièce jointe",
        subject="objet | sujet",
        forwarded="message transféré | début du message transféré | début du message réexpédié | message réexpédié"
        " | courriel transféré | mail transféré | email transféré | e-mail transféré",
        original="message d'origine | message d’origine | message original | message initial | courriel original"
        " | rendez-vous d'origine",
        closing="cordialement | bien cordialement | bien à vous | très cordialement | cdlt | cdt | salutations"
        " | meilleures salutations | sincères salutations | bien à toi | amicalement | respectueusement"
        " | bonne journée | bonne soirée | belle journée | sincèrement | salutations distinguées | à bientôt | cldt",
        thanking="merci | merci d'avance | merci beaucoup | merci par avance | avec mes remerciements"
        " | merci et bonne journée",
        mobile="envoyé de mon | obtenez outlook | obtenir outlook | téléchargez outlook | télécharger outlook"
        " | envoyé sans fil | envoyé de yahoo | envoyé par mobile | provenance : courrier pour windows"
        " | provenance: courrier pour windows | envoyé depuis mon | envoyé à partir de mon"
        " | envoyé à partir de courrier",
        app="envoyé depuis | envoyé à partir de | envoyé à partir d' | envoyé avec | envoyé via | envoyé d'un"
        " | envoyé de",
        excusing="excusez | veuillez excuser | veuillez m'excuser | merci d'excuser | désolé pour",
        disclaimer="ce message | ce courriel | cet e-mail | les informations contenues | avis de confidentialité"
        " | pensez à l'environnement",
        legal="confidentiel | confidentialité | virus | environnement",
        thanks="merci | merci beaucoup | merci bien | un grand merci | merci pour votre aide | merci pour ton aide"
        " | parfait | super | génial | merci pour votre réponse | mille mercis | excellent | merci infiniment"
        " | ça marche",
        owing="pour | de | à | bien | encore | et | infiniment",
        unless="mais | encore | pas | avance | si | pouvez | quand | malheureusement | aussi | toujours",
        greeting="bonjour | bonsoir | salut | cher | chère",
        attaching="ci-joint | ci-jointe | ci-joints | ci-jointes | en pièce jointe | en pièces jointes | en annexe",
        common="le | la | les | de | et | est | un | une | des | que | pas | pour | je | vous | dans | ne | nous | sur"
        " | du | il | en | avec | qui | ce | mon | ma | au | bonjour | mais | par | votre | plus | sont | cette | été"
        " | comme | ou | ai | notre | se | à | avez | bien | si",
    ),
    "es": Phrases(
        reply="re | resp | rv",
        forward="rv | rm | reenv",
        opener="el | a | en",
        wrote="escribió | escribio | escribe",
        quoting="citando a | mensaje citado por",
        sender="de | remitente",
        sent="enviado | fecha | enviado el | enviado en",
        to="para | destinatario | a",
        copy="cc | cco | copia | responder a | importancia | datos adjuntos | archivos adjuntos | adjuntos",
        subject="asunto",
        forwarded="mensaje reenviado | inicio del mensaje reenviado | correo reenviado | mensaje reenviado por",
        original="mensaje original | correo original | cita original",
        closing="saludos | un saludo | saludos cordiales | atentamente | cordialmente | atte | un cordial saludo"
        " | reciba un cordial saludo | un abrazo | cordiales saludos | slds | muy atentamente",
        thanking="gracias | muchas gracias | gracias de antemano | gracias y saludos | muchas gracias de antemano"
        " | gracias por adelantado",
        mobile="obtener outlook para | descargar outlook | enviado de mi | obtenga outlook para | consigue outlook"
        " | descarga outlook | enviado desde mi",
        app="enviado desde | enviado con | enviado a través de | enviado via | enviado vía | enviado por",
        excusing="disculpe | disculpa | perdone | perdona | perdón por",
        disclaimer="este mensaje | este correo | la información contenida | aviso legal | aviso de confidencialidad",
        legal="confidencial | confidencialidad | virus | medio ambiente",
        thanks="gracias | muchas gracias | mil gracias | muchísimas gracias | gracias por su ayuda"
        " | gracias por tu ayuda | perfecto | genial | excelente | estupendo | gracias por la ayuda | ya funciona"
        " | muy amable | fantástico",
        owing="por | a | de nuevo | y",
        unless="pero | todavía | no | antemano | si | puede | cuando | también | adelantado",
        greeting="hola | buenos días | buenas tardes | estimado | estimada",
        attaching="adjunto | adjunta | adjuntos | adjuntas | adjuntamos | adjuntado",
        common="el | la | los | las | de | que | y | es | un | una | en | no | por | con | para | del | se | lo | mi"
        " | me | al | hola | pero | su | más | como | está | este | esta | he | tengo | puedo | hay | muy | cuando"
        " | si | desde | ya | le | ha | nos | o | gracias | qué",
    ),
    "pt": Phrases(
        reply="re | res | resp",
        forward="enc | encaminhado",
        opener="em | a | no",
        wrote="escreveu | escreve",
        sender="de | remetente",
        sent="enviado | data | enviada em | enviado em | enviada",
        to="para | destinatário",
        copy="cc | cco | cópia | responder a | importância | anexos | responder para",
        subject="assunto",
        forwarded="mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada"
        " | início da mensagem reencaminhada",
        original="mensagem original | compromisso original",
        closing="atenciosamente | cumprimentos | com os melhores cumprimentos | melhores cumprimentos | abraços"
        " | abraço | att | saudações | cordialmente | um abraço | os melhores cumprimentos",
        thanking="obrigado | obrigada | muito obrigado | muito obrigada | desde já agradeço | grato | grata",
        mobile="enviado do meu | enviada do meu | obter o outlook | baixar outlook | enviado de meu"
        " | obter outlook para | enviado a partir do meu",
        app="enviado a partir do | enviado via | enviado do | enviado através | enviado com",
        disclaimer="esta mensagem | este e-mail | as informações contidas | aviso de confidencialidade",
        legal="confidencia | vírus",
        thanks="obrigado | obrigada | muito obrigado | muito obrigada | obrigado pela ajuda | perfeito | ótimo"
        " | excelente",
        owing="por | pela | pelo | a | e",
        unless="mas | ainda | não | desde já | se | pode | quando | também",
        greeting="olá | bom dia | boa tarde | prezado",
        attaching="em anexo | anexo | anexei | anexamos | segue anexo",
        common="o | a | os | as | de | que | e | é | um | uma | em | não | por | com | para | do | da | se | no | na"
        " | meu | minha | eu | mas | mais | como | está | este | esta | tenho | olá | foi | ao | já | muito | quando"
        " | você | são | nos | ou | seu | sua | obrigado | isso",
    ),
    "it": Phrases(
        reply="r | rif | re | ris",
        forward="i | inoltro | inol",
        opener="il | in data | in | il giorno",
        wrote="scritto | scrive | scrisse",
        quoting="citando | quoting",
        sender="da | mittente",
        sent="inviato | data | inviato il | inviata",
        to="a | destinatario | per",
        copy="cc | ccn | rispondi a | priorità | allegati | copia",
        subject="oggetto",
        forwarded="messaggio inoltrato | inizio messaggio inoltrato | messaggio inoltrato da"
        " | inizio del messaggio inoltrato",
        original="messaggio originale | messaggio originario | appuntamento originale",
        closing="cordiali saluti | distinti saluti | saluti | un saluto | cordialmente | buona giornata | a presto"
        " | un cordiale saluto | in fede | buon lavoro | tanti saluti",
        thanking="grazie | grazie mille | grazie in anticipo | molte grazie | ringraziando | grazie e saluti",
        mobile="scarica outlook | ottieni outlook per | inviato dal mio | inviato da iphone | inviato da ipad"
        " | inviato da posta | inviato da mail",
        app="inviato da | inviato dal | inviato con | inviato dallo | inviato tramite",
        excusing="perdonat | perdona | scusat | scusa | mi scuso | prego scusar",
        disclaimer="questo messaggio | questa e-mail | le informazioni contenute | avviso di riservatezza",
        legal="riservat | confidenzial | virus",
        thanks="grazie | grazie mille | molte grazie | mille grazie | grazie tante | perfetto | ottimo"
        " | grazie per l'aiuto | grazie dell'aiuto | fantastico | grazie infinite | ora funziona",
        owing="per | di | a | ancora | e",
        unless="ma | ancora | non | anticipo | se | può | quando | anche | purtroppo",
        greeting="ciao | buongiorno | salve | gentile | buonasera",
        attaching="in allegato | allego | alleghiamo | allegato | allegata | allegati",
        common="il | la | i | le | di | che | e | è | un | una | in | non | per | con | del | della | si | lo | mi"
        " | al | ho | ma | come | sono | questo | questa | alla | da | anche | più | ci | buongiorno | salve | ha"
        " | nel | gli | se | quando | vi | mio | mia | stato | o | ciao | grazie",
    ),
    "pl": Phrases(
        reply="odp | re",
        forward="pd | przek | fw",
        opener="w dniu | dnia | w",
        wrote="napisał | napisała | napisał(a) | pisze | napisał/a | napisana",
        sender="od | nadawca",
        sent="wysłano | data | wysłane | data wysłania",
        to="do | adresat | odbiorca",
        copy="dw | udw | kopia | odpowiedz do | ważność | załączniki | cc",
        subject="temat",
        forwarded="treść przekazanej wiadomości | przekazana wiadomość | wiadomość przekazana dalej"
        " | początek przekazywanej wiadomości | przesłana dalej wiadomość | przekazywana wiadomość",
        original="wiadomość oryginalna | oryginalna wiadomość | wiadomość pierwotna",
        closing="pozdrawiam | z poważaniem | z powazaniem | pozdrowienia | serdecznie pozdrawiam | łączę pozdrowienia"
        " | z wyrazami szacunku | pozdr | miłego dnia",
        thanking="dziękuję | dzięki | z góry dziękuję | dziękuje | dziękuję i pozdrawiam",
        mobile="pobierz outlook | pobierz aplikację outlook | pobierz program outlook | uzyskaj outlook"
        " | uzyskaj aplikację outlook | uzyskaj program outlook | wysłane z mojego | wysłano z mojego",
        app="wysłane z | wysłano z | wysłane za pomocą | wysłano za pomocą",
        excusing="przepraszam | proszę wybacz | wybacz",
        disclaimer="ta wiadomość | niniejsza wiadomość | informacje zawarte",
        legal="poufn | zastrzeżon",
        thanks="dziękuję | dzięki | dziękuje | bardzo dziękuję | wielkie dzięki | dziękuję za pomoc | super | świetnie"
        " | dziękuję bardzo | dzięki za pomoc | doskonale | działa",
        owing="za | bardzo | i",
        unless="ale | jeszcze | nie | góry | jeśli | czy | kiedy | niestety",
        greeting="dzień dobry | cześć | witam",
        attaching="w załączniku | w załączeniu | załączam | załączamy | załączony | załączona",
        common="i | w | na | się | nie | to | z | że | do | jest | jak | ale | o | od | za | mam | czy | po | co | dla"
        " | mi | być | dzień | dobry | proszę | są | przez | już | tak | tylko | moje | może | przy | ten | ta"
        " | dziękuję | jestem | mnie | było | jeszcze | gdy",
    ),
    "cs": Phrases(
        reply="re | odp",
        forward="fw | předáno",
        opener="dne | v",
        wrote="napsal | napsala | napsal(a)",
        sender="od | odesílatel",
        sent="odesláno | datum | odesláno dne",
        to="komu | příjemce",
        copy="kopie | kopie komu | kopie (cc) | skrytá kopie | přílohy | odpovědět",
        subject="předmět",
        forwarded="přeposlaná zpráva | předávaná zpráva | začátek přeposílané zprávy | přeposlaný e-mail",
        original="původní zpráva | původní e-mail | původní schůzka | původní message",
        closing="s pozdravem | s přátelským pozdravem | pozdravem | hezký den | s úctou | zdravím"
        " | s pozdravem a přáním",
        thanking="děkuji | díky | děkuji předem | předem děkuji",
        mobile="odesláno z | získejte outlook | odesláno ze | stáhnout outlook",
        thanks="děkuji | díky | děkuji moc | moc děkuji | mockrát děkuji | díky moc | skvělé | super | výborně",
        common="a | se | v | na | je | že | to | s | z | do | o | ale | jsem | jak | pro | by | za | který | jsou"
        " | nebo | mi | dobrý | den | prosím | není | mám | jsme | při | už | jen | také | po | bych | tento | máme"
        " | aby | když | byl",
    ),
    "sk": Phrases(
        opener="dňa",
        wrote="napísal | napísala | napísal(a)",
        sender="od | odosielateľ",
        sent="odoslané | dátum | poslané",
        to="komu | pre",
        copy="kópia | kópia (cc)",
        subject="predmet",
        forwarded="preposlaná správa | začiatok preposielanej správy | poslaná správa",
        original="pôvodná správa",
        closing="s pozdravom | s priateľským pozdravom | pozdravujem",
        thanking="ďakujem | vďaka",
        mobile="odoslané z | odoslané zo",
        thanks="ďakujem | ďakujem veľmi pekne | vďaka",
    ),
    "hu": Phrases(
        reply="vá | válasz",
        forward="tovább | továbbítva",
        wrote="írta | írt | írja",
        sender="feladó",
        sent="elküldve | dátum | küldve",
        to="címzett",
        copy="másolatot kap | másolat | titkos másolat",
        subject="tárgy",
        forwarded="továbbított üzenet | továbbított levél",
        original="eredeti üzenet | eredeti levél",
        closing="üdvözlettel | tisztelettel | üdv",
        thanking="köszönöm | köszönettel",
        mobile="elküldve az | iphone-omról küldve",
        thanks="köszönöm | köszönöm szépen | köszi",
        common="a | az | és | hogy | nem | is | egy | van | de | ez | meg | csak | már | vagy | mert | jó | kérem"
        " | volt",
    ),
    "ro": Phrases(
        wrote="scris | scrie",
        opener="pe | în",
        sender="de la",
        sent="trimis | data | dată",
        to="către | catre",
        copy="copie",
        subject="subiect | subiectul",
        forwarded="mesaj redirecționat | mesaj redirectionat | mesaj redirecţionat",
        original="mesaj original | mesajul original",
        closing="cu stimă | cu respect | toate cele bune",
        thanking="mulțumesc | multumesc",
        thanks="mulțumesc | multumesc | mulțumesc frumos",
        common="și | în | de | la | nu | este | cu | pe | că | un | o | am | să | din | mai | sunt | pentru | bună",
    ),
    "hr": Phrases(
        opener="dana",
        wrote="napisao | napisala | napisao/la | piše | je napisao",
        sender="šalje | od | pošiljatelj",
        sent="poslano | datum",
        to="prima | za",
        copy="kopija",
        subject="naslov | predmet",
        forwarded="proslijeđena poruka",
        original="izvorna poruka | originalna poruka",
        closing="srdačan pozdrav | lijep pozdrav | s poštovanjem | lp",
        thanks="hvala | hvala vam | puno hvala",
    ),
    "et": Phrases(
        opener="kuupäeval",
        wrote="kirjutas",
        sender="saatja",
        sent="saadetud | kuupäev",
        to="saaja | adressaat",
        copy="koopia",
        subject="teema",
        forwarded="edastatud kiri | edastatud sõnum",
        original="algne kiri | algne sõnum",
        closing="lugupidamisega | parimate soovidega | tervitades",
        thanks="aitäh | tänan | suur tänu",
        common="ja | on | ei | et | ma | see | kui | ka | oma | aga | mis | tere | või | meie | palun | siis | kas"
        " | olen",
    ),
    "tr": Phrases(
        reply="ynt | cvp | yan",
        forward="ilt",
        wrote="yazdı | yazmış",
        sender="gönderen | kimden",
        sent="gönderildi | tarih | gönderme tarihi",
        to="kime | alıcı",
        copy="bilgi | gizli",
        subject="konu",
        forwarded="iletilen ileti | iletilen mesaj | yönlendirilmiş mesaj",
        original="orijinal mesaj | özgün ileti | özgün mesaj | orjinal mesaj",
        closing="saygılarımla | iyi çalışmalar | sevgiler | iyi günler | saygılar",
        thanking="teşekkürler | teşekkür ederim",
        mobile="iphone'umdan gönderildi",
        thanks="teşekkürler | teşekkür ederim | çok teşekkürler | sağolun",
        common="ve | bir | bu | için | da | de | ne | ile | çok | var | ama | gibi | daha | merhaba | benim | değil"
        " | olarak",
    ),
    "ru": Phrases(
        reply="отв | ответ | re",
        forward="пер | fw",
        wrote="писал | пишет | написал | написала | написал(а) | писал(а)",
        sender="от | от кого | отправитель",
        sent="отправлено | дата | послано",
        to="кому | получатель",
        copy="копия | скрытая копия | вложения | ответить",
        subject="тема",
        forwarded="перенаправленное сообщение | пересылаемое сообщение | пересланное сообщение | пересылаемое письмо"
        " | начало переадресованного сообщения | переадресованное сообщение | конец пересылаемого сообщения",
        original="исходное сообщение | оригинальное сообщение | исходное письмо | первоначальное сообщение",
        closing="с уважением | с наилучшими пожеланиями | всего доброго | всего хорошего",
        thanking="спасибо | заранее спасибо | благодарю",
        mobile="отправлено с | отправлено из | получить outlook | скачать outlook",
        thanks="спасибо | большое спасибо | спасибо большое | благодарю | спасибо за помощь | отлично | супер",
        common="и | в | не | на | я | что | с | это | как | по | у | мы | но | за | для | к | от | из | вы | есть"
        " | так | же | при | мне | нас | можно | уже | или | если | здравствуйте | пожалуйста | вас | меня | когда"
        " | было | до | то",
    ),
    "uk": Phrases(
        wrote="пише | написав | написала | писав",
        sender="від",
        sent="надіслано | дата",
        to="кому",
        copy="копія",
        subject="тема",
        forwarded="переслане повідомлення | перенаправлене повідомлення",
        original="оригінальне повідомлення | початкове повідомлення",
        closing="з повагою | з найкращими побажаннями",
        thanking="дякую",
        mobile="надіслано з",
        thanks="дякую | дуже дякую | щиро дякую",
        common="і | в | не | на | я | що | з | це | як | по | у | ми | але | за | для | до | від | та | є | ви | так"
        " | при | мені | нас | можна | вже | або | якщо | доброго | будь | ласка | також | щоб | коли",
    ),
    "vi": Phrases(
        opener="vào",
        wrote="viết",
        thanks="cảm ơn",
    ),
    "ja": Phrases(
        wrote="のメール | は書きました | のメッセージ",
        sender="差出人 | 送信者",
        sent="送信日時 | 日付 | 日時 | 送信日",
        to="宛先",
        subject="件名",
        forwarded="転送されたメッセージ | 転送メッセージ",
        original="元のメッセージ | オリジナルメッセージ",
        closing="よろしくお願いいたします | 以上、よろしくお願いいたします | 敬具",
        mobile="iphoneから送信",
        thanks="ありがとうございます | ありがとうございました",
    ),
    "zh": Phrases(
        reply="回复 | 答复 | 回覆",
        forward="转发 | 轉寄",
        wrote="写道 | 寫道",
        sender="发件人 | 寄件者",
        sent="发送时间 | 日期 | 寄件日期 | 发送日期 | 时间",
        to="收件人 | 收件者",
        copy="抄送 | 副本",
        subject="主题 | 主旨 | 主題",
        forwarded="转发的邮件 | 转发邮件信息 | 轉寄的郵件",
        original="原始邮件 | 原始郵件",
        mobile="发自我的 | 從我的",
        thanks="谢谢 | 謝謝",
    ),
}


def fold(text: str) -> str:
    """The text as it is compared: without regard to case, letters composed, the Turkish capital İ as i."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).casefold().replace("i\u0307", "i")


def words(phrases: str) -> tuple[str, ...]:
    """The phrases of one list, folded."""
    return tuple(phrase for phrase in (fold(part.strip()) for part in phrases.split("|")) if phrase)


def every(field: str) -> Iterator[str]:
    """The phrases of this field in all languages, folded; the same phrase may come more than once."""
    for language in LANGUAGES.values():
        yield from words(getattr(language, field))


def spoken(line: str) -> frozenset[str]:
    """The languages in which a client wrote this line or these lines: those of most of the fields and verbs in them."""
    said = {word.strip(",.:*_-<>()") for word in fold(line).split()}
    known = {code: sum(phrase in said for phrase in _telling(code)) for code in LANGUAGES}
    most = max(known.values())
    return frozenset(code for code, count in known.items() if count == most) if most else frozenset()


@cache
def _telling(code: str) -> tuple[str, ...]:
    names = ("sender", "sent", "to", "subject", "wrote", "original")
    return tuple(
        {word for name in names for phrase in words(getattr(LANGUAGES[code], name)) for word in phrase.split()}
    )


def fields() -> dict[str, str]:
    """Header field name, folded → sender, sent, to, copy or subject, for all languages."""
    kinds = ("copy", "to", "subject", "sent", "sender")  # the later wins where languages disagree
    return {name: kind for kind in kinds for name in every(kind)}
