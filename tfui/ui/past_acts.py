"""Running from the list with a choice: now, or for a planned run that did not happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui import spans
from tfui.ui.plain import plain
from tfui.ui.screens.running import RunScreen

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.model.schedule import ScheduleRow
    from tfui.service.caller import Caller
    from tfui.ui.views.view import View


async def run_past(view: View, row: ScheduleRow, at: datetime | None) -> None:
    """Ask which run is meant, offering `at`; then start it."""
    zone, now = view.office.zones.of(row.timezone), view.office.clock.now()
    asked = RunScreen(row.name, timezone=row.timezone, zone=zone, now=now, at=at)
    run = await view.app.push_screen_wait(asked)
    if run is None:
        return
    if run.at is None:
        await view.acts.run_now(row)
        return
    chosen = run.at

    def make_up(caller: Caller) -> UUID:
        from tfui.service import missed

        return missed.backfill(caller, row.id, chosen)

    if await view.acts.perform(make_up) is not None:
        moment = spans.moment(chosen, zone, now)
        view.acts.say(f"Started {plain(row.name)} for {moment}")
