"""What the dashboard remembers from one start to the next: how a person has last looked at things."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Remembered:
    """A person's last choices. Losing them costs nothing, so trouble with the file is no trouble."""

    theme: str = "tfui-dark"
    sort: str = "status"
    descending: bool = False
    zone: str = "schedule"
    view: str = "schedules"
    search: str = ""
    """The filter's text."""
    segment: str = "all"
    schedule: str = ""
    """The id of the schedule under the cursor, as digits."""
    is_welcomed: bool = False
    """Whether the question of the first start has been answered."""


def remembered_id(choices: Remembered) -> UUID | None:
    """Give the schedule that the cursor was on last; None when none was, or it cannot be read."""
    try:
        return UUID(choices.schedule)
    except ValueError:
        return None


def load(path: Path | None) -> Remembered:
    """Read the choices; what is missing or damaged is as if never chosen."""
    if path is None:
        return Remembered()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Remembered()
    if not isinstance(found, dict):
        return Remembered()
    blank = Remembered()
    return Remembered(
        **{
            name: found[name] if type(found.get(name)) is type(value) else value
            for name, value in asdict(blank).items()
        }
    )


def save(path: Path | None, choices: Remembered) -> None:
    """Write the choices, whole or not at all; a folder that cannot be written is left alone."""
    if path is None:
        return
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(asdict(choices), indent=2) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError:
        return
