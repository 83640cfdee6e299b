"""A real Synapse on loopback, in a virtual environment of its own that `.ci/synapse` makes, and people who use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import quote

import pytest

from tests.servers import free_port

ROOT = Path(__file__).parent.parent
PYTHON = Path(os.environ.get("TICKETCTL_TEST_SYNAPSE", "") or ROOT / ".synapse" / "bin" / "python")
V3 = "/_matrix/client/v3"

CONFIG = """\
server_name: desk.test
listeners:
  - {{port: {port}, bind_addresses: [127.0.0.1], type: http, tls: false, x_forwarded: false,
      resources: [{{names: [client], compress: false}}]}}
database: {{name: sqlite3, args: {{database: {folder}/hs.db}}}}
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/key
registration_shared_secret: testsecret
report_stats: false
trusted_key_servers: []
federation_domain_whitelist: []
max_upload_size: 3M
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_login:
  address: {{per_second: 1000, burst_count: 1000}}
  account: {{per_second: 1000, burst_count: 1000}}
  failed_attempts: {{per_second: 1000, burst_count: 1000}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
rc_invites:
  per_room: {{per_second: 1000, burst_count: 1000}}
  per_user: {{per_second: 1000, burst_count: 1000}}
  per_issuer: {{per_second: 1000, burst_count: 1000}}
{message}
"""
UNLIMITED = "rc_message: {per_second: 1000, burst_count: 1000}"
LOG = """\
version: 1
handlers: {{file: {{class: logging.FileHandler, filename: {folder}/log}}}}
root: {{level: WARNING, handlers: [file]}}
"""


class Synapse:
    def __init__(self, folder: Path, *, limited: bool = False) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._limited = limited
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self) -> None:
        config = self.folder / "homeserver.yaml"
        command = [str(PYTHON), "-m", "synapse.app.homeserver", "--config-path", str(config)]
        if not config.exists():
            text = CONFIG.format(port=self.port, folder=self.folder, message="" if self._limited else UNLIMITED)
            config.write_text(text)
            (self.folder / "log.yaml").write_text(LOG.format(folder=self.folder))
            subprocess.run([*command, "--generate-keys"], check=True, capture_output=True, timeout=120)
        with (self.folder / "told").open("ab") as told:
            self._process = subprocess.Popen(command, stdout=told, stderr=told, cwd=self.folder)
        until = time.monotonic() + 90
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/_matrix/client/versions", timeout=5):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.2)
        pytest.fail(f"Synapse does not start: {(self.folder / 'told').read_text()[-2000:]}")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(by)
            process.wait(timeout=60)

    def user(self, name: str = "") -> User:
        """A new one, whose name begins so; the rest makes it unique."""
        self._made += 1
        unique = f"{name or 'user'}-{self._made}"
        command = [str(PYTHON.parent / "register_new_matrix_user"), "-u", unique, "-p", "pw", "--no-admin"]
        subprocess.run([*command, "-k", "testsecret", self.address], check=True, capture_output=True, timeout=60)
        return User(self, f"@{unique}:desk.test")


class User:
    """Somebody at a Matrix client."""

    def __init__(self, server: Synapse, user_id: str) -> None:
        self.id = user_id
        self._server = server
        self._sent = 0
        identifier = {"type": "m.id.user", "user": user_id}
        self.token = ""
        self.token = self.post("/login", {"type": "m.login.password", "identifier": identifier, "password": "pw"})[
            "access_token"
        ]

    def call(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> dict[str, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode() if method != "GET" else None
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        whole = path if path.startswith("/_matrix") else V3 + path
        request = urllib.request.Request(
            self._server.address + whole, data, {**headers, "Content-Type": kind}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:300]!r}") from None

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        return self.call("POST", path, body)

    def get(self, path: str) -> dict[str, Any]:
        return self.call("GET", path)

    def room(self, *invited: str, encrypted: bool = False, **more: Any) -> str:
        state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        body = {"preset": "private_chat", "invite": list(invited), "initial_state": state if encrypted else [], **more}
        return str(self.post("/createRoom", body)["room_id"])

    def join(self, room: str) -> None:
        self.post(f"/rooms/{quote(room)}/join")

    def say(self, room: str, text: str, **content: Any) -> str:
        return self.send(room, {"msgtype": "m.text", "body": text, **content})

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        self._sent += 1
        path = f"/rooms/{quote(room)}/send/{kind}/t{self._sent}"
        return str(self.call("PUT", path, content)["event_id"])

    def in_thread(self, room: str, root: str, text: str) -> str:
        relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True}
        return self.say(room, text, **{"m.relates_to": {**relation, "m.in_reply_to": {"event_id": root}}})

    def answer(self, room: str, event: str, text: str) -> str:
        return self.say(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}})

    def edit(self, room: str, event: str, text: str) -> str:
        relation = {"rel_type": "m.replace", "event_id": event}
        new = {"msgtype": "m.text", "body": text}
        return self.say(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    def redact(self, room: str, event: str) -> None:
        self._sent += 1
        self.call("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/t{self._sent}", {})

    def upload(self, data: bytes, name: str = "a.txt", kind: str = "text/plain") -> str:
        found = self.call("POST", f"/_matrix/media/v3/upload?filename={quote(name)}", data, kind)
        return str(found["content_uri"])

    def seen(self, room: str) -> list[dict[str, Any]]:
        """The messages of the room, oldest first, as this user sees them."""
        chunk: list[dict[str, Any]] = []
        start = ""
        while True:
            more = f"&from={start}" if start else ""
            page = self.get(f"/rooms/{quote(room)}/messages?dir=b&limit=200{more}")
            chunk += [one for one in page["chunk"] if one["type"] == "m.room.message"]
            start = page.get("end", "")
            if not page["chunk"] or not start:
                return chunk[::-1]


@contextmanager
def running(*, limited: bool = False) -> Iterator[Synapse]:
    """Skips where it is not installed."""
    if not PYTHON.exists():
        pytest.skip("Synapse is not installed (.ci/synapse installs it)")
    folder = Path(tempfile.mkdtemp(prefix="synapse-"))
    server = Synapse(folder, limited=limited)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        rmtree(folder, ignore_errors=True)
