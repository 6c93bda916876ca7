"""What of the journal is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilter:
    """Entries that meet everything that is not None."""

    subject: str | UUID | None = None
    """What they are about: its id, a beginning of that, its name now, or its name then."""
    words: tuple[str, ...] = ()
    """Each is part of the subject's name then, or of the verb; case does not matter."""
    named: str | None = None
    """Part of the subject's name then; case does not matter."""
    actor: str | None = None
    """Who did it (`ada`), by which way (`cli`), or both (`ada@cli`)."""
    verb: str | None = None
    """Part of the verb: `schedule`, `pause`, `schedule.paused`."""
    since: datetime | None = None
    """The earliest instant, included."""


EVERYTHING = JournalFilter()
