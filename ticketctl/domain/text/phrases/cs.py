"""Czech."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="re | odp",
    forward="fw | předáno",
    opener="dne | v",
    wrote="napsal | napsala | napsal(a)",
    sender="od | odesílatel",
    sent="odesláno | datum | odesláno dne",
    to="komu | příjemce",
    copy="kopie | kopie komu | kopie (cc) | skrytá kopie | přílohy | odpovědět",
    subject="předmět",
    forwarded="přeposlaná zpráva | předávaná zpráva | začátek přeposílané zprávy | přeposlaný e-mail",
    original="původní zpráva | původní e-mail | původní schůzka | původní message",
    closing="s pozdravem | s přátelským pozdravem | pozdravem | hezký den | s úctou | zdravím | s pozdravem a přáním",
    thanking="děkuji | díky | děkuji předem | předem děkuji",
    mobile="odesláno z | získejte outlook | odesláno ze | stáhnout outlook",
    thanks="děkuji | díky | děkuji moc | moc děkuji | mockrát děkuji | díky moc | skvělé | super | výborně",
    common="a | se | v | na | je | že | to | s | z | do | o | ale | jsem | jak | pro | by | za | který | jsou"
    " | nebo | mi | dobrý | den | prosím | není | mám | jsme | při | už | jen | také | po | bych | tento | máme"
    " | aby | když | byl",
)
