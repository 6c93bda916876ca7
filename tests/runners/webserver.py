"""A real web server on this machine, which answers as its path asks."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Received:
    """One request, as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebServer:
    """`/status/N` answers N, `/silent` nothing, `/trickle` without end, `/long` a lot."""

    url: str
    received: list[Received] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    """Set once a request has come in."""
    closing: threading.Event = field(default_factory=threading.Event)


def _handler(server: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            server.received.append(Received(self.command, self.path, headers, body))
            server.asked.set()
            if self.path == "/silent":
                server.closing.wait(20)
            elif self.path == "/hangup":
                return
            elif self.path == "/trickle":
                self.answer(200, b"first", complete=False)
                server.closing.wait(20)
            elif self.path == "/long":
                self.answer(200, 1_000_000 * b"x")
            elif self.path == "/latin":
                self.answer(200, "é".encode("latin-1"), kind="text/plain; charset=latin-1")
            else:
                self.answer(int(self.path.rpartition("/")[2]), b"hello\n")

        do_GET = do_POST = do_DELETE = do_HEAD = handle_any  # noqa: N815  # the library's names

        def answer(
            self, status: int, body: bytes, *, kind: str = "text/plain", complete: bool = True
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status // 100 == 3:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body) + (not complete)))
            self.end_headers()
            if self.command != "HEAD":
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # the client had read enough

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output quiet."""

    return Handler


@contextmanager
def a_web_server() -> Iterator[WebServer]:
    """Serve on a free port of 127.0.0.1 for as long as the block lasts."""
    server = WebServer("")
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}"
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            listener.shutdown()
            thread.join()
