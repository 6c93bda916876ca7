"""A log as a file in the present folder, written line by line: a log may be larger than memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_LONGEST = 80
_MOST = 1000


def file_name(schedule: str | None, nominal_at: datetime) -> str:
    """Name a run's log, without an ending; `nominal_at` in UTC."""
    name = "".join(
        letter if letter.isalnum() or letter in "-_" else "-" for letter in schedule or "job"
    )
    return f"{name[:_LONGEST]}-{nominal_at:%Y%m%dT%H%M%SZ}"


def save(name: str, texts: Iterable[str]) -> Path:
    """Write a new file, never over another, and none that is only begun. Raises OSError."""
    for number in range(1, _MOST):
        path = Path(f"{name}.log" if number == 1 else f"{name}-{number}.log")
        try:
            file = path.open("x", encoding="utf-8")
        except FileExistsError:
            continue
        try:
            with file:
                file.writelines(texts)
        except BaseException:
            path.unlink()
            raise
        return path
    raise FileExistsError(f"there are a thousand files named {name} already")
