"""The crontab of whoever runs the dashboard, as cron itself tells it."""

from __future__ import annotations

import subprocess

COMMAND = "crontab -l"
_PATIENCE = 5.0  # seconds; the program only reads a file


def read() -> str | None:
    """Give its text; None where there is no cron, no crontab, or leave to have one."""
    try:
        told = subprocess.run(
            COMMAND.split(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=True,
        )
        text = told.stdout.decode()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return text if text.strip() else None
