"""View 3: every run of every schedule, what did not run and why, and up to four logs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tfui.ui import run_words, runs_reading
from tfui.ui.keys import Where, bindings
from tfui.ui.reading import Reader, SpacedReader
from tfui.ui.runs_reading import DEEPER, FIRST_DEPTH
from tfui.ui.styles import sheet
from tfui.ui.views.run_actions import RunActions
from tfui.ui.views.run_filtering import RunFiltering
from tfui.ui.views.run_logs import RunLogs
from tfui.ui.widgets.absence import Absence
from tfui.ui.widgets.column_names import ColumnNames
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.run_bar import RunBar
from tfui.ui.widgets.run_table import RunTable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.model.run import RunRow
    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.run_filters import RunFilter
    from tfui.ui.runs_reading import RunsLook


class RunsView(RunLogs, RunActions, RunFiltering):
    """Coordinates the list, its filter, and the logs."""

    DEFAULT_CSS: ClassVar[str] = sheet("runs")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.RUNS,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._depth = FIRST_DEPTH
        self._look: RunsLook | None = None
        self._goal: UUID | None = None
        self._opens = False
        """Whether the run under the cursor is to be opened once it is read."""
        self._runs: SpacedReader[RunsLook] = SpacedReader(
            self, "runs", then=self._take, failed=self._failed
        )
        self._rows: Reader[list[RunRow]] = Reader(
            self, "rows", then=self._take_rows, failed=self._failed
        )

    def compose(self) -> ComposeResult:
        """Lay out the bar, the list and the place of the logs."""
        yield RunBar(id="runs-bar")
        with Horizontal(id="runs-panes"):
            with Vertical(id="runs-list"):
                table = RunTable(self.office.clock, ascii=self.options.ascii, id="run-table")
                yield ColumnNames(table.heading, id="run-heading")
                yield table
                yield Absence(id="runs-empty")
            yield Horizontal(id="run-logs")

    def on_mount(self) -> None:
        """Name the list."""
        self.query_one("#runs-list").border_title = "Runs"

    @property
    def table(self) -> RunTable:
        """The list."""
        return self.query_one(RunTable)

    @property
    def row(self) -> RunRow | None:
        """The run that the keys are about; none while another part of the list is being read."""
        return None if self._is_behind else self.table.cursor_row

    @property
    def _is_behind(self) -> bool:
        """Whether what is listed is not what the filter lets through."""
        return self._look is not None and self._look.filter != self.filter

    # Readings

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return not self._runs.is_busy and self.logs_are_at_rest

    def reread(self) -> None:
        """Read the list and the logs anew, the list when the readings before have had their rest."""
        self._runs.when_rested(self._read_list)
        self.reread_logs()

    def _read_list(self) -> None:
        if self.office.is_open:
            caller, wanted = self.office.caller, self._wanted()
            self._runs.ask(lambda: runs_reading.read(caller, wanted))

    def _wanted(self) -> runs_reading.Wanted:
        return runs_reading.Wanted(
            filter=self.filter,
            depth=self._depth,
            cursor_id=self._goal or self.table.cursor_id,
            span=self.table.span,
        )

    def _take(self, look: RunsLook) -> None:
        if look.filter != self.filter:
            return  # asked for before the filter was changed; the right one is on its way
        self._look = look
        goal, here = self._goal, self.table.cursor_id
        has_goal = goal is not None and look.sought == goal
        place = look.cursor if has_goal or here is None else look.ids.place(here)
        self.table.show(look.ids, look.rows, place, self.office.zones.common, go=has_goal)
        self.query_one(ColumnNames).refresh()
        if has_goal:
            self._arrive(look)
        self._show_whether_empty(look)
        self._show_count()
        if self._opens:
            self.action_open()
        self.refresh_bindings()

    def _failed(self, trouble: TfuiError) -> None:
        """Say why the list is not read; the next news tries again."""
        self.query_one(Absence).say_trouble(str(trouble))

    @on(RunTable.RowsMissed)
    def _rows_missed(self, event: RunTable.RowsMissed) -> None:
        event.stop()
        caller, ids = self.office.caller, event.ids
        self._rows.ask(lambda: runs_reading.rows(caller, ids))

    def _take_rows(self, rows: list[RunRow]) -> None:
        self.table.put(rows)

    @on(RunTable.EndReached)
    def _end_reached(self, event: RunTable.EndReached) -> None:
        event.stop()
        look = self._look
        if look is not None and not look.is_all and self._depth <= len(look.ids):
            self._list_older()

    def _list_older(self) -> None:
        self._depth *= DEEPER
        self._read_list()

    def tick(self, now: datetime) -> None:
        """Say again what changes by itself."""
        self.table.tick()
        self.tick_logs(now)

    # What is shown when there is little to show

    def _show_whether_empty(self, look: RunsLook) -> None:
        absence = self.query_one(Absence)
        has_keys = self.display and self.screen.focused in {None, absence, self.table}
        for part in (self.table, self.query_one(ColumnNames)):
            part.display = bool(look.ids)
        absence.display = not look.ids
        if not look.ids:
            absence.say(*run_words.nothing(self.filter))
        if has_keys:
            self.focus_content()

    def _show_count(self) -> None:
        look = self._look
        if look is not None:
            marked = len(self.table.marked)
            self.bar.show_count(len(look.ids), is_all=look.is_all, marked=marked)

    def look_by(self, chosen: RunFilter) -> None:
        """Look at another part of the runs."""
        self._depth = FIRST_DEPTH
        super().look_by(chosen)
        self._read_list()

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the list, or to what stands in its place."""
        if not self.query_one("#runs-list").display:
            self.focus_logs()
        elif self.table.display:
            self.table.focus()
        else:
            self.query_one(Absence).focus()

    def show_target(self, target: UUID) -> None:
        """Put the cursor on a job and open its log; a filter that hides it is cleared."""
        self._goal = target
        self._read_list()

    def _arrive(self, look: RunsLook) -> None:
        """Arrive at the goal; a job that is not listed any more is passed over."""
        if look.cursor is not None:
            self._goal = None
            self.call_after_refresh(self.action_open)
        elif self.filter.is_narrow:
            self.clear_filter()
        elif look.is_all:
            self._goal = None
        else:
            self._list_older()

    @on(LineList.Moved, "#run-table")
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()

    def action_open(self) -> None:
        """Open the run's log, of a filter just chosen once what it lets through is read."""
        self._opens = self._is_behind
        if not self._opens:
            super().action_open()

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now; a log that is asked for too early opens later."""
        is_early = action.id == "runs.open" and self.is_mounted and self._is_behind
        return None if is_early else super().why_not(action)

    def action_mark(self) -> None:
        """Mark a run, or take its mark away, and go one down."""
        row = self.row
        if row is None or row.line.job is None:
            return
        self.table.mark(row)
        self.table.action_cursor_down()
        self._show_count()

    @property
    def can_close(self) -> bool:
        """Whether a log, a search, marks or a filter can be left."""
        return bool(
            self.has_class("-open")
            or self.table.marked
            or self.filter.is_narrow
            or isinstance(self.screen.focused, Input)
        )

    def close_one(self) -> bool:
        """Leave what is typed, a search, a zoom, the logs, the marks, or the filter, in that order."""
        if self.bar.field.has_focus:
            self.bar.field.value = ""
            self.focus_content()
        elif self.close_log():
            pass
        elif self.table.marked:
            self.table.unmark()
            self._show_count()
        elif self.filter.is_narrow:
            self.clear_filter()
        else:
            return False
        return True
