"""A schedule as a command line: run again, it makes the same schedule."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.console import done
from tfui.model.schedule import ScheduleDraft
from tfui.service import document
from tfui.service.add_line import add_line

if TYPE_CHECKING:
    from pathlib import Path


def _draft(**changes: Any) -> ScheduleDraft:
    values: dict[str, Any] = {
        "name": "nightly export",
        "schedule_type": "cron",
        "schedule_expression": "30 2 * * 1-5",
        "job_type": "shell",
        "payload": {"command": "echo 'it''s' > /dev/null"},
    }
    return ScheduleDraft(**(values | changes))


def test_what_is_usual_is_not_said() -> None:
    assert add_line(_draft(payload={"command": "true"})) == (
        "tfui add 'nightly export' --cron '30 2 * * 1-5' --shell true"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "timezone": "Europe/Berlin",
            "priority": 5,
            "max_attempts": 7,
            "timeout": timedelta(minutes=15),
            "jitter": timedelta(seconds=90),
            "overlap": "buffer_one",
            "on_missed": "all",
            "retry_on": [1, 75],
            "metadata": {"tags": ["billing", "two words"], "owner": "ana", "description": "x y"},
        },
        {"schedule_type": "recurring", "schedule_expression": "90s"},
        {"job_type": "http", "payload": {"url": "https://example.org", "method": "POST"}},
        {"payload": {"command": "true", "env": {"A": "1 2"}, "cwd": "/tmp"}},
    ],
)
def test_the_line_makes_the_schedule_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    monkeypatch.setenv("TFUI_DB", str(tmp_path / "x.db"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    line = add_line(_draft(**changes))

    done(*shlex.split(line)[1:])
    made = done("export", "json").json["schedules"][0]
    del made["status"]

    assert add_line(document.to_draft(made)) == line
