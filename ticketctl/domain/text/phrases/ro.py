"""Romanian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
)
