"""Unsaved work of the editor, kept in files so that a crash loses none of it.

A draft may hold secrets, so nobody else may read it. Each has a lock beside it that its editor
holds: a draft that nobody holds was left behind.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tfui.model.schedule import ScheduleDraft

_NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was typed, and what it was begun from."""

    at: datetime
    schedule_id: UUID | None
    """None for a schedule that is not there yet."""
    revision: int | None
    base: ScheduleDraft | None
    """What was stored when the editing began; None for a schedule that is not there yet."""
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the schedule, as it is typed."""
        return self.texts.get("name", "").strip()


class DraftFile:
    """The file of one editor. It is there from the first `write` until it is dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: int | None = _hold(path)

    def write(self, kept: Kept) -> None:
        """Keep a draft, whole or not at all. Raises OSError."""
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_written(kept), file)
        fresh.replace(self._path)

    def drop(self) -> None:
        """Take it away: its draft was saved, or is not wanted."""
        for path in (self._path, self._path.with_suffix(".new"), _lock_of(self._path)):
            with suppress(OSError):
                path.unlink()
        self.let_go()

    def let_go(self) -> None:
        """Leave it to whoever asks next."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def begin(folder: Path, organization_id: UUID, schedule_id: UUID | None) -> DraftFile:
    """Make a place for the draft of an editor. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return DraftFile(folder / f"{_prefix(organization_id, schedule_id)}{uuid4().hex}.json")


def take_over(
    folder: Path, organization_id: UUID, schedule_id: UUID | None
) -> tuple[DraftFile, Kept] | None:
    """Take the newest draft of a schedule that was left behind, if there is one."""
    found = []
    for path in _paths(folder, _prefix(organization_id, schedule_id)):
        try:
            file = DraftFile(path)
        except OSError:
            continue  # another editor has it open
        kept = _read(path)
        if kept is None:
            file.let_go()
        else:
            found.append((file, kept))
    found.sort(key=lambda each: each[1].at)
    for file, _ in found[:-1]:
        file.let_go()
    return found[-1] if found else None


def names(folder: Path, organization_id: UUID) -> list[str]:
    """Name the schedules of which there are unsaved drafts; a new one may have no name yet."""
    found = (_read(path) for path in _paths(folder, f"{organization_id.hex}-"))
    return sorted(kept.name for kept in found if kept is not None)


def _prefix(organization_id: UUID, schedule_id: UUID | None) -> str:
    return f"{organization_id.hex}-{_NEW if schedule_id is None else schedule_id.hex}-"


def _paths(folder: Path, prefix: str) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                entry.path
                for entry in entries
                if entry.name.startswith(prefix) and entry.name.endswith(".json")
            )
    except OSError:
        return
    yield from map(Path, found)


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _hold(path: Path) -> int:
    """Take the lock of a draft. Raises OSError when somebody has it."""
    descriptor = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _written(kept: Kept) -> dict[str, Any]:
    from tfui.service import document

    return {
        "at": kept.at.isoformat(),
        "schedule": None if kept.schedule_id is None else kept.schedule_id.hex,
        "revision": kept.revision,
        "base": None if kept.base is None else document.of_draft(kept.base),
        "texts": dict(kept.texts),
    }


def _read(path: Path) -> Kept | None:
    """Read a draft; None when it is damaged, or of a version that cannot be read."""
    from tfui.service import document

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        base, schedule = found["base"], found["schedule"]
        return Kept(
            at=datetime.fromisoformat(found["at"]),
            schedule_id=None if schedule is None else UUID(schedule),
            revision=found["revision"],
            base=None if base is None else document.to_draft(base),
            texts={str(key): str(text) for key, text in found["texts"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Invalid):
        return None
