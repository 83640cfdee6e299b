"""How each door is tried by the test of all routes (test_every_route.py): who comes in by it, and who must not.

A door that has routes and no line in KEEPERS makes that test fail; so does a route whose arguments no keeper knows.
Whoever builds a door adds a function `keeper(site) -> Keeper` here, or in a module of its own, and names it in KEEPERS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.ports.store import Quarantined
from ticketctl.usecases.access.keys import AddKey, RevokeKey, add_key, revoke_key
from ticketctl.usecases.customer.links import issue_link, revoke_links
from ticketctl.usecases.users.accounts import SetPassword, add_user
from ticketctl.usecases.users.sessions import WebSession, begin, form_token, hashed

PAPER = b"CANARY-file of the other customer"
PAPER_HASH = hashlib.sha256(PAPER).hexdigest()
PASSWORD = "sju gula cyklar"
FORM_KEY = "key-of-the-shop"
HOOK_SECRET = "k" * 32
SOURCES = (
    "sources: [{name: web, form: {}}, {name: shop, form: {}}, {name: site, chat: {}}, {name: other, chat: {}}, "
    f"{{name: till, webhook: {{secret_command: echo {HOOK_SECRET}}}}}]\n"
)
OWN, OTHER = 1, 2  # tickets: of the customer who comes in, and of another one
REFUSED = frozenset({302, 303, 401, 403, 404, 410, 429})


class Visit(NamedTuple):
    """One way to come: with those headers and cookies; `values` are arguments of the route that differ from the
    keeper's."""

    headers: Mapping[str, str] = {}
    cookies: Mapping[str, str] = {}
    values: Mapping[str, Any] = {}
    form: Mapping[str, str] = {}  # fields of what is posted


class Keeper(NamedTuple):
    """`values` fill the arguments of routes. `good` comes in; each of `bad`, by a name that says why, does not, and
    reads no CANARY. `needs` gives the good visitor of a route that needs that scope or role. `refused` are the statuses
    of a refusal; methods in `for_all` are for everybody, and must show and change nothing."""

    values: Mapping[str, Any]
    good: Visit
    bad: Mapping[str, Visit]
    needs: Callable[[str], Visit] = lambda _needs: Visit()
    refused: frozenset[int] = REFUSED
    for_all: frozenset[str] = frozenset()


def fill(site: Any) -> None:
    """Two tickets of two customers, with a word in each place that a stranger must not read."""
    office = site.office
    (paper,) = office.store.blobs.put_many([PAPER])
    office.make(OWN, text="CANARY-own words", subject="CANARY-own subject")
    office.make(
        OTHER,
        text="CANARY-other words",
        subject="CANARY-other subject",
        requester=Person("per@annan.example", "CANARY-other name"),
        attachments=(Attachment(name="CANARY-name.pdf", type="application/pdf", size=len(PAPER), sha256=paper),),
    )
    for number in (OWN, OTHER):
        hide(office, number)


def hide(office: Any, number: int) -> None:
    """What no customer may read on a ticket: a note, a draft, a question to others, a label, a hold."""
    act = Act("alice", office.now, "CANARY-inside why")
    us = Person("alice@exempel.example", "alice")
    requester = office.get(number).requester

    def said(key: str, **more: Any) -> Message:
        return Message(key=key, at=office.now, sender=us, author="alice", text=f"CANARY-inside {key}", **more)

    parts = (
        said("n1", direction="internal", kind="note"),
        said("n2", direction="out", kind="message", delivery="draft", to=(requester,)),
        said("n3", direction="out", kind="message", delivery="held", to=(requester,)),
        said("n4", direction="out", kind="message", delivery="sent", to=(Person("lager@x.example"),), aside=True),
        said("n5", direction="out", kind="message", delivery="failed", to=(requester,)),
    )
    for part in parts:
        office.change(number, lambda ticket, part=part: replace(ticket, messages=(*ticket.messages, part)))
    office.change(number, lambda ticket: ticket.hold(act, "CANARY-inside hold"))
    office.change(number, lambda ticket: ticket.explain(act, lesson="CANARY-inside lesson"))


