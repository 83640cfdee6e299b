"""What a source and a sink promise. Adapters translate and transport; they know no ticket rule and no store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, Protocol

import msgspec

from ticketctl.domain.settings.oauth import Login
from ticketctl.errors import ChannelFailed, Steps

UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""An arrival that the channel cannot tell: whoever receives the message then takes the present."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it lies in a mailbox. `mailbox` keys the cursor (account and folder); `validity`/`uid` its place
    in it (0/0 where the channel knows no UIDs: such messages are told apart by content alone). `handle` is what
    `acknowledge` needs. `oversize` says that only the header was fetched, `size` what the whole has. Up to the UID
    `until` the mailbox is old mail, which is imported (0 where nothing is); `skipped` mails before `since`, the last of
    them this one, are not: it only says so, and has no bytes. `medium` names who reads the bytes, and the door. A
    channel whose places are no numbers has them in `token`: all that came before it was yielded. `mark`: it says no
    more than that."""

    mailbox: str
    raw: bytes
    arrived_at: datetime
    validity: int = 0
    uid: int = 0
    handle: str = ""
    oversize: bool = False
    size: int = 0
    until: int = 0
    skipped: int = 0
    withheld: str = ""
    again: bool = False
    gone: bool = False
    medium: str = "email"
    token: str = ""
    mark: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is no message, but only says how far the mailbox was read."""
        return self.mark or bool(self.skipped)

    @property
    def imported(self) -> bool:
        return 0 < self.uid <= self.until


class Undecided(msgspec.Struct, frozen=True):
    """A mailbox that was never read, and holds old mail: `older` of its `mails` arrived before the day that counts."""

    mailbox: str
    mails: int
    older: int
    oldest: datetime


def holds_old_mail(mailbox: str, arrivals: Iterable[datetime], before: datetime) -> Undecided | None:
    """None where nothing arrived before then, as far as it is known."""
    times = list(arrivals)
    older = [one for one in times if UNKNOWN < one < before]
    return Undecided(mailbox, len(times), len(older), min(older)) if older else None


class Place(msgspec.Struct, frozen=True):
    """A cursor as channels see it: UIDVALIDITY and the highest UID that was committed. Where the old mail of a mailbox
    is imported: what arrived before `since` is passed over, up to the UID `until` (0 where that is not known yet).
    `withheld` are UIDs below the cursor that the server did not give: they are asked for once more. `asks_before` is
    set where a mailbox is read for the first time and nobody said from when: one that holds mail from before then is
    not read, and is among the source's `undecided`. `token` is the place where that is no number."""

    validity: int
    uid: int
    since: datetime | None = None
    until: int = 0
    withheld: tuple[int, ...] = ()
    asks_before: datetime | None = None
    token: str = ""

    def undecided(self, mailbox: str, arrivals: Iterable[datetime]) -> Undecided | None:
        return holds_old_mail(mailbox, arrivals, self.asks_before) if self.asks_before else None

    def passes(self, arrived_at: datetime) -> bool:
        """Whether an import leaves out what arrived then; what arrived nobody knows when comes in."""
        return self.since is not None and UNKNOWN < arrived_at < self.since


class Listener(Protocol):
    """Hears from the server of one folder of the source `name`; may run in a thread of its own."""

    name: str

    def listen(self, seconds: float, begun: Callable[[], None]) -> bool:
        """Waits for news, at most that long; `begun` is called as soon as no news can be missed any more. False where
        the server cannot tell of any; raises ChannelFailed."""
        ...


