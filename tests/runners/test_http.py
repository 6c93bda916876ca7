"""Requests, against a real server."""

from __future__ import annotations

import dataclasses
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.runners.orders import an_order, carry_out, in_the_background
from tests.runners.webserver import WebServer, a_web_server
from tests.world import eventually
from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.runners.http import EXCERPT, HttpRunner
from tfui.runners.request import read_payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runners.orders import Attempt


@pytest.fixture(scope="module")
def module_server() -> Iterator[WebServer]:
    with a_web_server() as server:
        yield server


@pytest.fixture
def server(module_server: WebServer) -> WebServer:
    module_server.received.clear()
    module_server.asked.clear()
    return module_server


def http(url: str, timeout: float | None = None, **payload: Any) -> Attempt:
    """Carry a request out; `timeout` is the order's, `limit` the payload's."""
    if "limit" in payload:
        payload["timeout"] = payload.pop("limit")
    return carry_out(
        dataclasses.replace(an_order("http", timeout), payload={"url": url, **payload})
    )


def refused(**payload: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        HttpRunner().validate(payload)
    return {name: str(problem) for name, problem in caught.value.fields.items()}


def test_an_answer_of_2xx_is_a_success_and_its_body_the_output(server: WebServer) -> None:
    done = http(f"{server.url}/status/201")

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    assert (done.ended.exit_code, done.ended.error) == (201, None)
    assert done.text("stdout") == "hello\n"
    asked, answered = done.text("system").splitlines()
    assert asked == f"GET {server.url}/status/201"
    assert answered.startswith("201 Created after ")


def test_any_other_answer_is_a_failure_that_says_what_was_expected(server: WebServer) -> None:
    done = http(f"{server.url}/status/503", expected_status=[200, "3xx"])

    assert (done.ended.outcome, done.ended.exit_code) == (AttemptOutcome.FAILED, 503)
    assert done.ended.error == "answered 503 Service Unavailable, expected 200 or 3xx"
    assert done.text("stdout") == "hello\n"


@pytest.mark.parametrize("expected", [404, "4xx", ["2xx", 404]])
def test_what_counts_as_success_can_be_said(server: WebServer, expected: object) -> None:
    done = http(f"{server.url}/status/404", expected_status=expected)

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED


def test_a_redirect_is_not_followed_but_told(server: WebServer) -> None:
    done = http(f"{server.url}/status/302").ended

    assert done.error == "answered 302 Found, expected 2xx; it points to /elsewhere"


def test_an_object_is_sent_as_json_and_a_text_as_it_is(server: WebServer) -> None:
    http(f"{server.url}/status/200", method="post", body={"a": [1, "é"]})
    http(f"{server.url}/status/200", method="POST", body="a=é")
    as_json, as_text = server.received

    assert json.loads(as_json.body) == {"a": [1, "é"]}
    assert as_json.headers["content-type"] == "application/json"
    assert as_text.body == "a=é".encode()
    assert "content-type" not in as_text.headers


def test_the_request_says_which_occurrence_it_is_unless_the_payload_says_otherwise(
    server: WebServer,
) -> None:
    http(f"{server.url}/status/200", headers={"idempotency-key": "mine"})
    headers = server.received[0].headers

    assert headers["idempotency-key"] == "mine"
    assert headers["tfui-occurrence-key"] == "key-1"
    assert headers["user-agent"].startswith("tfui/")


def test_a_schedules_name_of_any_alphabet_can_be_a_header(server: WebServer) -> None:
    order = an_order("http", url=f"{server.url}/status/200")
    order = dataclasses.replace(order, environment={"TFUI_SCHEDULE": "naïve\n🕰"})

    assert carry_out(order).ended.outcome is AttemptOutcome.SUCCEEDED
    assert server.received[0].headers["tfui-schedule"] == "na%C3%AFve%0A%F0%9F%95%B0"


def test_no_secret_of_the_request_is_in_the_output_or_the_error(server: WebServer) -> None:
    with_password = server.url.replace("//", "//ann:hunter2@")
    attempts = [
        http(f"{with_password}/status/200"),
        http(f"{server.url}/status/500", headers={"Authorization": "Bearer sesame"}),
        http(f"http://ann:hunter2@127.0.0.1:{_closed_port()}/", headers={"X-Key": "sesame"}),
    ]

    assert server.received[0].headers["authorization"].startswith("Basic ")
    assert server.received[1].headers["authorization"] == "Bearer sesame"
    said = "".join(f"{done.ended} {done.text('stdout')} {done.text('system')}" for done in attempts)
    assert "ann:***@" in said
    assert "hunter2" not in said
    assert "sesame" not in said


def test_a_long_answer_is_kept_only_at_its_beginning(server: WebServer) -> None:
    done = http(f"{server.url}/long")

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    assert done.text("stdout") == EXCERPT * "x"
    assert "the rest is not kept" in done.text("system")


def test_an_answer_in_another_charset_is_read_in_it(server: WebServer) -> None:
    assert http(f"{server.url}/latin").text("stdout") == "é"


def test_a_head_request_has_no_body(server: WebServer) -> None:
    assert http(f"{server.url}/status/200", method="HEAD").text("stdout") == ""


def test_a_server_that_is_not_there_is_a_failure_of_one_line() -> None:
    done = http(f"http://127.0.0.1:{_closed_port()}/").ended

    assert (done.outcome, done.exit_code) == (AttemptOutcome.FAILED, None)
    assert done.error is not None
    assert "Connection refused" in done.error
    assert "\n" not in done.error


def test_a_server_that_hangs_up_is_a_failure_of_one_line(server: WebServer) -> None:
    done = http(f"{server.url}/hangup").ended

    assert done.outcome is AttemptOutcome.FAILED
    assert done.error is not None
    assert "without sending a response" in done.error


@pytest.mark.parametrize("path", ["silent", "trickle"])
def test_the_limit_is_for_the_whole_answer(server: WebServer, path: str) -> None:
    by_payload = http(f"{server.url}/{path}", limit=0.2).ended
    by_order = http(f"{server.url}/{path}", 0.2).ended

    assert by_payload.outcome is by_order.outcome is AttemptOutcome.TIMED_OUT
    assert by_payload.error == by_order.error == "no complete answer within 0.2 s"


@pytest.mark.parametrize("path", ["silent", "trickle"])
def test_a_stop_ends_a_request_that_waits_and_its_thread(server: WebServer, path: str) -> None:
    order = an_order("http", url=f"{server.url}/{path}")
    with in_the_background(order) as attempt:
        assert server.asked.wait(10)
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.ended.outcome is AttemptOutcome.CANCELLED
    assert attempt.ended.error == "cancelled before the answer was complete"
    assert "the request was abandoned" in attempt.text("system")
    name = f"http-{order.job_id}"
    eventually(
        lambda: all(thread.name != name for thread in threading.enumerate()),
        what="the end of the request's thread",
    )


def test_an_engine_that_stops_gets_the_request_handed_back(server: WebServer) -> None:
    with in_the_background(an_order("http", url=f"{server.url}/silent")) as attempt:
        attempt.end(AttemptOutcome.HANDED_BACK)

    assert attempt.ended.outcome is AttemptOutcome.HANDED_BACK


def test_every_bad_key_is_named_at_once() -> None:
    problems = refused(
        ulr="x",
        method="FETCH",
        headers={"Bad Name": "x", "X-Lines": "a\r\nEvil: 1", "X-Number": 1},
        body=7,
        expected_status=["2xx", 99, True],
        timeout=0,
    )

    assert set(problems) == {
        "payload.ulr",
        "payload.url",
        "payload.method",
        "payload.headers.Bad Name",
        "payload.headers.X-Lines",
        "payload.headers.X-Number",
        "payload.body",
        "payload.expected_status",
        "payload.timeout",
    }
    assert problems["payload.ulr"] == "there is no such key; did you mean 'url'?"


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "ftp://example.com/",
        "http://",
        "http:///path",
        "https://example.com:99999/",
        "http://[::1/",
        "http://exa mple.com/",
        "javascript:alert(1)",
        "http://example.com/\r\nHost: evil",
        7,
        "",
    ],
)
def test_a_url_that_leads_nowhere_is_refused_when_saved(url: object) -> None:
    assert set(refused(url=url)) == {"payload.url"}


@pytest.mark.parametrize("url", ["http://localhost", "https://[::1]:8443/a?b=c#d", "HTTP://É.fr/"])
def test_a_url_of_any_honest_kind_is_taken(url: str) -> None:
    assert read_payload({"url": url}).url == url


@pytest.mark.parametrize("timeout", ["5", True, -1, 1e9, float("nan")])
def test_a_timeout_is_a_number_of_seconds_within_a_day(timeout: object) -> None:
    assert set(refused(url="http://localhost", timeout=timeout)) == {"payload.timeout"}


def test_httpx_is_not_imported_until_a_request_is_sent() -> None:
    code = (
        "import sys; from tfui.runners.catalog import Catalog; runner = Catalog().runner('http');"
        "runner.validate({'url': 'http://localhost'}); sys.exit('httpx' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
