"""A language model on loopback, in the shape of OpenAI's chat completions. What it answers is planned by the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ChatModel:
    """`asked` are the bodies of all requests, with their paths. `plan` is how it answers: a text that it says, or
    "slow" (nothing, until `done`), "cut", "html", "huge", "redirect", or a status such as 429."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.plan: str | int = "Adressen ändras under Mina sidor."
        self.elsewhere = ""
        self.port = 0
        self.done = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def prompt(self) -> str:
        """All that it was told last."""
        return "\n".join(str(one["content"]) for one in self.asked[-1][1]["messages"])

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        said: dict[str, Any] = {"choices": [{"index": 0, "message": {"role": "assistant", "content": str(self.plan)}}]}
        data, kind, status, length = json.dumps(said).encode(), "application/json", 200, -1
        if isinstance(self.plan, int):
            status, data = self.plan, b'{"error": "no"}'
        elif self.plan == "slow":
            self.done.wait(60)
        elif self.plan == "cut":
            length, data = len(data) + 1000, data[: len(data) // 2]
        elif self.plan == "html":
            data, kind = b"<html><body>Log in</body></html>", "text/html"
        elif self.plan == "huge":
            said["choices"][0]["message"]["content"] = "x" * 10_000_000
            data = json.dumps(said).encode()
        elif self.plan == "redirect":
            status, data = 307, b""
        handler.send_response(status)
        if status == 307:
            handler.send_header("Location", self.elsewhere)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(length if length >= 0 else len(data)))
        handler.end_headers()
        handler.wfile.write(data)


@contextmanager
def chat_model() -> Iterator[ChatModel]:
    model = ChatModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.asked.append((self.path, json.loads(body)))
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has read enough
                model.answer(self)

        def log_message(self, *_args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.done.set()
        server.shutdown()
        server.server_close()
        thread.join()
