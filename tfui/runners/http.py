"""The `http` job type: one request, judged by the status of the answer.

Payload: `url`, `method` (GET), `headers`, `body` (a text as it is; an object or list as JSON),
`expected_status` (a number, "2xx", or a list of those; "2xx"), `timeout` (seconds, 30). Redirects
are answers like any other and are not followed. The request carries the TFUI_ variables as headers
and the occurrence key as `Idempotency-Key`; the beginning of the answer becomes the job's output.
"""

from __future__ import annotations

import socket
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import tfui
from tfui.core.states import AttemptOutcome
from tfui.runners.guard import failed_by
from tfui.runners.order import Outcome
from tfui.runners.request import HttpPayload, read_payload

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from datetime import timedelta

    import httpx

    from tfui.runners.order import JobOrder, Sink, Stop

EXCERPT = 64 * 1024
"""Characters of an answer that are kept."""


class HttpRunner:
    """Sends requests."""

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Raise Invalid when this describes no request that could be sent."""
        read_payload(payload)

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        """Send the request and judge the answer; blocks until there is one, or no more time."""
        payload = read_payload(order.payload)
        limit = payload.timeout if order.timeout is None else min(payload.timeout, order.timeout)
        exchange = _Exchange(payload, _headers(payload, order), sink, limit)
        stop.when_set(exchange.is_over.set)
        thread = threading.Thread(target=exchange.run, name=f"http-{order.job_id}", daemon=True)
        thread.start()
        came_in_time = exchange.is_over.wait(limit.total_seconds())
        ended = exchange.outcome
        if ended is not None:
            return ended
        exchange.abandon()
        if stop.event.is_set() and came_in_time:
            reason = stop.outcome or AttemptOutcome.CANCELLED
            cancelled = reason is AttemptOutcome.CANCELLED
            why = "cancelled" if cancelled else "the engine stopped"
            return Outcome(reason, error=f"{why} before the answer was complete")
        said = f"no complete answer within {limit.total_seconds():,.10g} s"
        return Outcome(AttemptOutcome.TIMED_OUT, error=said)


class _Exchange:
    """One request on its way, in a thread of its own: nothing else could leave it waiting."""

    def __init__(
        self, payload: HttpPayload, headers: dict[str, str], sink: Sink, limit: timedelta
    ) -> None:
        self._payload = payload
        self._headers = headers
        self._sink = sink
        self._limit = limit
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._abandoned = False
        self.is_over = threading.Event()
        """Set when there is an outcome, or no more interest in one."""
        self.outcome: Outcome | None = None

    def run(self) -> None:
        """Send the request, keep the answer's beginning and judge it."""
        try:
            self.outcome = self._send()
        except Exception as error:  # noqa: BLE001  # a thread's exceptions would reach nobody
            if not self._abandoned:
                self.outcome = failed_by(error, self._sink)
        self.is_over.set()

    def abandon(self) -> None:
        """Cut the connection, which ends a thread that waits on it, and ignore what it says."""
        with self._lock:
            self._abandoned = True
            for connected in self._sockets:
                try:
                    connected.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker
        self._sink.write("system", b"the request was abandoned\n")

    def _send(self) -> Outcome:
        import httpx

        payload = self._payload
        self._say(f"{payload.method} {payload.shown_url}")
        begun = time.monotonic()
        try:
            with (
                httpx.Client(verify=_tls(), timeout=self._limit.total_seconds()) as client,
                client.stream(
                    payload.method,
                    payload.url,
                    headers=self._headers,
                    content=payload.body,
                    extensions={"trace": self._trace},
                ) as response,
            ):
                took = time.monotonic() - begun
                self._say(
                    f"{response.status_code} {response.reason_phrase} after {took * 1000:,.0f} ms"
                )
                self._keep_excerpt(response)
                return self._judge(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if isinstance(error, httpx.TimeoutException):
                said = f"no complete answer within {self._limit.total_seconds():,.10g} s"
                return Outcome(AttemptOutcome.TIMED_OUT, error=said)
            reason = " ".join(str(error).split()) or type(error).__name__
            said = f"{payload.method} {payload.shown_url}: {reason}"
            return Outcome(AttemptOutcome.FAILED, error=said)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take hold of each connection as it is made, to be able to cut it."""
        if event not in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            return
        connected = info["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets.append(connected)
            if self._abandoned:
                connected.shutdown(socket.SHUT_RDWR)

    def _keep_excerpt(self, response: httpx.Response) -> None:
        kept = 0
        for text in response.iter_text():
            self._write("stdout", text[: EXCERPT - kept].encode(errors="replace"))
            kept += len(text)
            if kept > EXCERPT:
                self._say(f"the answer is longer than {EXCERPT:,} characters; the rest is not kept")
                return

    def _judge(self, response: httpx.Response) -> Outcome:
        status = response.status_code
        if self._payload.expected.accepts(status):
            return Outcome(AttemptOutcome.SUCCEEDED, status)
        said = f"answered {status} {response.reason_phrase}".rstrip()
        said = f"{said}, expected {self._payload.expected.text}"
        if response.has_redirect_location:
            said = f"{said}; it points to {response.headers['location']}"
        return Outcome(AttemptOutcome.FAILED, status, " ".join(said.split()))

    def _say(self, remark: str) -> None:
        self._write("system", f"{remark}\n".encode())

    def _write(self, stream: str, chunk: bytes) -> None:
        if not self._abandoned:
            self._sink.write(stream, chunk)


def _headers(payload: HttpPayload, order: JobOrder) -> dict[str, str]:
    """Put the payload's headers over ours, whatever the case of their names."""
    ours = {"User-Agent": f"tfui/{tfui.__version__}", "Idempotency-Key": order.occurrence_key}
    ours.update({name.replace("_", "-"): text for name, text in order.environment.items()})
    theirs = {name.lower() for name in payload.headers}
    safe = ":/+ -"  # what instants and most names are made of; the rest is percent-encoded
    kept = {
        name: quote(text, safe=safe) for name, text in ours.items() if name.lower() not in theirs
    }
    return {**kept, **payload.headers}


@cache
def _tls() -> ssl.SSLContext:
    """Load the certificate authorities once: it takes longer than most requests."""
    import httpx

    return httpx.create_ssl_context()
