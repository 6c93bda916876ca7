"""The logs of the runs' view: one beside the list, or up to four side by side below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Horizontal

from tfui.ui.views.view import View
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.log_pane import ROLES, LogPane

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.model.run import RunRow
    from tfui.ui.widgets.run_table import RunTable

MOST = len(ROLES)
"""Logs that are open at once."""


class RunLogs(View):
    """The keys that open, close and enlarge logs."""

    @property
    def table(self) -> RunTable:
        """The list."""
        raise NotImplementedError

    @property
    def row(self) -> RunRow | None:
        """The run that the keys are about."""
        raise NotImplementedError

    @property
    def panes(self) -> list[LogPane]:
        """The logs that are open, from the left."""
        return list(self.query(LogPane))

    @property
    def pane(self) -> LogPane | None:
        """The log that has the keys."""
        return next((pane for pane in self.panes if pane.has_focus_within), None)

    @property
    def logs_are_at_rest(self) -> bool:
        """Whether no log is being read."""
        return all(pane.is_at_rest for pane in self.panes)

    def reread_logs(self) -> None:
        """Read what was printed since."""
        for pane in self.panes:
            pane.reread()

    def tick_logs(self, now: datetime) -> None:
        """Say again how the jobs go."""
        for pane in self.panes:
            pane.tick(now)

    @on(LineList.Chosen, "#run-table")
    def action_open(self) -> None:
        """Open the marked runs' logs, or the log of the run under the cursor."""
        row = self.row
        wanted = list(self.table.marked.values()) or ([] if row is None else [row])
        wanted = [each for each in wanted if each.line.job is not None]
        if not wanted and row is not None and row.schedule_id is not None:
            # What did not run has no log, but a reason.
            self.post_message(self.Inspect(row.schedule_id, row.line.nominal_at))
        if len(wanted) > MOST:
            self.notify(
                f"The first {MOST} of {len(wanted)} marked runs are shown: no more fit side by side",
                timeout=4,
            )
        if wanted:
            self._open(wanted[:MOST])

    @work(group="open-logs", exclusive=True)
    async def _open(self, rows: list[RunRow]) -> None:
        place = self.query_one("#run-logs", Horizontal)
        if [pane.job_id for pane in self.panes] != _jobs(rows):
            await place.remove_children()
            await place.mount_all(
                LogPane(
                    self.office,
                    row,
                    role=ROLES[number] if len(rows) > 1 else None,
                    ascii=self.options.ascii,
                )
                for number, row in enumerate(rows)
            )
        self.add_class("-open")
        self.set_class(len(rows) > 1, "-many")
        self.call_after_refresh(self.focus_logs)

    def focus_logs(self) -> None:
        """Give the keys to the first log."""
        if self.panes:
            self.panes[0].focus_content()

    def close_log(self) -> bool:
        """Leave a search, a zoom, or the logs; False when none is open."""
        pane = self.pane
        if pane is not None and pane.is_searching:
            pane.close_search()
        elif self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.has_class("-open"):
            self._close()
        else:
            return False
        return True

    def _close(self) -> None:
        self.remove_class("-open", "-many")
        self.focus_content()  # a key that follows at once must not find that nothing has the keys
        self.query_one("#run-logs").remove_children()
        self.call_after_refresh(self.focus_content)
        self.refresh_bindings()

    def action_zoom(self) -> None:
        """Give the logs all the room, or take it back."""
        if self.has_class("-open"):
            self.toggle_class("-zoomed")
            if self.has_class("-zoomed"):
                self.focus_logs()


def _jobs(rows: list[RunRow]) -> list[UUID]:
    return [row.line.job.id for row in rows if row.line.job is not None]
