"""Dutch."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
