"""Croatian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    opener="dana",
    wrote="napisao | napisala | napisao/la | piše | je napisao",
    sender="šalje | od | pošiljatelj",
    sent="poslano | datum",
    to="prima | za",
    copy="kopija",
    subject="naslov | predmet",
    forwarded="proslijeđena poruka",
    original="izvorna poruka | originalna poruka",
    closing="srdačan pozdrav | lijep pozdrav | s poštovanjem | lp",
    thanks="hvala | hvala vam | puno hvala",
)
