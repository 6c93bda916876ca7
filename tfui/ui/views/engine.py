"""View 6, the engine room: who works, what waits in which queue, and what it all stands on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tfui.ui import engine_reading
from tfui.ui.engine_facts import EngineFacts
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain
from tfui.ui.queue_acts import QueueActs
from tfui.ui.reading import Reader, SpacedReader
from tfui.ui.styles import sheet
from tfui.ui.views.view import View
from tfui.ui.widgets.column_names import ColumnNames
from tfui.ui.widgets.facts import BLANK, Facts
from tfui.ui.widgets.node_table import NodeTable
from tfui.ui.widgets.queue_list import QueueList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.ui.engine_reading import EngineLook
    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options

_HOUR_EVERY = timedelta(seconds=30)
"""How often the last hour is counted anew: it is the one costly reading here."""


class EngineView(View):
    """Coordinates the engines, the queues with one of them whole, the machine and the log."""

    DEFAULT_CSS: ClassVar[str] = sheet("engine")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.ENGINE,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._look: EngineLook | None = None
        self._hour_at: datetime | None = None
        self._queue_acts = QueueActs(self, office, self.acts)
        self._reader: SpacedReader[EngineLook] = SpacedReader(
            self, "engine", then=self._take, failed=self._fail
        )
        self._hours: Reader[Mapping[UUID, Sequence[int]]] = Reader(
            self, "engine-hour", then=self._take_hour, failed=self._fail
        )

    def compose(self) -> ComposeResult:
        """Lay out the engines over the queues over the machine and the log."""
        ascii_only = self.options.ascii
        with Vertical(id="engine-nodes-pane") as pane:
            pane.border_title = "Engines"
            yield NodeTable(ascii=ascii_only, id="engine-nodes")
        with Horizontal(id="engine-queues-row"):
            with Vertical(id="engine-queues-pane") as pane:
                pane.border_title = "Queues"
                queues = QueueList(ascii=ascii_only, id="engine-queues")
                yield ColumnNames(queues.heading, id="engine-queues-heading")
                yield queues
            with VerticalScroll(id="engine-queue-pane"):
                yield Facts(id="engine-queue")
        with Horizontal(id="engine-ground-row"):
            with VerticalScroll(id="engine-machine-pane") as pane:
                pane.border_title = "Store and clock"
                yield Facts(id="engine-machine")
            with VerticalScroll(id="engine-log-pane") as pane:
                pane.border_title = "Warnings"
                yield Facts(id="engine-log")
        yield Static("", id="engine-trouble", markup=False)

    @property
    def queues(self) -> QueueList:
        """The list of queues."""
        return self.query_one(QueueList)

    # Readings

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return not self._reader.is_busy and not self._hours.is_busy

    def reread(self) -> None:
        """Read everything anew."""
        if not self.office.is_open or not self.is_mounted:
            return
        caller = self.office.caller
        self._reader.ask(lambda: engine_reading.read(caller))
        now = self.office.clock.now()
        if self._hour_at is None or not timedelta(0) <= now - self._hour_at < _HOUR_EVERY:
            self._hour_at = now
            self._hours.ask(lambda: engine_reading.depths(caller))

    def _take(self, look: EngineLook) -> None:
        is_first = self._look is None
        self._look = look
        self.query_one("#engine-trouble").display = False
        self.queues.show(look.queues)
        self._tell()
        if is_first and self.display and self.screen.focused is None:
            self.focus_content()
        self.refresh_bindings()

    def _take_hour(self, depths: Mapping[UUID, Sequence[int]]) -> None:
        self.queues.show_depths(depths)
        self._tell()

    def _fail(self, trouble: TfuiError) -> None:
        note = self.query_one("#engine-trouble", Static)
        note.update(Content(f" {plain(str(trouble))}"))
        note.display = True

    def tick(self, now: datetime) -> None:
        """Say again what changes by itself."""
        if self.is_mounted and self._look is not None:
            self._tell(now)

    def _tell(self, now: datetime | None = None) -> None:
        look, now = self._look, now or self.office.clock.now()
        if look is None:
            return
        facts = EngineFacts(self.office.zones.common, now, ascii=self.options.ascii)
        self.query_one(NodeTable).show(look.nodes, now)
        machine, log = facts.machine(look), facts.log(tuple(self.office.log.lines), look.nodes)
        is_one_pane = self.screen.has_class("-narrow") or self.screen.has_class("-tiny")
        shown = [*machine, BLANK, *log] if is_one_pane else machine
        self.query_one("#engine-machine", Facts).show(shown)
        self.query_one("#engine-log", Facts).show(log)
        chosen = self.queues.chosen
        if chosen is not None:
            pane = self.query_one("#engine-queue-pane")
            pane.border_title = Content(plain(chosen.queue.name))
            depths = self.queues.depths.get(chosen.queue.id, ())
            self.query_one("#engine-queue", Facts).show(
                facts.queue(chosen, depths, has_room=self.screen.has_class("-wide"))
            )

    @on(QueueList.Moved)
    def _moved(self, event: QueueList.Moved) -> None:
        event.stop()
        self._tell()
        self.refresh_bindings()

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the queues, or to the one that lies over them."""
        (self.query_one("#engine-queue-pane") if self.has_class("-open") else self.queues).focus()

    @on(QueueList.Chosen)
    def action_open(self) -> None:
        """Show the queue whole, over the list where there is no room beside it."""
        if self.queues.chosen is not None:
            self.add_class("-open")
            self.call_after_refresh(self.focus_content)

    @property
    def can_close(self) -> bool:
        """Whether Escape would close the queue."""
        return self.has_class("-open")

    def close_one(self) -> bool:
        """Close the queue that lies over the list."""
        if not self.has_class("-open"):
            return False
        self.remove_class("-open")
        self.call_after_refresh(self.focus_content)
        return True

    # Acts

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now."""
        if self.is_mounted and self.queues.chosen is None:
            return "no queue is selected"
        return super().why_not(action)

    @work(group="act")
    async def action_pause(self) -> None:
        """Pause the queue, or open it again."""
        if (chosen := self.queues.chosen) is not None:
            await self._queue_acts.pause_or_resume(chosen.queue)

    @work(group="dialog")
    async def action_pause_until(self) -> None:
        """Pause the queue with a note, until a moment."""
        if (chosen := self.queues.chosen) is not None:
            await self._queue_acts.pause_until(chosen.queue, self.office.zones.common)

    @work(group="dialog")
    async def action_concurrency(self) -> None:
        """Set how many of its jobs run at once."""
        if (chosen := self.queues.chosen) is not None:
            await self._queue_acts.set_concurrency(chosen.queue)

    @work(group="dialog")
    async def action_limit(self) -> None:
        """Set how many jobs of a type start in a minute."""
        if (chosen := self.queues.chosen) is not None:
            await self._queue_acts.set_limit(chosen.queue)
