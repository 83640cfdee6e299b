"""What is said to somebody who writes a reply: in the editor, about it, and when a snippet is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ticketctl.content.terminal import line as safe_line
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.reply.recipients import Recipients

TEXTS: Texts = {
    "en": {
        # below the scissors line
        "above": "What you write above the line is sent; it and all below are left out.",
        "nothing": "Write nothing to send nothing.",
        "about": "About #{number} {subject}",
        "to": "To {persons}",
        "cc": "Copy to {persons}",
        "bcc": "Blind copy to {persons}",
        "reply_to": "Answers go to {persons}",
        "added": "This is added below what you write:",
        "older": "… {count} older; `ticketctl show {number}` has all.",
        "automatic": "Automatic answer, {when}",
        "wrote": "{who}, {when}:",
        "more": "  … {count} more lines",
        "note": "Note by {author} (internal)",
        "reply": "Reply by {author}",
        "draft": "Draft by {author}",
        # the editor
        "in_file": "what you wrote is in {file}",
        "failed": "{failed}; nothing was sent",
        "failed_in": "{failed}; nothing was sent, and what you wrote is in {file}",
        "empty": "nothing was written; nothing was sent",
        "unreadable": "$VISUAL or $EDITOR cannot be read: {error}",
        "no_editor": "no editor was found; set $EDITOR, or give the text with --text",
        "not_started": "the editor {editor!r} could not be started: {error}",
        "ended": "the editor ended with {code}",
        # a snippet from a list
        "nobody_asked": "--choose asks; without a terminal name one with --snippet NAME",
        "no_snippets": "there are no snippets; they are files, snippets/LANGUAGE/NAME.j2",
        "which": "Which one (number, or the beginning of its name; Enter: none)",
        "could_be": "{word!r} could be {names}",
        "none_of_them": "{word!r} is not one of them",
    },
    "sv": {
        "above": "Det du skriver ovanför linjen skickas; linjen och allt nedanför utelämnas.",
        "nothing": "Skriv ingenting för att inte skicka något.",
        "about": "Om #{number} {subject}",
        "to": "Till {persons}",
        "cc": "Kopia till {persons}",
        "bcc": "Dold kopia till {persons}",
        "reply_to": "Svar går till {persons}",
        "added": "Det här läggs till under det du skriver:",
        "older": "… {count} äldre; `ticketctl show {number}` har alla.",
        "automatic": "Automatiskt svar, {when}",
        "wrote": "{who}, {when}:",
        "more": "  … {count} rader till",
        "note": "Anteckning av {author} (intern)",
        "reply": "Svar av {author}",
        "draft": "Utkast av {author}",
        "in_file": "det du skrev finns i {file}",
        "failed": "{failed}; inget skickades",
        "failed_in": "{failed}; inget skickades, och det du skrev finns i {file}",
        "empty": "ingenting skrevs; inget skickades",
        "unreadable": "$VISUAL eller $EDITOR kan inte läsas: {error}",
        "no_editor": "ingen editor hittades; sätt $EDITOR, eller ge texten med --text",
        "not_started": "editorn {editor!r} kunde inte startas: {error}",
        "ended": "editorn slutade med {code}",
        "nobody_asked": "--choose frågar; utan terminal nämns en med --snippet NAMN",
        "no_snippets": "det finns inga mallar; de är filer, snippets/SPRÅK/NAMN.j2",
        "which": "Vilken (nummer, eller början av namnet; Enter: ingen)",
        "could_be": "{word!r} kan vara {names}",
        "none_of_them": "{word!r} är inte en av dem",
    },
}


def recipient_lines(written: Recipients, language: str) -> Iterator[str]:
    """ "To Åsa <…>", "Copy to …", "Blind copy to …", "Answers go to …"."""
    say = say_in(language, TEXTS)
    rows: tuple[tuple[str, Sequence[Person]], ...] = (
        ("to", written.to),
        ("cc", written.cc),
        ("bcc", written.bcc),
        ("reply_to", written.reply_to),
    )
    for key, persons in rows:
        if persons:
            yield safe_line(say(key, persons=", ".join(map(str, persons))))


def about_line(ticket: Ticket, language: str) -> str:
    return safe_line(say_in(language, TEXTS)("about", number=ticket.number, subject=ticket.subject))


def writer_of(message: Message, language: str) -> str:
    say = say_in(language, TEXTS)
    if message.kind == "note":
        return say("note", author=message.author)
    if message.direction == "out":
        return say("draft" if message.delivery == "draft" else "reply", author=message.author)
    return str(message.sender)
