"""What `chat` says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from ticketctl.content.terminal import line, shortened
from ticketctl.domain.ticket.message import Message
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.chat.rooms import Room

TEXTS: Texts = {
    "en": {
        "help": "Type to answer; Enter sends it. /17 goes to #17, /NAME takes a snippet, /mail TEXT answers by mail,\n"
        "/note TEXT writes a note, /end [CAUSE] [FIELD=VALUE] closes it, /list shows who waits, /quit ends.",
        "nobody": "Nobody is in the chat.",
        "row": "#{number} {name}: {state}{more}",
        "waits": "waits {time}",
        "answered": "was answered",
        "here": ", page open",
        "left": ", has left",
        "left_mail": ", has left; gets mail",
        "ended": ", has ended it",
        "unproven": ", address not proven",
        "owner": ", {name}",
        "new": "#{number} {name} is in the chat: {subject}",
        "said": "#{number} {time} {who}: {text}",
        "went": "#{number} {name} has left",
        "came": "#{number} {name} is back",
        "over": "#{number} {name}: the chat has ended",
        "types": " types…",
        "others": " (+{count} waiting)",
        "idle": "chat> ",
        "now": "#{number} {name}",
        "mailed": "#{number}: by mail to {address}",
        "noted": "#{number}: noted",
        "closed": "#{number} is closed",
        "draft": "Enter sends this; anything else takes its place:\n{text}",
        "again": "Enter sends it all the same; anything else takes its place.",
        "no_room": "Choose a chat first: /17",
        "no_such_room": "#{number} is no chat that is open",
        "no_text": "What is to be written?",
        "answered_by": "automatic",
    },
    "sv": {
        "help": "Skriv för att svara; Enter skickar. /17 går till #17, /NAMN tar en mall, /mail TEXT svarar med mejl,\n"
        "/note TEXT skriver en anteckning, /end [ORSAK] [FÄLT=VÄRDE] stänger, /list visar vilka, /quit slutar.",
        "nobody": "Ingen är i chatten.",
        "row": "#{number} {name}: {state}{more}",
        "waits": "har väntat {time}",
        "answered": "har fått svar",
        "here": ", sidan öppen",
        "left": ", har gått",
        "left_mail": ", har gått; får mejl",
        "ended": ", har avslutat",
        "unproven": ", adressen obekräftad",
        "owner": ", {name}",
        "new": "#{number} {name} är i chatten: {subject}",
        "said": "#{number} {time} {who}: {text}",
        "went": "#{number} {name} har gått",
        "came": "#{number} {name} är tillbaka",
        "over": "#{number} {name}: chatten är slut",
        "types": " skriver…",
        "others": " (+{count} väntar)",
        "idle": "chatt> ",
        "now": "#{number} {name}",
        "mailed": "#{number}: med mejl till {address}",
        "noted": "#{number}: antecknat",
        "closed": "#{number} är stängt",
        "draft": "Enter skickar det här; något annat tar dess plats:\n{text}",
        "again": "Enter skickar ändå; något annat tar dess plats.",
        "no_room": "Välj en chatt först: /17",
        "no_such_room": "#{number} är ingen öppen chatt",
        "no_text": "Vad ska skrivas?",
        "answered_by": "automatiskt",
    },
}


def room_line(room: Room, language: str, now: datetime) -> str:
    """ "#17 Åsa: waits 2:05, page open, alice" """
    say = say_in(language, TEXTS)
    state = say("waits", time=waited(room.waits_since, now)) if room.waits_since else say("answered")
    gone = "left_mail" if room.mail else "left"
    more = say("ended" if room.ended else "here" if room.here else gone)
    more += say("unproven") if room.mail else ""
    more += say("owner", name=room.ticket.assignee) if room.ticket.assignee else ""
    return say("row", number=room.number, name=name_of(room), state=state, more=more)


def room_json(room: Room) -> dict[str, object]:
    since = room.waits_since.isoformat() if room.waits_since else None
    return {
        "ticket": room.number,
        "name": room.ticket.requester.name,
        "mail": room.mail,
        "waits_since": since,
        "here": room.here,
        "ended": room.ended,
        "owner": room.ticket.assignee,
    }


def name_of(room: Room) -> str:
    return shortened(line(room.ticket.requester.name or room.ticket.requester.address), 30)


def waited(since: datetime, now: datetime) -> str:
    """ "2:05" in minutes and seconds, "1:02:05" with hours."""
    seconds = max(0, int((now - since).total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def said_lines(room: Room, messages: Iterable[Message], language: str, zone: tzinfo) -> list[str]:
    """A line a message, more where its text has more."""
    say = say_in(language, TEXTS)
    found = []
    for one in messages:
        who = name_of(room) if one.direction == "in" else one.author
        who = say("answered_by") if one.kind == "automatic" else who
        files = "".join(f" [{line(file.name)}]" for file in one.attachments)
        text = "\n  ".join(map(line, one.text.split("\n"))) + files
        found.append(say("said", number=room.number, time=f"{one.at.astimezone(zone):%H:%M}", who=who, text=text))
    return found
