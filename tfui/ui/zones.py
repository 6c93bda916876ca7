"""On whose clock times are shown, everywhere alike: each schedule's own, this machine's, or UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tfui.ui import spans
from tfui.ui.spans import ZoneChoice

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


class Zones:
    """A person's choice of clock, and the zones that follow from it."""

    def __init__(self, choice: str = "", *, local: str | None = None) -> None:
        self.choice = ZoneChoice(choice) if choice in list(ZoneChoice) else ZoneChoice.SCHEDULE
        self._local = local

    def turn(self) -> None:
        """Choose the next clock."""
        self.choice = self.choice.following()

    @property
    def local(self) -> tzinfo | None:
        """The machine's zone, or the one named in its place; None is the machine's own."""
        return ZoneInfo(self._local) if self._local else None

    @property
    def common(self) -> tzinfo | None:
        """The one zone for lists of many schedules' times; None is the machine's own."""
        return UTC if self.choice is ZoneChoice.UTC else self.local

    def of(self, timezone: str) -> tzinfo | None:
        """Give the zone to show the times of a schedule of `timezone` in."""
        return spans.zone_of(self.choice, timezone, self.local)

    def words(self, now: datetime) -> str:
        """Say the choice in the summary bar."""
        if self.choice is ZoneChoice.SCHEDULE:
            return "schedule's zone"
        name = "local" if self.choice is ZoneChoice.LOCAL else "UTC"
        return f"{name} {spans.offset(now.astimezone(self.of('UTC')))}"
