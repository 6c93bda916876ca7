"""View 1, the home of the app: the list of schedules, and the detail beside or over it.

It coordinates: it hands readings to the widgets and says what is to be read. The readings
themselves are the shell's, for its bars live of the same news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tfui.ui import list_reading
from tfui.ui.job_acts import AGAIN
from tfui.ui.keys import Where, bindings
from tfui.ui.parts import is_here
from tfui.ui.reading import Reader
from tfui.ui.state import remembered_id
from tfui.ui.views.schedule_detail import ScheduleDetail
from tfui.ui.views.schedule_filtering import ScheduleFiltering
from tfui.ui.views.schedule_menus import ScheduleMenus
from tfui.ui.widgets.detail_pane import DetailPane
from tfui.ui.widgets.empty_note import EmptyNote
from tfui.ui.widgets.filter_bar import FilterBar
from tfui.ui.widgets.filter_input import FilterNote
from tfui.ui.widgets.rail import Rail
from tfui.ui.widgets.schedule_table import ScheduleTable
from tfui.ui.widgets.table_header import TableHeader

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.model.schedule import ScheduleRow
    from tfui.ui.keys import Action
    from tfui.ui.list_reading import BarLook, ListLook
    from tfui.ui.live import Live
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.state import Remembered


class SchedulesView(ScheduleFiltering, ScheduleDetail, ScheduleMenus):
    """Coordinates list, detail and the third column."""

    PLACES = (Where.SCHEDULES, Where.DETAIL)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options, choices: Remembered, live: Live) -> None:
        ScheduleDetail.__init__(self, office, options, live)
        self.filter_by(choices)
        self._look: ListLook | None = None
        self._around: BarLook | None = None
        self._situation: object = None
        self._goal: UUID | None = None
        self._rows: Reader[list[ScheduleRow]] = Reader(
            self, "rows", then=self._take_rows, failed=self._failed
        )
        self._last = remembered_id(choices)
        """Where the cursor was last, also while nothing is listed or before anything is read."""

    def compose(self) -> ComposeResult:
        """Lay out the bar and the panes."""
        ascii_only, clock = self.options.ascii, self.office.clock
        yield FilterBar(id="filter-bar")
        yield FilterNote(ascii=ascii_only)
        with Horizontal(id="panes"):
            with Vertical(id="list-pane"):
                yield TableHeader(ascii=ascii_only, id="heading")
                yield ScheduleTable(clock, ascii=ascii_only, id="schedules")
                yield EmptyNote(id="empty")
            yield DetailPane(clock, ascii=ascii_only, id="detail")
            yield Rail(ascii=ascii_only, id="rail")

    def on_mount(self) -> None:
        """Name the list and its order."""
        self.query_one("#list-pane").border_title = "Schedules"
        self.show_choices()

    # Readings

    def wanted_list(self) -> list_reading.Wanted:
        """Say what of the list is to be read."""
        table = self.table
        return list_reading.Wanted(
            filter=self._filter,
            cursor_id=self._goal or table.cursor_id or self._last,
            span=table.span,
        )

    def wants_rail(self) -> bool:
        """Whether the third column is seen."""
        return self.query_one(Rail).size.width > 0

    def read_list(self) -> None:
        """Read the list anew, as it is asked for now."""
        self._live.read_list()

    def take_list(self, look: ListLook) -> None:
        """Show a new reading of the list."""
        if look.filter != self._filter:
            return  # asked for before the filter was changed; the right one is on its way
        self._look = look
        self.table.show(look.ids, look.rows, self._place_in(look))
        self._look_for_goal(look)
        self._show_whether_empty(look)
        self._reconsider_keys()

    def _place_in(self, look: ListLook) -> int | None:
        """Give the cursor's place in a reading: of the goal, or of where a person has moved meanwhile."""
        here = self.table.cursor_id
        return look.cursor if self._goal or here is None else look.ids.place(here)

    def _show_whether_empty(self, look: ListLook) -> None:
        """Put a note in the place of a list with nothing in it; the keys go where they can."""
        empty = self.query_one(EmptyNote)
        focused, was_empty = self.screen.focused, empty.display
        has_keys = self.display and focused in {None, empty, self.table}
        empty.display = not look.ids
        self.table.display = bool(look.ids)
        self.elsewhere = look.elsewhere
        if not look.ids and self._filter.is_narrow:
            empty.say_no_match(self._filter, elsewhere=look.elsewhere)
        elif not look.ids:
            empty.say_none(may_write=self.permits.why_not_write() is None)
        if not look.ids:
            self.detail.clear()  # what was there last is under no cursor, and would not be read again
        # Not at every reading: the keys may be on their way to the detail.
        if has_keys and (focused is None or was_empty != empty.display):
            self.focus_content()

    def take_around(self, look: BarLook) -> None:
        """Show a new reading of what stands around the list."""
        self._around = look

    @on(ScheduleTable.RowsMissed)
    def _rows_missed(self, event: ScheduleTable.RowsMissed) -> None:
        event.stop()
        caller, ids = self.office.caller, event.ids
        self._rows.ask(lambda: list_reading.rows(caller, ids))

    def _take_rows(self, rows: list[ScheduleRow]) -> None:
        self.table.put(rows)

    def _failed(self, trouble: TfuiError) -> None:
        self._live.silenced(str(trouble))

    def tick(self, now: datetime) -> None:
        """Say everything again that changes by itself."""
        look, around = self._look, self._around
        self.show_filter(
            shown=None if look is None else len(look.ids),
            total=None if around is None else around.pulse.summary.total,
            marked=len(self.marks),
        )
        if around is not None:
            self.query_one(Rail).show(around.rail, now, self.office.zones.local)
        self.table.tick()
        self.detail.tick()

    def say_opening(self) -> None:
        """Say that the store is being opened, as long as nothing was read."""
        if self._look is None:
            self.query_one(EmptyNote).say_opening()

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the list, or to the detail where that lies over it."""
        if self.query_one("#list-pane").display:
            self._focus_list()
        else:
            self.detail.focus_content()

    def _focus_list(self) -> None:
        (self.table if self.table.display else self.query_one(EmptyNote)).focus()

    @on(ScheduleTable.Moved, "#schedules")
    def _moved(self, event: ScheduleTable.Moved) -> None:
        event.stop()
        if (schedule_id := self.table.cursor_id) is not None:
            self._last = schedule_id
            self._choices.schedule = schedule_id.hex
        self.settle()
        self._reconsider_keys()

    def _reconsider_keys(self) -> None:
        """Offer other keys, if what can be done has changed: drawing them is dear."""
        row = self.row
        situation = (row is None, row is not None and row.live is not None, self._filter.is_narrow)
        if situation != self._situation:
            self._situation = situation
            self.refresh_bindings()

    def show_target(self, target: UUID) -> None:
        """Put the cursor on a schedule; a filter that hides it is cleared."""
        self._goal = target
        self._live.read_list()

    def _look_for_goal(self, look: ListLook) -> None:
        """Arrive at the goal; a reading that was asked for before there was one is passed over."""
        if self._goal is None or look.sought != self._goal:
            return
        if look.cursor is None and self._filter.is_narrow:
            self.clear_filter()
        else:
            self._goal = None  # it is there, or it was deleted meanwhile

    @property
    def can_close(self) -> bool:
        """Whether the detail, a zoom or a filter can be left."""
        return (
            self.detail.has_focus_within
            or self._filter.is_narrow
            or isinstance(self.screen.focused, Input)
            or bool(self.marks)
            or self.has_class("-open")
            or self.has_class("-zoomed")
        )

    def close_one(self) -> bool:
        """Leave the zoom, the filter, the detail, the marks, or the filter's text, in that order."""
        focused = self.screen.focused
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif focused is not None and focused.id == "filter":
            self.search("")
            self._focus_list()
        elif self.has_class("-open") or self.detail.has_focus_within:
            self.remove_class("-open")
            self._focus_list()
        elif self.marks:
            self.clear_marks()
        elif self._filter.is_narrow:
            self.clear_filter()
        else:
            return False
        return True

    # Acts

    @property
    def row(self) -> ScheduleRow | None:
        """The schedule under the list's cursor."""
        return self.table.cursor_row

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot be done now, in a few words, or None."""
        row = self.row if self.is_mounted else None
        if (reason := self.permits.why_not(action, row)) is not None:
            return reason
        if action.id == "run.retry" and (self.job is None or self.job.status not in AGAIN):
            return "only for a failed or cancelled run in the Runs tab"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now, and offer no Enter where it opens nothing."""
        if not self.is_mounted or not is_here(self):
            return True
        if action == "open" and self.detail.has_focus_within and not self.detail.can_open:
            return False
        return super().check_action(action, parameters)
