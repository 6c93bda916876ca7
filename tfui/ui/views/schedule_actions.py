"""What the keys do to the schedule under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tfui.settings import host_zone
from tfui.ui.views.view import View

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.model.job import JobRow
    from tfui.model.schedule import ScheduleRow


class ScheduleActions(View):
    """The acts, each by its key; a view says which schedule they are about."""

    @property
    def row(self) -> ScheduleRow | None:
        """The schedule that the keys are about."""
        raise NotImplementedError

    @property
    def instant(self) -> datetime | None:
        """The planned instant that the keys are about, if they are about one."""
        raise NotImplementedError

    @property
    def job(self) -> JobRow | None:
        """The single job that the keys are about, if they are about one."""
        raise NotImplementedError

    @work(group="act")
    async def action_pause(self) -> None:
        """Pause or resume."""
        if (row := self.row) is not None:
            await self.acts.pause_or_resume(row)

    @work(group="act")
    async def action_pause_until(self) -> None:
        """Pause with an end and a note."""
        if (row := self.row) is not None:
            await self.acts.pause_until(row, self.office.zones.of(row.timezone))

    @work(group="act")
    async def action_run_now(self) -> None:
        """Run now."""
        if (row := self.row) is not None:
            await self.acts.run_now(row)

    @work(group="act")
    async def action_run_past(self) -> None:
        """Run now, or make up for the planned run that was pointed at or is named."""
        from tfui.ui.past_acts import run_past

        if (row := self.row) is not None:
            at = self.instant if self.job is None else None
            await run_past(self, row, at)

    @work(group="act")
    async def action_cancel(self) -> None:
        """Cancel live jobs."""
        if (row := self.row) is not None:
            await self.acts.cancel(row)

    @work(group="act")
    async def action_retry(self) -> None:
        """Try the run under the detail's cursor again."""
        from tfui.ui.job_acts import JobActs

        if (job := self.job) is not None:
            await JobActs(self, self.acts).retry([job])

    @work(group="act")
    async def action_delete(self) -> None:
        """Delete."""
        if (row := self.row) is not None:
            await self.acts.delete(row)

    @work(group="act")
    async def action_add(self) -> None:
        """Add a schedule in the editor."""
        if (schedule_id := await self.acts.add()) is not None:
            self.show_target(schedule_id)

    @work(group="act")
    async def action_edit(self) -> None:
        """Edit the schedule in the editor."""
        if (row := self.row) is not None:
            await self.acts.edit(row)

    @work(group="act")
    async def action_edit_text(self) -> None:
        """Edit the schedule as text in $EDITOR."""
        from tfui.ui.text_acts import TextActs

        if (row := self.row) is not None:
            await TextActs(self, self.acts).edit(row)

    @work(group="act")
    async def action_import_crontab(self, path: str = "") -> None:
        """Import a crontab file, or begin with one."""
        await self.acts.import_crontab(self.options.zone or host_zone(), path)

    def action_inspect(self) -> None:
        """Say why the run under the cursor ran or did not, or what the schedule waits for now."""
        if (row := self.row) is not None:
            self.post_message(self.Inspect(row.id, self.instant))
        else:
            self.post_message(self.Inspect(None))
