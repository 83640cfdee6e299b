"""How often each hint of the reply check fires on people's answers: `python -m bench.hints FOLDER... [--show CODE]`.

FOLDER holds mails, one a file. An answer is a mail with In-Reply-To whose parent is there too; the parent is read as
what the customer asked. All other senders stand in for the customers of other tickets.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from ticketctl.channels.email.parse.mime import understand
from ticketctl.channels.email.parse.mime_tree import Unreadable
from ticketctl.domain.reply.check import Hint, check
from ticketctl.domain.reply.other_customers import others_of
from ticketctl.domain.ticket.message import Inbound, Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.present.words.reply_check import hint_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OTHERS = 300  # active tickets of a busy desk


def mails(folders: Iterable[Path]) -> Iterator[Inbound]:
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            yield understand(path.read_bytes(), arrived_at=NOW)
        except Unreadable:
            continue


def asked(number: int, mail: Inbound) -> Ticket:
    """A ticket that the mail opened."""
    sender = mail.author or Person("nobody@example.org")
    message = Message(
        key="m1", direction="in", kind="message", at=NOW, sender=sender, text=mail.new_text, whole=mail.text
    )
    ticket = Ticket(number=number, subject=mail.subject, requester=sender, opened_at=NOW, language=mail.language or "")
    return ticket.receive(Act("system", NOW), message)


def answers(every: list[Inbound]) -> Iterator[tuple[Ticket, Inbound, tuple[Hint, ...]]]:
    """Ticket, answer, and what the check says of it."""
    by_id = {mail.message_id: mail for mail in every}
    parents = {mail.message_id: asked(number, mail) for number, mail in enumerate(every)}
    active = list(islice(parents.values(), OTHERS))
    for mail in every:
        parent = next((by_id[one] for one in mail.in_reply_to if one in by_id), None)
        if parent is None or not mail.new_text.strip() or mail.machine == "bounce":
            continue
        ticket = parents[parent.message_id]
        own = {mail.author.address, mail.author.name} if mail.author else set()
        others = others_of(ticket, active, own)
        yield ticket, mail, check(mail.new_text, ticket, spoken={"sv", "en"}, others=others)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hints", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--show", default="", metavar="CODE", help="print the answers with this hint")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for _, mail, found in answers(list(mails(options.folders))):
        counts["answers"] += 1
        counts["with a warning"] += any(one.severity == "warning" for one in found)
        counts["with any hint"] += bool(found)
        counts.update({one.code for one in found})
        for one in found:
            if one.code == options.show:
                print(f"--- {hint_text(one, 'en')} (line {one.line})\n{mail.new_text[:700]}\n")
    whole = counts.pop("answers", 0)
    print(f"{whole} answers")
    for name, count in counts.most_common():
        print(f"{name:20} {count:5}  {count / (whole or 1):6.1%}")


if __name__ == "__main__":
    main()
