"""Swedish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
    app="skickat från | skickat via | skickat med | skickades från | skickat av | skickad via | sänt från | sänt via",
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
    praise=(
        "allt | alltid | bra | bästa | de | det | du | er | fantastisk | fantastiskt | fin | fint | för | god "
        "| hjälp | hjälpen | hjälpsam | hjälpsamma | i | jag | jättebra | jättenöjd | kanon | kundtjänst | "
        "löste | med | mig | mycket | ni | nöjd | och | perfekt | service | snabb | snabba | snabbt | snäll | "
        "support | suverän | suveränt | superbra | svar | svaret | så | toppen | trevlig | trevliga | trevligt "
        "| utmärkt | vi | väl | väldigt | är"
    ),
    greeting="hej | hejsan | hallå | god morgon | god dag | goddag | tjena | hej hej | tja",
    attaching="bifogar | bifogat | bifogad | bifogade | bifogas | se bilaga | se bilagan | "
    "i bilagan | i bilaga | som bilaga | bilägger | bilagt | bilagd | bilagda",
    common="och | att | det | som | är | inte | jag | på | för | med | har | till | vi | kan | ett | från | ni"
    " | så | när | men | ska | hej | om | av | var | mig | min | mitt | den | en | i | er | vill | skulle | mycket"
    " | hur | också | eller | efter | går | får | något | någon | tack | här | där | nu",
)
