"""Danish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
