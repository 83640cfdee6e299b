"""Real servers for tests: a private Dovecot on loopback, and a scripted one that misbehaves as no real one would."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.growth import HANG

PASSWORD = "löskokt-ägg"
BINARY = shutil.which("dovecot") or ("/usr/sbin/dovecot" if os.path.exists("/usr/sbin/dovecot") else None)

CONFIG = """\
base_dir = {run}
state_dir = {run}
log_path = {run}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{run}/server.pem
ssl_key = <{run}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login {mechanisms}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{mail}/%u
mail_fsync = never
{identity}
{oauth}
namespace inbox {{
  inbox = yes
  mailbox Skickat-ö {{
    special_use = \\Sent
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


OAUTH = """\
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {run}/oauth2
}}
"""
INTROSPECTION = """\
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
force_introspection = yes
"""


class Dovecot:
    """Any user logs in with PASSWORD; the certificate is for `localhost` alone, signed by `ca_file`. With an
    `issuer_port` also with a token that the issuer there knows, by these SASL `mechanisms`."""

    def __init__(self, folder: Path, issuer_port: int = 0, mechanisms: str = "oauthbearer xoauth2") -> None:
        self.folder = folder
        self.issuer_port = issuer_port
        self.mechanisms = mechanisms if issuer_port else ""
        self.mail = folder / "mail"
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = folder / "run" / "ca.pem"

    def start(self) -> None:
        run = self.folder / "run"
        run.mkdir(parents=True)
        self.mail.mkdir()
        certificates(run)
        tries = 10  # another process may take a free port before Dovecot does
        while told := self._try_to_start(run):
            tries -= 1
            if not tries or "Address already in use" not in told:
                pytest.fail(f"Dovecot does not start: {told[:300]}")
            self.port, self.tls_port = free_port(), free_port()
        wait_until(lambda: can_connect(self.port), "Dovecot", run / "log")

    def _try_to_start(self, run: Path) -> str:
        """What it says where it does not."""
        config = self.folder / "dovecot.conf"  # in base_dir Dovecot makes a link of that name
        (run / "oauth2").write_text(INTROSPECTION.format(port=self.issuer_port))
        ports = {"port": self.port, "tls_port": self.tls_port}
        oauth = OAUTH.format(run=run) if self.issuer_port else ""
        given = {"mechanisms": self.mechanisms, "oauth": oauth, "password": PASSWORD, **ports, **self._identity()}
        config.write_text(CONFIG.format(run=run, mail=self.mail, **given))
        with (run / "start").open("w") as told:  # not a pipe, which the daemon would keep open
            done = subprocess.run([str(BINARY), "-c", str(config)], stdout=told, stderr=told, timeout=HANG, check=False)
        return ((run / "start").read_text().strip() or f"exit {done.returncode}") if done.returncode else ""

    def _identity(self) -> dict[str, object]:
        """As root the mail belongs to `mail`; otherwise all of Dovecot is the current user."""
        if os.getuid() == 0:
            os.chmod(self.folder, 0o755)
            shutil.chown(self.mail, "mail", "mail")
            return {"uid": "mail", "gid": "mail", "identity": ""}
        me = getpass.getuser()
        identity = f"default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group = {os.getgid()}"
        return {"uid": os.getuid(), "gid": os.getgid(), "identity": identity}

    def stop(self) -> None:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int((self.folder / "run" / "master.pid").read_text()), signal.SIGTERM)

    def deliver(self, user: str, mails: Iterable[bytes], folder: str = "INBOX") -> None:
        """Into the user's mailbox, as a mail server does: a file in new/."""
        box = self.mail / user if folder == "INBOX" else self.mail / user / f".{folder}"
        for part in ("new", "cur", "tmp"):
            (box / part).mkdir(parents=True, exist_ok=True)
        count = len(list((box / "new").iterdir())) + len(list((box / "cur").iterdir()))
        for number, raw in enumerate(mails, count):
            (box / "new" / f"{1_700_000_000 + number}.M{number:06}.test").write_bytes(raw)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "mail:mail", str(self.mail / user)], check=True)

    @contextmanager
    def client(self, user: str, folder: str = "INBOX") -> Iterator[object]:
        """Another mail program on the same mailbox: an imaplib client with the folder selected."""
        import imaplib

        client = imaplib.IMAP4("127.0.0.1", self.port)
        client._encoding = "utf-8"
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
        client.select(folder)
        try:
            yield client
        finally:
            client.logout()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A private Dovecot; tests take user names of their own. Skips where it is not installed."""
    with running() as server:
        yield server


@contextmanager
def running(issuer_port: int = 0, mechanisms: str = "oauthbearer xoauth2") -> Iterator[Dovecot]:
    if BINARY is None:
        pytest.skip("Dovecot is not installed (Debian: apt-get install dovecot-imapd)")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # short: the path of a socket has at most 107 bytes
    server = Dovecot(folder, issuer_port, mechanisms)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def certificates(folder: Path) -> None:
    """ca.pem, and server.pem with server.key for `localhost` signed by it."""
    authority(folder, "ca")
    certificate(folder, "server")


_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def authority(folder: Path, name: str) -> None:
    """NAME.pem and NAME.key: somebody who signs certificates."""
    uses = ("-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
    _openssl(folder, "req", "-x509", *_CURVE, *files, "-days", "2", "-subj", f"/CN=test {name}", *uses)


def certificate(folder: Path, name: str, *, host: str = "localhost", signer: str = "ca", days: int = 2) -> None:
    """NAME.pem and NAME.key, good for `days` from now (-1: expired)."""
    _openssl(folder, "req", *_CURVE, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
    (folder / "extensions").write_text(f"subjectAltName=DNS:{host}\nbasicConstraints=CA:false\n")
    by = ("-CA", f"{signer}.pem", "-CAkey", f"{signer}.key", "-CAcreateserial", "-days", str(days))
    _openssl(folder, "x509", "-req", "-in", f"{name}.csr", *by, "-out", f"{name}.pem", "-extfile", "extensions")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Scripted:
    """A server that says what a script says. `heard` are the lines that clients sent.

    `script` is called for each connection with `send(bytes)` and `hear() -> bytes` (a line, b"" at the end).
    """

    def __init__(
        self,
        script: Callable[[Callable[[bytes], None], Callable[[], bytes]], None],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.heard: list[bytes] = []
        self._script = script
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:

                def hear() -> bytes:
                    line = lines.readline()
                    if line:
                        self.heard.append(line)
                    return line

                self._script(connection.sendall, hear)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def can_connect(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_until(ready: Callable[[], bool], what: str, log: Path, seconds: float = HANG) -> None:
    ends = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > ends:
            told = log.read_text()[-500:] if log.exists() else "no log"
            pytest.fail(f"{what} did not come up: {told}")
        time.sleep(0.05)