def api(site: Any) -> Keeper:
    session = site.office.session("alice")

    def made(name: str, *scopes: str, agent: str = "alice", days: int = 0) -> Visit:
        asked = AddKey(name=name, scopes=scopes, agent=agent, days=days)
        return Visit({"Authorization": f"Bearer {add_key(session, asked).secret}"})

    good = {name: made(f"good-{name}", name) for name in ("read", "write", "admin", "customer")}
    gone = made("gone", "read", "write", "admin")
    revoke_key(session, RevokeKey(name="gone"))
    past = site.office.session("alice").at(site.office.now - timedelta(days=2))
    over = add_key(past, AddKey(name="over", scopes=("read", "write", "admin"), agent="alice", days=1))
    digest = next(one.sha256 for _, one in _keys(site) if one.name == "good-admin")
    whole = good["admin"].headers["Authorization"]
    return Keeper(
        values={"number": OTHER, "sha256": PAPER_HASH},
        good=good["admin"],
        bad={
            "none": Visit(),
            "empty": Visit({"Authorization": "Bearer "}),
            "revoked": gone,
            "expired": Visit({"Authorization": f"Bearer {over.secret}"}),
            "its hash": Visit({"Authorization": f"Bearer {digest}"}),
            "a part": Visit({"Authorization": whole[:-1]}),
            "another kind": Visit({"Authorization": whole.replace("Bearer", "Basic")}),
            "in the address": Visit(values={"key": whole.partition(" ")[2]}),
            "in a cookie": Visit(cookies={"session": whole.partition(" ")[2]}),
        },
        needs=lambda needs: good[(needs.split() or ["admin"])[0]],
    )


def form(site: Any) -> Keeper:
    """Everybody may open it; what is sent needs a token of ours, for that form, that was not used."""
    from ticketctl.web.signing import sign

    session = site.office.session("system")
    receipt = sign(session.key, "sent web", "17-")
    return Keeper(
        values={"source": "web", "receipt": receipt},
        good=Visit(),
        bad={
            "no token": Visit(),
            "another form's receipt": Visit(values={"receipt": sign(session.key, "sent shop", "17-")}),
            "a receipt cut off": Visit(values={"receipt": receipt[:-1]}),
        },
        refused=REFUSED | {409, 422},
        for_all=frozenset({"GET", "POST"}),
    )


def hook(site: Any) -> Keeper:
    """A shop's server with the key of its form (TICKETCTL_PASSWORD_WEB)."""
    good = {"Authorization": f"Bearer {FORM_KEY}"}
    return Keeper(
        values={"source": "web"},
        good=Visit(good),
        bad={
            "none": Visit(),
            "empty": Visit({"Authorization": "Bearer "}),
            "another": Visit({"Authorization": "Bearer another"}),
            "another form's": Visit(good, values={"source": "shop"}),
            "no form's": Visit(good, values={"source": "nonsense"}),
        },
    )


def signed(site: Any) -> Keeper:
    """Another system, which signs each call; that of the test is `{}`."""
    from ticketctl.channels.chats.signed import signature

    now = int(site.office.now.timestamp())

    def call(key: str, sent: int = now, said: str = "1") -> Visit:
        mark = signature(key.encode(), "1", str(sent), b"{}")
        return Visit({"webhook-id": said, "webhook-timestamp": str(sent), "webhook-signature": f"v1,{mark}"})

    good = call(HOOK_SECRET)
    return Keeper(
        values={"name": "till"},
        good=good,
        bad={
            "none": Visit(),
            "another": call("x" * 32),
            "captured long ago": call(HOOK_SECRET, now - 3600),
            "another call's": call(HOOK_SECRET, said="2"),
            "a form's": good._replace(values={"name": "web"}),
            "no source's": good._replace(values={"name": "nonsense"}),
        },
    )


def visitor(site: Any) -> Keeper:
    """Whoever has the token of one chat; the page itself is for everybody."""
    from ticketctl.ports.plain_message import PlainFile
    from ticketctl.usecases.chat.say import Say, say
    from ticketctl.usecases.chat.visitor import new_token
    from ticketctl.web.chat_gate import HEADER

    session = site.office.session("system")
    token, others = (new_token(session, "site") for _ in range(2))
    for whose, client in ((token, "client-0001"), (others, "client-0002")):
        file = PlainFile(name="CANARY-file.txt", data=b"CANARY-file")
        say(session, Say(source="site", token=whose, client=client, text="CANARY-chat", files=(file,)))
    return Keeper(
        values={"source": "site", "key": "m1", "place": 0},
        good=Visit({HEADER: token}),
        bad={
            "none": Visit(),
            "empty": Visit({HEADER: ""}),
            "a part": Visit({HEADER: token[:-1]}),
            "another chat's": Visit({HEADER: new_token(session, "other")}),
            "of a chat for another": Visit({HEADER: token}, values={"source": "other"}),
            "no chat's": Visit({HEADER: token}, values={"source": "web"}),
            "in the address": Visit(values={"token": token}),
        },
        for_all=frozenset({"GET"}),
    )


