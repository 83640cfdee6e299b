"""An IMAP account: new mail by UID, never by UNSEEN (a person who opens a mail must not hide it from us).

A run goes like this for each folder: EXAMINE, or SELECT where mails are to be flagged or moved; UIDs above the cursor
with their sizes; the raw bytes with BODY.PEEK[] in batches; and after the commit, `acknowledge` flags or moves exactly
the mails that were committed, or deletes them. Only those are ever expunged: other clients' deletions are theirs.

Of imap-tools the connection, login and folder handling are used. Its `fetch` decodes (and drops bytes it cannot), takes
an empty list of UIDs for all mails, and its `flag` and `move` may expunge; so those commands go to `client.uid`. No TLS
connection is made without checking the certificate, STARTTLS is required where it is configured, and a password never
goes over a plain connection except to this machine.
"""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path

import imap_tools
import imap_tools.idle
import msgspec

from ticketctl.channels import secrets
from ticketctl.channels.base import Fetched, Listener, Place
from ticketctl.channels.bearer import Bearer
from ticketctl.channels.deadline import Deadline
from ticketctl.channels.imap_answers import BATCH, Answer, Listed, batches, flag, listed, literals, quoted
from ticketctl.channels.imap_client import connected
from ticketctl.channels.limited import within
from ticketctl.channels.limits import HEADER, MAIL, header_of
from ticketctl.channels.oauth import Account
from ticketctl.channels.tls import speaks_plain
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed

PORTS = {"tls": 993, "starttls": 143, "none": 143}


class NoFolder(ChannelFailed):
    """Of one folder; the connection is good."""


