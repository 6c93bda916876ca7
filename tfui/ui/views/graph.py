"""View 4: which schedules come after which, how each is doing, and what waits for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tfui.ui import graph_reading
from tfui.ui.graph_reading import Wanted
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain, to_ascii
from tfui.ui.reading import Reader
from tfui.ui.signs import condition_of
from tfui.ui.styles import sheet
from tfui.ui.views.view import View
from tfui.ui.widgets.absence import Absence
from tfui.ui.widgets.graph_canvas import GraphCanvas
from tfui.ui.widgets.graph_facts import GraphFacts
from tfui.ui.widgets.graph_legend import GraphLegend

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.ui.graph_reading import GraphLook
    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options


class GraphView(View):
    """Coordinates heading, graph and facts."""

    DEFAULT_CSS: ClassVar[str] = sheet("graph")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.GRAPH,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._look: GraphLook | None = None
        self._around: UUID | None = None
        self._goal: UUID | None = None
        self._trouble: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out heading, graph and facts."""
        ascii_only = self.options.ascii
        with Vertical(id="graph-pane") as pane:
            pane.border_title = "Graph"
            yield Static("", id="graph-heading", markup=False)
            yield Static("", id="graph-cut", markup=False)
            canvas = GraphCanvas(ascii=ascii_only, id="graph")
            yield canvas
            yield Absence(id="graph-empty")
            yield GraphLegend(lambda: canvas.is_layered, ascii=ascii_only, id="graph-legend")
        yield GraphFacts(ascii=ascii_only, id="graph-facts")

    def on_mount(self) -> None:
        """Make ready to read."""
        self._reader: Reader[GraphLook] = Reader(self, "graph", then=self._take, failed=self._fail)

    # Readings

    def reread(self) -> None:
        """Read the graph anew."""
        if self.is_mounted and self.office.is_open:
            caller = self.office.caller
            wanted = Wanted(self._around, ascii=self.options.ascii, room=self._canvas.room)
            self._reader.ask(lambda: graph_reading.read(caller, wanted))

    def on_resize(self) -> None:
        """Lay it out for the room that there is now."""
        self.call_after_refresh(self.reread)

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return not (self.is_mounted and self._reader.is_busy)

    def _take(self, look: GraphLook) -> None:
        if look.wanted.around != self._around:
            return  # asked for before; the right one is on its way
        self._look, self._trouble = look, None
        if self._goal in look.nodes:
            self._canvas.cursor_id = self._goal
        self._goal = None
        self._canvas.show(look)
        self._show_whether_empty(look)
        self._say()

    def _fail(self, trouble: TfuiError) -> None:
        self._trouble = str(trouble)
        self._say()

    def _show_whether_empty(self, look: GraphLook) -> None:
        empty = self.query_one("#graph-empty", Absence)
        has_keys = self.screen.focused in {None, empty, self._canvas}
        is_empty = not look.nodes
        empty.display = is_empty
        for widget in (self._canvas, self.query_one(GraphFacts), self.query_one(GraphLegend)):
            widget.display = not is_empty
        if is_empty:
            may_write = self.permits.why_not_write() is None
            empty.say(
                "No schedule comes after another",
                "In the editor, After names what a schedule comes after; it is drawn here",
                (("view.schedules", "the schedules"), ("edit", "there edits one"))[: 1 + may_write],
            )
        if has_keys:
            self.focus_content()

    def tick(self, now: datetime) -> None:
        """Tell the time to the next run; a state that time alone has changed is drawn anew."""
        look = self._look
        if look is None:
            return
        self._tell(now)
        if any(condition_of(node.row, now) is not node.condition for node in look.nodes.values()):
            self.reread()

    # Showing

    def _say(self) -> None:
        look = self._look
        counts = "" if look is None or not look.nodes else _counts(look)
        around = "" if self._around is None else f"only around {self._called(self._around)}"
        heading = "   ".join(part for part in (self._trouble or counts, around) if part)
        cut = "" if look is None else _cut(look)
        self.query_one("#graph-pane").border_title = Content(self._drawn(f"Graph  {heading}"))
        for name, text in (("heading", heading), ("cut", cut)):
            self.query_one(f"#graph-{name}", Static).update(Content(self._drawn(text)))
        self.query_one("#graph-cut").display = bool(cut)
        self._tell(self.office.clock.now())
        self.screen.refresh_bindings()

    def _drawn(self, text: str) -> str:
        return to_ascii(text) if self.options.ascii else text

    def _tell(self, now: datetime) -> None:
        self.query_one(GraphFacts).show(self._look, self._canvas.cursor_node, now)

    def _called(self, key: UUID) -> str:
        node = None if self._look is None else self._look.nodes.get(key)
        return "a schedule that is gone" if node is None else plain(node.row.name)

    @property
    def _canvas(self) -> GraphCanvas:
        return self.query_one(GraphCanvas)

    @on(GraphCanvas.Moved)
    def _moved(self, event: GraphCanvas.Moved) -> None:
        event.stop()
        self._tell(self.office.clock.now())

    # Keys

    def focus_content(self) -> None:
        """Give the keys to the graph, or to what stands in its place."""
        is_empty = self._look is not None and not self._look.nodes
        (self.query_one("#graph-empty") if is_empty else self._canvas).focus()

    def show_target(self, target: UUID) -> None:
        """Put the cursor on a schedule, once it is read."""
        self._goal, self._around = target, None
        self.reread()

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now: all of them need a node."""
        if action.where is Where.GRAPH and not (self._look and self._look.nodes):
            return "nothing comes after anything"
        return super().why_not(action)

    @on(GraphCanvas.Chosen)
    def action_open_node(self) -> None:
        """Show the schedule in the list."""
        if (node := self._canvas.cursor_node) is not None:
            self.post_message(self.Reveal(node.row.id))

    def action_around(self) -> None:
        """Show only what leads to the node and follows from it, or all again."""
        node = self._canvas.cursor_node
        self._around = None if self._around is not None or node is None else node.row.id
        self.reread()

    @property
    def can_close(self) -> bool:
        """Whether there is more to see than what is around one node."""
        return self._around is not None

    def close_one(self) -> bool:
        """Show all again."""
        if self._around is None:
            return False
        self.action_around()
        return True


def _counts(look: GraphLook) -> str:
    nodes = _counted(len(look.nodes), "schedule")
    alone = f" · {look.alone} stand alone" if look.alone != 1 else " · 1 stands alone"
    return f"{nodes}, {_counted(look.edges, 'dependency', 'dependencies')}{alone if look.alone else ''}"


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _cut(look: GraphLook) -> str:
    """Name the dependencies to take away, where a store has a circle nonetheless."""
    said = ", ".join(f"{plain(child)} after {plain(parent)}" for parent, child in look.cut)
    return f"! a circle, so none of it can start; take away: {said}" if said else ""
