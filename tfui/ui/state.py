"""What the dashboard remembers from one start to the next: theme, view, sort order and zone of its times."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

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
