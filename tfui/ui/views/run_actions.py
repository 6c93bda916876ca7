"""What the keys do to the run under the cursor, or to all that are marked: cancel, try again, explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tfui.core.rights import Right
from tfui.core.states import LIVE_JOBS
from tfui.ui.job_acts import AGAIN, JobActs
from tfui.ui.parts import is_here
from tfui.ui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Collection

    from tfui.core.states import JobStatus
    from tfui.model.job import JobRow
    from tfui.model.run import RunRow
    from tfui.ui.keys import Action
    from tfui.ui.widgets.run_table import RunTable


class RunActions(View):
    """The acts, each by its key; a view says which runs they are about."""

    @property
    def table(self) -> RunTable:
        """The list."""
        raise NotImplementedError

    @property
    def row(self) -> RunRow | None:
        """The run that the keys are about."""
        return self.table.cursor_row

    @property
    def rows(self) -> list[RunRow]:
        """The marked runs, or the one under the cursor."""
        marked = list(self.table.marked.values())
        row = self.row
        return marked or ([] if row is None else [row])

    @work(group="act")
    async def action_cancel(self) -> None:
        """Cancel what runs or waits."""
        jobs = self._jobs(LIVE_JOBS)
        if jobs and await JobActs(self, self.acts).cancel(jobs):
            self.table.unmark()

    @work(group="act")
    async def action_retry(self) -> None:
        """Try what failed or was cancelled again."""
        jobs = self._jobs(AGAIN)
        if jobs and await JobActs(self, self.acts).retry(jobs):
            self.table.unmark()

    def action_inspect(self) -> None:
        """Say why the run ran, did not run, or waits."""
        row = self.row
        if row is not None and row.schedule_id is not None:
            self.post_message(self.Inspect(row.schedule_id, row.line.nominal_at))

    def action_reveal(self) -> None:
        """Go to the run's schedule."""
        row = self.row
        if row is not None and row.schedule_id is not None:
            self.post_message(self.Reveal(row.schedule_id))

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot be done now, in a few words, or None."""
        if action.writes and (reason := self.permits.why_not_write(Right.JOB_RUN)):
            return reason
        if not self.is_mounted or not is_here(self):
            return None
        row = self.row
        if action.id in {"runs.open", "runs.mark", "runs.inspect", "runs.schedule"} and row is None:
            return "no run is selected"
        if action.id == "runs.zoom" and not self.has_class("-open"):
            return "no log is open"
        if action.id == "runs.mark" and row is not None and row.line.job is None:
            return "what did not run has no log"
        if action.id == "runs.cancel" and not self._jobs(LIVE_JOBS):
            return "it is not running or waiting"
        if action.id == "runs.retry" and not self._jobs(AGAIN):
            return "only what failed or was cancelled can be tried again"
        return None

    def _jobs(self, statuses: Collection[JobStatus]) -> list[JobRow]:
        jobs = (row.line.job for row in self.rows)
        return [job for job in jobs if job is not None and job.status in statuses]
