"""Polish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
