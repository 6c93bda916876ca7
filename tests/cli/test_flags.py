"""The options of `add` and `edit`: read into draft fields, with every mistake named at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tfui.cli.flags import Asked, Reading, read
from tfui.core.states import Overlap

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _read(
    asked: Asked, *, job_type: str | None = None, payload: dict[str, Any] | None = None
) -> Reading:
    return read(
        asked,
        now=NOON,
        zone_name="Europe/Berlin",
        job_type=job_type,
        payload=payload or {},
        metadata={"owner": "ada"},
    )


def _problems(asked: Asked) -> dict[str, str]:
    return {name: str(problem) for name, problem in _read(asked).problems.items()}


def test_what_was_not_said_is_not_asked_for() -> None:
    assert _read(Asked()) == Reading()


def test_each_option_becomes_its_field() -> None:
    asked = Asked(
        every="90s",
        tz="Asia/Tokyo",
        shell="true",
        queue="nightly",
        priority="9",
        max_runs="3",
        timeout="1h30m",
        overlap=Overlap.ALLOW,
        retry_factor="1.5",
        no_retry_on="2, 69",
        starts_at="2027-01-01 09:00",
        description="Shown to people",
        tag=["a", "b"],
    )

    assert _read(asked).values == {
        "schedule_type": "recurring",
        "schedule_expression": "90s",
        "timezone": "Asia/Tokyo",
        "job_type": "shell",
        "payload": {"command": "true"},
        "queue": "nightly",
        "priority": 9,
        "max_runs": 3,
        "timeout": timedelta(minutes=90),
        "overlap": Overlap.ALLOW,
        "retry_factor": 1.5,
        "no_retry_on": [2, 69],
        "starts_at": datetime(2027, 1, 1, tzinfo=UTC),
        "metadata": {"owner": "ada", "description": "Shown to people", "tags": ["a", "b"]},
    }


def test_none_takes_a_limit_away() -> None:
    found = _read(Asked(timeout="none", max_runs="none", ends_at="none"))

    assert found.values == {"timeout": None, "max_runs": None, "ends_at": None}


def test_a_new_command_keeps_the_rest_of_the_payload() -> None:
    found = _read(
        Asked(shell="new", env=["B=2=3"]),
        job_type="shell",
        payload={"command": "old", "cwd": "/srv", "env": {"A": "1"}},
    )

    assert found.values == {
        "payload": {"command": "new", "cwd": "/srv", "env": {"A": "1", "B": "2=3"}}
    }


def test_another_kind_of_job_starts_with_an_empty_payload() -> None:
    found = _read(Asked(http="https://x"), job_type="shell", payload={"command": "old"})

    assert found.values == {"job_type": "http", "payload": {"url": "https://x"}}


def test_a_payload_alone_replaces_and_beside_a_command_adds() -> None:
    alone = _read(
        Asked(payload='{"command": "b"}'), job_type="shell", payload={"command": "a", "cwd": "/"}
    )
    beside = _read(Asked(payload='{"stdin": "x"}', shell="b"))

    assert alone.values["payload"] == {"command": "b"}
    assert beside.values["payload"] == {"command": "b", "stdin": "x"}


def test_a_payload_of_ten_megabytes_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text('{"data": "' + "x" * 10_000_000 + '"}')

    found = _read(Asked(job_type="noop", payload=f"@{path}"))

    assert len(found.values["payload"]["data"]) == 10_000_000


def test_every_mistake_is_named_at_once() -> None:
    asked = Asked(
        cron="@daily",
        once="1h",
        shell="a",
        http="b",
        timeout="soon",
        priority="high",
        retry_factor="x",
        retry_on="1,b",
        starts_at="2027-02-30 09:00",
        max_runs="99999999999999999999",
    )

    problems = _problems(asked)

    assert set(problems) == {
        "--cron, --every, --once",
        "--shell, --http, --python, --job-type",
        "--timeout",
        "--priority",
        "--retry-factor",
        "--retry-on",
        "--starts-at",
        "--max-runs",
    }
    assert "does not exist" in problems["--starts-at"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "this is no JSON"),
        ("[]", "must be a JSON object"),
        ("@/no/such/file", "/no/such/file cannot be read: No such file"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_payload_that_is_none_says_why(text: str, words: str) -> None:
    assert words in _problems(Asked(job_type="noop", payload=text))["--payload"]


def test_a_variable_without_a_sign_is_refused() -> None:
    assert _problems(Asked(shell="a", env=["NAME"])) == {"--env": "'NAME' is not NAME=VALUE"}
