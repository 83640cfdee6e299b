"""Finnish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
