"""German."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