def _keys(site: Any) -> list[tuple[str, Any]]:
    from ticketctl.usecases.access.keys import keys

    return [(one.name, one) for one in keys(site.office.session("alice"))]


def login(site: Any) -> Keeper:
    """Whoever has a name and a password."""
    add_user(site.office.session("alice"), SetPassword(agent="vera", password=PASSWORD))
    return Keeper(
        values={},
        good=Visit(form={"user": "vera", "password": PASSWORD}),
        bad={
            "nothing": Visit(),
            "another password": Visit(form={"user": "vera", "password": "fel fel fel fel"}),
            "nobody's name": Visit(form={"user": "nobody", "password": PASSWORD}),
            "no password": Visit(form={"user": "vera", "password": ""}),
            "a colleague without one": Visit(form={"user": "bo", "password": PASSWORD}),
            "a code without a password": Visit(form={"code": "123456"}),
        },
    )


def agent(site: Any) -> Keeper:
    """Who is logged in; a session of its own for each request, since some end it."""
    office = site.office
    if not office.store.facts("login alice"):
        add_user(office.session("alice"), SetPassword(agent="alice", password=PASSWORD))
    html = b"From: per@annan.example\nContent-Type: text/html\n\n<p>CANARY-html</p>"
    (raw,) = office.store.blobs.put_many([html])
    ticket = office.get(OTHER)
    office.change(OTHER, lambda one: replace(one, messages=(replace(ticket.messages[0], raw=raw), *one.messages[1:])))

    def token(**past: int) -> str:
        session = office.session("system").at(office.now - timedelta(**past))
        with office.store.transaction() as desk:
            return begin(desk, WebSession(user="alice", since=session.now, seen=session.now), session.now)

    def visit() -> Visit:
        made = token()
        return Visit(cookies={"session": made}, form={"csrf": form_token(made), "message": "n1"})

    over = token(days=15)
    idle = token(hours=13)
    ended = token()
    with office.store.transaction() as desk:
        desk.remember(f"session {hashed(ended)}", "")
        waits = begin(desk, WebSession(user="alice", since=office.now, seen=office.now, waits=True), office.now)
        gone = begin(desk, WebSession(user="nisse", since=office.now, seen=office.now), office.now)
    good = visit()
    bad = {
        "none": "", "over": over, "idle": idle, "ended": ended, "code still to come": waits, "who left the team": gone,
        "its hash": hashed(good.cookies["session"]), "a part": good.cookies["session"][:-1],
    }  # fmt: skip
    visits = {name: Visit(cookies={"session": one}, form={"csrf": form_token(one)}) for name, one in bad.items()}
    with office.store.transaction() as desk:
        item = Quarantined(id="aside1", at=office.now, reason="CANARY", source="support", raw=raw, content="aside1")
        desk.quarantine(item)
    values = {"number": OTHER, "key": "m1", "place": 0, "aside": "aside1"}
    return Keeper(values=values, good=good, bad=visits, needs=lambda _needs: visit())


def link(site: Any) -> Keeper:
    """Whoever has the link of one ticket, here OTHER's; a picture hangs on its message m8."""
    office = site.office
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    (sha,) = office.store.blobs.put_many([picture])
    requester = office.get(OTHER).requester
    file = Attachment(name="CANARY-bild.png", type="image/png", size=len(picture), sha256=sha)
    said = Message(
        key="m8", direction="in", kind="message", at=office.now, sender=requester, text="Bild", attachments=(file,)
    )
    office.change(OTHER, lambda one: replace(one, messages=(*one.messages, said)))
    session = office.session("alice")
    gone = issue_link(session, OTHER).value.address.rpartition("/")[2]
    revoke_links(session, OTHER)
    token = issue_link(session, OTHER).value.address.rpartition("/")[2]
    bad = {
        "revoked": gone,
        "a part": token[:-1],
        "more": f"{token}A",
        "its hash": hashed(token),
        "a number": str(OTHER),
    }
    return Keeper(
        values={"token": token, "key": "m8", "place": 0},
        good=Visit(),
        bad={name: Visit(values={"token": one}) for name, one in bad.items()},
    )


KEEPERS: dict[str, Callable[[Any], Keeper]] = {
    "api": api,
    "form": form,
    "hook": hook,
    "signed": signed,
    "login": login,
    "agent": agent,
    "visitor": visitor,
    "link": link,
}
