"""What comes with a command, in few words, and nothing that may be a secret."""

from __future__ import annotations

from typing import Any

import pytest

from tfui.core.particulars import particulars, worth_retrying


@pytest.mark.parametrize(
    ("job_type", "payload", "told"),
    [
        ("shell", {"command": "ls"}, []),
        (
            "shell",
            {
                "cwd": "~",
                "shell": False,
                "user": "ana",
                "env": {"TOKEN": "hush"},
                "stdin": "a\nb\n",
            },
            [
                ("runs", "in ~, without a shell, as ana"),
                ("env", "TOKEN (values not shown)"),
                ("stdin", "“a” and 1 more line"),
            ],
        ),
        (
            "http",
            {"headers": {"Authorization": "hush"}, "body": {"a": 1}},
            [
                ("headers", "Authorization (values not shown)"),
                ("body", "JSON"),
            ],
        ),
        (
            "python",
            {"args": [1, 2], "kwargs": {"key": "hush"}},
            [
                ("args", "2 values"),
                ("kwargs", "key (values not shown)"),
            ],
        ),
        ("noop", {"seconds": 3}, []),
    ],
)
def test_it_is_told_by_job_type(
    job_type: str, payload: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert particulars(job_type, payload) == told


def test_exit_codes_are_told_only_where_they_matter() -> None:
    assert worth_retrying(None, None) == ""
    assert worth_retrying([75], [64, 65]) == "only after exit 75, not after exit 64, 65"
