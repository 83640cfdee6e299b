"""Slovak."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    opener="dňa",
    wrote="napísal | napísala | napísal(a)",
    sender="od | odosielateľ",
    sent="odoslané | dátum | poslané",
    to="komu | pre",
    copy="kópia | kópia (cc)",
    subject="predmet",
    forwarded="preposlaná správa | začiatok preposielanej správy | poslaná správa",
    original="pôvodná správa",
    closing="s pozdravom | s priateľským pozdravom | pozdravujem",
    thanking="ďakujem | vďaka",
    mobile="odoslané z | odoslané zo",
    thanks="ďakujem | ďakujem veľmi pekne | vďaka",
)
