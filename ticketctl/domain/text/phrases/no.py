"""Norwegian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
    thanking="takk | tusen takk | på forhånd takk | takk på forhånd | mange takk | takk for hjelpen | takk for hjelpa",
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
)
