"""The shell: the bars, the views between them, and what works in all of them.

It coordinates: it knows which view is in front, passes readings on, and opens the store. It draws
nothing and reads nothing itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from tfui.core.filter_tokens import quoted
from tfui.ui import list_reading, spans
from tfui.ui.acts import Acts
from tfui.ui.bars import Bars
from tfui.ui.feed import Changed, WentSilent
from tfui.ui.keys import BY_ID, Where, bindings
from tfui.ui.live import BarsRead, DetailRead, ListRead, Live, Opened
from tfui.ui.parts import is_here
from tfui.ui.permits import Permits
from tfui.ui.segments import Segment
from tfui.ui.views import registry
from tfui.ui.views.registry import HOME
from tfui.ui.views.schedules import SchedulesView
from tfui.ui.views.view import View
from tfui.ui.widgets.key_footer import KeyFooter
from tfui.ui.widgets.summary_bar import SummaryBar
from tfui.ui.widgets.verdict_line import VerdictLine
from tfui.ui.widgets.view_strip import ViewStrip

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.state import Remembered
    from tfui.ui.verdict import Verdict


class MainScreen(Screen[object]):
    """Coordinates bars and views."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.VIEWS)]
    AUTO_FOCUS = "#schedules"

    def __init__(self, office: Office, options: Options, choices: Remembered) -> None:
        super().__init__()
        self._office = office
        self._options = options
        self._choices = choices
        self._permits = Permits(office, read_only=options.read_only)
        self._acts = Acts(self, office, done=self.reread)
        self._live = Live(
            self,
            office,
            wants_list=lambda: self.home.wanted_list() if self.view is self.home else None,
            wants_rail=lambda: self.view is self.home and self.home.wants_rail(),
            wants_detail=lambda: self.home.wanted_detail() if self.view is self.home else None,
        )
        self.home = SchedulesView(office, options, choices, self._live)
        """The view that is always there."""
        self._views: dict[str, View] = {HOME: self.home}
        self.view: View = self.home
        """The one in front."""
        self._bars = Bars(office, options)

    # Laying out

    def compose(self) -> ComposeResult:
        """Lay out the bars, and the first view between them."""
        ascii_only = self._options.ascii
        self.home.id = _node(HOME)
        with Vertical(id="shell"):
            yield SummaryBar(ascii=ascii_only, id="summary")
            yield ViewStrip(id="view-strip")
            yield Static("", id="banner", markup=False)
            with ContentSwitcher(initial=_node(HOME), id="views"):
                yield self.home
            yield VerdictLine(ascii=ascii_only, id="verdict")
            yield KeyFooter(ascii=ascii_only)
        yield Static(
            "terminal too small (need 60×16), engine keeps running", id="too-small", markup=False
        )

    def on_mount(self) -> None:
        """Draw first, open the store then."""
        self.set_interval(1, self._tick)
        self.call_after_refresh(self._furnish)
        self.watch(self, "focused", self._keep_keys, init=False)
        self._tick()

    async def _furnish(self) -> None:
        """Make what the first frame did not need, and open the store."""
        await self.home.furnish()
        first = self._options.view or (HOME if self._options.schedule else self._choices.view)
        if first in registry.BY_ID:
            await self.show_view(first)
        self._live.open()

    def on_unmount(self) -> None:
        """Hear no more news."""
        self._live.close()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Read for a pane that has come into view."""
        self.call_after_refresh(self.reread)

    def _keep_keys(self) -> None:
        """Give the keys back to the view in front when what had them is gone: its keys need one."""
        if self.focused is None and self.is_current and self._office.is_open:
            self.call_after_refresh(self.view.focus_content)

    def on_key(self, event: events.Key) -> None:
        """Hold a key that comes while nothing has the keys until the view has them again."""
        is_nobodys = self.focused is None and event.key not in self.active_bindings
        if is_nobodys and self.is_current and self._office.is_open:
            event.stop()
            self.call_after_refresh(self._give_keys, event.key)

    def _give_keys(self, key: str) -> None:
        if self.focused is None:
            self.view.focus_content()  # done by the app, later
        self.app.call_later(self._hand_on, key)

    def _hand_on(self, key: str) -> None:
        if self.focused is not None:
            self.app.simulate_key(key)

    # The views

    @on(ViewStrip.Picked)
    async def _view_picked(self, event: ViewStrip.Picked) -> None:
        await self.show_view(event.view)

    def action_jump(self) -> None:
        """Put a letter on every part that can have the keys."""
        from tfui.ui.screens.jumping import JumpScreen

        self.app.push_screen(JumpScreen(self.focus_chain))

    async def action_view(self, view: str) -> None:
        """Bring a view to the front."""
        await self.show_view(view)

    async def show_view(self, name: str) -> View:
        """Bring a view to the front, made now if it never was; give it."""
        switcher = self.query_one(ContentSwitcher)
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = registry.BY_ID[name].load()(self._office, self._options)
            await switcher.add_content(view, id=_node(name))
        if view is not self.view:
            self.view = view
            switcher.current = _node(name)
            self._choices.view = name
            self.query_one(ViewStrip).show(name)
            view.focus_content()
            self.reread()
            self._tick()
            self.refresh_bindings()
        return view

    @on(View.Reveal)
    async def _reveal(self, event: View.Reveal) -> None:
        await self.reveal(event.schedule_id)

    @on(View.OpenJob)
    async def _job_asked(self, event: View.OpenJob) -> None:
        (await self.show_view("runs")).show_target(event.job_id)

    async def reveal(self, schedule_id: UUID) -> None:
        """Show a schedule in the list of schedules."""
        (await self.show_view(HOME)).show_target(schedule_id)

    @work(group="goal")
    async def _find_and_reveal(self, reference: str) -> None:
        """Begin on the schedule that the command line named; its view may be another than the list."""
        found = await self._acts.ask(lambda caller: list_reading.find(caller, reference))
        if found is not None:
            self.home.show_target(found)
            if self.view is not self.home:
                self.view.show_target(found)

    async def names(self, query: str) -> list[str]:
        """Give names that may match, for the palette."""
        return await asyncio.to_thread(list_reading.names, self._office.caller, query)

    async def go_to(self, name: str) -> None:
        """Show one schedule by its name."""
        await self.show_view(HOME)
        self.home.search(quoted(name))
        self.home.focus_content()

    @on(SummaryBar.EngineAsked)
    async def _engine_asked(self) -> None:
        await self.show_view("engine")

    @on(VerdictLine.Followed)
    async def _verdict_followed(self, event: VerdictLine.Followed) -> None:
        await self._follow(event.verdict)

    def _verdict(self) -> Verdict | None:
        are_problems_shown = self.view is self.home and self.home.is_on_problems
        return self._bars.verdict(self._office.clock.now(), are_problems_shown=are_problems_shown)

    async def _follow(self, verdict: Verdict) -> None:
        """Lead to what the verdict speaks of."""
        if verdict.leads:
            await self.run_action(BY_ID[verdict.leads].does)

    async def action_problems(self) -> None:
        """Show the one schedule that the verdict speaks of, else only what is in trouble, or all again."""
        verdict = self._verdict()
        if verdict is not None and verdict.shows is not None and not self.home.is_on_problems:
            await self.reveal(verdict.shows)
            self.home.open_tab("runs")
        elif self.view is self.home:
            self.home.action_problems()
        else:
            await self.show_view(HOME)
            self.home.show_segment(Segment.PROBLEMS)

    @on(SummaryBar.Picked)
    async def _count_picked(self, event: SummaryBar.Picked) -> None:
        await self.show_view(HOME)
        self.home.show_segment(event.segment)

    # Readings

    @property
    def is_at_rest(self) -> bool:
        """Whether what is shown is all there is to show for now."""
        return self.view.is_at_rest and not self._live.is_reading

    @on(View.Acted)
    def reread(self) -> None:
        """Read everything that is shown anew."""
        self._live.read()
        if self._office.is_open:
            self.view.reread()

    @on(Opened)
    def _opened(self) -> None:
        from tfui.ui.app import TfuiApp

        if isinstance(self.app, TfuiApp):
            self.app.start_engine()
        if self._options.schedule is not None:
            self._find_and_reveal(self._options.schedule)
        self.view.reread()
        self.refresh_bindings()

    @on(Changed)
    def _changed(self) -> None:
        self._live.read_soon()
        self.view.reread()

    @on(WentSilent)
    def _went_silent(self, event: WentSilent) -> None:
        self._live.silenced(event.reason)
        self._tick()

    @on(ListRead)
    def _list_read(self, event: ListRead) -> None:
        self.home.take_list(event.look)
        self._tick()

    @on(BarsRead)
    def _bars_read(self, event: BarsRead) -> None:
        self._bars.around = event.look
        self.home.take_around(event.look)
        self._tick()

    @on(DetailRead)
    def _detail_read(self, event: DetailRead) -> None:
        self.home.take_detail(event.look)

    # Time

    def _tick(self) -> None:
        """Say everything again that changes by itself."""
        if not is_here(self):
            return
        now = self._office.clock.now()
        entry = registry.BY_ID[self.query_one(ViewStrip).current]
        view = f"{self._options.key_map.name(entry.action)} {entry.word}"
        self._bars.store_trouble = self._live.trouble
        self.query_one(SummaryBar).show(self._bars.summary(now, view))
        verdict = self._verdict()
        if verdict is not None:
            self.query_one(VerdictLine).show(verdict)
        self.view.tick(now)
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
        else:
            self.home.say_opening()

    # What works in all views

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot be done now, in a few words, or None."""
        if action.where is Where.VIEWS:
            return self._permits.why_not_write() if action.writes else None
        return self.view.why_not(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's signature
        """Grey out what cannot be done now; Escape is only offered where it does something."""
        found = Permits.find(action, (Where.VIEWS,))
        if found is None or not self.is_mounted:
            return True
        if found.id == "close" and not (self.view.is_mounted and self.view.can_close):
            return False
        return None if self.why_not(found) else True

    def action_close(self) -> None:
        """Close or clear one thing of the view in front."""
        self.view.close_one()

    def action_cycle_zone(self) -> None:
        """Show times on the next clock."""
        self._office.zones.turn()
        self._choices.zone = self._office.zones.choice.value
        self.reread()
        self._tick()

    @work(group="act")
    async def action_undo(self) -> None:
        """Take one's own last change back."""
        await self._acts.undo()

    @work(group="dialog")
    async def action_triage(self) -> None:
        """Deal with what was missed."""
        from tfui.ui.screens.triage import TriageScreen

        dialog = TriageScreen(
            self._office,
            acted=self.reread,
            why_not=self._permits.why_not_write(),
            ascii=self._options.ascii,
        )
        await self.app.push_screen_wait(dialog)

    @work(group="act")
    async def action_redo(self) -> None:
        """Do again what was undone last."""
        await self._acts.redo()

    @on(View.Inspect)
    async def _inspect_asked(self, event: View.Inspect) -> None:
        verdict = self._verdict()
        if event.schedule_id is not None:
            self._inspect(event.schedule_id, event.at)
        elif verdict is not None and verdict.leads:
            self.home.clear_filter()  # it may hide what the verdict speaks of
            await self._follow(verdict)
        else:
            self.notify("nothing is selected, and nothing is wrong", timeout=4)

    @work(group="dialog")
    async def _inspect(self, schedule_id: UUID, at: datetime | None) -> None:
        ids = (schedule_id,)
        rows = await self._acts.ask(lambda caller: list_reading.rows(caller, ids))
        if rows is None:
            return
        timezone = rows[0].timezone if rows else "UTC"
        await self._acts.inspect(
            schedule_id,
            at,
            self._office.zones.of(timezone),
            ascii=self._options.ascii,
        )


def _node(view: str) -> str:
    return f"view-{view}"
