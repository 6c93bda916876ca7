"""Rate limits by command."""

from __future__ import annotations

import pytest

from tests.cli.console import done, tfui

pytestmark = pytest.mark.usefixtures("db")


def test_limits_are_set_shown_and_lifted() -> None:
    done("add", "backup", "--cron", "@daily", "--shell", "true")
    done("queue", "limit", "30")
    done("queue", "limit", "5", "--type", "shell")

    shown = done("queue", "limit").lines
    assert [line.split() for line in shown[1:]] == [["every", "other", "30"], ["shell", "5", "5"]]
    assert done("queue", "limit", "--type", "shell", "--json").json[0]["remaining"] == 5
    assert "shell 5/5" in done("queue", "list").out
    (queue,) = done("queue", "list", "--json").json
    assert queue["limits"] == [
        {"job_type": "shell", "per_minute": 5, "remaining": 5, "clears_at": None}
    ]

    done("queue", "limit", "none", "--type", "shell")
    assert "shell 30/30" in done("queue", "list").out
    done("undo")
    assert "shell 5/5" in done("queue", "list").out


@pytest.mark.parametrize("text", ["0", "x", "-1", "1.5"])
def test_mistakes_are_told(text: str) -> None:
    answer = tfui("queue", "limit", "--", text)

    assert answer.code == 2
    assert text in answer.err


def test_nothing_is_limited_at_first() -> None:
    assert done("queue", "limit").err == "no limit\n"
