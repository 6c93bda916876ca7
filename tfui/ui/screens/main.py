"""The home of the app: the list of schedules, the detail beside or over it, and the acts on them.

The screen coordinates: it hands readings to the widgets and turns keys into acts. It draws nothing
and reads nothing itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tfui.ui import detail_reading, list_reading, segments, spans
from tfui.ui.acts import Acts
from tfui.ui.detail_reading import NO_LOG, LogLook
from tfui.ui.engine_words import engine_words
from tfui.ui.feed import Changed, WentSilent
from tfui.ui.filters import Filter
from tfui.ui.keys import Where, bindings
from tfui.ui.live import BarsRead, DetailRead, ListRead, Live, Opened
from tfui.ui.permits import Permits
from tfui.ui.segments import Segment
from tfui.ui.spans import ZoneChoice
from tfui.ui.widgets.detail_pane import DetailPane
from tfui.ui.widgets.empty_note import EmptyNote
from tfui.ui.widgets.filter_bar import FilterBar, SegmentStrip
from tfui.ui.widgets.key_footer import KeyFooter
from tfui.ui.widgets.rail import Rail
from tfui.ui.widgets.schedule_table import ScheduleTable
from tfui.ui.widgets.summary_bar import Shown, SummaryBar
from tfui.ui.widgets.table_header import TableHeader
from tfui.ui.widgets.verdict_line import VerdictLine, judge

if TYPE_CHECKING:
    from datetime import tzinfo
    from uuid import UUID

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from tfui.model.schedule import ScheduleRow
    from tfui.ui.keys import Action
    from tfui.ui.list_reading import BarLook, ListLook
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.state import Remembered

_SETTLE = 0.06  # seconds a cursor rests before its detail is read


class MainScreen(Screen[object]):
    """Coordinates list, detail and bars."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SCHEDULES, Where.DETAIL)]
    AUTO_FOCUS = "#schedules"

    def __init__(self, office: Office, options: Options, choices: Remembered) -> None:
        super().__init__()
        self._office = office
        self._options = options
        self._choices = choices
        self._filter = Filter(sort=choices.sort, descending=choices.descending)
        self._zone_choice = ZoneChoice(choices.zone)
        self._permits = Permits(office, read_only=options.read_only)
        self._acts = Acts(self, office, done=self.reread)
        self._live = Live(
            self,
            office,
            wants_list=self._wanted_list,
            wants_rail=lambda: self.query_one(Rail).size.width > 0,
            wants_detail=self._wanted_detail,
        )
        self._look: ListLook | None = None
        self._around: BarLook | None = None
        self._situation: object = None
        self._log: LogLook = NO_LOG
        self._job_id: UUID | None = None
        self._detail_id: UUID | None = None
        self._settling: Timer | None = None
        self._goal: UUID | None = None

    # Laying out

    def compose(self) -> ComposeResult:
        """Lay out bars and panes."""
        ascii_only, clock = self._options.ascii, self._office.clock
        with Vertical(id="shell"):
            yield SummaryBar(ascii=ascii_only, id="summary")
            yield Static("", id="banner", markup=False)
            yield FilterBar(id="filter-bar")
            with Horizontal(id="panes"):
                with Vertical(id="list-pane"):
                    yield TableHeader(ascii=ascii_only, id="heading")
                    yield ScheduleTable(clock, ascii=ascii_only, id="schedules")
                    yield EmptyNote(id="empty")
                yield DetailPane(clock, ascii=ascii_only, id="detail")
                yield Rail(ascii=ascii_only, id="rail")
            yield VerdictLine(ascii=ascii_only, id="verdict")
            yield KeyFooter(ascii=ascii_only)
        yield Static(
            "terminal too small (need 60×16), engine keeps running", id="too-small", markup=False
        )

    def on_mount(self) -> None:
        """Draw first, open the store then."""
        self.query_one("#list-pane").border_title = "Schedules"
        self.query_one(TableHeader).show(self._filter.sort, descending=self._filter.descending)
        self.set_interval(1, self._tick)
        self.call_after_refresh(self._furnish)
        self._tick()

    async def _furnish(self) -> None:
        """Make what the first frame did not need, and open the store."""
        await self._detail.furnish()
        self._live.open()

    def on_unmount(self) -> None:
        """Hear no more news."""
        self._live.close()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Read for a pane that has come into view."""
        self.call_after_refresh(self.reread)

    @property
    def _table(self) -> ScheduleTable:
        return self.query_one(ScheduleTable)

    @property
    def _detail(self) -> DetailPane:
        return self.query_one(DetailPane)

    # Readings

    def _wanted_list(self) -> list_reading.Wanted:
        table = self._table
        return list_reading.Wanted(
            filter=self._filter,
            cursor_id=self._goal or table.cursor_id,
            span=table.span,
        )

    def _wanted_detail(self) -> detail_reading.Wanted | None:
        schedule_id = self._table.cursor_id
        if schedule_id is None or self._detail.size.width == 0:
            return None
        if schedule_id != self._detail_id:
            self._detail_id, self._job_id, self._log = schedule_id, None, NO_LOG
        return detail_reading.Wanted(
            schedule_id=schedule_id, job_id=self._job_id, log=self._log, tab=self._detail.tab
        )

    @property
    def is_at_rest(self) -> bool:
        """Whether what is shown is all there is to show for now."""
        return self._settling is None and not self._live.is_reading

    def reread(self) -> None:
        """Read everything that is shown anew."""
        self._live.read()

    @on(Opened)
    def _opened(self) -> None:
        from tfui.ui.app import TfuiApp

        if isinstance(self.app, TfuiApp):
            self.app.start_engine()
        self.refresh_bindings()

    @on(Changed)
    def _changed(self) -> None:
        self._live.read_soon()

    @on(WentSilent)
    def _went_silent(self, event: WentSilent) -> None:
        self._live.silenced(event.reason)
        self._tick()

    def _place_in(self, look: ListLook) -> int | None:
        """Give the cursor's place in a reading: of the goal, or of where a person has moved meanwhile."""
        here = self._table.cursor_id
        return look.cursor if self._goal or here is None else look.ids.place(here)

    @on(ListRead)
    def _list_read(self, event: ListRead) -> None:
        look = event.look
        if look.filter != self._filter:
            return  # asked for before the filter was changed; the right one is on its way
        self._look = look
        self._table.show(look.ids, look.rows, self._place_in(look))
        self._look_for_goal(look)
        empty = self.query_one(EmptyNote)
        empty.display = not look.ids
        self._table.display = bool(look.ids)
        if look.ids and self.focused is None:
            self._table.focus()
        if not look.ids and self._filter.is_narrow:
            empty.say_no_match(self._filter)
        elif not look.ids:
            empty.say_none(may_write=self._permits.why_not_write() is None)
            self._detail.clear()
        self._tick()
        self._reconsider_keys()

    @on(BarsRead)
    def _bars_read(self, event: BarsRead) -> None:
        self._around = event.look
        self._tick()

    @on(ScheduleTable.RowsMissed)
    def _rows_missed(self, event: ScheduleTable.RowsMissed) -> None:
        event.stop()
        self._fetch_rows(tuple(event.ids))

    @work(group="rows", exclusive=True)
    async def _fetch_rows(self, ids: tuple[UUID, ...]) -> None:
        from tfui.errors import TfuiError

        caller = self._office.caller
        try:
            rows = await asyncio.to_thread(list_reading.rows, caller, ids)
        except TfuiError as trouble:
            self._live.silenced(str(trouble))
        else:
            self._table.put(rows)

    @on(DetailRead)
    def _detail_read(self, event: DetailRead) -> None:
        look = event.look
        if look is None:
            self._detail.clear()
        elif look.detail.row.id == self._table.cursor_id:
            self._log = detail_reading.same_job(look.log)
            self._detail.show(look, self._zone(look.detail.row))

    @on(ScheduleTable.Moved, "#schedules")
    def _moved(self, event: ScheduleTable.Moved) -> None:
        event.stop()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLE, self._settled)
        self._reconsider_keys()

    def _reconsider_keys(self) -> None:
        """Offer other keys, if what can be done has changed: drawing them is dear."""
        row = self._table.cursor_row
        situation = (row is None, row is not None and row.live is not None, self._filter.is_narrow)
        if situation != self._situation:
            self._situation = situation
            self.refresh_bindings()

    def _settled(self) -> None:
        self._settling = None
        self._live.read_detail()

    # Time

    def _tick(self) -> None:
        """Say everything again that changes by itself."""
        now, look, around = self._office.clock.now(), self._look, self._around
        pulse = None if around is None else around.pulse
        background = self._office.background
        engine = engine_words(
            self._office.engine_state,
            busy=background.busy if background is not None else 0,
            nodes=None if around is None else around.nodes,
            wanted=self._options.engine,
        )
        self.query_one(SummaryBar).show(
            Shown(pulse=pulse, engine=engine, zone=self._zone_words(), now=now)
        )
        order = f"{self._filter.sort} {'▾' if self._filter.descending else '▴'}"
        self.query_one(FilterBar).show(
            self._filter.segment,
            shown=None if look is None else len(look.ids),
            total=None if pulse is None else pulse.summary.total,
            order=order if not self._options.ascii else self._filter.sort,
        )
        if around is not None:
            self.query_one(VerdictLine).show(
                judge(
                    around.pulse,
                    around.troubled,
                    engine,
                    engine_error=self._office.engine_error,
                    ascii=self._options.ascii,
                )
            )
            self.query_one(Rail).show(around.rail, now, self._local())
        self._table.tick()
        self._detail.tick()
        self._show_trouble()

    def _show_trouble(self) -> None:
        """Say in a banner that what is shown may not be true any more."""
        age = self._live.age(self._office.clock.now())
        parts = []
        if age is not None:
            parts.append(f"STALE {spans.short(age)}")
        if self._live.trouble is not None:
            parts.append(self._live.trouble)
        banner = self.query_one("#banner", Static)
        banner.display = bool(parts)
        if parts:
            banner.update(Content(" " + " · ".join(parts)))
        elif self._look is None:
            self.query_one(EmptyNote).say_opening()

    def _local(self) -> tzinfo | None:
        return ZoneInfo(self._options.zone) if self._options.zone else None

    def _zone(self, row: ScheduleRow) -> tzinfo | None:
        return spans.zone_of(self._zone_choice, row.timezone, self._local())

    def _zone_words(self) -> str:
        if self._zone_choice is ZoneChoice.SCHEDULE:
            return "schedule's zone"
        wall = self._office.clock.now().astimezone(
            spans.zone_of(self._zone_choice, "UTC", self._local())
        )
        return f"{self._zone_choice.value if self._zone_choice is ZoneChoice.LOCAL else 'UTC'} {spans.offset(wall)}"

    # The list's filter and order

    def _look_by(self, chosen: Filter) -> None:
        self._filter = chosen
        self._choices.sort, self._choices.descending = chosen.sort, chosen.descending
        self.query_one(TableHeader).show(chosen.sort, descending=chosen.descending)
        self.query_one(SegmentStrip).show(chosen.segment)
        self._live.read_list()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._look_by(replace(self._filter, search=event.value))

    @on(Input.Submitted, "#filter")
    def _submitted(self) -> None:
        self._table.focus()

    @on(SummaryBar.Picked)
    @on(SegmentStrip.Picked)
    def _segment_picked(self, event: SummaryBar.Picked | SegmentStrip.Picked) -> None:
        self._look_by(replace(self._filter, segment=event.segment))

    @on(TableHeader.Clicked)
    def _heading_clicked(self, event: TableHeader.Clicked) -> None:
        same = event.sort == self._filter.sort
        self._look_by(
            replace(self._filter, sort=event.sort, descending=same and not self._filter.descending)
        )

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one("#filter").focus()

    def action_cycle_segment(self) -> None:
        """Show the next segment."""
        self._look_by(replace(self._filter, segment=segments.following(self._filter.segment)))

    def action_problems(self) -> None:
        """Show only problems, or all again."""
        is_on = self._filter.segment is Segment.PROBLEMS
        self._look_by(replace(self._filter, segment=Segment.ALL if is_on else Segment.PROBLEMS))

    def action_flip(self) -> None:
        """Turn the order over."""
        self._look_by(replace(self._filter, descending=not self._filter.descending))

    @work(group="dialog")
    async def action_sort(self) -> None:
        """Choose the column to sort by."""
        from tfui.ui.screens.sorting import SortScreen

        sort = await self.app.push_screen_wait(SortScreen(self._filter.sort))
        if sort is not None:
            self._look_by(replace(self._filter, sort=sort, descending=False))

    def action_cycle_zone(self) -> None:
        """Show times on the next clock."""
        self._zone_choice = self._zone_choice.following()
        self._choices.zone = self._zone_choice.value
        self._live.read_detail()
        self._tick()

    # Going about

    @on(ScheduleTable.Chosen, "#schedules")
    def action_open(self) -> None:
        """Open the detail, or the run or schedule under its cursor."""
        if self._detail.is_on_a_line:
            self._detail.open_line()
        elif self._table.cursor_id is not None:
            self.add_class("-open")
            self.call_after_refresh(self._live.read_detail)
            self.call_after_refresh(self._detail.focus_content)

    def action_close(self) -> None:
        """Leave the filter, the detail, or the filter's text, in that order."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.focused is not None and self.focused.id == "filter":
            self.query_one("#filter", Input).value = ""
            self._table.focus()
        elif self.has_class("-open") or self._detail.has_focus_within:
            self.remove_class("-open")
            self._table.focus()
        elif self._filter.is_narrow:
            self._clear_filter()

    def action_zoom(self) -> None:
        """Give the focused pane all the room, or take it back."""
        self.set_class(self._detail.has_focus_within, "-zoom-detail")
        self.toggle_class("-zoomed")
        self.call_after_refresh(self.reread)

    def action_tab(self, by: int) -> None:
        """Bring another tab of the detail to the front."""
        self._detail.turn(by)

    @on(DetailPane.RunPicked)
    def _run_picked(self, event: DetailPane.RunPicked) -> None:
        self._job_id, self._log = event.job_id, NO_LOG
        self._live.read_detail()

    async def names(self, query: str) -> list[str]:
        """Give names that may match, for the palette."""
        return await asyncio.to_thread(list_reading.names, self._office.caller, query)

    def go_to(self, name: str) -> None:
        """Show one schedule by its name."""
        self.query_one("#filter", Input).value = name
        self._table.focus()

    @on(DetailPane.TabOpened)
    def _tab_opened(self) -> None:
        self._live.read_detail()

    @on(DetailPane.SchedulePicked)
    def _schedule_picked(self, event: DetailPane.SchedulePicked) -> None:
        self.reveal(event.schedule_id)

    def reveal(self, schedule_id: UUID) -> None:
        """Put the cursor on a schedule; a filter that hides it is cleared."""
        self._goal = schedule_id
        self._live.read_list()

    def _look_for_goal(self, look: ListLook) -> None:
        """Arrive at the goal; a reading that was asked for before there was one is passed over."""
        if self._goal is None:
            return
        if look.cursor is not None:
            if look.ids[look.cursor] == self._goal:
                self._goal = None
        elif self._filter.is_narrow:
            self._clear_filter()
        else:
            self._goal = None  # deleted meanwhile

    def _clear_filter(self) -> None:
        self.query_one("#filter", Input).value = ""
        self._look_by(replace(self._filter, search="", segment=Segment.ALL))

    # Acts

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot be done now, in a few words, or None."""
        return self._permits.why_not(action, self._table.cursor_row if self.is_mounted else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's signature
        """Grey out what cannot be done now."""
        found = self._permits.find(action)
        if found is None or not self.is_mounted or not self.query(ScheduleTable):
            return True
        is_in_detail = self._detail.has_focus_within
        if found.id == "open" and is_in_detail and not self._detail.is_on_a_line:
            return False
        if found.id == "close" and not (
            is_in_detail
            or self._filter.is_narrow
            or isinstance(self.focused, Input)
            or self.has_class("-open")
            or self.has_class("-zoomed")
        ):
            return False
        return None if self.why_not(found) else True

    @work(group="act")
    async def action_pause(self) -> None:
        """Pause or resume."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.pause_or_resume(row)

    @work(group="act")
    async def action_pause_until(self) -> None:
        """Pause with an end and a note."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.pause_until(row, self._zone(row))

    @work(group="act")
    async def action_run_now(self) -> None:
        """Run now."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.run_now(row)

    @work(group="act")
    async def action_cancel(self) -> None:
        """Cancel live jobs."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.cancel(row)

    @work(group="act")
    async def action_delete(self) -> None:
        """Delete."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.delete(row)

    @work(group="act")
    async def action_undo(self) -> None:
        """Take the last change back."""
        await self._acts.undo()

    @work(group="act")
    async def action_add(self) -> None:
        """Add a schedule in the editor."""
        if (schedule_id := await self._acts.add()) is not None:
            self.reveal(schedule_id)

    @work(group="act")
    async def action_edit(self) -> None:
        """Edit the schedule in the editor."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.edit(row)

    @work(group="dialog")
    async def action_inspect(self) -> None:
        """Say why the run under the cursor ran or did not, or what the schedule waits for now."""
        if (row := self._table.cursor_row) is not None:
            await self._acts.inspect(
                row, self._detail.instant, self._zone(row), ascii=self._options.ascii
            )

    @work(group="act")
    async def action_import_crontab(self) -> None:
        """Import a crontab file."""
        await self._acts.import_crontab(self._options.zone or "UTC")
