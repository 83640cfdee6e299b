"""A desk of 300 tickets to look at: `python -m bench.crowd FOLDER [COUNT]` fills one that `ticketctl init` made.

Long names, åäö composed and not, wide characters, emoji of several code points, right-to-left names, no subject, no
name, many labels: what tables must bear.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import PRIORITIES, Act, Ticket
from ticketctl.store.tiny.store import TinyStore

NAMES = (
    "Åsa Öberg",
    "Anna-Karin Wikström-Lundqvist af Klintberg de la Gardie",
    "Bjo\u0308rn A\u030akesson",  # composed of letter and mark
    "王小明",
    "山田 太郎",
    "김철수",
    "محمد عبد الله",
    "דוד כהן",
    "สมชาย ใจดี",
    "नमस्ते शर्मा",
    "👩‍👩‍👧‍👦 Familjen Ek",
    "Zoë 🇸🇪 Ångström",
    "e\u0301\u0302\u0323\u0331 Zalgo\u0336\u0335",
    "",
    "kundtjanst-beställningar-och-reklamationer@mycket-langt-domannamn.example",
    "O'Hara, Seán",
    "❤️ Kärlek",
    "ＦＵＬＬＷＩＤＴＨ",
)
SUBJECTS = (
    "Var är min beställning?",
    "SV: VB: Re: Fakturan som ni skickade förra veckan stämmer inte med det som vi kom överens om i Örnsköldsvik",
    "",
    "ログインできません。パスワードを再設定してもエラーが表示されます。至急ご確認ください。",
    "🔥🔥🔥 Sajten ligger nere!!! 🔥🔥🔥",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Hur a\u0308ndrar jag lo\u0308senord?",
    "\x1b[31mRött\x1b[0m och \u202eomvänt\u202c",
    "Rad ett\nrad två\tflik",
    "👍🏽👨‍💻 tack ✅ ⚠️ viktigt",
    "مشكلة في تسجيل الدخول",
    "ok",
)
OWNERS = ("alice", "bo", "", "anna-karin.wikstrom-lundqvist")
LABELS = ((), ("drift",), (), ("vip", "reklamation"), (), ("drift", "säkerhet", "reklamation", "vip"))


def crowd(count: int, now: datetime) -> list[Ticket]:
    """Active tickets: every name meets every subject; all statuses and priorities, some long overdue."""
    parts = zip(cycle(NAMES), cycle((*SUBJECTS, "Hej")), cycle(OWNERS), cycle(LABELS), strict=False)
    return [_ticket(number, *one, now) for number, one in enumerate(islice(parts, count), 1)]


def _ticket(number: int, name: str, subject: str, owner: str, labels: tuple[str, ...], now: datetime) -> Ticket:
    opened = now - timedelta(minutes=number**2 // 8 + 5)  # the last one eight days ago
    who = Person(f"kund{number}@kund.example", name)
    message = Message(key="m1", direction="in", kind="message", at=opened, sender=who, text="Hej!", subject=subject)
    one = Ticket(number=number, subject=subject, requester=who, opened_at=opened)
    one = one.receive(Act("system", opened, "fetch"), message)
    one = msgspec.structs.replace(one, priority=PRIORITIES[number % 7 % 3], labels=labels)
    if owner:
        one = one.assign(Act("alice", opened), owner)
    if number % 5 == 0:
        one = one.wait(Act("alice", opened), now + timedelta(hours=6 * (number % 40) - 30))
    return one


def fill(folder: Path, count: int, now: datetime) -> None:
    with TinyStore(folder / "data").transaction() as desk:
        for one in crowd(count, now):
            desk.new_number()
            desk.save(one)


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300, datetime.now(UTC))
