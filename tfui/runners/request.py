"""The payload of the `http` job type: which request to send, and which answers are good.

Reading it needs no HTTP library, so that saving a schedule does not import one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tfui.runners.payload import PayloadReading, kind, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = ("body", "expected_status", "headers", "method", "timeout", "url")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DEFAULT_TIMEOUT = timedelta(seconds=30)
LONGEST_TIMEOUT = timedelta(days=1)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS_CLASS = re.compile(r"[1-5]xx")


@dataclass(frozen=True, slots=True)
class Expectation:
    """Which status codes count as success."""

    codes: frozenset[int]
    text: str
    """How the payload put it, for a message."""

    def accepts(self, status: int) -> bool:
        """Whether an answer with this status is a success."""
        return status in self.codes


@dataclass(frozen=True, slots=True)
class HttpPayload:
    """A payload that was found good."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    expected: Expectation
    timeout: timedelta
    """For the whole exchange, from the first look-up to the last byte read."""

    @property
    def shown_url(self) -> str:
        """Give the URL without a password in it."""
        parts = urlsplit(self.url)
        if parts.password is None:
            return self.url
        place = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{parts.username}:***@{place}").geturl()


def read_payload(payload: Mapping[str, Any]) -> HttpPayload:
    """Read a payload; raises Invalid naming every key that is wrong."""
    reading = PayloadReading(payload, known=KEYS)
    method = (reading.text("method") or "GET").upper()
    if method not in METHODS:
        hint = nearest(method[:20], METHODS)
        reading.refuse("method", f"{method[:20]!r} is no HTTP method; {hint}")
    url = _read_url(reading)
    headers = _read_headers(reading)
    body = _read_body(reading, headers)
    expected = _read_expected(reading)
    timeout = _read_timeout(reading)
    reading.finish()
    return HttpPayload(method, url, headers, body, expected, timeout)


def _read_url(reading: PayloadReading) -> str:
    url = reading.text("url", required=True) or ""
    if not url:
        return url
    if any(char.isspace() or not char.isprintable() for char in url):
        reading.refuse("url", "a URL has no spaces or control characters in it")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        reading.refuse("url", f"this cannot be read: {str(error).lower()}")
        return url
    if parts.scheme not in {"http", "https"}:
        reading.refuse("url", f"{url[:60]!r} must begin with http:// or https://")
    elif not host:
        reading.refuse("url", f"{url[:60]!r} names no host")
    return url


def _read_headers(reading: PayloadReading) -> dict[str, str]:
    headers = reading.texts("headers")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            reading.refuse(f"headers.{name[:60]}", "no header can have this name")
        elif not (value.isascii() and value.isprintable()):
            reading.refuse(f"headers.{name}", "a header's value is one line of ASCII text")
    return headers


def _read_body(reading: PayloadReading, headers: dict[str, str]) -> bytes | None:
    """Give the bytes to send; an object or a list becomes JSON and says so in `headers`."""
    body = reading.value("body")
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode(errors="surrogatepass")
    if not isinstance(body, dict | list):
        reading.refuse("body", f"this must be a text, an object or a list, not {kind(body)}")
        return None
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return json.dumps(body).encode()


def _read_expected(reading: PayloadReading) -> Expectation:
    value = reading.value("expected_status")
    given = ["2xx"] if value is None else value if isinstance(value, list) else [value]
    codes: set[int] = set()
    for status in given:
        found = _codes(status)
        if not found:
            reading.refuse(
                "expected_status",
                f"{status!r} is no status; give 100 to 599, a class such as '2xx', or a list",
            )
        codes.update(found)
    if not given:
        reading.refuse("expected_status", "an empty list would refuse every answer")
    return Expectation(frozenset(codes), " or ".join(str(status) for status in given))


def _codes(status: object) -> range:
    if isinstance(status, bool):
        return range(0)
    if isinstance(status, int) and 100 <= status <= 599:
        return range(status, status + 1)
    if isinstance(status, str) and _STATUS_CLASS.fullmatch(status.lower()):
        first = int(status[0]) * 100
        return range(first, first + 100)
    return range(0)


def _read_timeout(reading: PayloadReading) -> timedelta:
    value = reading.value("timeout")
    if value is None:
        return DEFAULT_TIMEOUT
    longest = LONGEST_TIMEOUT.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float):
        reading.refuse("timeout", f"this must be a number of seconds, not {kind(value)}")
    elif not 0 < value <= longest:
        reading.refuse("timeout", f"this must be above 0 and at most {longest:,.0f} seconds")
    else:
        return timedelta(seconds=value)
    return DEFAULT_TIMEOUT