class Source(Protocol):
    """`expected` is how many messages a running `fetch` will bring, as far as it is known: for the progress bar. One
    thread at a time uses a source, but not always the same: it is read in one and settled in the next."""

    name: str
    expected: int
    waits: bool
    """For a server: then it is read beside other sources, in a thread."""
    undecided: list[Undecided]
    """Mailboxes that a `fetch` has left unread: see Place.asks_before."""

    @property
    def settles(self) -> str:
        """What `acknowledge` does to mails that are committed, in a word such as "moved"; "" where it does nothing."""
        ...

    def mailboxes(self) -> Sequence[str]:
        """The keys under which this source's cursors are kept."""
        ...

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        """Messages after `places`, oldest first, one mailbox after the other; changes nothing on the server. Raises
        ChannelFailed (auth, TLS, network, deadline) with one line that names the source and the next step; what was
        yielded before stays good."""
        ...

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        """Those of its mailboxes that hold mail from before then; raises ChannelFailed."""
        ...

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        """After the commit: leave, flag or move them as configured; a mail that is gone, or was done before, is passed
        over; raises ChannelFailed."""
        ...

    def listeners(self) -> Sequence[Listener]:
        """Who can tell at once that mail came, each with a connection of its own; none where the source must be asked
        from time to time."""
        ...

    def check(self) -> str:
        """Connects and logs in; one line about what was found; raises ChannelFailed."""
        ...

    def close(self) -> None: ...


LoginStepCode = Literal[
    "type_code", "waiting", "trying_on", "open_address", "paste_address", "wrong_address", "not_renewable"
]


class LoginStep(msgspec.Struct, frozen=True):
    """What a person who logs in is to do or to know: `code` says what, `facts` fill it in."""

    code: LoginStepCode
    facts: Mapping[str, object] = {}


class LoginGuide(Protocol):
    """The person who logs in. `typed` is the descriptor on which they may paste an address, -1 for none."""

    typed: int

    def tell(self, step: LoginStep) -> None: ...
    def show(self, url: str) -> None:
        """Opens it in their browser, where that can be done."""
        ...


class Account(Protocol):
    """A login by OAuth. `name` is the source's, or "outgoing"; `user` who logs in;
    `id` is the same for sources that share a login."""

    name: str
    user: str
    id: str

    def login(self) -> Login | None:
        """What is kept; None where nobody has logged in. Raises ChannelFailed."""
        ...

    def log_in(self, way: str, guide: LoginGuide) -> Login:
        """By "device", "browser", or "" for what is usual at the provider; what comes of it is kept. Raises
        MissingExtra; ChannelFailed, and nothing was changed."""
        ...

    def forget(self) -> bool:
        """Whether there was a login. Raises ChannelFailed."""
        ...


class SentFolder(Protocol):
    def keep(self, raw: bytes, message_id: str, at: datetime) -> bool:
        """Puts a copy of that mail into it, unless it is there (False); raises ChannelFailed."""
        ...

    def check(self) -> str: ...
    def close(self) -> None: ...


class Removal(Protocol):
    """Mails of one account, by their Message-IDs, in every folder that the desk uses."""

    def find(self, message_ids: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Folder → UIDs; raises ChannelFailed."""
        ...

    def remove(self, message_ids: Collection[str]) -> int:
        """Deletes them and nothing else; how many. Raises ChannelFailed."""
        ...

    def close(self) -> None: ...


class Receipt(msgspec.Struct, frozen=True):
    """The server's final word. `refused`: recipient → "550 5.1.1 no such user"; empty when all were accepted."""

    detail: str = ""
    refused: dict[str, str] = {}


class SendFailed(ChannelFailed):
    """Not accepted. `permanent` (5xx) ends it; otherwise try later. `uncertain`: the connection broke after the data
    was handed over, so it may have been accepted. `everything`: it takes nothing else now either; `wait` are the
    seconds that it asks for."""

    def __init__(
        self,
        text: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        everything: bool = False,
        wait: float = 0,
        code: str = "",
        next_step: Steps = None,
        **facts: object,
    ) -> None:
        super().__init__(text, code=code, next_step=next_step, **facts)
        self.permanent = permanent
        self.uncertain = uncertain
        self.everything = everything
        self.wait = wait


class SentCopy(Protocol):
    """A copy of a mail that was sent, kept in the desk's own data folder. `message_id` is "" where it has none."""

    @property
    def message_id(self) -> str: ...
    def read(self) -> bytes: ...
    def delete(self) -> None:
        """One that is gone already is no error."""
        ...


class Sink(Protocol):
    name: str

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        """Hands over one mail; returns only when it was accepted for at least one recipient; raises SendFailed."""
        ...

    def check(self) -> str: ...
    def close(self) -> None: ...
