"""The shape of one thing worth a second look before a schedule is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801  # Warning is Python's own
    """Something legal that is often not what was meant."""

    code: str
    """What rule noticed it; never changes."""
    text: str
    """One sentence or two."""
    at: datetime | None = None
    """The instant it is about (aware UTC), if there is one."""