class Imap:
    """`folder` is the desk's, from where a relative `ca_file` is meant; `account` has the tokens where the source says
    `oauth:`."""

    AGAIN = "the next fetch tries again"
    waits = True

    def __init__(
        self, config: ImapSource, *, environ: Mapping[str, str], folder: Path, account: Account | None = None
    ) -> None:
        self.name = config.name
        self.expected = 0
        self._account = account
        self._config = config
        self._environ = environ
        self._folder = folder
        self._ca_file = str(folder / config.ca_file) if config.ca_file else None
        self._port = config.port or PORTS[config.security]
        self._ends_at = self._reads_until = 0.0
        self._box: imap_tools.BaseMailBox | None = None
        self._selected = ""
        self._validity = 1

    @property
    def settles(self) -> str:
        return self._config.then.done

    def mailboxes(self) -> Sequence[str]:
        return [self._key(folder) for folder in self._config.folders]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        self._begin()
        missing: list[str] = []
        for folder in self._config.folders:
            try:
                validity = self._select(folder)
            except NoFolder as failure:  # the others are fetched all the same
                missing.append(str(failure))
                continue
            place = places.get(self._key(folder), Place(0, 0))
            same = place.validity == validity
            listed = self._listed(place.uid if same else 0)
            until = place.until if same else _old(listed) if place.since or place.validity else 0
            runs = _runs(listed, place, until)
            self.expected += sum(len(run) for passed, run in runs if not passed)
            for passed, run in runs:
                if passed:
                    yield self._passed(folder, validity, until, run)
                    continue
                for batch in batches(run):
                    if time.monotonic() > self._reads_until:
                        return  # a long first fetch: what came is committed, the rest comes with the next run
                    yield from self._fetched(folder, validity, until, batch)
        if missing:
            raise NoFolder("; ".join(missing))

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        then = self._config.then
        if then.action == "leave":
            return
        self._connect()
        for folder in self._config.folders:
            uids = [message.uid for message in messages if message.mailbox == self._key(folder)]
            validities = {message.validity for message in messages if message.mailbox == self._key(folder)}
            if uids and validities == {self._select(folder)}:
                for start in range(0, len(uids), BATCH):
                    if time.monotonic() > self._ends_at:
                        raise ChannelFailed(f"{self.name}: the time is up; the next fetch does the rest")
                    self._settle(",".join(map(str, uids[start : start + BATCH])))

    def listeners(self) -> Sequence[Listener]:
        """One for each folder: a connection hears of one folder only."""
        configs = [msgspec.structs.replace(self._config, folders=(folder,)) for folder in self._config.folders]
        return [Imap(one, environ=self._environ, folder=self._folder, account=self._account) for one in configs]

    def listen(self, seconds: float, begun: Callable[[], None]) -> bool:
        """IDLE (RFC 2177). What the server says is not looked at: that it spoke, or that the time is over, is reason
        enough to fetch."""
        self._begin()
        if "IDLE" not in self._capabilities():
            self.close()
            return False
        self._select(self._config.folders[0])
        self._ends_at = time.monotonic() + seconds + self._config.deadline
        with self._trouble("listen for new mail"):
            idle = self._idle()
            idle.start()  # type: ignore[no-untyped-call] # imap-tools gives it no types
            begun()
            idle.poll(seconds)
            idle.stop()  # type: ignore[no-untyped-call]  # the same
        return True

    def check(self) -> str:
        self._begin()
        counts = []
        for folder in self._config.folders:
            self._select(folder)
            counts.append(f"{folder} {self._noted('EXISTS')}")
        self._check_target()
        return f"{self._config.user} on {self._config.host}: {', '.join(counts)}"

    def close(self) -> None:
        box, self._box, self._selected = self._box, None, ""
        if box is None:
            return
        with suppress(imaplib.IMAP4.error, OSError, ValueError), Deadline(5.0) as deadline:
            deadline.watch(box.client.sock)
            box.client.logout()
        with suppress(imaplib.IMAP4.error, OSError):
            box.client.shutdown()

    # --- the account ---

    def _key(self, folder: str) -> str:
        port = "" if self._port == PORTS[self._config.security] else f":{self._port}"
        return f"{self._config.user}@{self._config.host}{port}/{folder}"

    def _begin(self) -> None:
        """The time for a whole session begins; a quarter of it is kept for what is to be done on the server."""
        deadline = self._config.deadline
        self._ends_at = time.monotonic() + deadline
        self._reads_until = self._ends_at - (deadline / 4 if self.settles else 0)
        self._connect()

    def _connect(self) -> None:
        """Also again, in the time that is left: where the connection broke, mails may still be flagged or moved. A
        token that is refused is renewed and tried once more: the server may have taken it back early."""
        if self._box is not None:
            return
        if time.monotonic() > self._ends_at:
            raise ChannelFailed(f"{self.name}: no time is left to connect to {self._config.host} again")
        secret = self._secret()
        try:
            self._enter(secret)
        except _Refused:
            if self._account is None:
                raise
            self.close()
            self._enter(self._account.access_token(refused=secret))

    def _enter(self, secret: str) -> None:
        with self._trouble("connect") as deadline:
            self._box = within(deadline.left(), lambda: self._opened(deadline))
        with self._trouble("log in"):
            self._login(self._box, secret)

    def _secret(self) -> str:
        """Asked for before connecting: a helper that waits for a person must not hold a connection open."""
        if self._account is not None:
            return self._account.access_token()
        if self._config.token_command:
            return secrets.token(self.name, self._config.token_command, self._environ)
        return secrets.password(self.name, self._config.password_command, self._environ)

    def _opened(self, deadline: Deadline) -> imap_tools.BaseMailBox:
        config = self._config
        context = None
        if config.security != "none":
            if self._ca_file and not Path(self._ca_file).is_file():
                raise ChannelFailed(f"{self.name}: ca_file: there is no {self._ca_file}")
            context = ssl.create_default_context(cafile=self._ca_file)
        starttls, timeout = config.security == "starttls", float(config.timeout)
        return connected(
            config.host, self._port, timeout=timeout, deadline=deadline, context=context, starttls=starttls
        )

    def _login(self, box: imap_tools.BaseMailBox, secret: str) -> None:
        config = self._config
        bearer = Bearer(config.user, secret, config.host, self._port) if config.token_command or config.oauth else None
        try:
            if bearer:
                _bear(box.client, bearer)
            elif (config.user + secret).isascii():
                box.login(config.user, secret, initial_folder=None)
            else:
                box.login_utf8(config.user, secret, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, imap_tools.MailboxLoginError):
            raise _Refused(
                f"{self.name}: {config.host} refused the {'token' if bearer else 'password'} of {config.user}"
                f"{bearer.told if bearer else ''}; {self._next_step()}"
            ) from None  # the server's answer, and the exception, may repeat what we sent

    def _next_step(self) -> str:
        if self._account is not None:
            return f"`ticketctl login {self.name}`, as {self._account.user}, or see whether it may use IMAP there"
        kind = "token" if self._config.token_command else "password"
        return f"try it with `ticketctl doctor`, or see what {kind}_command prints"

    def _select(self, folder: str) -> int:
        """Its UIDVALIDITY. Read-only unless something is to be done there afterwards."""
        if self._selected != folder:
            with self._trouble(f"open the folder {folder!r}"):
                status, _ = self._client().select(quoted(folder), self._config.then.action == "leave")
                if status != "OK":
                    raise NoFolder(
                        f"{self.name}: {self._config.host} has no folder {folder!r}, or refuses it; "
                        f"there are: {', '.join(self._folders())}"
                    )
                self._validity = self._noted("UIDVALIDITY")
                self._selected = folder
        return self._validity

    def _check_target(self) -> None:
        """Raises ChannelFailed where mails are to be moved to a folder that is not there: fetched they would stay."""
        then, box = self._config.then, self._box
        if then.action == "move" and box is not None and not box.folder.exists(then.argument):
            raise ChannelFailed(
                f"{self.name}: {self._config.host} has no folder {then.argument!r} to move fetched mails to; "
                f"there are: {', '.join(self._folders())}"
            )

    def _noted(self, what: str) -> int:
        """A number that the server told when the folder was opened; 1 where it did not."""
        found = self._client().untagged_responses.get(what) or [b""]
        value = found[-1]
        return int(value) if isinstance(value, bytes) and value.isdigit() else 1

    def _folders(self) -> list[str]:
        box = self._box
        return [folder.name for folder in box.folder.list()][:20] if box else []

    # --- mails ---

    def _listed(self, after: int) -> list[Listed]:
        """All mails above that UID, in order. `n:*` also gives the last mail where n is too high (RFC 3501)."""
        if not self._noted("EXISTS"):
            return []
        lines = self._uid("list its mails", "FETCH", f"{after + 1}:*", "(UID RFC822.SIZE INTERNALDATE)")
        found = {one.uid: one for line in lines if isinstance(line, bytes) and (one := listed(line))}
        return [found[uid] for uid in sorted(found) if uid > after]

    def _passed(self, folder: str, validity: int, until: int, run: Sequence[Listed]) -> Fetched:
        """Mails that an import leaves out: the cursor goes past them."""
        last = run[-1]
        return Fetched(
            mailbox=self._key(folder),
            raw=b"",
            arrived_at=last.arrived_at,
            validity=validity,
            uid=last.uid,
            until=until,
            skipped=len(run),
        )

    def _fetched(self, folder: str, validity: int, until: int, batch: Sequence[Listed]) -> Iterator[Fetched]:
        if self._select(folder) != validity:  # `acknowledge` may have opened another folder, or connected again
            raise ChannelFailed(f"{self.name}: {folder} was replaced meanwhile; the next fetch looks at it anew")
        oversize = batch[0].size > MAIL
        part = f"BODY.PEEK[HEADER]<0.{HEADER}>" if oversize else "BODY.PEEK[]"
        uids = ",".join(str(one.uid) for one in batch)
        parts = self._uid("fetch mails", "FETCH", uids, f"(UID {part})")
        bodies = dict(literals(parts))
        self._must_be_gone(folder, [one.uid for one in batch if one.uid not in bodies])
        for one in batch:
            raw = bodies.pop(one.uid, None)
            if raw is None:  # deleted meanwhile by another client
                self.expected -= 1
                continue
            yield Fetched(
                mailbox=self._key(folder),
                raw=header_of(raw) if oversize else raw,
                arrived_at=one.arrived_at,
                validity=validity,
                uid=one.uid,
                oversize=oversize,
                size=one.size,
                until=until,
            )

    def _must_be_gone(self, folder: str, uids: Sequence[int]) -> None:
        """A mail that the server listed and did not give was deleted meanwhile; or the cursor must not go past it."""
        if not uids:
            return
        lines = self._uid("look for mails", "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        there = [one.uid for line in lines if isinstance(line, bytes) and (one := listed(line))]
        if there:
            raise ChannelFailed(
                f"{self.name}: {self._config.host} lists the mail with UID {there[0]} in {folder} and does not "
                "give it; if it stays so, move that mail to another folder"
            )

    def _settle(self, uids: str) -> None:
        """What others have marked as deleted stays: never a bare EXPUNGE, and no CLOSE."""
        then = self._config.then
        if then.action == "flag":
            self._uid("set a flag", "STORE", uids, "+FLAGS.SILENT", f"({flag(then.argument)})")
            return
        able = self._capabilities()
        if then.action == "move":
            what, folder = f"move mails to {then.argument!r}", quoted(then.argument)
            if "MOVE" in able:
                self._uid(what, "MOVE", uids, folder)
                return
            if "UIDPLUS" not in able:
                raise ChannelFailed(
                    f"{self.name}: {self._config.host} cannot move mails safely (neither MOVE, RFC 6851, nor UIDPLUS, "
                    "RFC 4315); use `then: {flag: …}` or `then: leave`"
                )
            self._uid(what, "COPY", uids, folder)
        self._uid("mark mails as deleted", "STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
        if "UIDPLUS" in able:
            self._uid("delete mails", "EXPUNGE", uids)

    def _capabilities(self) -> set[str]:
        """As they are after login: servers tell more then."""
        with self._trouble("ask what it can do"):
            _, data = self._client().capability()
        return set(b" ".join(one for one in data if one).decode("ascii", "replace").upper().split())

    def _idle(self) -> imap_tools.idle.IdleManager:
        self._client()
        assert self._box is not None
        return self._box.idle

    def _uid(self, what: str, command: str, *arguments: str) -> Answer:
        with self._trouble(what):
            status, data = self._client().uid(command, *arguments)
            if status != "OK":
                told = b" ".join(one for one in data if isinstance(one, bytes)).decode("utf-8", "replace")
                raise ChannelFailed(f"{self.name}: {self._config.host} did not {what}: {told[:200]}")
            return data

    def _client(self) -> imaplib.IMAP4:
        if self._box is None:
            raise ChannelFailed(f"{self.name}: the connection to {self._config.host} is gone; the next fetch goes on")
        return self._box.client

    # --- trouble ---

    @contextmanager
    def _trouble(self, what: str) -> Iterator[Deadline]:
        """Everything that can go wrong with a server, as one line; the connection is then given up. It is cut off when
        the time for the whole session is over, which also ends a server that sends a byte now and then."""
        where = f"{self.name}: {self._config.host}:{self._port}"
        with Deadline(max(1.0, self._ends_at - time.monotonic())) as deadline:
            try:
                if self._box is not None:
                    deadline.watch(self._box.client.sock)
                yield deadline
            except ssl.SSLCertVerificationError as error:
                self._drop()
                raise ChannelFailed(
                    f"{where}: its certificate is not to be trusted ({error.verify_message}); "
                    "check `host:`, or name your own authority with `ca_file:`"
                ) from None
            except (imaplib.IMAP4.error, imap_tools.ImapToolsError, OSError, MemoryError, ValueError) as error:
                self._drop()
                if deadline.passed or isinstance(error, TimeoutError):
                    raise ChannelFailed(
                        f"{where}: too slow to {what}; the next fetch goes on where this one ended"
                    ) from None
                told = speaks_plain(error) or " ".join(str(error).split())[:200] or type(error).__name__
                raise ChannelFailed(f"{where}: could not {what}: {told}; {self.AGAIN}") from None

    def _drop(self) -> None:
        box, self._box, self._selected = self._box, None, ""
        if box is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                box.client.shutdown()


def _old(mails: Sequence[Listed]) -> int:
    """Up to which UID a mailbox that is read from its beginning is old mail: as far as it goes now."""
    return mails[-1].uid if mails else 0


def _runs(mails: Sequence[Listed], place: Place, until: int) -> list[tuple[bool, list[Listed]]]:
    """In order, those that an import passes over and those that it takes in."""
    runs = groupby(mails, lambda one: one.uid <= until and place.passes(one.arrived_at))
    return [(passed, list(run)) for passed, run in runs]


def _bear(client: imaplib.IMAP4, bearer: Bearer) -> None:
    """With OAUTHBEARER (RFC 7628) where it is offered, else with XOAUTH2, which all that take tokens know."""
    mechanism = bearer.mechanism(one.removeprefix("AUTH=") for one in client.capabilities)
    client.authenticate(mechanism, lambda challenge: bearer.answer(mechanism, bytes(challenge)))


class _Refused(ChannelFailed):
    """The server does not take the password or token."""
