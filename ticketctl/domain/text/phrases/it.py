"""Italian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
