"""Estonian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
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
    common="ja | on | ei | et | ma | see | kui | ka | oma | aga | mis | tere | või | meie | palun | siis | kas | olen",
)
